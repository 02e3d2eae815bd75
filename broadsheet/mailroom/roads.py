"""The roads to mailbox providers, which all senders share: a row each, asked once a batch in one short transaction."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta, tzinfo

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from broadsheet.mailroom import pacing
from broadsheet.mailroom.models import PaceRules, Road
from broadsheet.mailroom.pacing import Turn, provider_of
from broadsheet.mailroom.smtp_lane import Fate, Outcome

KEPT = timedelta(days=30)


class Roads:
    """As one sender knows them. The house rules are read once."""

    def __init__(self, rules: PaceRules, *, zone: tzinfo) -> None:
        self.pace = rules.pace()
        self._first, self._zone = rules.warm_up_from, zone
        self._resting: set[str] = set()  # that said “later”, and nothing since
        self._closed: dict[str, datetime] = {}

    def ask(self, counts: Mapping[str, int], *, at: datetime) -> dict[str, Turn]:
        """`counts`: messages to each provider. What may go now counts as gone."""
        today = at.astimezone(self._zone).date()
        with transaction.atomic():
            roads = _locked(counts)
            turns = {name: self._turn(roads[name], count, today, at=at) for name, count in counts.items()}
            Road.objects.bulk_create(
                roads.values(),
                update_conflicts=True,
                unique_fields=["provider"],
                update_fields=["taken_until", "day", "sent_on_day"],
            )
        self._resting = {name for name, road in roads.items() if road.rests}
        return turns

    def _turn(self, road: Road, count: int, today: date, *, at: datetime) -> Turn:
        sent = road.sent_on_day if road.day == today else 0
        left = pacing.left_today((today - self._first).days, sent) if self._first else None
        turn = pacing.take(_value(road), self.pace, count, at=at, left=left)
        road.taken_until, road.day, road.sent_on_day = turn.road.taken_until, today, sent + turn.now
        return turn

    def give_back(self, addresses: Iterable[str]) -> None:
        """What did not go after all counts for no day, and holds up nothing that comes after it."""
        for name, count in Counter(map(provider_of, addresses)).items():
            road = Road.objects.filter(provider=name)
            road.update(
                sent_on_day=Greatest(F("sent_on_day") - count, 0),
                taken_until=F("taken_until") - count * self.pace.step(name),
            )

    def closed_until(self, address: str, *, at: datetime) -> datetime | None:
        """By what was heard since it was asked. None: it is open."""
        until = self._closed.get(provider_of(address)) if self._closed else None
        return until if until and at < until else None

    def heard(self, address: str, outcome: Outcome, *, at: datetime) -> None:
        """What became of one message to it."""
        if outcome.fate is Fate.LATER and pacing.closes_road(outcome.code, outcome.words):
            self._close(provider_of(address), at=at)
        elif self._resting and outcome.fate in (Fate.ACCEPTED, Fate.REFUSED) and (name := provider_of(address)) in self._resting:
            self._resting.discard(name)
            Road.objects.filter(provider=name, closed_until__lte=at).update(rests=0, closed_until=None)

    def _close(self, name: str, *, at: datetime) -> None:
        with transaction.atomic():
            road = Road.objects.select_for_update().get(provider=name)
            closed = pacing.said_later(_value(road), at=at)
            Road.objects.filter(provider=name).update(rests=closed.rests, closed_until=closed.closed_until)
        if closed.closed_until:
            self._closed[name] = closed.closed_until


def forget_roads(*, at: datetime) -> int:
    """To which nothing has gone for long."""
    count, _ = Road.objects.filter(taken_until__lt=at - KEPT).delete()
    return count


def _locked(names: Iterable[str]) -> dict[str, Road]:
    """In one order, so that two senders never wait for each other."""
    names = sorted(names)
    asked = Road.objects.filter(provider__in=names).select_for_update().order_by("provider")
    roads = {road.provider: road for road in asked}
    if len(roads) == len(names):
        return roads
    Road.objects.bulk_create([Road(provider=name) for name in names if name not in roads], ignore_conflicts=True)
    return {road.provider: road for road in asked.all()}


def _value(road: Road) -> pacing.Road:
    return pacing.Road(road.provider, road.taken_until, road.rests, road.closed_until)
