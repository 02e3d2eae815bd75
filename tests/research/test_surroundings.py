"""Whom and when a passage is about is told by its own words, those around it, and its article."""

from datetime import date

import pytest

from broadsheet.research.asking import Month
from broadsheet.research.surroundings import Article
from tests.research import make


def around(text, *, number, **said):
    own = make.passages(text, **said)
    return Article(own).around(own[number])


REACTORS = """North Korea and the inspectors
The talks with North Korea began in the spring.
They lasted four months.
The inspectors wrote three reports.
It required Pyongyang to halt its reactor.
Rain fell on the road to the coast."""


def test_a_capital_speaks_for_the_country_that_the_article_names():
    assert around(REACTORS.replace("North Korea", "North  Korea"), number=4).names("country:KP") is False
    assert around(f"{REACTORS}\nNorth Korea agreed.", number=4).names("country:KP")


def test_an_article_is_about_whom_it_opens_on():
    assert around(REACTORS, number=5).names("country:KP")
    assert not around(REACTORS, number=5).names("country:KR")


def test_a_leader_speaks_for_the_country():
    text = "The floods\nRain fell.\nRivers rose.\nPresident Biden said that help was on its way."

    assert around(text, number=3, on=date(2022, 3, 1)).names("country:US")


@pytest.mark.parametrize(
    ("name", "has"),
    [
        ("Ada Zelwicz", True),
        ("President Ada Zelwicz", True),
        ("Bora Zelwicz", False),
        ("Ada Lindqvist", True),  # whose article it is
        ("Ada", True),
    ],
)
def test_a_surname_is_enough_where_the_article_has_the_whole_name(name, has):
    text = (
        "Rain.\nRivers rose.\nThe engineer Ada M. Zelwicz came.\nSo did others.\nZelwicz mended the dam for Lindqvist, said Ada."
    )

    assert around(text, number=4, by=("Ada Lindqvist",)).has_name(name) is has


@pytest.mark.parametrize(
    ("month", "on", "text", "told"),
    [
        (Month(2025, 7), date(2025, 7, 30), "Rain fell.", True),
        (Month(2025, 7), date(2025, 8, 9), "Rain fell.", True),
        (Month(2025, 7), date(2025, 11, 9), "Rain fell.", False),
        (Month(2025, 7), date(2025, 11, 9), "Rain fell in July 2025.", True),
        (Month(2025, 7), date(2024, 7, 9), "Rain fell in July.", False),
        (Month(2025, 7, 4), date(2025, 7, 6), "Rain fell.", True),
        (Month(2025, 7, 4), date(2025, 7, 3), "Rain fell.", False),
        (Month(2025, 12), date(2026, 1, 5), "Rain fell.", True),
    ],
)
def test_a_month_is_told_of_when_it_is_named_or_just_over(month, on, text, told):
    assert around(text, number=0, on=on).is_of(month) is told
