"""Articles of eight types, on one base: what all share stands in `Article`, so that a listing is one query."""

from typing import Any

from django.db import models
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from broadsheet.access.terms import Audience
from broadsheet.kit import clock
from broadsheet.newsroom.blocks import BODY_BLOCKS, CHAPTER_BLOCKS, LINK_BLOCKS, TALK_BLOCKS
from broadsheet.newsroom.fields import LinesField
from broadsheet.newsroom.models.standing import ArticleRights, OnTheSite, keep_off_the_lists
from broadsheet.newsroom.words import RawStream, words_in


class Article(OnTheSite, Page):
    """Never made itself: always one of ARTICLE_TYPES. The headline is Wagtail's `title`."""

    is_creatable = False
    kind = ""
    # What happened to the one did not happen to its copy. An embargo is of the text, so a copy is under it as well.
    exclude_fields_in_copy = ["dated_at", "withdrawn_at", "source", "source_id", "source_digest"]
    search_fields = [*Page.search_fields, index.AutocompleteField("searched")]  # the desk asks this alone

    standfirst = models.TextField(blank=True)
    audience = models.CharField(
        max_length=12, choices=[(a.value, a.value.capitalize()) for a in Audience], default=Audience.METERED
    )
    dated_at = models.DateTimeField(null=True, blank=True, db_index=True, help_text="Empty: when it is first published.")
    embargoed_until = models.DateTimeField(null=True, blank=True, help_text="Not printed before, whoever publishes it.")
    dateline = models.CharField(max_length=80, blank=True)
    section = models.ForeignKey("newsroom.Section", null=True, blank=True, on_delete=models.SET_NULL, related_name="articles")
    series = models.ForeignKey("newsroom.Series", null=True, blank=True, on_delete=models.SET_NULL, related_name="articles")
    issues = ParentalManyToManyField("newsroom.Issue", blank=True, related_name="articles")
    countries = ParentalManyToManyField("newsroom.Country", blank=True, related_name="articles")
    main_country = models.ForeignKey("newsroom.Country", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    regions = ParentalManyToManyField("newsroom.Region", blank=True, related_name="articles")
    lead_image = models.ForeignKey("wagtailimages.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    lead_caption = models.CharField(max_length=300, blank=True)
    lead_credit = models.CharField(max_length=200, blank=True)
    editors_note = models.TextField(blank=True)
    body = StreamField(BODY_BLOCKS, blank=True)
    words = models.PositiveIntegerField(default=0, editable=False, help_text="Counted when it is saved.")
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    source = models.CharField(max_length=40, blank=True, editable=False, help_text="Importer that brought it.")
    source_id = models.CharField(max_length=200, blank=True, editable=False)
    source_digest = models.CharField(max_length=32, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id"], name="an_import_brings_an_item_once", condition=~models.Q(source="")
            )
        ]

    def clean(self) -> None:
        super().clean()
        keep_off_the_lists(self.slug)

    @classmethod
    def can_exist_under(cls, parent: Page) -> bool:
        """Under the parent of its own type alone, so that its address says what it is."""
        return super().can_exist_under(parent) and parent.specific.article_type == cls.kind

    @property
    def story(self) -> str:
        return f"a{self.pk}"

    @property
    def status_string(self) -> str:
        """As the desk's lists tell it."""
        return "taken back" if self.withdrawn_at else str(super().status_string)

    def permissions_for_user(self, user: Any) -> ArticleRights:
        return ArticleRights(user, self)

    def searched(self) -> str:
        """By what the desk finds it, beside its headline. Not by its text: on SQLite each few rows added read the whole index."""
        authors = (line.contributor.name for line in self.bylines.all())
        countries = (country.name for country in self.countries.all())
        return " ".join((self.slug, self.standfirst, *authors, *countries))

    def streams(self) -> list[RawStream]:
        """All that this type prints as text, in the order of print, as raw stream data."""
        names = [name for name in ("body", "talk", "chapters", "links") if hasattr(self, name)]
        return [list(getattr(self, name).raw_data) for name in names]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.words = sum(words_in(block) for stream in self.streams() for block in stream)
        super().save(*args, **kwargs)

    def with_content_json(self, content: dict[str, Any]) -> "Article":
        """A draft carries the text; what happened to the article itself (dated, taken back, imported) stays as the row says."""
        draft: Article = super().with_content_json(content)
        draft.dated_at = draft.dated_at or self.dated_at
        for name in ("withdrawn_at", "source", "source_id", "source_digest"):
            setattr(draft, name, getattr(self, name))
        return draft


class Byline(Orderable):
    article = ParentalKey(Article, on_delete=models.CASCADE, related_name="bylines")
    contributor = models.ForeignKey("newsroom.Contributor", on_delete=models.PROTECT, related_name="bylines")


class Correction(Orderable):
    article = ParentalKey(Article, on_delete=models.CASCADE, related_name="corrections")
    corrected_at = models.DateTimeField(default=clock.now)  # noqa: TID251  (filled in when a form begins one)
    text = models.TextField()


class RelatedArticle(Orderable):
    article = ParentalKey(Article, on_delete=models.CASCADE, related_name="related")
    to = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")


class Briefing(Article):
    kind = "briefing"
    parent_page_types = ["newsroom.ArticleIndex"]


class Column(Article):
    kind = "column"
    parent_page_types = ["newsroom.ArticleIndex"]
    slot = models.CharField(max_length=9, blank=True, help_text="The weekday on which this column appears.")


class Interview(Article):
    kind = "interview"
    parent_page_types = ["newsroom.ArticleIndex"]
    interviewer = models.ForeignKey("newsroom.Contributor", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    expert = models.CharField(max_length=120, blank=True)
    expert_role = models.CharField(max_length=300, blank=True)
    talk = StreamField(TALK_BLOCKS, blank=True)


class Report(Article):
    class Kind(models.TextChoices):
        FEATURE = "feature", "Feature"
        SPECIAL = "special", "Special Report"
        COUNTRY = "country", "Country Report"

    kind = "report"
    parent_page_types = ["newsroom.ArticleIndex"]
    report_kind = models.CharField(max_length=8, choices=Kind, default=Kind.FEATURE)
    key_points = LinesField(default=list, blank=True, help_text="One a line. The first stands before the wall.")
    chapters = StreamField(CHAPTER_BLOCKS, blank=True)


class Note(Article):
    kind = "note"
    parent_page_types = ["newsroom.ArticleIndex"]


class Podcast(Article):
    kind = "podcast"
    parent_page_types = ["newsroom.ArticleIndex"]
    episode = models.PositiveIntegerField(null=True, blank=True)
    duration = models.CharField(max_length=8, blank=True)
    recording = models.ForeignKey("wagtaildocs.Document", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")


class EditionPage(Article):
    kind = "edition"
    parent_page_types = ["newsroom.ArticleIndex"]
    links = StreamField(LINK_BLOCKS, blank=True)


class Roundup(Article):
    kind = "roundup"
    parent_page_types = ["newsroom.ArticleIndex"]
    links = StreamField(LINK_BLOCKS, blank=True)


ARTICLE_TYPES: tuple[type[Article], ...] = (Briefing, Column, Interview, Report, Note, Podcast, EditionPage, Roundup)
