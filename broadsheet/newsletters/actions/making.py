"""Open the next editions, fill them by rule, and do what the editor says: whatever a hand placed or took out, no rule undoes."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, tzinfo

from django.db import transaction
from django.db.models import Max

from broadsheet.newsletters.assembling import Found, found_for
from broadsheet.newsletters.models import Edition, Item, Newsletter, Slot
from broadsheet.newsletters.policy import LOOKS_AHEAD, Rhythm, Timetable

OPEN_AHEAD = 2  # editions of each newsletter that an editor finds


class AlreadyBegun(Exception):
    """It is typeset and on its way: nothing in it changes any more."""


def open_editions(*, at: datetime, zone: tzinfo) -> int:
    """The next ones of every newsletter, as its timetable has them now. How many were opened."""
    opened = 0
    for newsletter in Newsletter.objects.filter(withdrawn_at=None):
        timetable, today = newsletter.timetable(), at.astimezone(zone).date()
        ahead = timetable.next_days(after=today - timedelta(days=1), upto=today + LOOKS_AHEAD)
        days = [day for day in ahead if timetable.moment_on(day, zone) > at][:OPEN_AHEAD]
        due = {day: timetable.moment_on(day, zone) for day in days}
        if newsletter.rhythm != Rhythm.BY_HAND:
            opened += _follow(timetable, newsletter, due, at=at)
    return opened


def _follow(timetable: Timetable, newsletter: Newsletter, due: Mapping[date, datetime], *, at: datetime) -> int:
    """Those ahead go when the timetable says now; those whose hour is past by it, when it said before."""
    with transaction.atomic():
        ahead = Edition.objects.filter(newsletter=newsletter, begun_at=None, cancelled_at=None, due_at__gt=at)
        for edition in ahead.filter(passed_at=None):  # who let it go said when
            if edition.goes_on in due:
                Edition.objects.filter(pk=edition.pk).update(due_at=due[edition.goes_on])
            elif not timetable.goes_on(edition.goes_on) and not is_touched(edition):
                edition.delete()
        known = set(Edition.objects.filter(newsletter=newsletter, goes_on__in=due).values_list("goes_on", flat=True))
        fresh = [day for day in due if day not in known]
        for day in fresh:
            Edition.objects.create(newsletter=newsletter, goes_on=day, due_at=due[day], opened_at=at)
    return len(fresh)


def is_touched(edition: Edition) -> bool:
    written = edition.subject or edition.preheader or edition.note or edition.passed_at or edition.paused_at
    return bool(written) or edition.items.filter(by_hand=True).exists() or edition.items.filter(dropped=True).exists()


def open_by_hand(newsletter: Newsletter, *, due_at: datetime, at: datetime, zone: tzinfo) -> tuple[Edition, bool]:
    """Such as a breaking note: whatever the timetable says. The one of its day, and whether there was none before.

    It opens with what is new, so that whoever lets it go has seen all of it.
    """
    standing = Edition.objects.exclude(cancelled_at__isnull=False, begun_at=None)
    edition, is_new = standing.get_or_create(
        newsletter=newsletter,
        goes_on=due_at.astimezone(zone).date(),
        defaults={"due_at": due_at.astimezone(UTC), "opened_at": at},
    )
    if is_new:
        assemble(edition, at=at)
    return edition, is_new


def assemble(edition: Edition, *, at: datetime) -> None:
    """Fill it anew by rule, around what a hand did. Nothing once it has begun, or somebody let it go as it stood."""
    with transaction.atomic():
        waiting = Edition.objects.select_for_update().filter(begun_at=None, passed_at=None, cancelled_at=None)
        if not waiting.filter(pk=edition.pk).exists():
            return
        items, slots = list(edition.items.order_by("sort_order")), list(edition.newsletter.slots.all())
        fixed = [item for item in items if item.by_hand or item.dropped]
        found = found_for(edition, slots, fixed=fixed, at=at)
        stays = [item for item in items if item in fixed or any(one.is_of(item) for one in found.get(item.slot, []))]
        edition.items.exclude(pk__in=[item.pk for item in stays]).delete()  # all at once: an article may go to another slot
        for slot in slots:
            _fill(edition, slot, [item for item in stays if item.slot == slot.kind], found[slot.kind])


def _fill(edition: Edition, slot: Slot, stays: Sequence[Item], found: Sequence[Found]) -> None:
    """Where a hand has arranged the slot what is there keeps its place, and what is new comes behind."""
    shown = [item for item in stays if not item.dropped]
    fresh = [one for one in found if not any(one.is_of(item) for item in stays)]
    made = [_made(edition, slot.kind, one) for one in fresh]
    if any(item.by_hand for item in shown):
        _number([*shown, *made])
        return
    order = [(one.article, one.url) for one in found]
    _number(sorted([*shown, *made], key=lambda item: order.index((item.article_id, item.url))))


def _made(edition: Edition, slot: str, one: Found) -> Item:
    item = Item(edition=edition, slot=slot, article_id=one.article)
    _say(item, one)
    return item


def _say(item: Item, one: Found) -> None:
    item.url, item.headline, item.standfirst = one.url, one.headline, one.said
    item.outlet, item.author, item.minutes, item.paywalled = one.outlet, one.author, one.minutes, one.paywalled


def _number(items: Sequence[Item]) -> None:
    for place, item in enumerate(items):
        item.sort_order = place
        item.save()


# What the editor does


def place(edition: Edition, *, item_id: int, slot: str, before: int | None) -> None:
    """Put an item into a slot, before another of it, or at its end."""
    with _changing(edition):
        item = edition.items.get(pk=item_id)
        others = [one for one in edition.items.filter(slot=slot, dropped=False).order_by("sort_order") if one.pk != item_id]
        spot = next((number for number, one in enumerate(others) if one.pk == before), len(others))
        item.slot, item.by_hand, item.dropped = slot, True, False
        _number([*others[:spot], item, *others[spot:]])
        edition.items.filter(pk__in=[one.pk for one in others]).update(by_hand=True)


def step(edition: Edition, *, item_id: int, by: int) -> None:
    """So many places down in its slot; up, if less than none."""
    item = edition.items.get(pk=item_id)
    shown = list(edition.items.filter(slot=item.slot, dropped=False).order_by("sort_order", "pk").values_list("pk", flat=True))
    spot = shown.index(item_id) + by + (by > 0)
    if spot >= 0:
        place(edition, item_id=item_id, slot=item.slot, before=shown[spot] if spot < len(shown) else None)


def lead_with(edition: Edition, *, item_id: int) -> None:
    """The top story. What was it before stands first among the articles."""
    with transaction.atomic():
        others = edition.items.filter(slot=Slot.Kind.TOP, dropped=False).exclude(pk=item_id).order_by("-sort_order")
        for other in others.values_list("pk", flat=True):
            first = edition.items.filter(slot=Slot.Kind.ARTICLES, dropped=False).order_by("sort_order", "pk").first()
            place(edition, item_id=other, slot=Slot.Kind.ARTICLES, before=first.pk if first else None)
        place(edition, item_id=item_id, slot=Slot.Kind.TOP, before=None)


def put_in(edition: Edition, *, slot: str, article: int | None = None, link: Found | None = None) -> Item:
    """An article or a link that no rule put there, or that was taken out, at the end of a slot. A link that stands there gets the
    words that are given now."""
    one = link or Found(article)
    with _changing(edition):
        last = edition.items.filter(slot=slot).aggregate(last=Max("sort_order"))["last"]
        known = edition.items.filter(article_id=one.article, url=one.url).first()
        item = known or Item(edition=edition, article_id=one.article)
        if link or not known:
            _say(item, one)
        item.slot, item.by_hand, item.dropped, item.sort_order = slot, True, False, 0 if last is None else last + 1
        item.save()
    return item


def drop(edition: Edition, *, item_id: int) -> None:
    with _changing(edition):
        edition.items.filter(pk=item_id).update(dropped=True)


def put_back(edition: Edition, *, item_id: int) -> None:
    with _changing(edition):
        edition.items.filter(pk=item_id).update(dropped=False, by_hand=True)


def reword(edition: Edition, *, item_id: int, words: Found) -> None:
    """What is said of it in this edition alone; an article's own words where there are none. It stays what it is."""
    said = {"headline": " ".join(words.headline.split()), "standfirst": " ".join(words.said.split())}
    of_a_link = {"outlet": words.outlet, "author": words.author, "minutes": words.minutes, "paywalled": words.paywalled}
    with _changing(edition):
        edition.items.filter(pk=item_id).update(by_hand=True, **said, **of_a_link)


def write(edition: Edition, *, subject: str | None = None, preheader: str | None = None, note: str | None = None) -> None:
    """None: as it is, so that of two editors each keeps what the other did not touch."""
    lines = {"subject": subject, "preheader": preheader}
    words = {name: " ".join(line.split()) for name, line in lines.items() if line is not None}
    words |= {"note": note.strip()} if note is not None else {}
    with _changing(edition):
        if words:
            Edition.objects.filter(pk=edition.pk).update(**words)


@contextmanager
def _changing(edition: Edition) -> Iterator[None]:
    """One transaction in which it has not begun. Raises AlreadyBegun."""
    with transaction.atomic():
        if not Edition.objects.select_for_update().filter(pk=edition.pk, begun_at=None, cancelled_at=None).exists():
            raise AlreadyBegun
        yield
