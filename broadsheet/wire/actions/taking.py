"""What a feed brought becomes items, each in its story. Met again, an item is the same, however often and by whichever feed."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import Max

from broadsheet.wire import recognising
from broadsheet.wire.actions.counting import recount_all
from broadsheet.wire.grouped import Grouping, telling_of
from broadsheet.wire.grouping import Grouper, Placing
from broadsheet.wire.models import Carried, Direction, Item, Refusal, Source, Story, WireRules
from broadsheet.wire.reading import values
from broadsheet.wire.reading.links import host_of, link_key
from broadsheet.wire.reading.telling_apart import identity
from broadsheet.wire.recognising import Written
from broadsheet.wire.refusals import is_refused

AT_ONCE = 40  # items in a transaction
MET_AGAIN = timedelta(days=1)  # to the day is near enough, and spares a write at each poll


@dataclass(frozen=True, slots=True)
class Taken:
    """`old`: too old to be kept, as the house rules say."""

    items: int
    new: int
    old: int = 0


@dataclass(frozen=True, slots=True)
class _Read:
    """An item of a feed, with what it is known again by."""

    identity: str
    item: values.Item
    sorted_at: datetime


def take(source: Source, items: Sequence[values.Item], *, grouping: Grouping, at: datetime) -> Taken:
    """Whoever calls it holds the wire's lease."""
    since = at - timedelta(days=WireRules.load().items_days)
    old = sum(1 for item in items if item.published and item.published < since)
    read = _wanted(source, items, since=since, at=at)
    known = {item.identity: item for item in Item.objects.filter(identity__in=read).select_related("source")}
    _meet_again(source, [(known[name], one) for name, one in read.items() if name in known], at=at)
    fresh = [one for name, one in read.items() if name not in known]
    fresh.sort(key=lambda one: one.sorted_at)
    for begin in range(0, len(fresh), AT_ONCE):
        _take_new(source, fresh[begin : begin + AT_ONCE], grouping=grouping, at=at)
    return Taken(len(read), len(fresh), old)


def _wanted(source: Source, items: Iterable[values.Item], *, since: datetime, at: datetime) -> Mapping[str, _Read]:
    """Without what leads nowhere, what is too old to be kept, and what is to stand nowhere here."""
    refused = set(Refusal.objects.values_list("key", flat=True))
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
    corrected = [item for item, read in met if _speaks_for(source, item) and _correct(item, read.item, source)]
    for item, about in zip(corrected, recognising.subjects_of([_written(item) for item in corrected]), strict=True):
        item.subjects = list(about)
    with transaction.atomic():
        stories = (
            list(Story.objects.select_for_update().filter(items__in=corrected).order_by("pk").distinct()) if corrected else []
        )
        Item.objects.bulk_update(corrected, [*CORRECTED, "source", "subjects"])
        if stories:
            recount_all(stories, at)
    Item.objects.filter(pk__in=[item.pk for item, _ in met if item.met_at < at - MET_AGAIN]).update(met_at=at)
    carried = set(Carried.objects.filter(source=source, item__in=[item for item, _ in met]).values_list("item_id", flat=True))
    also = [Carried(item=item, source=source) for item, _ in met if item.pk not in carried]
    Carried.objects.bulk_create(also, ignore_conflicts=True)


def _speaks_for(source: Source, item: Item) -> bool:
    """Whoever brought it first, unless that was a gatherer, and here is the outlet at whose own site it stands."""
    return item.source_id == source.pk or (_stands_at(source, item) and not _stands_at(item.source, item))


def _stands_at(source: Source, item: Item) -> bool:
    host = host_of(item.link)
    homes = {host_of(source.site), host_of(source.address)} - {""}
    return any(host == home or host.endswith(f".{home}") for home in homes)


def _correct(item: Item, read: values.Item, source: Source) -> bool:
    """As its outlet has it now. Whether anything was other."""
    said = _said(source, read)
    changed = [name for name in CORRECTED if getattr(item, name) != said[name]]
    for name in changed:
        setattr(item, name, said[name])
    moved, item.source = item.source_id != source.pk, source
    return bool(changed) or moved


CORRECTED = ("title", "summary", "link", "outlet", "authors", "words", "paywalled")


def still_there(source: Source, *, at: datetime) -> None:
    """It says that nothing has changed: so all that its feed had the last time, it has still."""
    theirs = Item.objects.filter(carried__source=source)
    last = theirs.aggregate(last=Max("met_at"))["last"]
    if last and last < at - MET_AGAIN:
        ids = list(theirs.filter(met_at__gte=last - 2 * MET_AGAIN).values_list("pk", flat=True))
        Item.objects.filter(pk__in=ids).update(met_at=at)


