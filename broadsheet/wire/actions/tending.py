"""Sources as an editor wants them: changed, put in order, and removed with all that they alone brought."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from broadsheet.wire.actions.counting import held, settle
from broadsheet.wire.actions.listening import NoSuchAddress, key_of, stop
from broadsheet.wire.models import Carried, Item, Pick, Source, Story
from broadsheet.wire.reading.links import canonical_link

AT_ONCE = 100  # items in a transaction
# What was said of the old address says nothing of another.
UNASKED: Mapping[str, Any] = {
    "etag": "",
    "last_modified": "",
    "digest": "",
    "failures": 0,
    "failing_since": None,
    "gone_at": None,
    "trouble": "",
    "tried_at": None,
}


class ThereIsOne(NoSuchAddress):
    """Another source stands at that address."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What goes with a source: items that no other source carried, stories made of these alone. Picks of them stay."""

    items: int
    stories: int
    picks: int


def change(source_id: int, fields: Mapping[str, Any], *, at: datetime) -> None:
    """These fields and no others: meanwhile the source may have been asked. Raises NoSuchAddress, ThereIsOne."""
    said = dict(fields)
    with transaction.atomic():
        row = Source.objects.select_for_update().get(pk=source_id)
        if "address" in said:
            said |= _moved(row, str(said["address"]), at=at)
        Source.objects.filter(pk=source_id).update(**said)


def _moved(row: Source, address: str, *, at: datetime) -> dict[str, Any]:
    canonical = canonical_link(address)
    if not canonical:
        raise NoSuchAddress("That is no address of a feed on the web. It begins with https:// or http://.")
    key = key_of(canonical)
    if there := Source.objects.filter(address_key=key).exclude(pk=row.pk).first():
        raise ThereIsOne(f"“{there.name}” has that address already.")
    return {**UNASKED, "address": canonical, "address_key": key, "next_at": at if row.listened_since else None}


def put_in_folder(ids: Collection[int], folder: str) -> int:
    return Source.objects.filter(pk__in=ids).update(folder=folder)


def set_standing(ids: Collection[int], standing: Source.Standing) -> int:
    """Counts in stories from their next item on."""
    return Source.objects.filter(pk__in=ids).update(standing=standing)


def brought_by(source: Source) -> Brought:
    own = _of_none_else(source)
    told_by_others = Item.objects.filter(story=OuterRef("pk")).exclude(pk__in=own.values("pk"))
    stories = Story.objects.filter(items__in=own).exclude(Exists(told_by_others)).distinct()
    return Brought(own.count(), stories.count(), Pick.objects.filter(item__in=own).count())


def remove(source: Source, *, at: datetime) -> None:
    """What another source carried too is that one's from then on. In small transactions, so that nobody else who writes waits
    long; where it was cut short, nobody listens to the source any more, and it is removed again."""
    stop([source.pk])
    while some := list(source.items.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        _drop(source, some, at=at)
    with transaction.atomic():
        _drop(source, list(source.items.values_list("pk", flat=True)), at=at)  # what came meanwhile
        source.delete()


@transaction.atomic
def _drop(source: Source, item_ids: Collection[int], *, at: datetime) -> None:
    items = Item.objects.filter(pk__in=item_ids)
    stories = list(held(set(items.values_list("story_id", flat=True))))
    other = _others(source, item=OuterRef("pk")).order_by("pk").values("source_id")[:1]
    items.annotate(heir=Subquery(other)).exclude(heir=None).update(source_id=F("heir"))
    items.filter(source=source).delete()
    settle(stories, at)


def _of_none_else(source: Source) -> QuerySet[Item]:
    return Item.objects.filter(source=source).exclude(Exists(_others(source, item=OuterRef("pk"))))


def _others(source: Source, *, item: OuterRef) -> QuerySet[Carried]:
    return Carried.objects.filter(item=item).exclude(source=source)
