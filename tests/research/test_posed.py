"""An address says what is asked, and whatever it says asks something."""

from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.research.asking import LONGEST
from broadsheet.research.posed import MOST_BEFORE, MOST_COUNTRIES, Posed, posed_in

WHOLE = Posed("Why?", ("Who rules Kenya?", "Since when?"), ("KE", "ET"), 2011, 2014)


@pytest.mark.parametrize("posed", [Posed("Why?"), WHOLE, Posed("Why?", countries=()), Posed("Why?", any_year=True)])
def test_an_address_reads_back_as_it_was_written(posed):
    assert posed_in(parse_qs(posed.query)) == posed


@pytest.mark.parametrize(
    ("fields", "posed"),
    [
        ({}, Posed()),
        ({"q": ["  What\x00 now? "]}, Posed("What now?")),
        ({"q": ["a"], "country": ["ke", "nowhere", "KE"]}, Posed("a", countries=("KE",))),
        ({"q": ["a"], "country": ["nowhere"]}, Posed("a")),
        ({"q": ["a"], "from": ["2014"], "to": ["2011"]}, Posed("a", first=2011, last=2014)),
        ({"q": ["a"], "from": ["12"], "to": ["٢٠١١"]}, Posed("a")),
        ({"q": ["a"], "years": ["any"], "from": ["2014"]}, Posed("a", first=2014)),
    ],
)
def test_what_cannot_be_meant_is_left_out(fields, posed):
    assert posed_in(fields) == posed


@given(st.dictionaries(st.sampled_from(["q", "after", "country", "from", "to", "years"]), st.lists(st.text(), max_size=9)))
def test_whatever_an_address_says_is_bounded_and_reads_back(fields):
    posed = posed_in(fields)

    assert len(posed.text) <= LONGEST
    assert len(posed.before) <= MOST_BEFORE
    assert len(posed.countries or ()) <= MOST_COUNTRIES
    assert not posed.text or posed_in(parse_qs(posed.query)) == posed
    assert isinstance(posed.question.text, str)


def test_a_question_since_a_year_goes_on_to_today():
    question = Posed("What changed in Kenya?", first=2015).question

    assert question.open_ended
    assert question.years[0] == 2015


def test_the_next_question_stands_after_this_one():
    assert Posed("Why?", ("Who rules Kenya?", "Since when?")).thread == ("Who rules Kenya?", "Since when?", "Why?")


@pytest.mark.parametrize(
    ("corrected", "countries", "years"),
    [
        (WHOLE, ("KE", "ET"), (2011, 2014)),
        (Posed("Why did Kenya close the camps in 2016?", countries=("UG",)), ("UG",), (2016, 2016)),
        (Posed("Why did Kenya close the camps in 2016?", countries=()), (), (2016, 2016)),
        (Posed("Why did Kenya close the camps in 2016?", any_year=True), ("KE",), None),
        (Posed("Why did Kenya close the camps in 2016?", first=2011, last=2011), ("KE",), (2011, 2011)),
        (Posed("Why did Kenya close the camps?", last=2014), ("KE",), (1500, 2014)),
    ],
)
def test_what_was_put_right_is_so_for_the_question_that_follows(corrected, countries, years):
    following = Posed("What about tourism?", corrected.thread).question

    assert (following.countries, following.years) == (countries, years)


def test_since_a_year_stays_so_for_the_question_that_follows():
    assert Posed("What about tourism?", Posed("What changed in Kenya?", first=2015).thread).question.open_ended


def test_a_long_thread_still_says_what_it_began_with():
    asked = Posed("And under Trump?", before=("What is the Quad?", "Who are its members?", "Why?", "When?"))

    assert len(asked.thread) == MOST_BEFORE
    assert "Quad" in asked.thread[0]
    assert asked.thread[1:] == ("Why?", "When?", "And under Trump?")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, ()),
        ({"country": ["KE", "ET"], "from": ["2018"], "to": ["2022"]}, ("Kenya and Ethiopia", "2018–2022")),
        ({"country": ["any"], "years": ["any"]}, ("any country", "any year")),
        ({"from": ["2014"]}, ("since 2014",)),
        ({"to": ["1999"]}, ("until 1999",)),
        ({"from": ["2014"], "to": ["2014"]}, ("2014",)),
    ],
)
def test_what_was_put_right_is_told_in_words(fields, said):
    assert posed_in({"q": ["Why?"], **fields}).put_right == said
