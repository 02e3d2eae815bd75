"""When editions go out, in two zones, through nights in which the clock is moved."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from broadsheet.access.terms import Cut
from broadsheet.newsletters.policy import LATE, Break, Rhythm, Timetable, Wait, Whom, cut_for, is_late, why_it_waits

LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
SIX = Timetable(Rhythm.WEEKDAYS, time(6))


def days(timetable, after, upto):
    return [day.isoformat() for day in timetable.next_days(after=date.fromisoformat(after), upto=date.fromisoformat(upto))]


def test_a_daily_rests_at_weekends_and_goes_on_over_the_end_of_a_month():
    assert days(SIX, "2026-02-26", "2026-03-03") == ["2026-02-27", "2026-03-02", "2026-03-03"]


def test_a_weekly_goes_out_on_its_day_also_on_a_leap_day():
    assert days(Timetable(Rhythm.WEEKLY, time(7), weekday=1), "2028-02-20", "2028-03-08") == [
        "2028-02-22",
        "2028-02-29",
        "2028-03-07",
    ]


def test_what_goes_out_by_hand_has_no_days():
    assert days(Timetable(Rhythm.BY_HAND, time(7)), "2026-03-01", "2026-04-01") == []


def test_nothing_goes_out_on_days_of_rest_the_first_and_the_last_included():
    rests = (Break(date(2026, 12, 24), date(2026, 12, 28)),)

    assert days(Timetable(Rhythm.WEEKDAYS, time(6), breaks=rests), "2026-12-22", "2026-12-30") == [
        "2026-12-23",
        "2026-12-29",
        "2026-12-30",
    ]


@pytest.mark.parametrize(
    ("day", "hour", "zone", "moment"),
    [
        ("2026-03-28", time(6), LONDON, datetime(2026, 3, 28, 6, tzinfo=UTC)),
        ("2026-03-29", time(6), LONDON, datetime(2026, 3, 29, 5, tzinfo=UTC)),  # the clock went forward in the night
        ("2026-03-29", time(1, 30), LONDON, datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # which there is not: half past two
        ("2026-10-25", time(1, 30), LONDON, datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # twice: the first
        ("2026-10-25", time(6), LONDON, datetime(2026, 10, 25, 6, tzinfo=UTC)),
        ("2026-11-01", time(1, 30), NEW_YORK, datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
        ("2026-11-02", time(6), NEW_YORK, datetime(2026, 11, 2, 11, tzinfo=UTC)),
    ],
)
def test_the_hour_is_that_of_the_publication_s_clock(day, hour, zone, moment):
    assert Timetable(Rhythm.WEEKDAYS, hour).moment_on(date.fromisoformat(day), zone) == moment


@pytest.mark.parametrize("zone", [LONDON, NEW_YORK, ZoneInfo("Pacific/Apia")])
@pytest.mark.parametrize("hour", [time(0), time(1, 30), time(2, 30), time(6), time(23, 59)])
def test_over_a_year_each_weekday_has_one_moment_and_they_come_in_order(zone, hour):
    daily = Timetable(Rhythm.WEEKDAYS, hour)
    found = [daily.moment_on(day, zone) for day in daily.next_days(after=date(2026, 1, 1), upto=date(2027, 1, 1))]

    assert found == sorted(set(found))
    assert len(found) == 261
    assert {moment.astimezone(zone).weekday() for moment in found} == {0, 1, 2, 3, 4}


def test_an_edition_that_did_not_begin_for_hours_is_late():
    due = datetime(2026, 3, 2, 6, tzinfo=UTC)

    assert not is_late(due, at=due + LATE)
    assert is_late(due, at=due + LATE + (LATE / 1000))


@pytest.mark.parametrize(
    ("whom", "entitled", "cut"),
    [
        (Whom.FREE, False, Cut.PREVIEW),
        (Whom.FREE, True, Cut.PREVIEW),
        (Whom.TWO_CUTS, False, Cut.PREVIEW),
        (Whom.TWO_CUTS, True, Cut.FULL),
        (Whom.MEMBERS, False, None),
        (Whom.MEMBERS, True, Cut.FULL),
    ],
)
def test_standing_decides_the_cut(whom, entitled, cut):
    assert cut_for(whom, entitled=entitled) == cut


DUE = datetime(2026, 3, 2, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("passed_at", "known_at", "at", "wait"),
    [
        (None, None, DUE, None),
        (DUE - HOUR, None, DUE, None),
        (DUE + 9 * HOUR, None, DUE + 9 * HOUR, None),  # let go late, and now
        (DUE + 9 * HOUR, None, DUE + 9 * HOUR + LATE + HOUR, Wait.LATE),  # and never begun
        (None, DUE, DUE, Wait.SENT_BEFORE),
        (DUE, DUE + HOUR, DUE + HOUR, Wait.SENT_BEFORE),  # it began because of that pass
        (DUE + 2 * HOUR, DUE + HOUR, DUE + 2 * HOUR, None),  # the desk knows, and sends it again
        (DUE + 2 * HOUR, DUE + HOUR, DUE + 2 * HOUR + LATE + HOUR, Wait.LATE),
    ],
)
def test_what_was_let_go_says_nothing_of_what_happened_since(passed_at, known_at, at, wait):
    said = why_it_waits(due_at=DUE, passed_at=passed_at, paused=False, unseen=True, day_without=False, known_at=known_at, at=at)

    assert said == wait
