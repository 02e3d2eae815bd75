"""When editions go out, what belongs into them, and who gets which cut. Pure: days and moments in, decisions out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from broadsheet.access.terms import Cut

MONDAY_TO_FRIDAY = range(5)
LOOKS_AHEAD = timedelta(days=14)
WAITS = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 180, 360, 720))
LATE = timedelta(hours=4)  # an edition that did not begin by then goes out only if somebody at the desk says so


class Rhythm(StrEnum):
    WEEKDAYS = "weekdays"
    WEEKLY = "weekly"
    BY_HAND = "by-hand"


class Whom(StrEnum):
    """For whom a newsletter is. In two cuts: subscribers get the top story whole, the others to its own cut, as all do in a free
    one."""

    FREE = "free"
    MEMBERS = "members"
    TWO_CUTS = "two-cuts"


@dataclass(frozen=True, slots=True)
class Break:
    """No edition from the first day to the last, both included."""

    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class Timetable:
    """`weekday`: 0 is Monday; only a weekly has one. `goes_at`: by the clock on the publication's wall."""

    rhythm: Rhythm
    goes_at: time
    weekday: int = 0
    breaks: tuple[Break, ...] = ()

    def goes_on(self, day: date) -> bool:
        if any(rest.first_on <= day <= rest.last_on for rest in self.breaks):
            return False
        match self.rhythm:
            case Rhythm.WEEKDAYS:
                return day.weekday() in MONDAY_TO_FRIDAY
            case Rhythm.WEEKLY:
                return day.weekday() == self.weekday
            case Rhythm.BY_HAND:
                return False

    def leaves_out(self, day: date) -> bool:
        """Of what goes out by hand none: it goes on the day that a hand gave it."""
        return self.rhythm is not Rhythm.BY_HAND and not self.goes_on(day)

    def moment_on(self, day: date, zone: tzinfo) -> datetime:
        """In a night whose hour is left out, an hour later by the wall; in one that has it twice, the first time."""
        return datetime.combine(day, self.goes_at, zone).astimezone(UTC)

    def next_days(self, *, after: date, upto: date) -> Iterator[date]:
        for step in range(1, (upto - after).days + 1):
            if self.goes_on(day := after + timedelta(days=step)):
                yield day


class Wait(StrEnum):
    """Why an edition whose moment has come does not begin. All but the last end when somebody at the desk lets it go."""

    UNSEEN = "unseen"  # its newsletter goes out only once somebody has looked
    LATE = "late"
    SENT_BEFORE = "sent-before"  # this machine knows that it began, which the database does not: it was restored
    DAY_WITHOUT = "day-without"  # a hand began it, else it would have been taken away
    PAUSED = "paused"


def why_it_waits(
    *,
    due_at: datetime,
    passed_at: datetime | None,
    paused: bool,
    unseen: bool,
    day_without: bool,
    known_at: datetime | None,
    at: datetime,
) -> Wait | None:
    """None: it goes. What was let go says nothing about what happened since. `known_at`: the last moment at which it was being
    sent, as the ledger has it."""
    if paused:
        return Wait.PAUSED
    if known_at is not None and (passed_at is None or passed_at <= known_at):
        return Wait.SENT_BEFORE
    if is_late(max(due_at, passed_at or due_at), at=at):
        return Wait.LATE
    if passed_at is not None:
        return None
    if day_without:
        return Wait.DAY_WITHOUT
    return None if unseen else Wait.UNSEEN


def cuts_of(whom: Whom) -> tuple[Cut, ...]:
    return tuple(cut for cut in Cut if cut in {cut_for(whom, entitled=True), cut_for(whom, entitled=False)})


def is_late(due_at: datetime, *, at: datetime) -> bool:
    """Such as one in a database that was restored: whoever was to get it may have it."""
    return at - due_at > LATE


def cut_for(whom: Whom, *, entitled: bool) -> Cut | None:
    """Which cut a reader gets at the moment of sending; None: none."""
    match whom:
        case Whom.FREE:
            return Cut.PREVIEW
        case Whom.MEMBERS:
            return Cut.FULL if entitled else None
        case Whom.TWO_CUTS:
            return Cut.FULL if entitled else Cut.PREVIEW


def wait_after(tries: int) -> timedelta | None:
    """Before a delivery that was put off is tried again; None: it never is. A day's mail is worth a day's trying."""
    return WAITS[tries - 1] if tries <= len(WAITS) else None
