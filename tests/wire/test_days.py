"""Whose day a pick belongs to, and when a roundup goes out: a table for a publisher."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from broadsheet.wire.days import goes_out, hour_is_over, open_day

HOUR = time(5, 45)
PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("today", "published", "hour_over", "open_"),
    [
        ("2026-11-23", False, False, "2026-11-23"),  # a Monday before its hour
        ("2026-11-23", False, True, "2026-11-23"),  # nobody has published it yet
        ("2026-11-23", True, False, "2026-11-23"),  # published early: still today's
        ("2026-11-23", True, True, "2026-11-24"),
        ("2026-11-27", True, True, "2026-11-30"),  # a Friday
        ("2026-11-28", False, True, "2026-11-30"),
        ("2026-11-29", True, True, "2026-11-30"),  # somebody published one on a Sunday
    ],
)
def test_the_day_that_is_open(today, published, hour_over, open_):
    day = open_day(date.fromisoformat(today), published=published, hour_over=hour_over)

    assert day == date.fromisoformat(open_)


@pytest.mark.parametrize(
    ("day", "at", "goes"),
    [
        ("2026-11-23", "2026-11-23 04:44", False),
        ("2026-11-23", "2026-11-23 04:45", True),  # 05:45 in Paris
        ("2026-11-23", "2026-11-23 22:59", True),  # late, but the same day there
        ("2026-11-23", "2026-11-23 23:00", False),  # midnight in Paris
        ("2026-11-24", "2026-11-23 23:00", False),
        ("2026-11-22", "2026-11-22 08:00", False),  # a Sunday
        ("2026-06-01", "2026-06-01 03:45", True),  # summer
        ("2026-03-30", "2026-03-30 03:45", True),  # the Monday after the clocks changed
    ],
)
def test_when_a_roundup_goes_out_by_itself(day, at, goes):
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)

    assert goes_out(date.fromisoformat(day), HOUR, at=moment, zone=PARIS) is goes


def test_without_an_hour_it_waits_for_somebody():
    at = datetime(2026, 11, 23, 12, tzinfo=UTC)

    assert not goes_out(date(2026, 11, 23), None, at=at, zone=PARIS)
    assert hour_is_over(date(2026, 11, 23), None, at=at, zone=PARIS)
