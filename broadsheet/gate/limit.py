"""How many requests the application behind the gate answers at once; the remaining threads stay free for pages in memory."""

from collections.abc import Callable, Iterable, Iterator
from threading import BoundedSemaphore
from typing import Any

from broadsheet.gate.answers import BUSY, StartResponse, come_back

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]

MOST_WAITING = 2  # threads that may wait for a place: each of them is one that the gate does without
WAITS = 1.0  # seconds


class AtMost:
    """Beyond so many, a few wait a moment and all others are told to come back. A stream counts until its end."""

    def __init__(self, most: int, application: Application) -> None:
        self._places = BoundedSemaphore(most)
        self._waiting = BoundedSemaphore(MOST_WAITING)
        self._application = application

    def __call__(self, environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
        if not self._place_found():
            return come_back(start, BUSY, seconds=2)
        try:
            body = self._application(environ, start)
        except BaseException:
            self._places.release()
            raise
        if isinstance(body, list):
            self._places.release()
            return body
        return _Placed(body, leave=self._places.release)

    def _place_found(self) -> bool:
        if self._places.acquire(blocking=False):
            return True
        if not self._waiting.acquire(blocking=False):
            return False
        try:
            return self._places.acquire(timeout=WAITS)
        finally:
            self._waiting.release()


class _Placed:
    """An answer that keeps its place until it is closed; its place is left once, also where a server forgets to close it."""

    def __init__(self, body: Iterable[bytes], *, leave: Callable[[], None]) -> None:
        self._body, self._leave = body, leave
        self._closed = False

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._body)

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        try:
            if close := getattr(self._body, "close", None):
                close()
        finally:
            self._leave()

    __del__ = close
