"""How many questions a day, and how much of one article."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.access.terms import Standing
from broadsheet.library.sight import EVERYTHING, STRANGER, Sight
from broadsheet.research.asking import read
from broadsheet.research.briefs import Brief
from broadsheet.research.differences import Difference, Kind
from broadsheet.research.policy import Daily, held, is_spent, questions_a_day
from broadsheet.research.quoting import Quotation
from tests.research.make import source

DAILY = Daily(visitors=5, readers=10, subscribers=100)
REGISTERED = Sight(Standing(registered=True))
ONE, OTHER = source("One"), source("Other")


def said(of, words, text="word"):
    return Quotation(" ".join([text] * words), of, 0, 0, 1)


def brief(*points, **more):
    return Brief(read("What?"), points=points, **more)


@pytest.mark.parametrize(
    ("reads", "sight", "most"),
    [(False, STRANGER, 5), (True, REGISTERED, 10), (True, EVERYTHING, 100), (False, EVERYTHING, None)],
)
def test_questions_a_day(reads, sight, most):
    assert questions_a_day(DAILY, reads=reads, sight=sight) == most


@pytest.mark.parametrize(
    ("asked", "spent"), [([], False), (["a"], False), (["a", "b"], True), (["a", "mine"], False), (["a", "b", "mine"], False)]
)
def test_a_question_is_counted_once(asked, spent):
    assert is_spent(asked, "mine", most=2) is spent


def test_no_more_of_an_article_is_quoted_than_the_rule_says():
    found, _ = held(brief(said(ONE, 20, "a"), said(ONE, 20, "b"), said(OTHER, 20)), most=30, before={})

    assert [one.source.headline for one in found.points] == ["One", "Other"]


def test_what_was_quoted_before_on_that_day_counts_and_costs_nothing_again():
    _, before = held(brief(said(ONE, 20, "a")), most=30, before={})

    again, _ = held(brief(said(ONE, 20, "a"), said(ONE, 20, "b")), most=30, before=before)

    assert again.points == (said(ONE, 20, "a"),)


def test_a_difference_is_shown_whole_or_not_at_all():
    two = Difference(Kind.DISAGREE, said(ONE, 20, "a"), said(OTHER, 40, "b"))

    found, ledger = held(brief(said(OTHER, 20, "c"), disagreements=(two,)), most=50, before={})

    assert found.disagreements == ()
    assert str(ONE.id) not in ledger


@given(st.lists(st.tuples(st.sampled_from([ONE, OTHER]), st.integers(1, 60), st.sampled_from("abcdef")), max_size=12))
def test_whatever_is_asked_passage_by_passage_the_day_has_no_more(asked):
    ledger = {}
    for of, words, text in asked:
        _, ledger = held(brief(said(of, words, text)), most=90, before=ledger)

    assert all(sum(words.values()) <= 90 for words in ledger.values())


def test_what_was_held_back_changes_nothing_else():
    whole = brief(said(ONE, 5), countries=("Kenya",), further=(OTHER,))

    assert held(whole, most=90, before={})[0] == replace(whole)
