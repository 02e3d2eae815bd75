"""A sentence bears an answer where what is asked stands around it, in its words or in others of the same root."""

from datetime import date

import pytest

from broadsheet.research.asking import read
from broadsheet.research.choosing import Ranked, said_in
from broadsheet.research.support import Supporting
from broadsheet.research.threads import corrected
from tests.research import make


def answers(typed, text, *, close=None, **said):
    """Of the last sentence of a text."""
    own = make.passages(text, **said)
    question = read(typed)
    supporting = Supporting(question, own, dict.fromkeys(question.terms, 4.0))
    return supporting.answers(Ranked(list(said_in(own))[-1], 1.0, close))


@pytest.mark.parametrize(
    ("asked", "told"),
    [("succeeded", "was the successor of"), ("decided on", "took the decision on"), ("defended", "saw to the defence of")],
)
def test_what_was_done_is_told_by_a_word_of_the_same_root(asked, told):
    assert answers(f"Who {asked} it?", f"Ada Lindqvist {told} it.")
    assert not answers(f"Who {asked} it?", "Ada Lindqvist sang of it.")


@pytest.mark.parametrize(("close", "bears"), [(0.8, True), (0.6, True), (0.45, False), (0.3, False), (None, False)])
def test_a_fact_in_other_words_must_be_near_in_meaning(close, bears):
    typed = "How many soldiers would train and camp at Ormen?"

    assert answers(typed, "The deal is for 2,500 soldiers to be lodged there.", close=close, headline="Ormen") is bears


def test_the_articles_day_answers_for_a_month_that_is_asked_about():
    typed = "Who mended the Ormen dam in July 2025?"

    assert answers(typed, "Ada Lindqvist mended the Ormen dam.", on=date(2025, 7, 30))
    assert not answers(typed, "Ada Lindqvist mended the Ormen dam.", on=date(2025, 1, 30))


def test_an_article_by_somebody_names_them():
    assert answers("Why did the Lindqvist cabinet levy salt?", "We levy salt because the cabinet needs money.")
    assert not answers("Why did the Zelwicz cabinet levy salt?", "We levy salt because the cabinet needs money.")


def test_years_between_those_of_a_headline_are_told_of():
    said = {"headline": "The Ormen Canal, 1993–2001", "on": date(2013, 5, 1)}

    assert answers("Who dug the Ormen Canal in 1996?", "Ada Lindqvist dug the canal.", **said)
    assert not answers("Who dug the Ormen Canal in 2005?", "Ada Lindqvist dug the canal.", **said)


@pytest.mark.parametrize(("close", "bears"), [(0.65, True), (0.58, False), (None, False)])
def test_what_is_asked_openly_of_somebody_may_be_said_in_no_word_of_it(close, bears):
    told = "With the harvest lost, Ada Lindqvist sold her last mill."

    assert answers("Why did Ada Lindqvist part with it so cheaply?", told, close=close) is bears
    assert not answers("When did Ada Lindqvist part with it so cheaply?", told, close=close)
    assert not answers("Why did Ada Zelwicz part with it so cheaply?", told, close=close)


@pytest.mark.parametrize(
    ("asked", "told"), [("Moscow", "The Russian government"), ("Europe", "European governments"), ("Berlin", "Germany")]
)
def test_a_capital_or_a_continent_is_told_of_by_its_own_name(asked, told):
    assert answers(f"Why did {asked} levy salt?", f"{told} levied salt to pay for its canals.")
    assert not answers(f"Why did {asked} levy salt?", "The Lindqvist cabinet levied salt to pay for its canals.")


def test_a_name_that_is_a_verb_besides_is_not_told_of_by_its_forms():
    assert not answers("Why did Rose levy salt?", "Prices had risen, so the cabinet levied salt to pay for its canals.")
    assert answers("Why did Rose levy salt?", "Prices were high, so Rose levied salt to pay for its canals.")


def test_what_follows_on_an_agreement_in_its_paragraph_tells_its_terms():
    typed = "What was Velland to do under the Salt Framework?"
    told = "It required them to halt the digging."

    assert answers(typed, f"Velland signed the Salt Framework. {told}")
    assert answers(typed, f"Velland rejoiced. {told}", headline="Velland and the Salt Framework")
    assert not answers(typed, f"Velland rejoiced.\n{told}")


def test_what_is_asked_for_of_somebody_is_told_of():
    typed = "What is the legal system of Velland?"

    assert answers(typed, "Velland has a legal system of its own.", close=0.8)
    assert not answers(typed, "Velland is a land with a legal office.", close=0.8)


@pytest.mark.parametrize(
    ("told", "on", "bears"),
    [
        ("Ormen mended its dam.", date(2020, 5, 1), True),
        ("Ormen mended its dam.", date(2015, 5, 1), False),
        ("Ormen mended its dam in 1952.", date(2020, 5, 1), False),
        ("Ormen mended its dam in 2019.", date(2023, 5, 1), True),
    ],
)
def test_years_put_right_bind(told, on, bears):
    question = corrected(
        read("Why did Ormen mend its dam?"), countries=None, years=(2018, 2022), any_year=False, open_ended=False
    )
    own = make.passages(f"Ormen was at peace in 2021.\n{told}", headline="Ormen 2020", on=on)

    supporting = Supporting(question, own, dict.fromkeys(question.terms, 4.0))

    assert supporting.of(list(said_in(own))[-1]).holds is bears


def test_since_a_year_is_not_before_it():
    typed = "How has Ormen changed its dam since 2014?"

    assert answers(typed, "Ormen changed its dam.", on=date(2016, 5, 1))
    assert not answers(typed, "Ormen will see to it by 2016.\nOrmen changed its dam.", on=date(2011, 5, 1))


def test_what_is_near_in_meaning_has_a_word_in_common_beside_names():
    typed = "Why did Ormen mend its dam?"

    assert answers(typed, "Ormen saw to its dam.", close=0.8, headline="Ormen")
    assert not answers(typed, "Ormen saw to its walls.", close=0.8, headline="Ormen")
