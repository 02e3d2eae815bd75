"""Numbers and choices of the newsroom that the publisher may change on the desk."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

# What the desk takes. The table itself takes shorter pages of a list too: what it must never hold is a page of none.
CUT_WORDS, LISTING_LENGTH, RELATED_ARTICLES = (20, 1000), (5, 100), (0, 12)


def _within(bounds: tuple[int, int]) -> list[MinValueValidator | MaxValueValidator]:
    least, most = bounds
    return [MinValueValidator(least), MaxValueValidator(most)]


@register_setting
class NewsroomRules(BaseGenericSetting):
    cut_words = models.PositiveSmallIntegerField(
        "words before the wall",
        default=100,
        validators=_within(CUT_WORDS),
        help_text="The wall stands at the end of a paragraph, near this number.",
    )
    listing_length = models.PositiveSmallIntegerField(
        "articles on a listing page", default=20, validators=_within(LISTING_LENGTH)
    )
    related_articles = models.PositiveSmallIntegerField(
        "related articles under an article", default=4, validators=_within(RELATED_ARTICLES)
    )
    map_viewpoint = models.CharField(
        "viewpoint of locator maps", max_length=2, blank=True, help_text="ISO code; empty: disputed borders stay dashed."
    )

    class Meta:
        verbose_name = "Newsroom"
        constraints = [
            models.CheckConstraint(condition=models.Q(cut_words__range=CUT_WORDS), name="the_wall_stands_after_20_to_1000_words"),
            models.CheckConstraint(
                condition=models.Q(listing_length__range=(1, 100)), name="a_listing_page_holds_1_to_100_articles"
            ),
            models.CheckConstraint(
                condition=models.Q(related_articles__range=RELATED_ARTICLES), name="an_article_names_at_most_12_related"
            ),
        ]
