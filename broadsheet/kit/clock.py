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
    """Seconds `added` to the machine's time, as they were when last `looked_at`; 0 where no file is named."""

    def __init__(self) -> None:
        self.added = 0.0
        self.looked_at = float("-inf")

    def look(self, at: float) -> None:
        path = os.environ.get("BROADSHEET_CLOCK_FILE")
        self.added = _read(Path(path)) if path else 0.0
        self.looked_at = at

    def forget(self) -> None:
        self.looked_at = float("-inf")


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
    machine = time.time()
    if not 0 <= machine - _offset.looked_at < LOOKS_EVERY:
        _offset.look(machine)
    return machine + _offset.added


def has_moved() -> bool:
    _offset.look(time.time())
    return _offset.added > 0


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
