"""Periods and shares of them: pure arithmetic on seconds since 1970, in UTC."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

DAYS = {"day": 1, "week": 7}
MONTHS = {"month": 1, "year": 12}


def period_end(*, anchor: int, start: int, recurring: dict[str, Any]) -> int:
    """The first end after `start` of the periods that are counted from the anchor; the 31st becomes the month's last day."""
    interval, count = recurring["interval"], recurring["interval_count"]
    if interval in DAYS:
        length = DAYS[interval] * count * 86_400
        return anchor + ((start - anchor) // length + 1) * length
    months = MONTHS[interval] * count
    first, now = datetime.fromtimestamp(anchor, UTC), datetime.fromtimestamp(start, UTC)
    steps = max(0, ((now.year - first.year) * 12 + now.month - first.month) // months - 1)
    while (end := months_after(first, steps * months)) <= now:
        steps += 1
    return int(end.timestamp())


def months_after(moment: datetime, months: int) -> datetime:
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def months_from(at: int, months: int) -> int:
    return int(months_after(datetime.fromtimestamp(at, UTC), months).timestamp())


def days_from(at: int, days: int) -> int:
    return int((datetime.fromtimestamp(at, UTC) + timedelta(days=days)).timestamp())


def share(amount: int, *, at: int, start: int, end: int) -> int:
    """The part of an amount for a period that falls to what is left of it, to the second; halves away from zero."""
    if end <= start:
        return 0
    return rounded(Fraction(amount * (end - min(max(at, start), end)), end - start))


def rounded(amount: Fraction) -> int:
    whole = int(abs(amount) + Fraction(1, 2))
    return whole if amount >= 0 else -whole
