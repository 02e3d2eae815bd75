"""Readings on their way to the database: lines in a file of this process, closed each minute for membership to fold in.

A kill loses what was not yet written: at most a second. `NAME.open` is being written, `NAME.ready` is finished; NAME and its `n`
name a reading, so that folding twice equals folding once.
"""

import json
import logging
import os
import time
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple

CLOSED_AFTER = 60  # seconds
LEFT_AFTER = 300  # a file that nobody closed for so long was left by a process that died
MOST_WAITING = 200_000  # readings kept while the disk takes nothing

log = logging.getLogger(__name__)


class Reading(NamedTuple):
    """A full cut served or a wall shown. `minute`: seconds since 1970, to the minute."""

    story: str
    reader: int | None
    institution: int | None
    reason: str
    minute: int


def _line(n: int, reading: Reading) -> str:
    """JSON put together by hand: through json.dumps a busy gate spends more on its readings than on its decisions."""
    story, reader, institution, reason, minute = reading
    named = f'"{story}"' if story.isalnum() and story.isascii() else json.dumps(story)
    known = "null" if reader is None else reader
    on_network = "null" if institution is None else institution
    return f'{{"n":{n},"story":{named},"reader":{known},"institution":{on_network},"reason":"{reason}","minute":{minute}}}\n'


class Spool:
    """`add` is called by all threads; everything else by the follower alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting: deque[Reading] = deque(maxlen=MOST_WAITING)
        self.add = self._waiting.append
        self._file: IO[str] | None = None
        self._path = folder
        self._opened_at = 0.0
        self._n = 0
        self._full = False

    def flush(self) -> None:
        """Write what waits; what the disk refuses waits for the next time."""
        try:
            self._write()
        except OSError as trouble:
            if not self._full:
                log.error("Readings cannot be written to %s, and wait in memory: %s", self._folder, trouble.strerror)
            self._full = True
        else:
            self._full = False

    def close(self) -> None:
        """Hand over the file, whatever its age."""
        self.flush()
        self._hand_over()

    def _write(self) -> None:
        if self._file is not None and time.monotonic() - self._opened_at >= CLOSED_AFTER:
            self._hand_over()
        if not self._waiting:
            return
        file = self._file or self._open()
        for _ in range(len(self._waiting)):
            file.write(_line(self._n, self._waiting[0]))
            self._waiting.popleft()
            self._n += 1
        file.flush()

    def _open(self) -> IO[str]:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._hand_over_what_was_left()
        self._path = self._folder / f"{time.time_ns():x}-{os.getpid():x}.open"
        self._file = self._path.open("a", encoding="utf-8")
        self._opened_at, self._n = time.monotonic(), 0
        return self._file

    def _hand_over(self) -> None:
        if self._file is None:
            return
        self._file.close()
        self._file = None
        self._path.replace(self._path.with_suffix(".ready"))

    def _hand_over_what_was_left(self) -> None:
        for path in self._folder.glob("*.open"):
            with suppress(FileNotFoundError):  # another process was quicker
                if time.time() - path.stat().st_mtime > LEFT_AFTER:
                    path.replace(path.with_suffix(".ready"))
