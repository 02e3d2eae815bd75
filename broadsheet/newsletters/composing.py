"""From an edition's rows to the value that is printed. What no longer stands on the site is left out."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from django.conf import settings

from broadsheet.access.terms import Audience
from broadsheet.newsletters import notes
from broadsheet.newsletters.composed import Composed, Line, Part, Top
from broadsheet.newsletters.models import Edition, Item, Slot
from broadsheet.newsroom.galley import Teaser
from broadsheet.newsroom.galleys import galleys_of
from broadsheet.newsroom.models import Article
from broadsheet.newsroom.teasers import teasers_of
from broadsheet.press.queries import standing

WALLED = (Audience.MEMBERS, Audience.METERED)
WEB = ("https://", "http://")  # whatever else an address may call for is not printed


def path_of(edition: Edition) -> str:
    return f"/newsletters/{edition.newsletter.slug}/{edition.goes_on:%Y-%m-%d}/"


def compose(edition: Edition, *, at: datetime) -> Composed:
    items = list(edition.items.filter(dropped=False).order_by("sort_order", "pk"))
    teasers = teasers_of(standing([item.article_id for item in items if item.article_id]))
    shown = [item for item in items if item.article_id in teasers or item.url.startswith(WEB)]
    top = next((item for item in shown if item.slot == Slot.Kind.TOP and item.article_id), None)
    slots = edition.newsletter.slots.exclude(kind=Slot.Kind.TOP).order_by("sort_order", "pk")
    walled = notes.beyond(shown, due_at=edition.due_at, at=at)
    parts = tuple(
        Part(slot.kind, slot.title, _lines((item for item in shown if item.slot == slot.kind), teasers, walled)) for slot in slots
    )
    lead = _top(top, teasers, at=at) if top else None
    written = [*([lead.line] if lead else []), *(line for part in parts for line in part.lines)]
    return Composed(
        newsletter=edition.newsletter.name,
        promise=edition.newsletter.promise,
        path=path_of(edition),
        goes_on=edition.goes_on,
        subject=edition.subject or (written[0].headline if written else str(edition)),
        preheader=edition.preheader or _preheader(written),
        note=paragraphs(edition.note),
        top=lead,
        parts=tuple(part for part in parts if part.lines),
        newsletter_id=edition.newsletter_id,
    )


def paragraphs(note: str) -> tuple[str, ...]:
    """An empty line ends one; the others stay lines."""
    lines = [" ".join(line.split()) for line in note.splitlines()]
    return tuple(filter(None, (each.strip() for each in "\n".join(lines).split("\n\n"))))


def _preheader(lines: list[Line]) -> str:
    """What the second story says, or the first one's standfirst: the subject has the first headline already."""
    if len(lines) > 1:
        return "; ".join(line.headline for line in lines[1:4])
    return lines[0].said if lines and not lines[0].said_beyond else ""


def _top(item: Item, teasers: Mapping[int, Teaser], *, at: datetime) -> Top:
    (galley,) = galleys_of([Article.objects.get(pk=item.article_id)], at=at, shelf={})  # of its text alone
    return Top(_line(item, teasers), galley.free, galley.rest, galley.picture)


def _lines(items: Iterable[Item], teasers: Mapping[int, Teaser], walled: Container[int]) -> tuple[Line, ...]:
    return tuple(replace(_line(item, teasers), said_beyond=item.pk in walled) for item in items)


def _line(item: Item, teasers: Mapping[int, Teaser]) -> Line:
    if item.article_id is None:
        return Line(
            id=None,
            headline=item.headline,
            address=item.url,
            said=item.standfirst,
            bylines=(item.author,) if item.author else (),
            minutes=item.minutes,
            outlet=item.outlet,
            paywalled=item.paywalled,
        )
    teaser = teasers[item.article_id]
    return Line(
        id=teaser.id,
        headline=item.headline or teaser.headline,
        address=f"{settings.BASE_URL}{teaser.path}",
        said=item.standfirst or teaser.standfirst,
        label=teaser.label,
        bylines=teaser.bylines,
        minutes=teaser.minutes,
        for_members=teaser.audience in WALLED,
    )
