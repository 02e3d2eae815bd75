"""A quotation opens on a word that means something by itself."""

import pytest

from broadsheet.research.openings import begin_by_itself, begin_without_connectives, leans, stands_alone


@pytest.mark.parametrize(
    "text",
    [
        "He signed it.",
        "This was new.",
        "Its ports closed.",
        "It also fell.",
        "“They left,” she said.",
        "In this case ports close.",
        "When he arrived, ports closed.",
        "Because of these talks, ports closed.",
        "In accordance with this provision ports close.",
        "The latter refused.",
        "Some of them fled.",
        "However, ports closed.",
        "But ports closed.",
        "And so it began.",
        "At the same time, ports closed.",
        "Second, ports closed.",
    ],
)
def test_these_lean_on_what_was_said_before(text):
    assert not stands_alone(text)


@pytest.mark.parametrize(
    "text",
    [
        "Kenya signed it.",
        "We signed it.",
        "In Kenya ports closed.",
        "It is important that ports open.",
        "It is estimated that half of them fled.",
        "Both Kenya and Chad signed.",
        "First Lady Amara Lind spoke.",
        "Second World War debts remain.",
        "There are four ports.",
        "Thistle farming grew.",
        "When Kenya signed, ports opened.",
    ],
)
def test_these_stand_by_themselves(text):
    assert stands_alone(text)


@pytest.mark.parametrize(
    ("text", "rest"),
    [("However, ports closed.", "ports closed."), ("And so, ports closed.", "ports closed."), ("Ports.", "Ports.")],
)
def test_what_only_joins_can_be_left_out(text, rest):
    assert text[begin_without_connectives(text) :] == rest


def test_what_is_left_may_lean_still():
    text = "However, he refused."

    assert leans(text[begin_without_connectives(text) :])


@pytest.mark.parametrize(
    "text",
    [
        "Noting that ports closed, Kenya signed.",
        "It was because of such a war that ports closed.",
        "It is our hope that ports open.",
    ],
)
def test_it_and_that_may_stand_for_nothing(text):
    assert stands_alone(text)


@pytest.mark.parametrize(
    ("text", "begin"),
    [
        ("However, that is why ports closed.", "ports closed."),
        ("After his visit, Kenya signed.", "Kenya signed."),
        ("Kenya signed.", "Kenya signed."),
    ],
)
def test_where_a_sentence_begins_by_itself(text, begin):
    assert text[begin_by_itself(text) :] == begin


@pytest.mark.parametrize(
    "text",
    [
        "He refused.",
        "They claimed that ports closed.",
        "In such a case, ports close.",
        "It was just such a case that closed ports.",
    ],
)
def test_what_leans_all_through_begins_nowhere(text):
    assert begin_by_itself(text) is None
