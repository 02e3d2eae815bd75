"""What all pressed pages share: the head of the page, dates in the publication's words, feeds, and the sheet itself."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.timezone import localtime

from broadsheet.design.page import PageMeta, script_json
from broadsheet.newsroom.galley import Teaser
from broadsheet.newsroom.teasers import teasers_of
from broadsheet.newsroom.typeset import house
from broadsheet.press.kinds import Sheet
from broadsheet.press.sheets import Feeds

MIME = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
FORMAT_NAMES = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}


def sheet(
    template: str,
    page: PageMeta,
    context: Mapping[str, Any],
    keys: Iterable[str],
    *,
    until: datetime | None = None,
    files: Iterable[str] = (),
) -> Sheet:
    html = render_to_string(template, {"page": page, **context})
    return Sheet(path=page.path, html=html, keys=frozenset(keys), until=until, files=frozenset(files))


def page_meta(
    *,
    title: str,
    path: str,
    kind: str,
    description: str = "",
    feeds: Feeds | None = None,
    told: Any = None,
    noindex: bool = False,
) -> PageMeta:
    return PageMeta(
        title=title,
        description=description,
        path=path,
        canonical=whole(path),
        kind=kind,
        json_ld=script_json(told) if told else "",
        feeds=tuple((f"{title} ({FORMAT_NAMES[name]})", getattr(feeds, name), MIME[name]) for name in MIME) if feeds else (),
        noindex=noindex,
    )


def whole(path: str) -> str:
    """An address with scheme and host."""
    return f"{house().url}{path}"


def feeds_of(list_path: str) -> Feeds:
    return Feeds(*(f"{list_path}feed.{name}" for name in MIME))


def in_order(article_ids: Iterable[int]) -> tuple[Teaser, ...]:
    ids = list(article_ids)
    teasers = teasers_of(ids)
    return tuple(teasers[pk] for pk in ids if pk in teasers)


def article_keys(teasers: Iterable[Teaser]) -> set[str]:
    return {f"article:{teaser.id}" for teaser in teasers}


def month_label(month: str) -> str:
    """ "2026-03" as "March 2026"."""
    return date_format(first_day(month), "F Y")


def month_name(month: str) -> str:
    return date_format(first_day(month), "F")


def first_day(month: str) -> datetime:
    return datetime.fromisoformat(f"{month}-01")


def span_label(oldest: datetime, newest: datetime) -> str:
    """ "March 2019", "March to May 2019" or "December 2018 to May 2019"."""
    first, last = localtime(oldest), localtime(newest)
    if (first.year, first.month) == (last.year, last.month):
        return date_format(last, "F Y")
    return f"{date_format(first, 'F' if first.year == last.year else 'F Y')} – {date_format(last, 'F Y')}"
