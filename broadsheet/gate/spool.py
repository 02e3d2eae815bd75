"""Readings on their way to the database: lines in a file of this process, closed each minute for membership to fold in.

A kill loses what was not yet written: at most a second. `NAME.open` is being written, `NAME.ready` is finished; NAME and the
number of its line name a reading, so that folding twice equals folding once.
"""

import logging
import os
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from json.encoder import encode_basestring_ascii as quoted
from pathlib import Path

from broadsheet.access.terms import Reason
from broadsheet.access.visits import VISIT

CLOSED_AFTER = 60  # seconds
LEFT_AFTER = 300  # a file that nobody closed for so long was left by a process that died
MOST_WAITING = 200_000  # readings kept while the disk takes nothing
AT_ONCE = 5_000  # readings a write: the thread that joins them holds up requests meanwhile

Reading = tuple[str, int | None, int | None, str, float]  # story, reader, institution, reason, seconds since 1970

WRITTEN = {reason: f'"reason":"{reason}","minute":' for reason in (*Reason, VISIT)}  # an enumeration is slow to put into a string

log = logging.getLogger(__name__)


def lines_of(readings: Iterable[Reading]) -> str:
    """JSON put together by hand, in one go: through json.dumps a busy gate spends more on its readings than on its decisions."""
    return "".join(
        [
            f'{{"story":{quoted(story)},"reader":{"null" if reader is None else reader},'
            f'"institution":{"null" if institution is None else institution},'
            f"{WRITTEN[reason]}{int(at) // 60 * 60}}}\n"
            for story, reader, institution, reason, at in readings
        ]
    )


class Spool:
    """`add` is called by all threads; everything else by the follower alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting: deque[Reading] = deque(maxlen=MOST_WAITING)
        self._torn = b""  # of a line that the disk took only a part of
        self._file: int | None = None
        self._path = folder
        self._opened_at = 0.0
        self._full = False

    def add(self, story: str, reader: int | None, institution: int | None, reason: str, at: float) -> None:
        """A full cut served, a wall shown (a Reason), or a visit from an edition, `at` seconds since 1970."""
        self._waiting.append((story, reader, institution, reason, at))

    def flush(self) -> None:
        """Write what waits; what the disk refuses waits for the next time."""
        try:
            self._write()
        except OSError as trouble:
            if not self._full:
                log.error("Readings cannot be written to %s, and wait in memory: %s", self._folder, trouble.strerror)
            self._full = True
            if self._file is not None:
                with suppress(OSError):
                    os.utime(self._path)  # still alive, though nothing is written
        else:
            self._full = False

    def close(self) -> None:
        """Hand over the file, whatever its age. What the disk refuses even now ends with this process: the log says how much."""
        self.flush()
        if lost := len(self._waiting) + self._torn.count(b"\n"):
            log.critical("%d readings are lost: %s takes none, and this process ends.", lost, self._folder)
        self._hand_over()

    def _write(self) -> None:
        if self._file is not None and not self._torn and time.monotonic() - self._opened_at >= CLOSED_AFTER:
            self._hand_over()
        while self._torn or self._waiting:
            file = self._opened()
            self._torn = self._torn or lines_of(self._taken()).encode()
            self._torn = self._torn[os.write(file, self._torn) :]

    def _taken(self) -> Iterator[Reading]:
        for _ in range(min(len(self._waiting), AT_ONCE)):
            yield self._waiting.popleft()

    def _opened(self) -> int:
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._hand_over_what_was_left()
            self._path = self._folder / f"{time.time_ns():x}-{os.getpid():x}.open"
            self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            self._opened_at = time.monotonic()
        return self._file

    def _hand_over(self) -> None:
        if self._file is None:
            return
        os.close(self._file)
        self._file = None
        with suppress(FileNotFoundError):  # the disk was full for so long that another process thought us dead
            self._path.replace(self._path.with_suffix(".ready"))

    def _hand_over_what_was_left(self) -> None:
        for path in self._folder.glob("*.open"):
            with suppress(FileNotFoundError):  # another process was quicker
                if time.time() - path.stat().st_mtime > LEFT_AFTER:
                    path.replace(path.with_suffix(".ready"))
