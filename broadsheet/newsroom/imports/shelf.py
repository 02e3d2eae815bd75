"""Shelves records as live articles, many in one transaction: all of a batch or nothing of it.

Wagtail's `add_child` costs 4.5 ms an article and its signals as much again. A batch writes the same rows table by table
instead: pages, articles, types, relations. Revisions are not made (the desk makes the first one when somebody edits); the
reference index and the desk's search are brought up to date once, at the end.
"""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from slugify import slugify
from wagtail.models import Locale, Page

from broadsheet.newsroom.addresses import WORDS_OF_LISTS
from broadsheet.newsroom.imports.axes import AxesAtHand
from broadsheet.newsroom.imports.record import Record
from broadsheet.newsroom.models import ARTICLE_TYPES, Article, ArticleIndex, Byline
from broadsheet.newsroom.words import words_in

PUBLISHED_AT = time(6)  # a day's articles appear at six in the publication's zone
MOST_SLUG = 90


class Outcome(StrEnum):
    IMPORTED = "imported"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Shelved:
    id: str
    outcome: Outcome
    article_id: int | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    article_id: int
    digest: str
    edited: bool


class NoIndex(Exception):
    """The publication has no parent page for articles of a type: lay out the site first."""


class Shelf:
    """Where the records of one source go; holds what every batch needs in memory."""

    def __init__(self, *, source: str, zone: ZoneInfo) -> None:
        self._source = source
        self.zone = zone
        self._axes = AxesAtHand()
        self._indexes = {index.article_type: index for index in ArticleIndex.objects.all()}
        self._models = {model.kind: model for model in ARTICLE_TYPES}
        self._content_types = {kind: ContentType.objects.get_for_model(model) for kind, model in self._models.items()}
        self._locale = Locale.objects.get(language_code=Locale.get_default().language_code)
        self._slugs: dict[int, set[str]] = {}
        for index in self._indexes.values():
            self._slugs[index.pk] = set(index.get_children().values_list("slug", flat=True))

    def shelve(self, records: Sequence[Record], *, at: datetime) -> list[Shelved]:
        """What became of each record, in their order."""
        known = self._known(records)
        fresh = [record for record in records if record.id not in known]
        with transaction.atomic():
            self._axes.prepare(records)
            made = self._create(fresh, at=at)
            return [made.get(record.id) or self._again(record, known[record.id], at=at) for record in records]

    def _known(self, records: Sequence[Record]) -> dict[str, _Known]:
        rows = Article.objects.filter(source=self._source, source_id__in=[record.id for record in records])
        found = rows.values_list("source_id", "pk", "source_digest", "latest_revision_id")
        return {source_id: _Known(pk, digest, edited=revision is not None) for source_id, pk, digest, revision in found}

    # New articles

    def _create(self, records: Sequence[Record], *, at: datetime) -> dict[str, Shelved]:
        articles = [self._article(record, at=at) for record in records]
        self._place(articles)
        pages = Page.objects.bulk_create([_page_of(article) for article in articles])
        for article, page in zip(articles, pages, strict=True):
            article.pk = article.id = article.page_ptr_id = article.article_ptr_id = page.pk
        _insert(Article, articles)
        for model in self._models.values():
            _insert(model, [article for article in articles if type(article) is model])
        self._relate(list(zip(records, articles, strict=True)))
        return {
            record.id: self._shelved(record, Outcome.IMPORTED, article.pk)
            for record, article in zip(records, articles, strict=True)
        }

    def _article(self, record: Record, *, at: datetime) -> Article:
        model = self._models[record.type]
        extra = {"report_kind": record.report_kind} if record.type == "report" else {}
        dated_at = self._dated_at(record)
        return model(
            title=record.title,
            draft_title=record.title,
            standfirst=record.standfirst,
            audience=record.audience,
            body=json.dumps(record.blocks),
            words=sum(words_in(block) for block in record.blocks),
            content_type=self._content_types[record.type],
            locale=self._locale,
            translation_key=uuid.uuid4(),
            live=True,
            dated_at=dated_at,
            first_published_at=dated_at,
            last_published_at=at,
            main_country_id=next(iter(self._axes.countries_of(record)), None),
            source=self._source,
            source_id=record.id,
            source_digest=record.digest,
            **extra,
        )

    def _dated_at(self, record: Record) -> datetime:
        return datetime.combine(record.on, PUBLISHED_AT, self.zone)

    def _place(self, articles: Sequence[Article]) -> None:
        """Give each its address and its place below the index of its type; the index is locked until the batch is in."""
        for kind in {article.kind for article in articles}:
            index = self._index(kind)
            ours = [article for article in articles if article.kind == kind]
            last = index.get_last_child()
            path = last.path if last else None
            for article in ours:
                path = (
                    Page._get_path(index.path, index.depth + 1, 1)
                    if path is None
                    else Page(path=path, depth=index.depth + 1)._inc_path()
                )
                article.path, article.depth = path, index.depth + 1
                article.slug = self._free_slug(article, index)
                article.url_path = f"{index.url_path}{article.slug}/"
            Page.objects.filter(pk=index.pk).update(numchild=models.F("numchild") + len(ours))

    def _index(self, kind: str) -> ArticleIndex:
        if kind not in self._indexes:
            raise NoIndex(f"There is no page under which articles of type {kind} live: lay out the site first.")
        return ArticleIndex.objects.select_for_update().get(pk=self._indexes[kind].pk)

    def _free_slug(self, article: Article, index: ArticleIndex) -> str:
        taken = self._slugs[index.pk]
        base = slugify(article.title, max_length=MOST_SLUG, word_boundary=True) or "untitled"
        dated = article.dated_at or article.first_published_at
        candidates = [
            base,
            f"{base}-{dated:%Y-%m-%d}",
            f"{base}-{article.source_digest[:8]}",
            f"{base}-{article.translation_key.hex}",
        ]
        slug = next(candidate for candidate in candidates if candidate not in taken and candidate not in WORDS_OF_LISTS)
        taken.add(slug)
        return slug

    def _relate(self, shelved: Sequence[tuple[Record, Article]]) -> None:
        Byline.objects.bulk_create(
            Byline(article_id=article.pk, contributor_id=contributor, sort_order=order)
            for record, article in shelved
            for order, contributor in enumerate(self._axes.contributors(record))
        )
        for relation, ids_of, column in (
            (Article.countries.through, self._axes.countries_of, "country_id"),
            (Article.regions.through, self._axes.regions, "region_id"),
            (Article.issues.through, self._axes.issues, "issue_id"),
        ):
            relation.objects.bulk_create(
                relation(article_id=article.pk, **{column: pk}) for record, article in shelved for pk in ids_of(record)
            )

    # Articles that are here already

    def _again(self, record: Record, known: _Known, *, at: datetime) -> Shelved:
        if known.digest == record.digest:
            return Shelved(record.id, Outcome.UNCHANGED, known.article_id)
        if known.edited:
            return Shelved(record.id, Outcome.SKIPPED, known.article_id, ("edited on the desk since: left as it is",))
        if Article.objects.get(pk=known.article_id).specific.kind != record.type:
            return Shelved(
                record.id, Outcome.SKIPPED, known.article_id, (f"is of another type now ({record.type}): left as it is",)
            )
        self._update(known.article_id, record, at=at)
        return self._shelved(record, Outcome.UPDATED, known.article_id)

    def _update(self, article_id: int, record: Record, *, at: datetime) -> None:
        article = Article.objects.get(pk=article_id).specific
        article.title = article.draft_title = record.title
        article.standfirst, article.audience = record.standfirst, record.audience
        article.dated_at, article.last_published_at = self._dated_at(record), at
        article.body = json.dumps(record.blocks)
        article.main_country_id = next(iter(self._axes.countries_of(record)), None)
        article.source_digest = record.digest
        article.bylines = [
            Byline(contributor_id=contributor, sort_order=order)
            for order, contributor in enumerate(self._axes.contributors(record))
        ]
        article.countries = self._axes.countries_of(record)
        article.regions = self._axes.regions(record)
        article.issues = self._axes.issues(record)
        article.save()

    def _shelved(self, record: Record, outcome: Outcome, article_id: int) -> Shelved:
        return Shelved(record.id, outcome, article_id, (*record.remarks, *self._axes.unknown_places(record)))


def _page_of(article: Article) -> Page:
    return Page(**{field.attname: getattr(article, field.attname) for field in Page._meta.concrete_fields})


def _insert(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Insert this table's own columns only; Django's bulk_create refuses models whose parents have tables."""
    if rows:
        table: Any = model._base_manager.all()
        table._insert(rows, fields=model._meta.local_concrete_fields, using=table.db)
