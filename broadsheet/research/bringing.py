"""What a reader's own briefing brings, and when. Pure: the same is chosen of the same."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from itertools import chain, zip_longest

LEAST, MOST, USUAL = 3, 12, 7  # items of a briefing
HOURS = range(24)
WEEKDAYS = range(5)
LOOKS_BACK = timedelta(days=7)  # what came out before is brought to nobody
LATE = timedelta(hours=12)  # after its hour that a briefing still comes
REMEMBERED = timedelta(days=90)  # what was brought: far longer than anything can be brought again
A_THIRD = 3  # at most every third item leads elsewhere, while there is enough of our own


class Sort(StrEnum):
    REPORT = "report"
    ARTICLE = "article"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Candidate:
    """`key`: by which it is known again. `subjects`: what was chosen that it is about, the first chosen first."""

    key: str
    sort: Sort
    subjects: tuple[str, ...]
    came_out_at: datetime


def chosen(candidates: Iterable[Candidate], *, subjects: Sequence[str], brought: Collection[str], most: int) -> list[Candidate]:
    """At most so many, none of them brought before, each about something that was chosen.

    Every subject has its turn, the newest first; a report comes before what is of the same subject. Links fill a third, and more
    only where there is too little else.
    """
    fresh: dict[str, Candidate] = {}
    for one in sorted(candidates, key=_rank):
        if one.key not in brought and set(one.subjects) & set(subjects):
            fresh.setdefault(one.key, one)
    ours = _in_turn([one for one in fresh.values() if one.sort is not Sort.LINK], subjects)
    links = _in_turn([one for one in fresh.values() if one.sort is Sort.LINK], subjects)
    room = min(most, MOST)
    few = max(room // A_THIRD, room - len(ours))
    return [*ours[: room - min(few, len(links))], *links[:few]][:room]


def _rank(one: Candidate) -> tuple[bool, float, str]:
    return one.sort is not Sort.REPORT, -one.came_out_at.timestamp(), one.key


def _in_turn(candidates: Sequence[Candidate], subjects: Sequence[str]) -> list[Candidate]:
    """One of each subject, then the next of each; what is about several has the turn of the first."""
    of_each = [[one for one in candidates if one.subjects and _first(one, subjects) == subject] for subject in subjects]
    return [one for one in chain.from_iterable(zip_longest(*of_each)) if one]


def _first(one: Candidate, subjects: Sequence[str]) -> str:
    return next(subject for subject in subjects if subject in one.subjects)


# When


def last_due(days: Collection[int], hour: int, *, at: datetime, zone: tzinfo) -> datetime | None:
    """The last moment at which a briefing was to come on these days of the week (Monday is 0); None of no days."""
    return next((moment for back in range(8) if (moment := _moment(days, hour, at, zone, -back)) and moment <= at), None)


def next_due(days: Collection[int], hour: int, *, at: datetime, zone: tzinfo) -> datetime | None:
    return next((moment for on in range(9) if (moment := _moment(days, hour, at, zone, on)) and moment > at), None)


def _moment(days: Collection[int], hour: int, at: datetime, zone: tzinfo, shift: int) -> datetime | None:
    day = at.astimezone(zone).date() + timedelta(days=shift)
    return in_zone(day, hour, zone) if day.weekday() in days else None


def in_zone(day: date, hour: int, zone: tzinfo) -> datetime:
    """An hour that the clocks leave out comes when they have passed it."""
    return datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)


def since(last_brought: datetime | None, *, at: datetime) -> datetime:
    """What came out from then on is new to this reader."""
    earliest = at - LOOKS_BACK
    return max(last_brought, earliest) if last_brought else earliest


# Why


def why(names: Sequence[str], *, since: datetime, zone: tzinfo) -> str:
    """In one line, why an item is there: "You follow Kenya; new since 2 March". It is read on later days too."""
    listed = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
    day = since.astimezone(zone).date()
    return f"You follow {listed}; new since {day.day} {day:%B}"
