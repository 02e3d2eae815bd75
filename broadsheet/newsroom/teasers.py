"""Articles as they stand in lists, many in few queries. Nothing here comes from beyond the cut."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import cast

from django.contrib.contenttypes.models import ContentType

from broadsheet.access.terms import Audience
from broadsheet.newsroom import policy
from broadsheet.newsroom.addresses import path_of
from broadsheet.newsroom.galley import Picture, Teaser
from broadsheet.newsroom.models import ARTICLE_TYPES, Article, Podcast, Report
from broadsheet.newsroom.pictures import pictures_of
from broadsheet.newsroom.ties import Key, Name, Ties, names_of, ties_of
from broadsheet.newsroom.words import minutes

LABELS = {
    "briefing": "Briefing",
    "column": "Column",
    "interview": "Interview",
    "report": "Report",
    "note": "Note",
    "podcast": "Podcast",
    "edition": "Newsletter",
    "roundup": "Daily Links",
}
FIELDS = (
    "pk",
    "content_type_id",
    "url_path",
    "title",
    "standfirst",
    "dated_at",
    "audience",
    "words",
    "section_id",
    "series_id",
    "main_country_id",
    "lead_image_id",
)


@cache
def _kinds() -> dict[int, str]:
    return {ContentType.objects.get_for_model(model).pk: model.kind for model in ARTICLE_TYPES}


def kind_of(content_type_id: int) -> str:
    """The type of an article by its content type; these numbers are settled once, when the tables are made."""
    return _kinds()[content_type_id]


def label_of(kind: str, report_kind: str = "") -> str:
    return Report.Kind(report_kind).label if report_kind else LABELS[kind]


def teasers_of(ids: Iterable[int]) -> dict[int, Teaser]:
    """By the article's number; whoever is not dated (never published) is left out."""
    articles = list(Article.objects.filter(pk__in=set(ids), dated_at__isnull=False).only(*FIELDS))
    ties = ties_of(articles)
    names = names_of({key for tie in ties.values() for key in tie.axes()})
    kinds = dict(Report.objects.filter(pk__in=ties).values_list("pk", "report_kind"))
    pictures = pictures_of(article.lead_image_id for article in articles if article.lead_image_id)
    teasers = {article.pk: _teaser(article, ties[article.pk], names, kinds, pictures) for article in articles}
    return teasers | _lasting([teaser for teaser in teasers.values() if teaser.kind == Podcast.kind])


def _lasting(podcasts: Sequence[Teaser]) -> dict[int, Teaser]:
    """Podcasts that were recorded with how long they are: asked for only where there are any."""
    if not podcasts:
        return {}
    recorded = Podcast.objects.filter(pk__in=[teaser.id for teaser in podcasts], recording__isnull=False)
    lasting = dict(recorded.values_list("pk", "duration"))
    return {teaser.id: replace(teaser, duration=lasting.get(teaser.id, "")) for teaser in podcasts}


def _teaser(
    article: Article, ties: Ties, names: Mapping[Key, Name], report_kinds: Mapping[int, str], pictures: Mapping[int, Picture]
) -> Teaser:
    kind = kind_of(article.content_type_id)
    return Teaser(
        id=article.pk,
        path=path_of(article.url_path),
        kind=kind,
        label=label_of(kind, report_kinds.get(article.pk, "")),
        headline=article.title,
        standfirst=article.standfirst,
        bylines=tuple(names["contributor", pk].text for pk in ties.contributors),
        dated_at=cast(datetime, article.dated_at),
        audience=Audience(article.audience),
        minutes=minutes(article.words),
        countries=tuple(names["country", pk].text for pk in ties.countries),
        codes=tuple(names["country", pk].code for pk in policy.mapped(ties.countries)),
        section=names["section", ties.section].text if ties.section else "",
        picture=pictures.get(article.lead_image_id or 0),
    )
