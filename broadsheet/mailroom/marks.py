"""Whose mail came back, by the mark on its envelope. Deliveries are of a room above, which registers what it knows of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from broadsheet.mailroom.envelope import Marked, Marks, Posted


@dataclass(frozen=True, slots=True)
class Deliveries:
    """By their numbers. `posted`: which one has it now; None: there is none such. `returned`: it came back for good or ill.
    `leave`: its reader wants no more of that newsletter. `sent_between`: how many were sent from, and before."""

    posted: Callable[[int], Posted | None]
    returned: Callable[[int, datetime], None]
    leave: Callable[[int, datetime], None]
    sent_between: Callable[[datetime, datetime], int]


_deliveries: list[Deliveries] = []


def register_marks(deliveries: Deliveries) -> Callable[[], None]:
    """What is called to take them off again."""
    _deliveries.append(deliveries)
    return lambda: _deliveries.remove(deliveries)


def read(mark: str) -> Marked | None:
    """None where we never made it, or for a delivery that is not there any more."""
    return Marks(settings.SECRETS).read(mark, posted=_posted)


def _posted(number: int) -> Posted | None:
    return next((posted for each in _deliveries if (posted := each.posted(number))), None)


def say_returned(number: int, *, at: datetime) -> None:
    for each in _deliveries:
        each.returned(number, at)


def say_left(number: int, *, at: datetime) -> None:
    for each in _deliveries:
        each.leave(number, at)


def sent_between(since: datetime, until: datetime) -> int:
    return sum(each.sent_between(since, until) for each in _deliveries)
