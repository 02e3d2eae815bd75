"""The grouper as this process has it: made of rows when it is first needed, and kept up with what desks did to stories since.

Whoever takes items holds the wire's lease, so that there is one that decides; another process makes its own from the same rows.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

from django.db.models import Max, QuerySet

from broadsheet.wire.grouping import DAYS, Grouper, Telling
from broadsheet.wire.models import Item, Story
from broadsheet.wire.reading.links import link_key
from broadsheet.wire.recognising import unpacked

AT_ONCE = 2_000


class Grouping:
    """`alive` is called now and then while rows are read, which takes a minute where a week has 50,000 items."""

    def __init__(self, *, alive: Callable[[], object] = lambda: None) -> None:
        self._grouper: Grouper | None = None
        self._alive = alive
        self._change = 0

    def kept_up(self, *, at: datetime) -> Grouper:
        """Outside any transaction. Changes commit in the order of their numbers, so none is missed; those of our own are found to
        stand where they do."""
        if self._grouper is None:
            self._change = Story.objects.aggregate(newest=Max("change"))["newest"] or 0
            self._grouper = Grouper()
            self._put(self._grouper, Item.objects.filter(sorted_at__gte=at - DAYS))
        else:
            self._follow(self._grouper)
            self._grouper.forget(before=at - DAYS)
        return self._grouper

    def lose(self) -> None:
        """What it was told was not written down after all."""
        self._grouper = None

    def _follow(self, grouper: Grouper) -> None:
        changed = dict(Story.objects.filter(change__gt=self._change).values_list("pk", "change"))
        moved: dict[int, list[int]] = defaultdict(list)
        missing: list[int] = []
        for item, story in Item.objects.filter(story__in=changed).order_by("pk").values_list("pk", "story_id"):
            stands = grouper.story_of(item)
            if stands is None:
                missing.append(item)
            elif stands != story:
                moved[story].append(item)
        for story, items in moved.items():
            grouper.split(items, story)
        for story in Story.objects.filter(pk__in=changed, muted_at__isnull=False).values_list("pk", flat=True):
            grouper.mute(story)
        self._put(grouper, Item.objects.filter(pk__in=missing))
        self._change = max(changed.values(), default=self._change)

    def _put(self, grouper: Grouper, items: QuerySet[Item]) -> None:
        """Batch by batch, each read to its end: SQLite lets nobody write who has a question open since somebody else wrote."""
        muted, last = set[int](), 0
        while batch := list(items.filter(pk__gt=last).select_related("direction", "story").order_by("pk")[:AT_ONCE]):
            self._alive()
            for item in batch:
                grouper.put(telling_of(item, bytes(item.direction.unit) if hasattr(item, "direction") else None), item.story_id)
            muted |= {item.story_id for item in batch if item.story.muted_at}
            last = batch[-1].pk
        for story in sorted(muted):
            grouper.mute(story)


def telling_of(item: Item, direction: bytes | None) -> Telling:
    return Telling(
        id=item.pk or 0,
        title=item.title,
        summary=item.summary,
        outlet=item.outlet,
        published=item.sorted_at,
        language=item.language,
        names=frozenset(subject for subject in item.subjects if subject.startswith("country:")),
        link_key=link_key(item.link),
        vector=unpacked(direction) if direction else None,
    )
