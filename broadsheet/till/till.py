"""The till: a stand-in for Stripe's API, for demo, development and tests. No money moves, and no live key is taken.

till = Till(":memory:", clock=time.time, public_url="http://127.0.0.1:8001")
till.wsgi            # the WSGI application: /v1/… for the SDK, /till/… for people
till.run_due()       # what time brings: renewals, retries, expiries
till.deliver_due()   # webhooks that are due; no threads of its own
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from broadsheet.till import deliver, renewing
from broadsheet.till.app import App
from broadsheet.till.books import Books, House
from broadsheet.till.outage import Outage
from broadsheet.till.store import Store


class Till:
    def __init__(self, place: str, clock: Callable[[], float], public_url: str, **house: Any) -> None:
        """`place` is a file or ":memory:", `clock` gives seconds since 1970; `house` is what House holds besides."""
        self.store = Store(place)
        self.clock = clock
        self.house = House(public_url=public_url.rstrip("/"), **house)
        self.outage = Outage()
        self.wsgi = App(self)

    def now(self) -> int:
        return int(self.clock())

    @contextmanager
    def books(self, at: int, **request: Any) -> Iterator[Books]:
        """Books open for writing: all of it, or nothing if something is raised."""
        with self.store.writing() as rows:
            books = Books(rows, self.house, self.store.salt, at, **request)
            yield books
            books.flush()

    def is_due(self, now: int) -> bool:
        with self.store.reading() as rows:
            return rows.execute("SELECT 1 FROM documents WHERE due <= ? AND clock IS NULL LIMIT 1", (now,)).fetchone() is not None

    def run_due(self, now: int | None = None) -> int:
        """Do all that is due by now, in the order of the moments; how many steps that took."""
        now, steps = self.now() if now is None else now, 0
        while self.is_due(now):
            with self.books(now) as books:
                if found := renewing.next_due(books, now, None):
                    renewing.step(books, *found)
                    steps += 1
        return steps

    def deliver_due(self, now: int | None = None, mischief: deliver.Mischief | None = None) -> int:
        """Send the webhooks that are due; how many were tried."""
        return deliver.deliver_due(self, self.now() if now is None else now, mischief or deliver.Mischief())

    def close(self) -> None:
        self.store.close()
