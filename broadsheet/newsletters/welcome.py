"""The mails that welcome whoever signed up: which, and when. Pure.

All get the first. The others go to whoever registered by it, and say what there is besides.
"""

from dataclasses import dataclass
from datetime import timedelta

LATE = timedelta(days=2)  # a mail that was held up longer is left out


@dataclass(frozen=True, slots=True)
class Step:
    """`kind`: of its mail. `after`: signing up."""

    kind: str
    after: timedelta


STEPS = (
    Step("welcome", timedelta()),
    Step("welcome-library", timedelta(days=2)),
    Step("welcome-shelves", timedelta(days=5)),
)
LONGEST = STEPS[-1].after + LATE


def next_step(*, written: int, since: timedelta, registered: bool) -> int | None:
    """The number of the step that is due, the first being 1; None: none is. `written`: the last one that was."""
    steps = STEPS if registered else STEPS[:1]
    due = max((number for number, step in enumerate(steps, 1) if step.after <= since < step.after + LATE), default=0)
    return due if due > written else None
