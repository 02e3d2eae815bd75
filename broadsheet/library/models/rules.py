"""Numbers of the library that the publisher may change on the desk."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

ENOUGH = (2, 100)


@register_setting
class LibraryRules(BaseGenericSetting):
    enough = models.PositiveSmallIntegerField(
        "articles for a page",
        default=3,
        validators=[MinValueValidator(ENOUGH[0]), MaxValueValidator(ENOUGH[1])],
        help_text="From so many on, a country and an issue show how it hangs together, and two countries have a page.",
    )

    class Meta:
        verbose_name = "Library"
        constraints = [
            models.CheckConstraint(condition=models.Q(enough__range=ENOUGH), name="a_page_gathers_2_to_100_articles_at_least")
        ]
