"""Where the demo's two buttons lead."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from broadsheet.config.demo.timetable import next_month, next_weekday

LONDON = ZoneInfo("Europe/London")
AUCKLAND = ZoneInfo("Pacific/Auckland")


def at(text: str, zone: ZoneInfo = LONDON) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-03-02T05:59", "2026-03-02T06:00"),
        ("2026-03-02T06:00", "2026-03-03T06:00"),
        ("2026-03-06T09:00", "2026-03-09T06:00"),
        ("2026-03-07T03:00", "2026-03-09T06:00"),
        ("2026-03-08T23:59", "2026-03-09T06:00"),
    ],
)
def test_the_next_weekday_is_the_next_morning_that_has_not_been(now, then):
    assert next_weekday(at(now), zone=LONDON) == at(then)


def test_a_morning_stays_at_six_over_a_change_of_the_clocks():
    assert next_weekday(at("2026-03-27T12:00"), zone=LONDON).isoformat() == "2026-03-30T06:00:00+01:00"


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-01-31T23:59", "2026-02-01T00:01"),
        ("2026-12-01T00:00", "2027-01-01T00:01"),
        ("2028-02-29T12:00", "2028-03-01T00:01"),
    ],
)
def test_the_next_month_is_its_first_minute(now, then):
    assert next_month(at(now), zone=LONDON) == at(then)


def test_months_are_the_publications_own():
    new_years_eve_in_london = at("2026-12-31T12:00")

    assert next_month(new_years_eve_in_london, zone=AUCKLAND) == at("2027-02-01T00:01", AUCKLAND)
