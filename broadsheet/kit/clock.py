"""The publication's clock: aware UTC, read by doors only; everything else is handed `at`.

Standard library only, since the gate reads it. A deployment's clock is the machine's. The demo's can be moved forward: its offset
lies in a file that all processes of the demo watch.
"""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

LOOKS_EVERY = 0.2  # seconds between two looks at the offset's file


class _Offset:
    """Seconds to add to the machine's time; 0 where no file is named."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._looked_at = float("-inf")

    def seconds(self) -> float:
        now = time.monotonic()
        if now - self._looked_at >= LOOKS_EVERY:
            self._looked_at = now
            path = os.environ.get("BROADSHEET_CLOCK_FILE")
            self._seconds = _read(Path(path)) if path else 0.0
        return self._seconds

    def forget(self) -> None:
        self._looked_at = float("-inf")


def _read(path: Path) -> float:
    try:
        return float(path.read_text() or 0)
    except FileNotFoundError:
        return 0.0


_offset = _Offset()


def now() -> datetime:
    return datetime.fromtimestamp(timestamp(), UTC)


def timestamp() -> float:
    """Now, as seconds since 1970 in UTC: the cheap form that the gate compares with."""
    return time.time() + _offset.seconds()


def has_moved() -> bool:
    return _offset.seconds() > 0


def move_to(moment: datetime) -> None:
    """Move the demo's clock; refuses where no clock file is named, and never goes back."""
    path = os.environ.get("BROADSHEET_CLOCK_FILE")
    if not path:
        raise ClockCannotMove("Only the demo's clock moves: BROADSHEET_CLOCK_FILE is not set.")
    if moment < now():
        raise ClockCannotMove("The clock only moves forward.")
    offset = moment - datetime.fromtimestamp(time.time(), UTC)
    fresh = Path(path).with_suffix(".new")
    fresh.write_text(str(offset / timedelta(seconds=1)))
    fresh.replace(path)
    _offset.forget()


class ClockCannotMove(Exception):
    """The machine's clock is not ours to move."""
