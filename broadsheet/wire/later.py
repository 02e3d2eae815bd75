"""Until when a story can be left for later: pure, in the zone of the house."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

MORNING, EVENING = time(5), time(18)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hour:
    """`key`: as a form says it. `said`: as the desk does, after “back”."""

    key: str
    said: str
    at: datetime


def hours(*, at: datetime, zone: tzinfo) -> Sequence[Hour]:
    """What there is to choose from; the first if nobody chooses. All of them are to come."""
    here = at.astimezone(zone)
    evening = _on(here, EVENING, zone)
    monday = DAY * (7 - here.weekday())
    found = [
        Hour("morning", "tomorrow, 05:00", _on(here + DAY, MORNING, zone)),
        Hour("hour", "in an hour", at + timedelta(hours=1)),
        Hour("three", "in three hours", at + timedelta(hours=3)),
        Hour("evening", "today, 18:00", evening),
        Hour("monday", "on Monday, 05:00", _on(here + monday, MORNING, zone)),
    ]
    by_moment = {hour.at: hour for hour in reversed(found) if hour.at > at}  # on a Sunday, tomorrow is Monday
    return [hour for hour in found if by_moment.get(hour.at) is hour]


def hour_called(key: str, *, at: datetime, zone: tzinfo) -> Hour:
    """The first where there is none of that name."""
    choices = hours(at=at, zone=zone)
    return next((hour for hour in choices if hour.key == key), choices[0])


def _on(day: datetime, hour: time, zone: tzinfo) -> datetime:
    """As the clock on the wall says it; of an hour that there is twice the first."""
    return datetime.combine(day.date(), hour, zone).astimezone(UTC)