def _said(source: Source, item: values.Item) -> dict[str, object]:
    return {
        "title": item.title,
        "summary": item.summary,
        "link": item.link,
        "outlet": item.outlet or source.name,
        "authors": [author.name for author in item.authors if author.name],
        "published_at": item.published,
        "language": (source.language or item.language)[:12],
        "words": item.length,
        "paywalled": source.paywalled if item.paywalled is None else item.paywalled,
    }


# Those that are new


def _take_new(source: Source, read: Sequence[_Read], *, grouping: Grouping, at: datetime) -> None:
    """What takes long is done before the transaction."""
    rows = [
        Item(identity=one.identity, source=source, seen_at=at, met_at=at, sorted_at=one.sorted_at, **_said(source, one.item))
        for one in read
    ]
    written = [_written(row) for row in rows]
    for row, about in zip(rows, recognising.subjects_of(written), strict=True):
        row.subjects = list(about)
    directions = recognising.directions_of(written)
    try:
        grouper = grouping.kept_up(at=at)
        placed = _placed(grouper, rows, directions, at=at)
        with transaction.atomic():
            stories = _write(source, rows, directions, placed, at=at)
        _put_as_written(grouper, rows, directions, placed, stories)
    except BaseException:
        grouping.lose()
        raise


def _written(item: Item) -> Written:
    return Written(item.title, item.summary, item.language, item.sorted_at.date())


def _placed(grouper: Grouper, rows: Sequence[Item], directions: Sequence[bytes | None], *, at: datetime) -> list[Placing]:
    """One after the other, since each may join what the one before it has begun. An item, and the story that it begins, have a
    number below zero until they are written."""
    placed = []
    for provisional, (item, direction) in enumerate(zip(rows, directions, strict=True), start=1):
        telling = replace(telling_of(item, direction), id=-provisional)
        placing = grouper.place(telling, at)
        placing = placing if placing.story else replace(placing, story=-provisional, why="")
        grouper.put(telling, placing.story or 0)
        placed.append(placing)
    return placed


def _write(
    source: Source, rows: Sequence[Item], directions: Sequence[bytes | None], placed: Sequence[Placing], *, at: datetime
) -> dict[int, int]:
    """What became of each story that was found: where it lives on if an editor merged it since, a new one if it is gone."""
    stories = _living({placing.story for placing in placed if placing.story and placing.story > 0})
    for item, placing in zip(rows, placed, strict=True):
        assert placing.story
        if placing.story not in stories:
            stories[placing.story] = _begun(item, at=at).pk
        item.story_id, item.joined_by = stories[placing.story], placing.why[:200]
    Item.objects.bulk_create(rows)
    Carried.objects.bulk_create(Carried(item=item, source=source) for item in rows)
    Direction.objects.bulk_create(
        Direction(item=item, unit=direction) for item, direction in zip(rows, directions, strict=True) if direction
    )
    recount_all(Story.objects.filter(pk__in=set(stories.values())), at)
    return stories


def _living(wanted: Set[int]) -> dict[int, int]:
    """Held until all is written: stories in the order of their numbers, then the counter, as every writer takes them."""
    living: dict[int, int] = {}
    ways = {story: story for story in wanted}
    while ways:
        found = dict(
            Story.objects.select_for_update().filter(pk__in=ways.values()).order_by("pk").values_list("pk", "merged_into")
        )
        living |= {story: now for story, now in ways.items() if now in found and found[now] is None}
        ways = {story: into for story, now in ways.items() if (into := found.get(now)) is not None}
    return living


def _begun(item: Item, *, at: datetime) -> Story:
    """Its number is nobody else's until it is counted: the counter is held by whoever took a number, so that comes last."""
    placeholder = -int(item.identity[:15], 16)
    return Story.objects.create(headline=item.title, begun_at=item.sorted_at, last_at=item.sorted_at, change=placeholder)


def _put_as_written(
    grouper: Grouper,
    rows: Sequence[Item],
    directions: Sequence[bytes | None],
    placed: Sequence[Placing],
    stories: Mapping[int, int],
) -> None:
    for found, story in stories.items():
        if found > 0 and found != story:
            grouper.merge(story, found)
    for provisional, (item, direction) in enumerate(zip(rows, directions, strict=True), start=1):
        grouper.leave(-provisional)
        grouper.put(telling_of(item, direction), item.story_id)
