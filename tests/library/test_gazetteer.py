"""The gazetteer, measured on texts of our own with right answers, and on names that mean several things."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from broadsheet.library.gazetteer import Sort, shipped

JUDGED = Path(__file__).parent / "data" / "judged.txt"


@dataclass(frozen=True)
class Judged:
    on: date
    text: str
    right: frozenset[str]


def judged() -> list[Judged]:
    lines = [line for line in JUDGED.read_text().splitlines() if line and not line.startswith("#")]
    return [_judged(*(part.strip() for part in line.split("|"))) for line in lines]


def _judged(day: str, text: str, countries: str, others: str) -> Judged:
    actors = {actor.key.partition(":")[2]: actor.key for actor in shipped().actors.values() if actor.sort is not Sort.COUNTRY}
    right = {f"country:{code}" for code in countries.split()} | {actors[slug] for slug in others.split()}
    return Judged(date.fromisoformat(day), text, frozenset(right))


def found(text: str, *, on: date = date(2020, 1, 1)) -> set[str]:
    return {mention.key for mention in shipped().find(text, on=on)}


def test_what_a_careful_reader_finds_the_gazetteer_finds_and_little_else():
    counted: Counter[str] = Counter()
    for one in judged():
        named = found(one.text, on=one.on)
        counted["both"] += len(named & one.right)
        counted["too many"] += len(named - one.right)
        counted["missed"] += len(one.right - named)

    assert counted["both"] / (counted["both"] + counted["too many"]) >= 0.97
    assert counted["both"] / (counted["both"] + counted["missed"]) >= 0.96


def test_a_mention_says_where_it_stands():
    text = "Envoys of Côte d’Ivoire met the U.S. delegation."
    spots = [(text[one.start : one.end], one.key) for one in shipped().find(text)]

    assert spots == [("Côte d’Ivoire", "country:CI"), ("U.S.", "country:US")]


@pytest.mark.parametrize(
    ("day", "who"),
    [
        (date(1990, 8, 2), "person:george-h-w-bush"),
        (date(2003, 3, 20), "person:george-w-bush"),
        (date(2003, 3, 20), "country:US"),
    ],
)
def test_a_president_is_whoever_led_on_that_day(day, who):
    assert who in found("President Bush addressed the United States tonight.", on=day)


def test_a_capital_speaks_for_its_country_and_never_alone():
    alone, beside = (shipped().find(text) for text in ("Tokyo won the games.", "Japan asked again, and Tokyo won the games."))

    assert [one.key for one in alone] == []
    assert [one.key for one in beside] == ["country:JP", "country:JP"]


@pytest.mark.parametrize("text", ["", "\x00", "U.S" * 3, "(" * 50, "A" * 10_000, "Georgia " * 2_000, "\udc80 France"])
def test_whatever_the_text_there_is_an_answer(text):
    assert all(re.match(r"country:[A-Z]{2}|person:|organisation:", key) for key in found(text))
