"""What a feed brought becomes items, each in its story. Met again, an item is the same, however often and by whichever feed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction

from broadsheet.wire import recognising
from broadsheet.wire.actions.counting import recount_all
from broadsheet.wire.grouped import Grouping, telling_of
from broadsheet.wire.models import Carried, Direction, Item, Refusal, Source, Story, WireRules
from broadsheet.wire.reading import values
from broadsheet.wire.reading.links import link_key
from broadsheet.wire.reading.telling_apart import identity
from broadsheet.wire.recognising import Written
from broadsheet.wire.refusals import is_refused

AT_ONCE = 40  # items in a transaction
MET_AGAIN = timedelta(days=1)  # to the day is near enough, and spares a write at each poll


@dataclass(frozen=True, slots=True)
class Taken:
    items: int
    new: int


@dataclass(frozen=True, slots=True)
class _Read:
    """An item of a feed, with what it is known again by."""

    identity: str
    item: values.Item
    sorted_at: datetime


def take(source: Source, items: Sequence[values.Item], *, grouping: Grouping, at: datetime) -> Taken:
    """Whoever calls it holds the wire's lease."""
    read = _wanted(source, items, at=at)
    known = {item.identity: item for item in Item.objects.filter(identity__in=read)}
    _meet_again(source, [(known[name], one) for name, one in read.items() if name in known], at=at)
    fresh = [one for name, one in read.items() if name not in known]
    fresh.sort(key=lambda one: one.sorted_at)
    for begin in range(0, len(fresh), AT_ONCE):
        _take_new(source, fresh[begin : begin + AT_ONCE], grouping=grouping, at=at)
    return Taken(len(read), len(fresh))


def _wanted(source: Source, items: Iterable[values.Item], *, at: datetime) -> Mapping[str, _Read]:
    """Without what leads nowhere, what is too old to be kept, and what is to stand nowhere here."""
    refused, since = set(Refusal.objects.values_list("key", flat=True)), at - timedelta(days=WireRules.load().items_days)
    read: dict[str, _Read] = {}
    for item in items:
        sorted_at = min(item.published, at) if item.published else at
        if item.can_be_shown and sorted_at >= since and not is_refused(link_key(item.link), refused):
            name = _name(source, item)
            read.setdefault(name, _Read(name, item, sorted_at))
    return read


def _name(source: Source, item: values.Item) -> str:
    """A link means the same piece anywhere; an id, or words, only within their source."""
    own = identity(item)
    return sha256((own if own.startswith("link:") else f"{source.pk} {own}").encode()).hexdigest()


# Those that we know


def _meet_again(source: Source, met: Sequence[tuple[Item, _Read]], *, at: datetime) -> None:
    corrected = [item for item, read in met if item.source_id == source.pk and _correct(item, read.item, source)]
    Item.objects.bulk_update(corrected, ["title", "summary", "link", "authors", "words", "paywalled"])
    Item.objects.filter(pk__in=[item.pk for item, _ in met if item.met_at < at - MET_AGAIN]).update(met_at=at)
    carried = set(Carried.objects.filter(source=source, item__in=[item for item, _ in met]).values_list("item_id", flat=True))
    also = [Carried(item=item, source=source) for item, _ in met if item.pk not in carried]
    Carried.objects.bulk_create(also, ignore_conflicts=True)


def _correct(item: Item, read: values.Item, source: Source) -> bool:
    """As its outlet has it now. Whether anything was other."""
    said = _said(source, read)
    changed = [name for name, value in said.items() if name in CORRECTED and getattr(item, name) != value]
    for name in changed:
        setattr(item, name, said[name])
    return bool(changed)


CORRECTED = frozenset({"title", "summary", "link", "authors", "words", "paywalled"})


def _said(source: Source, item: values.Item) -> dict[str, object]:
    return {
        "title": item.title,
        "summary": item.summary,
        "link": item.link,
        "outlet": item.outlet or source.name,
        "authors": [author.name for author in item.authors if author.name],
        "published_at": item.published,
        "language": (item.language or source.language)[:12],
        "words": item.length,
        "paywalled": source.paywalled if item.paywalled is None else item.paywalled,
    }


# Those that are new


def _take_new(source: Source, read: Sequence[_Read], *, grouping: Grouping, at: datetime) -> None:
    """What takes long is done before the transaction."""
    said = [_said(source, one.item) for one in read]
    written = [
        Written(one.item.title, one.item.summary, one.item.language or source.language, one.sorted_at.date()) for one in read
    ]
    subjects, directions = recognising.subjects_of(written), recognising.directions_of(written)
    rows = [
        Item(identity=one.identity, source=source, seen_at=at, met_at=at, sorted_at=one.sorted_at, subjects=list(about), **fields)
        for one, fields, about in zip(read, said, subjects, strict=True)
    ]
    try:
        with transaction.atomic():
            _write(source, rows, directions, grouping, at=at)
    except BaseException:
        grouping.lose()
        raise


def _write(source: Source, rows: Sequence[Item], directions: Sequence[bytes | None], grouping: Grouping, *, at: datetime) -> None:
    """One after the other, since each may join what the one before it has begun."""
    grouper = grouping.kept_up(at=at)
    for item, direction in zip(rows, directions, strict=True):
        placing = grouper.place(telling_of(item, direction), at)
        story = _living(placing.story) if placing.story else None
        if placing.story and story is None:  # it went with its source, or was taken down
            grouping.lose()
            grouper = grouping.kept_up(at=at)
            placing = grouper.place(telling_of(item, direction), at)
            story = placing.story
        item.story_id = story or _begun(item, at=at).pk
        item.joined_by = placing.why[:200] if story else ""
        item.save(force_insert=True)
        grouper.put(telling_of(item, direction), item.story_id)
    Carried.objects.bulk_create(Carried(item=item, source=source) for item in rows)
    Direction.objects.bulk_create(
        Direction(item=item, unit=direction) for item, direction in zip(rows, directions, strict=True) if direction
    )
    recount_all(Story.objects.filter(pk__in={item.story_id for item in rows}), at)


def _living(story_id: int) -> int | None:
    """Where it lives on if an editor is merging it in this moment; None if it is gone. Held until all is written."""
    while story := Story.objects.select_for_update().filter(pk=story_id).first():
        if story.merged_into_id is None:
            return story.pk
        story_id = story.merged_into_id
    return None


def _begun(item: Item, *, at: datetime) -> Story:
    """Its number is nobody else's until it is counted: the counter is held by whoever took a number, so that comes last."""
    placeholder = -int(item.identity[:15], 16)
    return Story.objects.create(headline=item.title, begun_at=item.sorted_at, last_at=item.sorted_at, change=placeholder)
