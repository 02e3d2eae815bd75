"""Lists of articles as pages: the head of a list, its numbered pages, its months, its archive, and the index of an axis."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from broadsheet.design.page import PageMeta
from broadsheet.newsroom.addresses import axis_path
from broadsheet.newsroom.galley import Picture, Teaser
from broadsheet.newsroom.models import Contributor, Country, Region
from broadsheet.newsroom.pictures import pictures_of
from broadsheet.newsroom.print_blocks import sources
from broadsheet.newsroom.ties import AXIS_MODELS
from broadsheet.press import kinds, pages, policy, queries
from broadsheet.press.headings import AXIS_OF_FOLDER, Heading, heading_of, index_title
from broadsheet.press.kinds import Sheet
from broadsheet.press.sheets import Archive, AxisIndex, ContributorSheet, IndexEntry, IndexGroup, Listing, Month, Year

MONTHS_ON_HEAD = 12


def compose_head(path: str, match: re.Match[str], at: datetime) -> Sheet | None:
    heading = heading_of(match["list"])
    if heading is None:
        return None
    listing = head_of(heading)
    keys = {*keys_of(heading, "head"), *pages.article_keys(listing.teasers)}
    if heading.kind == "contributor":
        return _contributor(heading, listing, keys)
    page = meta_of(heading, heading.title, heading.path, teasers=listing.teasers)
    return pages.sheet("pages/listing.html", page, {"listing": listing}, keys)


def compose_page(path: str, match: re.Match[str], at: datetime) -> Sheet | None:
    heading, number, length = heading_of(match["list"]), int(match["number"]), queries.listing_length()
    rows = queries.on_list(match["list"])[(number - 1) * length : number * length]
    ids = list(rows.values_list("article_id", flat=True))
    if heading is None or not ids:
        return None
    total = queries.on_list(heading.list).count()
    below_head = policy.head_begins(total, length=length) // length
    teasers = pages.in_order(reversed(ids))
    span = pages.span_label(teasers[-1].dated_at, teasers[0].dated_at) if teasers else ""
    listing = _listing(
        heading,
        teasers,
        total=total,
        label=f"Page {number}: {span}",
        newer_path=heading.path if number >= below_head else f"{heading.path}page/{number + 1}/",
        older_path=f"{heading.path}page/{number - 1}/" if number > 1 else "",
    )
    # What the head shows whole is found there.
    page = meta_of(heading, f"{heading.title}, page {number}", path, teasers=teasers, noindex=number > below_head)
    keys = {*keys_of(heading, f"p{number}"), *pages.article_keys(teasers)}
    return pages.sheet("pages/listing.html", page, {"listing": listing}, keys)


def compose_month(path: str, match: re.Match[str], at: datetime) -> Sheet | None:
    heading, month = heading_of(match["list"]), f"{match['year']}-{match['month']}"
    months = [name for name, _ in queries.months_of(match["list"])]
    if heading is None or month not in months:
        return None
    ids = queries.on_list(heading.list).filter(month=month).values_list("article_id", flat=True)
    teasers, place, label = pages.in_order(reversed(list(ids))), months.index(month), pages.month_label(month)
    newer, older = months[place + 1 : place + 2], months[place - 1 : place] if place else []
    listing = _listing(
        heading,
        teasers,
        total=queries.on_list(heading.list).count(),
        label=label,
        newer_path=_month_path(heading, newer[0]) if newer else "",
        newer_label=pages.month_label(newer[0]) if newer else "",
        older_path=_month_path(heading, older[0]) if older else "",
        older_label=pages.month_label(older[0]) if older else "",
    )
    page = meta_of(heading, f"{heading.title}, {label}", path, teasers=teasers)
    keys = {*keys_of(heading, month, "months"), *pages.article_keys(teasers)}
    return pages.sheet("pages/listing.html", page, {"listing": listing}, keys)


def compose_archive(path: str, match: re.Match[str], at: datetime) -> Sheet | None:
    heading = heading_of(match["list"])
    if heading is None:
        return None
    months = queries.months_of(heading.list)[::-1]
    years = tuple(
        Year(year, tuple(Month(pages.month_name(month), _month_path(heading, month), count) for month, count in of_year))
        for year, of_year in groupby(months, key=lambda row: row[0][:4])
    )
    archive = Archive(
        kind=heading.kind,
        title=heading.title,
        path=path,
        list_path=heading.path,
        total=sum(count for _, count in months),
        years=years,
    )
    page = meta_of(heading, f"{heading.title}: archive", path, kind="archive")
    return pages.sheet("pages/archive.html", page, {"archive": archive}, keys_of(heading, "archive"))


def compose_index(path: str, match: re.Match[str], at: datetime) -> Sheet | None:
    axis = AXIS_OF_FOLDER[match["axis"]]
    counts = queries.counts_under(match["axis"])
    groups = _countries(counts) if axis == "country" else (IndexGroup("", "", _entries(axis, counts)),)
    index = AxisIndex(kind=axis, title=index_title(axis), path=path, groups=tuple(group for group in groups if group.entries))
    page = pages.page_meta(title=index.title, path=path, kind="index")
    return pages.sheet("pages/index.html", page, {"index": index}, {f"index:{match['axis']}"})


# The parts of a list


def head_of(heading: Heading) -> Listing:
    length, total = queries.listing_length(), queries.on_list(heading.list).count()
    begins = policy.head_begins(total, length=length)
    ids = list(queries.on_list(heading.list).values_list("article_id", flat=True)[begins:])
    months = queries.months_of(heading.list)[: -MONTHS_ON_HEAD - 1 : -1]
    return _listing(
        heading,
        pages.in_order(reversed(ids)),
        total=total,
        older_path=f"{heading.path}page/{begins // length}/" if begins else "",
        months=tuple(Month(pages.month_label(month), _month_path(heading, month), count) for month, count in months),
        beside_html=kinds.slot(heading.kind, "beside", heading.path),
    )


def _listing(heading: Heading, teasers: tuple[Teaser, ...], **part: Any) -> Listing:
    return Listing(
        kind=heading.kind,
        title=heading.title,
        path=heading.path,
        feeds=pages.feeds_of(heading.path),
        standfirst=heading.standfirst,
        teasers=teasers,
        index=heading.index,
        archive_path=f"{heading.path}archive/" if part["total"] else "",
        related=heading.related,
        before_html=kinds.slot(heading.kind, "before", heading.path),
        after_html=kinds.slot(heading.kind, "after", heading.path),
        **part,
    )


def _month_path(heading: Heading, month: str) -> str:
    return f"{heading.path}{month.replace('-', '/')}/"


def keys_of(heading: Heading, *parts: str) -> set[str]:
    base = f"list:{heading.list}"
    return {base, *(f"{base}:{part}" for part in parts), *heading.keys}


def meta_of(
    heading: Heading,
    title: str,
    path: str,
    *,
    kind: str = "listing",
    teasers: Sequence[Teaser] = (),
    told: Mapping[str, Any] | None = None,
    noindex: bool = False,
) -> PageMeta:
    """`told`: what else search engines are told of it."""
    return pages.page_meta(
        title=title,
        path=path,
        kind=kind,
        description=heading.standfirst,
        feeds=pages.feeds_of(heading.path),
        told=_structured(heading, title, path, teasers) | dict(told or {}),
        noindex=noindex,
    )


def _structured(heading: Heading, title: str, path: str, teasers: Iterable[Teaser]) -> dict[str, Any]:
    """Schema.org: a collection, what stands in it, and the way down to it."""
    above = [(heading.index.text, heading.index.path)] if heading.index else []
    way = [*above, (heading.title, heading.path)]
    return {
        "@context": "https://schema.org",
        "@type": "CollectionPage",
        "name": title,
        "url": pages.whole(path),
        "breadcrumb": {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": place, "name": name, "item": pages.whole(to)}
                for place, (name, to) in enumerate(way, start=1)
            ],
        },
        "mainEntity": {
            "@type": "ItemList",
            "itemListElement": [
                {"@type": "ListItem", "position": place, "url": pages.whole(teaser.path)}
                for place, teaser in enumerate(teasers, start=1)
            ],
        },
    }


# Contributors and indexes


def _contributor(heading: Heading, listing: Listing, keys: set[str]) -> Sheet:
    person = Contributor.objects.get(pk=heading.pk)
    picture: Picture | None = pictures_of([person.photograph_id]).get(person.photograph_id) if person.photograph_id else None
    contributor = ContributorSheet(name=person.name, line=person.standfirst, bio=person.bio, listing=listing, picture=picture)
    told = {
        "@context": "https://schema.org",
        "@type": "ProfilePage",
        "mainEntity": {
            "@type": "Person",
            "name": person.name,
            "description": person.standfirst,
            "url": pages.whole(heading.path),
        },
    }
    page = pages.page_meta(
        title=person.name,
        path=heading.path,
        kind="contributor",
        description=person.standfirst,
        feeds=listing.feeds,
        told=told,
    )
    return pages.sheet(
        "pages/contributor.html", page, {"contributor": contributor}, keys, files=sources(picture) if picture else ()
    )


def _entries(axis: str, counts: dict[str, int], only: Iterable[Any] | None = None) -> tuple[IndexEntry, ...]:
    """Those under which something stands."""
    rows = AXIS_MODELS[axis].objects.all() if only is None else only
    entries = [(row, axis_path(axis, row.slug)) for row in rows]
    return tuple(
        IndexEntry(row.name, path, counts[path.strip("/")], row.standfirst) for row, path in entries if path.strip("/") in counts
    )


def _countries(counts: dict[str, int]) -> tuple[IndexGroup, ...]:
    """By region, as the desk groups them; a country of two regions stands under both."""
    regions = Region.objects.prefetch_related("countries")
    grouped = [
        IndexGroup(region.name, axis_path("region", region.slug), _entries("country", counts, region.countries.all()))
        for region in regions
    ]
    elsewhere = _entries("country", counts, Country.objects.filter(regions=None))
    return (*grouped, IndexGroup("Elsewhere", "", elsewhere))
