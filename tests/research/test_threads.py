"""A question that follows another takes from it what it does not say itself."""

import pytest

from broadsheet.research.asking import Asks, read
from broadsheet.research.threads import corrected, following, last_of

FIRST = "Why did Kenya close the Dadaab camps in 2016?"


@pytest.mark.parametrize(
    ("typed", "countries", "years", "asks", "says"),
    [
        ("And Ethiopia?", ("ET",), (2016, 2016), Asks.WHY, "close the Dadaab camps"),
        ("And in 2011?", ("KE",), (2011, 2011), Asks.WHY, "close the Dadaab camps"),
        ("What changed since 2019?", ("KE",), (2019, 2019), Asks.CHANGE, "close the Dadaab camps"),
        ("When?", ("KE",), (2016, 2016), Asks.WHEN, "close the Dadaab camps"),
        ("Why did it close them?", ("KE",), (2016, 2016), Asks.WHY, "Dadaab"),
        ("What about tourism?", ("KE",), (2016, 2016), Asks.ANYTHING, "tourism"),
        ("How many refugees live in Uganda?", ("UG",), (2016, 2016), Asks.COUNT, "refugees live in Uganda"),
    ],
)
def test_it_inherits_countries_years_and_subject_where_it_names_none(typed, countries, years, asks, says):
    found = following(read(FIRST), typed)

    assert (found.countries, found.years, found.asks) == (countries, years, asks)
    assert says in found.text


@pytest.mark.parametrize("typed", ["What about tourism?", "How many refugees live in Uganda?"])
def test_with_a_subject_of_its_own_it_asks_nothing_of_the_one_before(typed):
    assert "Dadaab" not in following(read(FIRST), typed).text


def test_since_then_goes_on_to_today():
    assert following(read(FIRST), "What changed since 2019?").open_ended


def test_a_word_that_begins_a_question_is_nobodys_name_within_another():
    assert "Why" not in following(read(FIRST), "When?").names


QUAD = ["What is the Quad?", "Who are its members?", "What does it say about China?"]


@pytest.mark.parametrize("typed", ["And what changed under Trump?", "What did Trump say?", "But what of it under Trump?"])
def test_what_names_no_subject_of_its_own_is_about_what_the_thread_began_with(typed):
    found = last_of([*QUAD, typed])

    assert found.countries == ("CN",)
    assert {"Trump", "Quad"} <= set(found.names)
    assert "And" not in found.names


def test_the_countries_of_the_first_question_stay_beside_those_that_were_named_since():
    found = last_of(["Why did AUKUS upset France?", "How did China react?", "And what changed under Trump?"])

    assert found.countries == ("FR", "CN")
    assert "AUKUS" in found.names


def test_a_question_with_a_subject_of_its_own_begins_the_thread_anew():
    found = last_of([*QUAD, "How many refugees live in Uganda?", "And under Museveni?"])

    assert (found.names, found.countries) == (("Museveni", "Uganda"), ("UG",))


def test_a_thread_is_read_from_its_beginning():
    found = last_of([FIRST, "And Ethiopia?", "When?"])

    assert (found.countries, found.asks) == (("ET",), Asks.WHEN)
    assert "Dadaab" in found.text


def test_nothing_asked_asks_nothing():
    assert last_of([]).terms == ()


def put_right(question, **said):
    return corrected(question, **({"countries": None, "years": None, "any_year": False, "open_ended": False} | said))


@pytest.mark.parametrize(
    ("said", "countries", "years"),
    [
        ({}, ("KE",), (2016, 2016)),
        ({"countries": ("ET", "SO")}, ("ET", "SO"), (2016, 2016)),
        ({"countries": ()}, (), (2016, 2016)),
        ({"years": (2011, 2013)}, ("KE",), (2011, 2013)),
        ({"any_year": True}, ("KE",), None),
    ],
)
def test_what_was_read_wrongly_is_put_right(said, countries, years):
    found = put_right(read(FIRST), **said)

    assert (found.countries, found.years) == (countries, years)
    assert found.asks is Asks.WHY
    assert "Dadaab" in found.text


def test_years_that_were_put_right_are_no_words_to_look_for():
    assert "2016" not in put_right(read(FIRST), years=(2011, 2013)).terms
