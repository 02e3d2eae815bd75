"""Until when a story can be left for later."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from broadsheet.wire import later

LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")


def moment(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("key", "at", "zone", "back"),
    [
        ("morning", moment(2026, 3, 2, 8), LONDON, moment(2026, 3, 3, 5)),
        ("morning", moment(2026, 3, 2, 3), NEW_YORK, moment(2026, 3, 2, 10)),  # Sunday evening there
        ("morning", moment(2026, 3, 28, 12), LONDON, moment(2026, 3, 29, 4)),  # the clock goes forward in that night
        ("hour", moment(2026, 3, 2, 8), LONDON, moment(2026, 3, 2, 9)),
        ("three", moment(2026, 3, 2, 23), LONDON, moment(2026, 3, 3, 2)),
        ("evening", moment(2026, 3, 2, 8), LONDON, moment(2026, 3, 2, 18)),
        ("evening", moment(2026, 3, 2, 18), LONDON, moment(2026, 3, 3, 5)),  # it is over: as if nothing was chosen
        ("monday", moment(2026, 3, 2, 8), LONDON, moment(2026, 3, 9, 5)),
        ("nonsense", moment(2026, 3, 2, 8), LONDON, moment(2026, 3, 3, 5)),
    ],
)
def test_a_story_comes_back_at_its_hour(key, at, zone, back):
    assert later.hour_called(key, at=at, zone=zone).at == back


def test_each_choice_is_another_hour_and_to_come():
    sunday = moment(2026, 3, 8, 19)

    chosen = later.hours(at=sunday, zone=LONDON)

    assert [hour.key for hour in chosen] == ["morning", "hour", "three"]
    assert all(hour.at > sunday for hour in chosen)
