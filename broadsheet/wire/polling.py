"""Many sources asked at once, and each outcome handed over as it comes in. None of them waits for another's server.

Each takes a place from its question until its outcome is handed over, so the number of places bounds what is in memory. The loop
runs in a thread beside: whoever takes the outcomes writes rows, and no connection should wait for that.
"""

import asyncio
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from queue import Empty, SimpleQueue
from time import monotonic

from broadsheet.wire.fetched import CouldNotFetch, Fetched
from broadsheet.wire.fetching import Fetcher
from broadsheet.wire.outcomes import Came, Due, Failed, Outcome, digest_of, without_reading
from broadsheet.wire.reach import OutOfReach, place_of
from broadsheet.wire.readers import Readers
from broadsheet.wire.reading.values import NotAFeed

Take = Callable[[int, Outcome], None]


@dataclass(frozen=True, slots=True)
class Courtesy:
    """`gap`: seconds between an answer of a host and the next question by the same of its `at_a_host`.

    After `round_seconds` a round ends; whoever was not asked, or had not answered, stays due.
    """

    at_once: int = 32
    at_a_host: int = 2
    gap: float = 0.5
    waiting: int = 8  # outcomes that nobody has taken yet
    round_seconds: float = 300.0


USUAL = Courtesy()
LOOKS_AGAIN = 1.0  # seconds


def none_more() -> Iterable[Due]:
    return ()


def poll(
    due: Iterable[Due],
    *,
    take: Take,
    fetcher: Fetcher,
    readers: Readers,
    at: datetime,
    courtesy: Courtesy = USUAL,
    more: Callable[[], Iterable[Due]] = none_more,
) -> None:
    """Calls `take(source, outcome)` in this thread. What it raises ends the round, and is raised.

    `more` is asked every `LOOKS_AGAIN` seconds who has come due meanwhile: nobody waits until the slowest has answered.
    """
    a_round = _Round(due, fetcher=fetcher, readers=readers, at=at, courtesy=courtesy)
    with ThreadPoolExecutor(1, thread_name_prefix="polling") as beside:
        running = beside.submit(asyncio.run, a_round.run())
        try:
            for source, outcome in a_round.as_they_come(more):
                take(source, outcome)
                a_round.say_taken(source)
        finally:
            a_round.end()
        running.result()


class _Round:
    def __init__(self, due: Iterable[Due], *, fetcher: Fetcher, readers: Readers, at: datetime, courtesy: Courtesy) -> None:
        self._fetcher, self._readers, self._at, self._courtesy = fetcher, readers, at, courtesy
        self._places, self._room = asyncio.Semaphore(courtesy.at_once), asyncio.Semaphore(courtesy.waiting)
        self._hosts: dict[str, deque[Due]] = defaultdict(deque)
        self._lines: Counter[str] = Counter()  # those who ask a host one after the other
        self._first, self._asked = list(due), set[int]()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._group: asyncio.TaskGroup | None = None
        self.outcomes: SimpleQueue[tuple[int, Outcome] | None] = SimpleQueue()

    async def run(self) -> None:
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        self._closes_at = self._loop.time() + self._courtesy.round_seconds - self._fetcher.limits.seconds
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._courtesy.round_seconds), asyncio.TaskGroup() as self._group:
                    self._ask(self._first)
        finally:
            self.outcomes.put(None)

    def as_they_come(self, more: Callable[[], Iterable[Due]]) -> Iterator[tuple[int, Outcome]]:
        looked_at = monotonic()
        while True:
            with suppress(Empty):
                outcome = self.outcomes.get(timeout=LOOKS_AGAIN)
                if outcome is None:
                    return
                yield outcome
            if monotonic() - looked_at >= LOOKS_AGAIN:
                self._tell(partial(self._ask_also, [due for due in more() if due.source not in self._asked]))
                looked_at = monotonic()

    def _ask_also(self, due: Iterable[Due]) -> None:
        """Whoever could not answer any more before the round ends is left for the next."""
        assert self._loop
        if self._loop.time() < self._closes_at:
            self._ask(due)

    def _ask(self, due: Iterable[Due]) -> None:
        assert self._group
        for each in due:
            if each.source in self._asked:
                continue
            self._asked.add(each.source)
            host = _host(each.address)
            self._hosts[host].append(each)
            if self._lines[host] < self._courtesy.at_a_host:
                self._lines[host] += 1
                self._group.create_task(self._one_after_the_other(host))

    def say_taken(self, source: int) -> None:
        self._asked.discard(source)
        self._tell(self._room.release)

    def end(self) -> None:
        if self._task is not None:
            self._tell(self._task.cancel)

    def _tell(self, what: Callable[[], object]) -> None:
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(what)

    async def _one_after_the_other(self, host: str) -> None:
        queue = self._hosts[host]
        while queue:
            due = queue.popleft()
            async with self._places:
                outcome = await self._outcome(due)
                await self._room.acquire()
                self.outcomes.put((due.source, outcome))
            await asyncio.sleep(self._courtesy.gap if queue else 0)
        self._lines[host] -= 1

    async def _outcome(self, due: Due) -> Outcome:
        begun = asyncio.get_running_loop().time()
        try:
            answer = await self._fetcher.fetch(due.address, known=due.known)
        except CouldNotFetch as trouble:
            return Failed(trouble.sentence, took=asyncio.get_running_loop().time() - begun)
        return without_reading(due, answer) or await self._read(answer)

    async def _read(self, answer: Fetched) -> Came | Failed:
        told = replace(answer, body=b"")
        try:
            feed = await self._readers.read(answer.body, content_type=answer.content_type, address=answer.address, at=self._at)
        except NotAFeed as trouble:
            return Failed(str(trouble), told, told.took)
        return Came(feed, told, digest_of(answer.body))


def _host(address: str) -> str:
    """ "" of what will be refused."""
    try:
        return place_of(address).host
    except OutOfReach:
        return ""
