"""The five Roundups that the demo's curator has made before the first day."""

from datetime import date

import pycountry
import pytest

from broadsheet.config.demo.content import tables
from broadsheet.config.demo.foreign_press import outlets, told
from broadsheet.config.demo.roundups import printed_before, roundups

PICKS = [pick for roundup in roundups() for pick in roundup.picks]


def test_there_is_one_for_each_of_the_last_five_weekdays():
    monday = date(2026, 3, 2)

    assert [roundup.dated(monday).isoformat() for roundup in roundups()] == [
        "2026-02-27",
        "2026-02-26",
        "2026-02-25",
        "2026-02-24",
        "2026-02-23",
    ]


@pytest.mark.parametrize("roundup", roundups(), ids=lambda roundup: roundup.slug)
def test_each_has_six_or_seven_picks_of_several_outlets(roundup):
    assert len(roundup.picks) in (6, 7)
    assert len({pick.outlet for pick in roundup.picks}) >= 5
    assert any(pick.rivals for pick in roundup.picks)


def test_what_a_pick_names_is_there():
    countries = {country.alpha_2 for country in pycountry.countries}
    issues = {table["slug"] for table in tables("taxonomy")["issue"]}
    answering = {slug for slug, outlet in outlets().items() if not outlet.closed}

    assert {pick.outlet for pick in PICKS} <= answering
    assert {rival.outlet for pick in PICKS for rival in pick.rivals} <= answering
    assert {code for pick in PICKS for code in pick.countries} <= countries
    assert {slug for pick in PICKS for slug in pick.issues} <= issues
    assert [pick.headline for pick in PICKS if any(rival.outlet == pick.outlet for rival in pick.rivals)] == []


@pytest.mark.parametrize("pick", PICKS, ids=lambda pick: pick.path)
def test_a_pick_says_what_a_reader_wants_to_know(pick):
    assert pick.by
    assert pick.countries
    assert 180 <= pick.words / pick.minutes <= 260
    assert 20 <= len(pick.note) <= 200
    assert not pick.paid or outlets()[pick.outlet].paid


def test_no_piece_is_picked_twice_or_still_in_a_feed():
    paths = [pick.path for pick in PICKS]
    before = [item.path for slug in outlets() for item in printed_before(slug)]

    assert len(set(paths)) == len(paths)
    assert set(before) >= set(paths)
    assert set(before) & {item.path for item in told()} == set()
