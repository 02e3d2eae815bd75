"""The till without its doors: its books, its clock, and what time brings."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from broadsheet.till import renewing
from broadsheet.till.books import Books, House
from broadsheet.till.outage import Outage
from broadsheet.till.store import Store


class Drawer:
    def __init__(self, place: str, clock: Callable[[], float], public_url: str, **house: Any) -> None:
        """`place` is a file or ":memory:", `clock` gives seconds since 1970; `house` is what House holds besides."""
        self.store = Store(place)
        self.clock = clock
        self.house = House(public_url=public_url.rstrip("/"), **house)
        self.outage = Outage()

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

    def close(self) -> None:
        self.store.close()
