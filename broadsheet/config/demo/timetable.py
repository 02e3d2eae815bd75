"""Where the demo's two buttons lead, and which mornings lie on the way. Pure."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from broadsheet.config.demo.content import weekday_from

MORNING = time(6)
FIRST_MINUTE = time(0, 1)
AT_WORK = time(8)  # what is due in the night, or at eight, is done


def next_weekday(now: datetime, *, zone: ZoneInfo) -> datetime:
    """Six in the morning of the next weekday that has not had its morning yet."""
    local = now.astimezone(zone)
    if local.weekday() < 5 and local.time() < MORNING:
        return datetime.combine(local.date(), MORNING, zone)
    friday_at_the_latest = local.date() - timedelta(days=max(0, local.weekday() - 4))
    return datetime.combine(weekday_from(friday_at_the_latest, 1), MORNING, zone)


def next_month(now: datetime, *, zone: ZoneInfo) -> datetime:
    """The first minute of the next month."""
    local = now.astimezone(zone)
    first = (local.date().replace(day=1) + timedelta(days=32)).replace(day=1)
    return datetime.combine(first, FIRST_MINUTE, zone)


def mornings(now: datetime, to: datetime, *, zone: ZoneInfo) -> Iterator[datetime]:
    """Eight o'clock of each day between the two."""
    day = now.astimezone(zone).date()
    while (morning := datetime.combine(day, AT_WORK, zone)) < to:
        if morning > now:
            yield morning
        day += timedelta(days=1)
