"""Editions that went out, as the web has them: by newsletter, by year, each under the words by which it is found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from broadsheet.newsletters.composing import path_of
from broadsheet.newsletters.models import Edition, Item, Newsletter, Slot
from broadsheet.newsroom.teasers import teasers_of
from broadsheet.press.queries import standing


@dataclass(frozen=True, slots=True)
class Entry:
    """An edition in a list. `article`: whose headline is its subject, where no editor wrote one."""

    id: int
    path: str
    goes_on: date
    begun_at: datetime
    subject: str
    article: int | None = None


def gone_out(newsletter: Newsletter | None = None) -> QuerySet[Edition]:
    """The newest first. One that was cancelled on its way stands there too: some have it."""
    editions = Edition.objects.filter(begun_at__isnull=False).select_related("newsletter")
    return (editions.filter(newsletter=newsletter) if newsletter else editions).order_by("-goes_on", "newsletter")


def years(newsletter: Newsletter) -> list[int]:
    """Those in which one went out, the newest first."""
    days = gone_out(newsletter).dates("goes_on", "year")
    return sorted((day.year for day in days), reverse=True)


def entries(editions: Sequence[Edition]) -> tuple[Entry, ...]:
    """Of what no longer stands on the site no headline is told."""
    leads = _leads([edition.pk for edition in editions if not edition.subject])
    return tuple(_entry(edition, leads.get(edition.pk)) for edition in editions)


def _entry(edition: Edition, lead: tuple[int | None, str] | None) -> Entry:
    assert edition.begun_at is not None
    article, headline = lead or (None, "")
    return Entry(
        edition.pk, path_of(edition), edition.goes_on, edition.begun_at, edition.subject or headline or str(edition), article
    )


def _leads(edition_ids: Sequence[int]) -> dict[int, tuple[int | None, str]]:
    """By edition: its top story, or what stands first in it."""
    items = Item.objects.filter(edition__in=edition_ids, dropped=False).order_by("sort_order", "pk")
    ordered = sorted(items, key=lambda item: (item.slot != Slot.Kind.TOP, item.slot != Slot.Kind.ARTICLES))
    teasers = teasers_of(standing([item.article_id for item in ordered if item.article_id]))
    leads: dict[int, tuple[int | None, str]] = {}
    for item in ordered:
        if item.article_id is None:
            leads.setdefault(item.edition_id, (None, item.headline))
        elif item.article_id in teasers:
            leads.setdefault(item.edition_id, (item.article_id, item.headline or teasers[item.article_id].headline))
    return leads
