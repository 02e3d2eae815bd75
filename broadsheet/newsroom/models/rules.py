"""Numbers and choices of the newsroom that the publisher may change on the desk."""

from django.db import models
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting


@register_setting
class NewsroomRules(BaseGenericSetting):
    cut_words = models.PositiveSmallIntegerField(
        "words before the wall", default=100, help_text="The wall stands at the end of a paragraph, near this number."
    )
    listing_length = models.PositiveSmallIntegerField("articles on a listing page", default=20)
    related_articles = models.PositiveSmallIntegerField("related articles under an article", default=4)
    map_viewpoint = models.CharField(
        "viewpoint of locator maps", max_length=2, blank=True, help_text="ISO code; empty: disputed borders stay dashed."
    )

    class Meta:
        verbose_name = "Newsroom"
