"""Which day's roundup a pick belongs to, and when that goes out by itself. Pure: moments and days in, days and answers out."""

from datetime import date, datetime, time, timedelta, tzinfo

SATURDAY = 5
DAY = timedelta(days=1)


def is_weekday(day: date) -> bool:
    return day.weekday() < SATURDAY


def weekday_from(day: date) -> date:
    """This day, or the Monday after it."""
    while not is_weekday(day):
        day += DAY
    return day


def hour_of(day: date, hour: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, hour, zone)


def hour_is_over(day: date, hour: time | None, *, at: datetime, zone: tzinfo) -> bool:
    """Without an hour a day is open until somebody publishes it."""
    return hour is None or at >= hour_of(day, hour, zone)


def open_day(today: date, *, published: bool, hour_over: bool) -> date:
    """The day whose roundup is being made: today's, until it was published and its hour is over; on a weekend, Monday's."""
    if is_weekday(today) and published and hour_over:
        return weekday_from(today + DAY)
    return weekday_from(today)


def goes_out(day: date, hour: time | None, *, at: datetime, zone: tzinfo) -> bool:
    """By itself: from its hour on, late if need be, but on no other day."""
    today = at.astimezone(zone).date()
    return day == today and is_weekday(day) and hour is not None and at >= hour_of(day, hour, zone)
