"""Numbers and choices of the wire that the publisher may change on the desk."""

from datetime import time

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from broadsheet.access.terms import Audience

ITEMS_DAYS, HISTORY_DAYS, LINKS_BESIDE, LEAST_PICKS = (3, 365), (1, 90), (0, 12), (1, 20)


def _within(bounds: tuple[int, int]) -> list[MinValueValidator | MaxValueValidator]:
    least, most = bounds
    return [MinValueValidator(least), MaxValueValidator(most)]


@register_setting
class WireRules(BaseGenericSetting):
    """House rules of the wire."""

    roundup_at = models.TimeField(
        "the roundup goes out at",
        null=True,
        blank=True,
        default=time(5, 45),
        help_text="On weekdays, if there are picks enough. Empty: only when somebody publishes it.",
    )
    least_picks = models.PositiveSmallIntegerField(
        "picks that make a roundup", default=3, validators=_within(LEAST_PICKS), help_text="With fewer it waits for somebody."
    )
    audience = models.CharField(
        "whom roundups are for",
        max_length=12,
        choices=[(audience.value, audience.value.capitalize()) for audience in Audience],
        default=Audience.METERED,
    )
    our_countries = models.ManyToManyField(
        "newsroom.Country", blank=True, related_name="+", help_text="Stories of these stand higher on the wire's desk."
    )
    our_issues = models.ManyToManyField(
        "newsroom.Issue", blank=True, related_name="+", help_text="Stories of these stand higher too."
    )
    items_days = models.PositiveSmallIntegerField(
        "days that items are kept",
        default=30,
        validators=_within(ITEMS_DAYS),
        help_text="Since they were last seen. What was picked stays with its roundup.",
    )
    history_days = models.PositiveSmallIntegerField(
        "days that a source's history is kept", default=14, validators=_within(HISTORY_DAYS)
    )
    links_beside = models.PositiveSmallIntegerField(
        "links beside our own articles",
        default=5,
        validators=_within(LINKS_BESIDE),
        help_text="On pages of countries, issues and relations: headline, outlet and date of pieces that were picked. 0: none.",
    )

    class Meta:
        verbose_name = "Wire"
