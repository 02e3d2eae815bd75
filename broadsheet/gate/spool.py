"""Readings on their way to the database: lines in a file of this process, closed each minute for membership to fold in.

A kill loses what was not yet written: at most a second. `NAME.open` is being written, `NAME.ready` is finished; NAME and the
number of its line name a reading, so that folding twice equals folding once.
"""

import json
import logging
import os
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

CLOSED_AFTER = 60  # seconds
LEFT_AFTER = 300  # a file that nobody closed for so long was left by a process that died
MOST_WAITING = 200_000  # readings kept while the disk takes nothing
AT_ONCE = 5_000  # readings a write: the thread that joins them holds up requests meanwhile

log = logging.getLogger(__name__)


class Spool:
    """`add` is called by all threads; everything else by the follower alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # Lines, not objects: the collector of garbage does not walk them, and the follower only joins them.
        self._waiting: deque[str] = deque(maxlen=MOST_WAITING)
        self._torn = b""  # of a line that the disk took only a part of
        self._file: int | None = None
        self._path = folder
        self._opened_at = 0.0
        self._full = False

    def add(self, story: str, reader: int | None, institution: int | None, reason: str, at: float) -> None:
        """A full cut served or a wall shown, `at` seconds since 1970."""
        named = f'"{story}"' if story.isalnum() and story.isascii() else json.dumps(story)
        known = "null" if reader is None else reader
        on_network = "null" if institution is None else institution
        # JSON put together by hand: through json.dumps a busy gate spends more on its readings than on its decisions.
        self._waiting.append(
            f'{{"story":{named},"reader":{known},"institution":{on_network},"reason":"{reason}","minute":{int(at) // 60 * 60}}}\n'
        )

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
        """Hand over the file, whatever its age."""
        self.flush()
        self._hand_over()

    def _write(self) -> None:
        if self._file is not None and not self._torn and time.monotonic() - self._opened_at >= CLOSED_AFTER:
            self._hand_over()
        while self._torn or self._waiting:
            file = self._opened()
            self._torn = self._torn or "".join(self._taken()).encode()
            self._torn = self._torn[os.write(file, self._torn) :]

    def _taken(self) -> Iterator[str]:
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
