"""The day's picks as a whole: their order, their day, the words above them, and whether they wait for somebody."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo

from django.db import transaction
from django.db.models import F, Q

from broadsheet.wire import links_beside
from broadsheet.wire.actions.picking import AlreadyThere, NewerChange, count_touch, day_open, locked, next_place
from broadsheet.wire.models import DayOfLinks, Pick


@transaction.atomic
def write_the_day(
    day: DayOfLinks,
    *,
    title: str | None = None,
    standfirst: str | None = None,
    introduction: str | None = None,
    shown: Mapping[str, str] | None = None,
) -> None:
    """None: as it stands, since another may write there. `shown`: what stood in these when whoever writes was looking at them;
    None: whatever stands there goes. Raises NewerChange, with nothing written."""
    said = {"title": title, "standfirst": standfirst, "introduction": introduction}
    changes = {name: value for name, value in said.items() if value is not None}
    now = DayOfLinks.objects.select_for_update().get(pk=day.pk)
    if shown is not None:
        newer = [name for name, value in changes.items() if getattr(now, name) not in (shown.get(name), value)]
        if newer:
            raise NewerChange(newer)
    for name, value in changes.items():
        setattr(now, name, value)
    now.save(update_fields=changes.keys())


@transaction.atomic
def hold(day: DayOfLinks, *, at: datetime | None) -> None:
    """Until it is let go (`at` None), it does not go out by itself."""
    DayOfLinks.objects.filter(pk=day.pk).update(held_at=at)


# Order and days


@transaction.atomic
def step(chosen: Pick, *, by: int) -> None:
    """So many places down; up, if less than none. No further than the ends."""
    shown = _in_order(chosen.day)
    spot = shown.index(chosen.pk)
    shown.insert(max(0, min(len(shown) - 1, spot + by)), shown.pop(spot))
    _number(shown)


@transaction.atomic
def arrange(day: DayOfLinks, pick_ids: Sequence[int]) -> None:
    """These first, in this order; those that are not named, or came meanwhile, behind them."""
    there = _in_order(day)
    named = [pk for pk in dict.fromkeys(pick_ids) if pk in there]
    _number([*named, *(pk for pk in there if pk not in named)])


def _in_order(day: DayOfLinks) -> list[int]:
    DayOfLinks.objects.select_for_update().get(pk=day.pk)
    return list(day.picks.order_by("sort_order", "pk").values_list("pk", flat=True))


def _number(pick_ids: Sequence[int]) -> None:
    for place, pk in enumerate(pick_ids):
        Pick.objects.filter(pk=pk).update(sort_order=place)


@transaction.atomic
def move(chosen: Pick, *, to: date) -> Pick:
    """To another day, at its end."""
    chosen = locked(chosen.pk)
    day, _ = DayOfLinks.objects.get_or_create(day=to)
    if day.pk == chosen.day_id:
        return chosen
    if day.picks.filter(url_key=chosen.url_key).exists():
        raise AlreadyThere(f"“{chosen.headline}” is picked for {day.day:%-d %B} already.")
    before = links_beside.keys_of([chosen])
    chosen.day, chosen.sort_order = day, next_place(day)
    count_touch(chosen)
    links_beside.changed(before)
    return chosen


@transaction.atomic
def carry_over(*, at: datetime, zone: tzinfo) -> int:
    """What was picked for days that are over and was neither published nor held goes to the day that is open. How many."""
    today = at.astimezone(zone).date()
    not_out = Q(day__published_at=None) | Q(picked_at__gt=F("day__published_at"))  # before the hour, after somebody published
    left = Pick.objects.filter(not_out, day__day__lt=today, day__held_at=None, taken_down_at=None)
    if not left.exists():
        return 0
    day = day_open(at=at, zone=zone)
    known = set(day.picks.values_list("url_key", flat=True))
    carried = 0
    for chosen in left.select_related("day").order_by("day__day", "sort_order", "pk"):
        if chosen.url_key not in known:
            known.add(chosen.url_key)
            _take_words_along(chosen.day, day)
            Pick.objects.filter(pk=chosen.pk).update(day=day, sort_order=next_place(day))
            carried += 1
    return carried


def _take_words_along(old: DayOfLinks, new: DayOfLinks) -> None:
    """Of a day that was published they stand in its article."""
    for name in ("standfirst", "introduction") if old.published_at is None else ():
        if getattr(old, name) and not getattr(new, name):
            setattr(new, name, getattr(old, name))
            setattr(old, name, "")
            new.save(update_fields=[name])
            old.save(update_fields=[name])
