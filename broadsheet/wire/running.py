"""Sources asked and what they brought taken in, as the worker does it: round after round, by one worker of many."""

import logging
import random
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import DatabaseError

from broadsheet.kit.leasing import give_back, take_lease
from broadsheet.wire.actions import listening
from broadsheet.wire.actions.taking import Taken, still_there, take
from broadsheet.wire.fetching import Fetcher
from broadsheet.wire.grouped import Grouping
from broadsheet.wire.models import Source
from broadsheet.wire.outcomes import Came, Due, Failed, Outcome, Unchanged
from broadsheet.wire.polling import Courtesy, poll
from broadsheet.wire.readers import Readers

log = logging.getLogger(__name__)

NOTHING = Taken(0, 0)
NOT_KEPT = "What it brought could not be kept; the worker's log says why. It is asked again later."
NAME = "wire"  # of its lease
AT_ONCE = 300  # sources in a round
LONG_AGO = datetime.min.replace(tzinfo=UTC)
LEASE, RENEWED = timedelta(seconds=60), timedelta(seconds=15)
COURTESY = Courtesy(round_seconds=40.0)  # shorter than the lease, should nothing come in at all


@dataclass(slots=True)
class Listening:
    """What a worker keeps from round to round. `jitter`: chance, from 0 to below 1."""

    holder: str
    clock: Callable[[], datetime]
    jitter: Callable[[], float] = random.random
    courtesy: Courtesy = COURTESY
    grouping: Grouping = field(init=False)
    _kept: ExitStack = field(default_factory=ExitStack)
    _readers: Readers | None = None
    _renewed_at: datetime = LONG_AGO
    _heard: int = 0

    def __post_init__(self) -> None:
        self.grouping = Grouping(alive=self._is_ours)

    def listen(self, *, until: datetime, stopping: Callable[[], bool] = lambda: False) -> int:
        """How many answers were taken. Nothing while another worker listens."""
        before = self._heard
        while not stopping() and self.clock() < until and self._is_ours() and (due := self._due()):
            more = lambda: [] if stopping() else self._due()  # noqa: E731
            readers, at = self._reading(), self.clock()
            poll(due, take=self._take, fetcher=fetcher(), readers=readers, at=at, courtesy=self.courtesy, more=more)
        return self._heard - before

    def _due(self) -> list[Due]:
        return listening.due(at=self.clock(), most=AT_ONCE)

    def end(self) -> None:
        if self._renewed_at > LONG_AGO:
            give_back(NAME, holder=self.holder)
        self._renewed_at = LONG_AGO
        self.grouping.lose()
        self._kept.close()
        self._readers = None

    def _take(self, source_id: int, outcome: Outcome) -> None:
        at = self.clock()
        source = Source.objects.filter(pk=source_id, listened_since__isnull=False).first()
        if source is None or not self._is_ours():
            return
        taken = NOTHING
        try:
            taken = self._taken(source, outcome, at)
        except (DatabaseError, ValueError):  # whatever one source brings, the others are heard
            log.exception("What %s brought could not be kept.", source)
            outcome = Failed(NOT_KEPT, outcome.answer)
        listening.write_down(source, outcome, taken, jitter=self.jitter(), at=at)
        self._heard += 1

    def _taken(self, source: Source, outcome: Outcome, at: datetime) -> Taken:
        if isinstance(outcome, Unchanged):
            still_there(source, at=at)
        return take(source, outcome.feed.items, grouping=self.grouping, at=at) if isinstance(outcome, Came) else NOTHING

    def _is_ours(self) -> bool:
        """By the machine's own clock: a lease is between processes, and the demo's clock jumps."""
        at = datetime.now(UTC)
        if at - self._renewed_at < RENEWED:
            return True
        if not take_lease(NAME, holder=self.holder, lasts=LEASE, at=at):
            self.grouping.lose()
            return False
        self._renewed_at = at
        return True

    def _reading(self) -> Readers:
        if self._readers is None:
            self._readers = self._kept.enter_context(Readers())
        return self._readers


def fetcher() -> Fetcher:
    return Fetcher(contact=settings.BASE_URL, allowed=frozenset(settings.WIRE_VOUCHED_FOR))
