"""Numbers of research that the publisher may change on the desk."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

A_DAY = (0, 1_000)
WORDS = (20, 400)
DAYS = (1, 730)


def _within(least: int, most: int) -> list[MinValueValidator | MaxValueValidator]:
    return [MinValueValidator(least), MaxValueValidator(most)]


@register_setting
class ResearchRules(BaseGenericSetting):
    visitors_a_day = models.PositiveSmallIntegerField(
        "questions a day of one network",
        default=5,
        validators=_within(*A_DAY),
        help_text="That visitors may ask. 0 leaves the page to readers who are logged in.",
    )
    readers_a_day = models.PositiveSmallIntegerField(
        "questions a day of a registered reader", default=10, validators=_within(*A_DAY)
    )
    subscribers_a_day = models.PositiveSmallIntegerField(
        "questions a day of a subscriber", default=100, validators=_within(*A_DAY)
    )
    words_of_an_article = models.PositiveSmallIntegerField(
        "words a day of one article",
        default=90,
        validators=_within(*WORDS),
        help_text="That are quoted to whoever does not subscribe, out of what they may read anyway.",
    )
    keep_days = models.PositiveSmallIntegerField(
        "days for which questions are kept",
        default=90,
        validators=_within(*DAYS),
        help_text="Then they are forgotten, unless their reader keeps one.",
    )
    share_days = models.PositiveSmallIntegerField(
        "days for which a shared question stands open",
        default=365,
        validators=_within(*DAYS),
        help_text="From when its reader shared it, or last asked it again. Then its link opens nothing any more.",
    )
    use_model = models.BooleanField(
        "let the language model write",
        default=False,
        help_text="Where the operator has named one. It gets the question and the sentences found, and nothing of who asks.",
    )

    class Meta:
        verbose_name = "Research"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(visitors_a_day__range=A_DAY, readers_a_day__range=A_DAY, subscribers_a_day__range=A_DAY),
                name="up_to_1000_questions_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(words_of_an_article__range=WORDS), name="from_20_to_400_words_of_an_article"
            ),
            models.CheckConstraint(condition=models.Q(keep_days__range=DAYS), name="questions_are_kept_a_day_to_two_years"),
            models.CheckConstraint(condition=models.Q(share_days__range=DAYS), name="questions_are_shared_a_day_to_two_years"),
        ]
