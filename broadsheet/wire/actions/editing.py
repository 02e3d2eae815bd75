"""What an editor does to stories. Each deed is one transaction, written down with who and when; whoever did it can undo it.

`Deed.before`, by kind. merge: `into`, `moved` (item, the story it stood in, why it stood there; of each); split: `from`, `moved`.
mute, drop, later: `was` and `is`, the story's moments before and since. undo: `deed`, or `deeds` where it brought a story back.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime

from broadsheet.kit.counting import next_number
from broadsheet.membership.models import Reader
from broadsheet.wire.actions import counting, unpicking
from broadsheet.wire.models import Deed, Item, Seen, Story
from broadsheet.wire.queries import living

MOMENTS = ("muted_at", "dropped_at", "later_until")
ASIDE = (Deed.Kind.MUTE, Deed.Kind.DROP, Deed.Kind.LATER)
PUT_HERE = "put here by an editor"  # who it was stands in the deed alone, where erasing an account finds it
LOOKED_AT = 50  # of an editor's deeds, for one that can be undone

Move = Sequence[Any]  # an item, the story it stood in, why it stood there


class Meanwhile(Exception):
    """What was asked for does not fit how things stand by now. Nothing was done; the sentence says how they stand."""


# Together and apart


@transaction.atomic
def merge(into: int, others: Collection[int], *, by: Reader | None, at: datetime) -> Deed:
    """What lives on elsewhere by now is merged there."""
    target = _living(into)
    joining = [_living(other) for other in others]
    stories = _locked({story.pk for story in (target, *joining)})
    gone = [story for story in stories if story.pk != target.pk]
    if not gone:
        raise Meanwhile("That is one story already.")
    moved = _moves(Item.objects.filter(story__in=gone))
    Item.objects.filter(story__in=gone).update(story=target, joined_by=PUT_HERE)
    Story.objects.filter(pk__in=[story.pk for story in gone]).update(merged_into=target)
    _recount(stories, by=by, at=at)
    what = f"“{_short(gone[0].headline)}”" if len(gone) == 1 else f"{len(gone)} stories"
    said = f"Merged {what} into “{_short(target.headline)}”"
    return _record(Deed.Kind.MERGE, target.pk, said, {"into": target.pk, "moved": moved}, by=by, at=at)


@transaction.atomic
def split(items: Collection[int], *, by: Reader | None, at: datetime) -> Story:
    """A story of its own for these items of one story."""
    leaving = Item.objects.filter(pk__in=items)
    origins = set(leaving.values_list("story_id", flat=True))
    if len(origins) != 1:
        raise Meanwhile("Those pieces stand in several stories by now." if origins else "Those pieces are gone by now.")
    [origin] = _locked(origins)
    rows = list(leaving.filter(story=origin))
    if not origin.items.exclude(pk__in=[row.pk for row in rows]).exists():
        raise Meanwhile("Those are all of its pieces: nothing would be left.")
    begun_at = rows[0].sorted_at
    story = Story.objects.create(headline=rows[0].title, begun_at=begun_at, last_at=begun_at, change=next_number("wire"))
    moved = _moves(leaving)
    leaving.update(story=story, joined_by=PUT_HERE)
    _recount([origin, story], by=by, at=at)
    said = f"Split “{_short(story.headline)}” from “{_short(origin.headline)}”"
    _record(Deed.Kind.SPLIT, story.pk, said, {"from": origin.pk, "moved": moved}, by=by, at=at)
    return story


# Aside and back


def mute(story_id: int, *, by: Reader | None, at: datetime) -> Deed:
    """Whatever joins it from now on stays unseen too."""
    return _put_aside(story_id, Deed.Kind.MUTE, "Muted", {"muted_at": at}, by=by, at=at)


def drop(story_id: int, *, by: Reader | None, at: datetime) -> Deed:
    """Off the desk, until twice as many outlets tell it."""
    return _put_aside(story_id, Deed.Kind.DROP, "Dropped", {"dropped_at": at}, by=by, at=at)


def later(story_id: int, *, until: datetime, by: Reader | None, at: datetime) -> Deed:
    return _put_aside(story_id, Deed.Kind.LATER, "Left for later", {"later_until": until}, by=by, at=at)


@transaction.atomic
def bring_back(story_id: int, *, by: Reader | None, at: datetime) -> Deed:
    """Onto the desk, whoever had muted or dropped it, or left it for later."""
    [story] = _locked({_living(story_id).pk})
    if not any(getattr(story, name) for name in MOMENTS):
        raise Meanwhile(f"“{_short(story.headline)}” stands on the desk already.")
    deeds = Deed.objects.filter(story=story, kind__in=ASIDE, undone_at=None)
    before = {"deeds": list(deeds.values_list("pk", flat=True))}
    deeds.update(undone_at=at)
    _write(story, dict.fromkeys(MOMENTS))
    return _record(Deed.Kind.UNDO, story.pk, f"Brought back “{_short(story.headline)}”", before, by=by, at=at)


@transaction.atomic
def bring_back_due(*, at: datetime) -> int:
    """Tells the desks of what was left for later and whose hour has come, once. How many stories."""
    due = Deed.objects.filter(kind=Deed.Kind.LATER, undone_at=None, story__later_until__lte=at)
    held = counting.held(set(due.values_list("story_id", flat=True)))
    stories = [story.pk for story in held if story.later_until and story.later_until <= at]  # it was put off anew meanwhile
    Deed.objects.filter(kind=Deed.Kind.LATER, undone_at=None, story__in=stories).update(undone_at=at)
    counting.touch(stories)
    return len(stories)


@transaction.atomic
def _put_aside(
    story_id: int, kind: Deed.Kind, verb: str, moments: Mapping[str, datetime], *, by: Reader | None, at: datetime
) -> Deed:
    """Not what lives on elsewhere: that is more than whoever asked for it was looking at."""
    [story] = _locked({story_id})
    was = {name: _written(getattr(story, name)) for name in moments}
    if story.dropped_at is None:
        story.dropped_with = story.outlets_count
    _write(story, moments)
    before = {"was": was, "is": {name: _written(moment) for name, moment in moments.items()}}
    return _record(kind, story.pk, f"{verb} “{_short(story.headline)}”", before, by=by, at=at)


# Undoing


@transaction.atomic
def undo(*, by: Reader, at: datetime) -> Deed:
    """The last deed of this editor that stands. One that cannot be undone any more is told of once, and then passed over."""
    own = Deed.objects.filter(by=by, undone_at=None).exclude(kind=Deed.Kind.UNDO).order_by("-change")
    deed = next((one for one in own[:LOOKED_AT] if "passed_over" not in one.before), None)
    if deed is None:
        raise Meanwhile("There is nothing of yours to undo.")
    return undo_deed(deed, by=by, at=at)


@transaction.atomic
def undo_deed(deed: Deed, *, by: Reader | None, at: datetime) -> Deed:
    if deed.kind in (Deed.Kind.PICK, Deed.Kind.UNPICK):
        if not unpicking.undo(deed, by=by, at=at):
            more = (
                "It was written on, printed or taken out since" if deed.kind == Deed.Kind.PICK else "It stands otherwise by now"
            )
            raise Meanwhile(f"{more}, and stays so: {unpicking.lower(deed.said)}.")
        return Deed.objects.latest("change")
    _UNDOING[Deed.Kind(deed.kind)](deed, by, at)
    Deed.objects.filter(pk=deed.pk).update(undone_at=at)
    return _record(Deed.Kind.UNDO, deed.story_id, f"Undid: {unpicking.lower(deed.said)}", {"deed": deed.pk}, by=by, at=at)


@transaction.atomic
def pass_over(*, by: Reader) -> None:
    """What `undo` could not undo is not tried again."""
    own = Deed.objects.filter(by=by, undone_at=None).exclude(kind=Deed.Kind.UNDO).order_by("-change")
    deed = next((one for one in own[:LOOKED_AT] if "passed_over" not in one.before), None)
    if deed is not None:
        deed.before["passed_over"] = True
        deed.save(update_fields=["before"])


def _undo_merge(deed: Deed, by: Reader | None, at: datetime) -> None:
    moved = deed.before["moved"]
    target, others = deed.before["into"], {story for _, story, _ in moved}
    stories = _locked_as_they_are({target, *others})
    if any(story.merged_into_id != (None if story.pk == target else target) for story in stories):
        raise Meanwhile("What you merged was merged with another since. It stays as it is.")
    _move_back(moved, now_in=target)
    Story.objects.filter(pk__in=others).update(merged_into=None)
    for story in stories:
        story.merged_into_id = None
    _recount(stories, by=by, at=at)


def _undo_split(deed: Deed, by: Reader | None, at: datetime) -> None:
    """What joined the new story since goes back with it: it tells the same."""
    assert deed.story_id is not None
    stories = _locked_as_they_are({deed.story_id, deed.before["from"]})
    if len(stories) < 2 or any(story.merged_into_id for story in stories):
        raise Meanwhile("What you split was merged since. It stays as it is.")
    _move_back(deed.before["moved"], now_in=deed.story_id)
    Item.objects.filter(story=deed.story_id).update(story=deed.before["from"])
    Story.objects.filter(pk=deed.story_id).update(merged_into=deed.before["from"])
    _recount(stories, by=by, at=at)


def _undo_aside(deed: Deed, by: Reader | None, at: datetime) -> None:
    assert deed.story_id is not None
    [story] = _locked_as_they_are({deed.story_id})
    if any(_written(getattr(story, name)) != moment for name, moment in deed.before["is"].items()):
        raise Meanwhile(f"“{_short(story.headline)}” was brought back or put aside anew since. It stays as it is.")
    _write(story, {name: moment and parse_datetime(moment) for name, moment in deed.before["was"].items()})


_UNDOING = {Deed.Kind.MERGE: _undo_merge, Deed.Kind.SPLIT: _undo_split, **dict.fromkeys(ASIDE, _undo_aside)}


def _move_back(moved: Sequence[Move], *, now_in: int) -> None:
    """All of them, or none: what was split off or forgotten since is not there to be moved."""
    items = Item.objects.in_bulk([item for item, _, _ in moved])
    if any(item.story_id != now_in for item in items.values()):
        raise Meanwhile("Some of its pieces were put elsewhere since. It stays as it is.")
    for number, story, why in moved:
        if number in items:
            items[number].story_id, items[number].joined_by = story, why
    Item.objects.bulk_update(items.values(), ["story", "joined_by"], batch_size=200)


# What all of them need


def _living(story_id: int) -> Story:
    story = living(story_id)
    if story is None:
        raise Meanwhile("That story is gone by now: its pieces are too old.")
    return story


def _locked(story_ids: Collection[int]) -> list[Story]:
    """In the order of their numbers, so that two who lock the same wait and do not block each other."""
    stories = _locked_as_they_are(story_ids)
    for story in stories:
        if story.merged_into is not None:
            lives = _living(story.pk)
            raise Meanwhile(f"“{_short(story.headline)}” was merged into “{_short(lives.headline)}” by now. Nothing was done.")
    return stories


def _locked_as_they_are(story_ids: Collection[int]) -> list[Story]:
    stories = list(counting.held(story_ids))
    if len(stories) < len(story_ids):
        raise Meanwhile("That story is gone by now: its pieces are too old.")
    return stories


def _moves(items: Any) -> list[Move]:
    return [list(row) for row in items.order_by("pk").values_list("pk", "story_id", "joined_by")]


def _recount(stories: Sequence[Story], *, by: Reader | None, at: datetime) -> None:
    """Whoever put them so has seen them so."""
    counting.recount_all(stories, at)
    if by is not None:
        _saw(by, {story.pk: story.items_count for story in stories})


@transaction.atomic
def see(reader: Reader, items: Mapping[int, int]) -> None:
    """An editor has looked at stories when they had so many items. A page that was older takes nothing back."""
    there = Seen.objects.select_for_update().filter(reader=reader, story__in=items).order_by("pk")
    before = dict(there.values_list("story_id", "items"))
    _saw(reader, {story: count for story, count in items.items() if count > before.get(story, 0)})


def _saw(reader: Reader, items: Mapping[int, int]) -> None:
    there = Story.objects.filter(pk__in=items).values_list("pk", flat=True)
    rows = [Seen(reader=reader, story_id=story, items=items[story]) for story in sorted(there)]
    Seen.objects.bulk_create(rows, update_conflicts=True, unique_fields=["reader", "story"], update_fields=["items"])


def _write(story: Story, moments: Mapping[str, datetime | None]) -> None:
    for name, moment in moments.items():
        setattr(story, name, moment)
    counting.renumber([story])
    story.save(update_fields=[*moments, "dropped_with", "change"])


def _record(kind: Deed.Kind, story: int | None, said: str, before: Mapping[str, Any], *, by: Reader | None, at: datetime) -> Deed:
    change = next_number("wire")
    return Deed.objects.create(kind=kind, by=by, at=at, story_id=story, change=change, said=said[:300], before=dict(before))


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _short(headline: str) -> str:
    return headline if len(headline) <= 90 else f"{headline[:89].rstrip()}…"
