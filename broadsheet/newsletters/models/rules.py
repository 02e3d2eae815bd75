from django.db import models
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting


@register_setting
class NewsletterRules(BaseGenericSetting):
    """House rules of newsletters, edited on the desk."""

    count_visits = models.BooleanField(
        "count visits from editions",
        default=False,
        help_text=(
            "Links to articles in an edition then say from which newsletter and day they come, the same for every reader, and"
            " the desk counts by edition how often they are followed, not by whom. The page on privacy says so by itself."
        ),
    )

    class Meta:
        verbose_name = "Newsletters"
