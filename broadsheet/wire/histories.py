"""What sources have told so far, as far as rows know it."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db.models import F, Max, Window
from django.db.models.functions import RowNumber

from broadsheet.wire.models import Item, Source
from broadsheet.wire.pacing import SAMPLE, History


def history_of(source: Source) -> History:
    return histories_of([source])[source.pk]


def histories_of(sources: Collection[Source]) -> dict[int, History]:
    """Of many in one query."""
    latest = Window(RowNumber(), partition_by=F("source_id"), order_by=F("sorted_at").desc())
    items = Item.objects.filter(source__in=sources).annotate(place=latest).filter(place__lte=SAMPLE).order_by()
    told: dict[int, list[datetime]] = defaultdict(list)
    for source_id, moment in items.values_list("source_id", "sorted_at"):
        told[source_id].append(moment)
    return {source.pk: _history(source, told[source.pk]) for source in sources}


def briefly(sources: Collection[Source]) -> dict[int, History]:
    """With the newest item alone: enough for how they are, not for how often they publish."""
    newest = dict(Item.objects.order_by().values_list("source_id").annotate(newest=Max("sorted_at")))
    return {source.pk: _history(source, [newest[source.pk]] if source.pk in newest else []) for source in sources}


def _history(source: Source, told: list[datetime]) -> History:
    """Items are forgotten after a while; that there was one is not."""
    return History(
        tried_at=source.tried_at,
        failing_since=source.failing_since,
        gone_at=source.gone_at,
        failures=source.failures,
        trouble=source.trouble,
        published=tuple(told) or ((source.new_at,) if source.new_at else ()),
        says_unchanged=bool(source.etag or source.last_modified) or source.tried_at is None,
    )
