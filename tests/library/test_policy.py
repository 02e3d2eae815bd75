"""When an alert is told, and of what. Pure."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from broadsheet.library.policy import FRESH, Often, is_news, last_round

LONDON, AUCKLAND = ZoneInfo("Europe/London"), ZoneInfo("Pacific/Auckland")
A_DAY, A_SECOND = timedelta(days=1), timedelta(seconds=1)
MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)


def moment(day, hour, minute=0):
    return datetime(2026, *day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("often", "zone", "at", "due"),
    [
        (Often.AT_ONCE, LONDON, MONDAY, MONDAY),
        (Often.DAILY, LONDON, MONDAY, moment((3, 2), 7)),
        (Often.DAILY, LONDON, moment((3, 2), 7), moment((3, 2), 7)),
        (Often.DAILY, LONDON, moment((3, 2), 6, 59), moment((3, 1), 7)),
        (Often.DAILY, LONDON, moment((3, 29), 7), moment((3, 29), 6)),  # the day on which summer time began
        (Often.DAILY, LONDON, moment((3, 29), 5, 59), moment((3, 28), 7)),
        (Often.DAILY, LONDON, moment((10, 25), 7), moment((10, 25), 7)),  # on which it ended
        (Often.DAILY, LONDON, moment((10, 25), 6, 59), moment((10, 24), 6)),
        (Often.DAILY, AUCKLAND, MONDAY, moment((3, 1), 18)),  # it is Monday evening there
        (Often.WEEKLY, LONDON, MONDAY, moment((3, 2), 7)),
        (Often.WEEKLY, LONDON, moment((3, 2), 6, 59), moment((2, 23), 7)),
        (Often.WEEKLY, LONDON, moment((3, 8), 23), moment((3, 2), 7)),
        (Often.WEEKLY, LONDON, moment((3, 30), 6), moment((3, 30), 6)),  # the Monday after
        (Often.WEEKLY, AUCKLAND, moment((3, 1), 18), moment((3, 1), 18)),
    ],
)
def test_last_round(often, zone, at, due):
    assert last_round(often, at=at, zone=zone) == due


@pytest.mark.parametrize("often", [Often.DAILY, Often.WEEKLY])
def test_every_round_comes_once_a_day_or_week_all_the_year(often):
    hours = [MONDAY + n * timedelta(hours=1) for n in range(366 * 24)]
    rounds = sorted({last_round(often, at=at, zone=LONDON) for at in hours})

    assert {one.astimezone(LONDON).hour for one in rounds} == {7}
    days = [one.astimezone(LONDON).date() for one in rounds]
    assert {later - earlier for earlier, later in pairwise(days)} == {A_DAY if often is Often.DAILY else 7 * A_DAY}


@pytest.mark.parametrize(
    ("came_out_at", "dated_at", "news"),
    [
        (MONDAY + A_SECOND, MONDAY + A_SECOND, True),
        (MONDAY, MONDAY, False),  # it stood there already
        (MONDAY - A_DAY, MONDAY - A_DAY, False),
        (MONDAY + A_DAY, MONDAY - 29 * A_DAY, False),  # of a month before
        (MONDAY + A_DAY, MONDAY - 28 * A_DAY, True),  # dated back, or long under embargo
        (MONDAY + A_DAY, MONDAY - 3_000 * A_DAY, False),  # taken over from elsewhere
    ],
)
def test_is_news(came_out_at, dated_at, news):
    assert is_news(came_out_at=came_out_at, dated_at=dated_at, wanted_since=MONDAY, at=MONDAY + 2 * A_DAY) is news


def test_nothing_is_news_for_ever():
    told = {"came_out_at": MONDAY + A_DAY, "dated_at": MONDAY + A_DAY, "wanted_since": MONDAY}

    assert is_news(**told, at=MONDAY + FRESH)
    assert not is_news(**told, at=MONDAY + A_DAY + FRESH)
