"""What one country did is not told by what another did; a population is told as one."""

import pytest

from broadsheet.research.asking import read
from broadsheet.research.choosing import said_in
from broadsheet.research.doers import asks_for_population, is_of_another, tells_population
from tests.research import make


def last(text, **said):
    return list(said_in(make.passages(text, **said)))[-1]


@pytest.mark.parametrize(
    ("text", "headline", "anothers"),
    [
        ("In July 2024 Australia joined the Ormen Pact.", "The Ormen Pact", True),
        ("In July 2024 Japan joined the Ormen Pact, as Australia had.", "The Ormen Pact", False),
        ("In July 2024 it joined the Ormen Pact.", "The Ormen Pact", False),
        ("It followed Australia in July 2024.", "Japan joins the Ormen Pact", False),
        ("Japan saw that. It followed Australia in July 2024.", "The Ormen Pact", False),
    ],
)
def test_what_another_country_did(text, headline, anothers):
    assert is_of_another(read("When did Japan join the Ormen Pact?"), last(text, headline=headline)) is anothers


@pytest.mark.parametrize(
    "typed", ["Who did Japan invite?", "When was the Japanese minister born?", "When did the Ormen Pact begin?"]
)
def test_of_others_whoever_is_not_asked_about_may_be_told(typed):
    assert not is_of_another(read(typed), last("In July 2024 Australia came.", headline="Ormen"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The population is 98 million.", True),
        ("Nearly 1 million people are living in want.", False),
        ("The UN Population Fund helps 10 towns.", False),
        ("The population is growing.", False),
    ],
)
def test_a_population_is_told_as_one(text, told):
    question = read("How many people live in Peru?")

    assert asks_for_population(question)
    assert tells_population(question, last(text, headline="Peru")) is told
    assert not tells_population(question, last(text, headline="Chile"))


def test_who_live_in_want_are_no_population():
    assert not asks_for_population(read("How many people live in poverty in Peru?"))
