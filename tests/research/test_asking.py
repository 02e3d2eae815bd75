"""What a question asks for is read from its words."""

import pytest

from broadsheet.research.asking import LONGEST, Asks, Month, asked_for, read


@pytest.mark.parametrize(
    ("typed", "asks"),
    [
        ("When did Kenya become independent?", Asks.WHEN),
        ("In what year did the canal open?", Asks.WHEN),
        ("How many people live in Mali?", Asks.COUNT),
        ("How much aid went to Chad?", Asks.AMOUNT),
        ("What is the population of Peru?", Asks.AMOUNT),
        ("Who leads the junta?", Asks.WHO),
        ("Which minister resigned?", Asks.WHO),
        ("Where is the base?", Asks.WHERE),
        ("what country borders Togo", Asks.WHERE),
        ("What is the Quad?", Asks.MEANING),
        ("Why did the talks fail?", Asks.WHY),
        ("What drives Turkey's approach to Syria?", Asks.WHY),
        ("How does the pact work?", Asks.HOW),
        ("How has policy on China evolved?", Asks.CHANGE),
        ("What changed in Niger?", Asks.CHANGE),
        ("What are the main parties?", Asks.LIST),
        ("Compare Chad and Niger", Asks.COMPARISON),
        ("Did they sign?", Asks.WHETHER),
        ("Which envoy led the mission when it sailed?", Asks.WHO),
        ("Who spoke when the war began, and where?", Asks.WHO),
        ("How has the economy fared since the flood?", Asks.CHANGE),
        ("What is the levy on salt meant to do?", Asks.WHY),
        ("What was the purpose of the visit?", Asks.WHY),
        ("What did the three ministers agree in Ormen?", Asks.TERMS),
        ("What was Chad to give under the Ormen accord?", Asks.TERMS),
        ("What were the terms of the truce?", Asks.TERMS),
        ("What is Peru's view of the canal?", Asks.VIEW),
        ("What did Ada Lindqvist say about the canal?", Asks.VIEW),
        ("How were the ministers divided over the canal?", Asks.VIEW),
        ("", Asks.ANYTHING),
    ],
)
def test_it_asks_for(typed, asks):
    assert asked_for(typed) is asks


def test_whom_and_when_it_is_about_is_read():
    question = read("How has Australia's policy towards Indonesia changed since 2002?")

    assert question.countries == ("AU", "ID")
    assert (question.years, question.open_ended) == ((2002, 2002), True)


def test_two_years_are_a_period():
    question = read("What happened in Peru between 1990 and 1995?")

    assert (question.years, question.open_ended) == ((1990, 1995), False)


def test_names_are_taken_as_typed():
    assert read("What did Ada Lindqvist say about the Treaty of Ormen?").names == ("Ada Lindqvist", "Treaty of Ormen")


@pytest.mark.parametrize(
    ("typed", "months"),
    [
        ("Who paid in July 2025?", (Month(2025, 7),)),
        ("Who paid on 4 July 2025?", (Month(2025, 7, 4),)),
        ("Who paid on July 4th, 2025?", (Month(2025, 7, 4),)),
        ("Who paid on 31 June 2025?", (Month(2025, 6),)),
        ("Who paid in 2025?", ()),
    ],
)
def test_a_month_is_a_time_and_no_name(typed, months):
    assert (read(typed).months, read(typed).names) == (months, ())


def test_capitals_throughout_name_nobody():
    assert read("WHAT DID THE MINISTER SAY").names == ()


def test_how_it_is_asked_is_no_term():
    assert read("Tell me what happened in Mali").terms == ("mali",)


def test_a_question_without_end_is_cut():
    assert len(read("why " * 10_000).text) <= LONGEST
