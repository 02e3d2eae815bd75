"""The front page, curated in slots, and the parents under which articles of one type live."""

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable, Page

from broadsheet.newsroom.models.standing import OnTheSite


class FrontPage(OnTheSite, Page):
    """The root of the publication. What its slots leave empty is filled by rule."""

    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["newsroom.ArticleIndex"]

    lead = models.ForeignKey(
        "newsroom.Article", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", help_text="Empty: the newest."
    )
    report_of_the_week = models.ForeignKey(
        "newsroom.Report",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Empty: the newest report.",
    )


class FrontSlot(Orderable):
    front = ParentalKey(FrontPage, on_delete=models.CASCADE, related_name="slots")
    article = models.ForeignKey("newsroom.Article", on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField(null=True, blank=True, help_text="From then on filled by rule again.")


class ArticleIndex(OnTheSite, Page):
    """The parent of all articles of one type; its slug is the first part of their addresses."""

    is_creatable = False  # there is one for each type from the beginning
    parent_page_types = ["newsroom.FrontPage"]
    article_type = models.CharField(max_length=20, unique=True)
