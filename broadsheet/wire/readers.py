"""Bodies read in processes of their own: whatever a body is made to cost, it costs nobody else, and not beyond a bound.

A thread would not do: all threads of a process take turns, and nobody can end one.
"""

import asyncio
import os
import resource
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from datetime import datetime
from functools import partial
from multiprocessing import get_context
from types import FrameType, TracebackType
from typing import Self, TypeVar

from broadsheet.wire.reading.discovery import Found, feeds_named_in
from broadsheet.wire.reading.feeds import read
from broadsheet.wire.reading.values import Feed, NotAFeed

PROCESSES = 2
LARGE = 500_000  # bytes: longer bodies wait for each other in one more process, and no ordinary one waits for them
LATER, LAST = 5, 15  # as the system ranks who comes first: whoever serves readers, ordinary bodies, large ones
MOST_SECONDS = 10.0  # of processor for one body; the worst that the bounds of reading let through takes two
MOST_MEMORY = 1 << 29  # bytes of addresses, a process; the worst takes less than half
AGAIN = 0.5  # seconds after which it is told once more to give up, should something have caught that
TOO_HARD = "Reading it takes longer than any feed should. Look for a shorter feed of the same outlet."
TOO_MUCH = "Reading it takes more memory than any feed should. Look for a shorter feed of the same outlet."


Read = TypeVar("Read")


class _TooHard(BaseException):
    """Not an Exception: nothing on the way catches it."""


class Readers:
    """Its processes begin with the first body, and end with the `with`. May be kept from round to round."""

    def __init__(self, *, processes: int = PROCESSES, seconds: float = MOST_SECONDS, memory: int = MOST_MEMORY) -> None:
        self._processes, self._seconds, self._memory = processes, seconds, memory
        self._pools = {is_large: self._begun(is_large=is_large) for is_large in (False, True)}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, trouble: BaseException | None, trace: TracebackType | None) -> None:
        for pool in self._pools.values():
            pool.shutdown(cancel_futures=True)

    async def read(self, body: bytes, *, content_type: str, address: str, at: datetime) -> Feed:
        """Raises NotAFeed, also for what no process could bear to read."""
        reading = partial(read, body, content_type=content_type, address=address, at=at)
        return await self._apart(reading, is_large=len(body) > LARGE)

    async def feeds_named_in(self, page: bytes, *, content_type: str, address: str) -> tuple[Found, ...]:
        """Raises NotAFeed as well."""
        reading = partial(feeds_named_in, page, content_type=content_type, address=address)
        return await self._apart(reading, is_large=len(page) > LARGE)

    async def _apart(self, reading: Callable[[], Read], *, is_large: bool) -> Read:
        pool = self._pools[is_large]
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, _within, self._seconds, reading)
        except _TooHard as trouble:
            raise NotAFeed(TOO_HARD) from trouble
        except BrokenProcessPool as trouble:
            if pool is self._pools[is_large]:
                self._pools[is_large] = self._begun(is_large=is_large)
            raise NotAFeed(TOO_MUCH) from trouble

    def _begun(self, *, is_large: bool) -> ProcessPoolExecutor:
        processes = 1 if is_large else self._processes
        return ProcessPoolExecutor(
            processes, mp_context=get_context("spawn"), initializer=_bind, initargs=(self._memory, LAST if is_large else LATER)
        )


def _bind(memory: int, nice: int) -> None:
    """In the new process: who ends it is whoever began it, not a key that ends all."""
    os.nice(nice)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, _give_up)
    with suppress(ValueError, OSError):  # systems that know no such limit
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _give_up(number: int, frame: FrameType | None) -> None:
    raise _TooHard


def _within(seconds: float, reading: Callable[[], Read]) -> Read:
    signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN)
    try:
        return reading()
    except _TooHard as trouble:
        raise NotAFeed(TOO_HARD) from trouble
    except MemoryError as trouble:
        raise NotAFeed(TOO_MUCH) from trouble
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
