"""What a curator chooses, and the words of it: picks, and rival readings beside them.

A pick says all that is printed of a piece, so that it outlives the item it was made from.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Max

from broadsheet.kit.counting import next_number
from broadsheet.membership.models import Reader
from broadsheet.newsroom.models import Country, Issue
from broadsheet.newsroom.words import minutes
from broadsheet.wire import days, links_beside
from broadsheet.wire.actions.counting import touch
from broadsheet.wire.models import DayOfLinks, Deed, Item, Pick, Refusal, Source, Story, WireRules
from broadsheet.wire.reading.links import canonical_link, link_key
from broadsheet.wire.reading.text import plain
from broadsheet.wire.refusals import is_refused

WORDS = ("headline", "outlet", "author", "published_on", "minutes", "language", "paywalled", "note")
TIES = ("countries", "issues")
UNTOUCHED = 0  # as nobody has written on it
MOST = {"headline": 300, "outlet": 120, "author": 200}


class NotAPage(ValueError):
    """The address leads to no page on the web."""


class IsRefused(Exception):
    """Whoever owns it, or the law, wants it nowhere here."""


class AlreadyThere(Exception):
    """The piece stands in that day."""


class NewerChange(Exception):
    """Somebody wrote these fields since they were shown. Nothing was saved."""

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__(f"written since: {', '.join(fields)}")
        self.fields = fields


# Choosing


def day_open(*, at: datetime, zone: tzinfo) -> DayOfLinks:
    return DayOfLinks.objects.get_or_create(day=open_day_now(at=at, zone=zone))[0]


def open_day_now(*, at: datetime, zone: tzinfo) -> date:
    """The day that picks are for."""
    today = at.astimezone(zone).date()
    hour = WireRules.load().roundup_at
    published = DayOfLinks.objects.filter(day=today, published_at__isnull=False).exists()
    over = days.hour_is_over(today, hour, at=at, zone=zone)
    return days.open_day(today, published=published, hour_over=over)


@transaction.atomic
def pick(item: Item, *, by: Reader | None, at: datetime, zone: tzinfo, headline: str = "") -> Pick:
    """For the day that is open. Picked there already, it stays as it is."""
    return _pick(canonical_link(item.link), known_of(item, headline, zone=zone), by=by, at=at, zone=zone)[0]


def known_of(item: Item, headline: str, *, zone: tzinfo) -> dict[str, Any]:
    return fields_of(item, zone=zone) | {"item": item, "headline": headline or item.title, **ties_of(item.subjects)}


def fields_of(item: Item, *, zone: tzinfo) -> dict[str, Any]:
    return {
        "headline": item.title,
        "outlet": item.outlet,
        "author": ", ".join(item.authors),
        "published_on": item.published_at.astimezone(zone).date() if item.published_at else None,
        "minutes": minutes(item.words) if item.words else None,
        "language": item.language,
        "paywalled": bool(item.paywalled),
    }


@transaction.atomic
def pick_page(
    url: str,
    title: str,
    *,
    by: Reader | None,
    at: datetime,
    zone: tzinfo,
    shown: Mapping[str, Any] | None = None,
    **said: Any,
) -> Pick:
    """Any page, as a browser shows it. What we know of it fills in what is not said. `shown`: what stood, on the page that
    whoever picks was looking at, in the fields that they changed; None: all that is said was changed. Picked already, it takes
    what was changed and nobody else wrote meanwhile. Raises NewerChange."""
    words = {name: value for name, value in said.items() if name in (*WORDS, *TIES)}
    if known := item_at(url):
        link, fields = canonical_link(known.link), known_of(known, title, zone=zone)
    else:
        link = page_at(url)
        fields = {"headline": plain(title, most=MOST["headline"]) or link, **outlet_at(link)}
    chosen, is_new = _pick(link, fields | words, by=by, at=at, zone=zone)
    if is_new:
        return chosen
    words |= {"headline": title} if title and shown is not None else {}
    changes = {name: value for name, value in words.items() if (name in shown if shown is not None else value)}
    return edit(chosen.pk, changes, touched=UNTOUCHED, shown=shown or {}) if changes else chosen


def page_at(url: str) -> str:
    """The address as we keep it, without what counts visitors."""
    if not (link := canonical_link(url)):
        raise NotAPage("That address leads to no page: it begins with https:// or http://.")
    return link


def item_at(url: str) -> Item | None:
    """The item that leads there, from whatever feed."""
    identity = sha256(f"link:{link_key(url)}".encode()).hexdigest()
    return Item.objects.select_related("story").filter(identity=identity).first()


def outlet_at(link: str) -> dict[str, Any]:
    """Whose page it is: as we call whom we listen to there, else its host."""
    host = link_key(link).partition("/")[0]
    for source in Source.objects.filter(site__icontains=host).order_by("pk"):
        if link_key(source.site).partition("/")[0] == host:
            return {"outlet": source.name, "paywalled": bool(source.paywalled), "language": source.language}
    return {"outlet": (urlsplit(link).hostname or "").removeprefix("www.")}


def _pick(link: str, fields: Mapping[str, Any], *, by: Reader | None, at: datetime, zone: tzinfo) -> tuple[Pick, bool]:
    """And whether it was picked only now."""
    refuse_what_is_refused(link)
    day = DayOfLinks.objects.select_for_update().get(pk=day_open(at=at, zone=zone).pk)
    own = {name: value for name, value in fields.items() if name not in TIES}
    there = {"url": link, "sort_order": next_place(day), "picked_by": by, "picked_at": at}
    chosen, is_new = day.picks.get_or_create(url_key=url_key(link), defaults=fitting(own) | there)
    if chosen.taken_down_at:
        raise IsRefused(f"{chosen.url} was taken down.")
    if is_new:
        for name in TIES:
            getattr(chosen, name).set(fields.get(name, ()))
        write_down(Deed.Kind.PICK, chosen, {"pick": chosen.pk}, said=f"Picked “{chosen.headline}”", by=by, at=at)
    return chosen, is_new


def refuse_what_is_refused(link: str) -> None:
    if is_refused(link_key(link), set(Refusal.objects.values_list("key", flat=True))):
        raise IsRefused(f"{link} is to stand nowhere here: it was taken down.")


def url_key(link: str) -> str:
    return sha256(link_key(link).encode()).hexdigest()


def next_place(day: DayOfLinks) -> int:
    last: int | None = day.picks.aggregate(last=Max("sort_order"))["last"]
    return 0 if last is None else last + 1


def fitting(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value[: MOST[name]] if name in MOST else value for name, value in fields.items()}


def ties_of(subjects: Sequence[str]) -> dict[str, Any]:
    named = [subject.partition(":") for subject in subjects]
    codes = [name for axis, _, name in named if axis == "country"]
    slugs = [name for axis, _, name in named if axis == "issue"]
    return {"countries": Country.objects.filter(code__in=codes), "issues": Issue.objects.filter(slug__in=slugs)}


def write_down(kind: Deed.Kind, chosen: Pick, before: dict[str, Any], *, said: str, by: Reader | None, at: datetime) -> Deed:
    """Where the desk tells it, and where it can be undone."""
    story = Story.objects.filter(items__picks=chosen).first() if chosen.item_id else None
    if story:
        touch([story.pk])
    return Deed.objects.create(kind=kind, by=by, at=at, story=story, change=next_number("wire"), said=said[:300], before=before)


# Writing


@transaction.atomic
def edit(pick_id: int, changes: Mapping[str, Any], *, touched: int, shown: Mapping[str, Any]) -> Pick:
    """`touched`, `shown`: as the page had it that whoever writes was looking at. What nobody else wrote meanwhile is written."""
    chosen = locked(pick_id)
    if chosen.touched != touched:
        refuse_newer({name: said_of(chosen, name) for name in changes}, changes, shown)
    _write(chosen, changes)
    return chosen


def said_of(chosen: Pick, name: str) -> Any:
    if name in TIES:
        return sorted(getattr(chosen, name).values_list("pk", flat=True))
    return getattr(chosen, name)


def refuse_newer(now: Mapping[str, Any], changes: Mapping[str, Any], shown: Mapping[str, Any]) -> None:
    """Of what is changed somebody else has written what stands there now. Who wrote the same is nobody else."""
    if newer := [name for name, value in changes.items() if now[name] not in (shown.get(name), _comparable(value))]:
        raise NewerChange(newer)


def _comparable(value: Any) -> Any:
    return value if isinstance(value, str | int | date | type(None)) else sorted(row.pk for row in value)


def _write(chosen: Pick, changes: Mapping[str, Any]) -> None:
    before = links_beside.keys_of([chosen])
    if "url" in changes:
        _readdress(chosen, changes["url"])
    for name, value in fitting({name: value for name, value in changes.items() if name in WORDS}).items():
        setattr(chosen, name, value)
    for name in TIES:
        if name in changes:
            getattr(chosen, name).set(changes[name])
    count_touch(chosen)
    links_beside.changed(before | links_beside.keys_of([chosen]))


def _readdress(chosen: Pick, url: str) -> None:
    link = page_at(url)
    refuse_what_is_refused(link)
    if chosen.day.picks.filter(url_key=url_key(link)).exclude(pk=chosen.pk).exists():
        raise AlreadyThere(f"{link} is picked already.")
    chosen.url, chosen.url_key = link, url_key(link)


def count_touch(chosen: Pick) -> None:
    chosen.touched += 1
    chosen.save()


def locked(pick_id: int) -> Pick:
    return Pick.objects.select_for_update().get(pk=pick_id)
