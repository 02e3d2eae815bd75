"""Sentences that answer come before sentences that only sound alike."""

import pytest

from broadsheet.research.answering import Candidate, Near, in_order, scores
from broadsheet.research.asking import read
from broadsheet.research.signs import sign


def evenly(stems):
    return [3.0 for _ in stems]


@pytest.mark.parametrize(
    ("typed", "answers", "does_not"),
    [
        ("When did the canal open?", "The canal opened in May 1914.", "The canal opened to great applause."),
        ("How many ports closed?", "Some 14 ports closed overnight.", "The ports closed overnight."),
        ("How much did the bridge cost?", "The bridge cost $40 million.", "The bridge cost a lot of friends."),
        ("Who founded the league?", "The league was founded by Ada Lindqvist.", "The league was founded in haste."),
        ("Where is the base?", "The base is located in Tarawa, near Betio.", "The base is kept in good order."),
        ("Why did the talks fail?", "The talks failed because of the border.", "The talks failed again."),
        ("What is a sheikhdom?", "A sheikhdom is a land ruled by a sheikh.", "Sheikhdoms met last week again."),
    ],
)
def test_what_is_asked_for_is_preferred(typed, answers, does_not):
    first, second = scores(read(typed), [Candidate(answers, 3), Candidate(does_not, 3)], rarities=evenly)

    assert first > second


def test_what_the_question_says_itself_is_no_sign():
    assert sign(read("When in 1914 did the canal open?"), "The canal opened in 1914.") == 0


def test_another_is_who_is_asked_for_than_the_one_who_is_named():
    question = read("Who succeeded King Oskar?")

    assert sign(question, "Oskar bin Harald died on a ship.") < 1
    assert sign(question, "His heir was Ada Lindqvist.") == 1


@pytest.mark.parametrize(
    ("typed", "answers", "does_not"),
    [
        ("What is the salt tax meant to do?", "We levy salt to limit what they earn.", "We levy salt on all they earn."),
        ("How has Velland's policy changed?", "Velland moved away from free trade.", "Velland has more trade since May."),
        ("How has Velland's policy changed?", "Velland no longer trades in salt.", "Velland began to trade in salt."),
    ],
)
def test_aims_and_both_sides_of_a_change_are_signs(typed, answers, does_not):
    assert sign(read(typed), answers) > sign(read(typed), does_not)


def test_the_sentence_before_lends_its_subject():
    question = read("When was Port Amel taken?")
    told = Candidate("It was taken in June 1915.", 4, before="Port Amel had held out for a year.")
    untold = Candidate("It was taken in June 1915.", 4, before="The harbour had held out for a year.")

    with_it, without = scores(question, [told, untold], rarities=evenly)

    assert with_it > without


def test_meaning_speaks_where_words_do_not():
    question, texts = read("Why are ships delayed?"), ["Vessels wait for weeks.", "Apples ripen for weeks."]
    near = [Near(question=0.7, around=0.5), Near(question=0.1, around=0.5)]

    first, second = scores(question, [Candidate(text, 2) for text in texts], rarities=evenly, near=near)

    assert first > second


def test_what_is_worth_the_same_does_not_keep_its_order():
    texts = [f"Sentence {n}." for n in range(50)]

    order = in_order(texts, [1.0] * 50)

    assert order != list(range(50))
    assert [texts[n] for n in order] == [texts[::-1][n] for n in in_order(texts[::-1], [1.0] * 50)]
