"""Locator maps: small, themed, and honest about disputed borders."""

import re
from xml.etree import ElementTree

import pytest

from broadsheet.design.geography import BELONGS_SEEN_FROM, owner, world
from broadsheet.design.maps import MOST_CHARS, can_locate, locator

SEVERAL = [
    ("ML",),
    ("EG", "ET"),
    ("RU", "UA"),
    ("US", "CN"),
    ("SG", "MY", "ID"),
    ("FJ",),
    ("VA",),
    ("TV",),
    ("AQ",),
    ("RU", "NO"),
]


@pytest.mark.parametrize("codes", SEVERAL)
def test_a_map_is_small_and_whole(codes: tuple[str, ...]) -> None:
    drawn = locator(codes)

    assert len(drawn) <= MOST_CHARS
    ElementTree.fromstring(drawn)


def test_a_map_says_what_it_shows() -> None:
    assert "<title>Map: Egypt and Ethiopia</title>" in locator(("EG", "ET"))


def test_nothing_to_locate_is_no_map() -> None:
    assert locator(()) == ""
    assert locator(("ZZ",)) == ""


def test_a_map_brings_no_colour_of_its_own() -> None:
    assert not re.search(r"#[0-9a-f]{3}|style=|(?:fill|stroke)=\"(?!none|currentColor)", locator(("KE",)))


def test_without_a_stylesheet_a_map_is_lines_and_names() -> None:
    assert 'fill="none" stroke="currentColor"' in locator(("KE",))


def test_a_disputed_border_is_dashed() -> None:
    assert 'class="unsure"' in locator(("RS", "XK"))
    assert 'class="unsure"' not in locator(("NZ",))


@pytest.mark.parametrize(
    ("code", "viewpoint"), [(code, viewpoint) for viewpoint, held in BELONGS_SEEN_FROM.items() for code in held]
)
def test_what_a_viewpoint_holds_to_be_a_part_of_another_is_found_there(code: str, viewpoint: str) -> None:
    assert can_locate((code,))
    assert locator((code,), viewpoint=viewpoint) == locator((owner(code, viewpoint),), viewpoint=viewpoint) != ""


def test_a_viewpoint_draws_a_disputed_area_with_the_country_it_says() -> None:
    assert owner("crimea", "") == "UA"
    assert owner("crimea", "RU") == "RU"
    assert locator(("RS",), viewpoint="RS") != locator(("RS",))


def test_a_state_too_small_to_see_is_a_spot() -> None:
    assert 'class="spot"' in locator(("VA",))
    assert 'class="spot"' not in locator(("FR",))


def test_countries_on_two_sides_of_the_globe_leave_the_farther_out() -> None:
    drawn = locator(("ES", "NZ"))

    assert "Spain" in drawn
    assert "New Zealand" not in drawn


def test_every_country_of_the_atlas_can_be_drawn() -> None:
    codes = [code for code in world().areas if len(code) == 2]

    assert [code for code in codes[::5] if not locator((code,))] == []
