"""Sentences are quoted to the letter, or with a mark where words are left out."""

import pytest

from broadsheet.research.choosing import said_in
from broadsheet.research.quoting import LONG, MARK, quoted
from tests.research import make


def quotations(text):
    return [quotation for said in said_in(make.passages(text)) if (quotation := quoted(said))]


def test_a_sentence_is_quoted_to_the_letter():
    (quotation,) = quotations("The harbour of Amel was closed in May.")

    assert quotation.text == "The harbour of Amel was closed in May."


def test_what_only_joins_is_left_out_with_a_mark():
    (quotation,) = quotations("However, the harbour of Amel was closed in May.")

    assert quotation.text == f"{MARK} the harbour of Amel was closed in May."


def test_who_leans_on_the_sentence_before_begins_there():
    _, second = quotations("Ada Lindqvist led the talks in Amel. She left them in May without a word.")

    assert second.text == "Ada Lindqvist led the talks in Amel. She left them in May without a word."


def test_who_leans_on_nothing_is_not_quoted():
    assert quotations("She left the talks in May without a word.") == []


def test_a_long_sentence_ends_at_a_clause_with_a_mark():
    long = (
        "The harbour of Amel "
        + "and its many busy quays " * 6
        + "closed, which "
        + "hurt traders and their families " * 6
        + "badly."
    )

    (quotation,) = quotations(long)

    assert quotation.text.endswith(f"closed {MARK}")
    assert quotation.words <= LONG + 1


def test_what_cannot_be_cut_is_not_quoted():
    assert quotations("The harbour " + "of very very old stones " * 15 + "closed.") == []


@pytest.mark.parametrize(
    "text",
    [
        "Who closed the harbour of Amel in May?",
        "JOURNALIST: I wonder why the harbour of Amel closed.",
        "Trade and other matters",
        "Thank you all for coming to Amel today.",
        "Tlie h@rbour 0f ^mel wa$ cl osed |n M@y { 4.",
        "IT CLOSED THE HARBOUR OF AMEL IN MAY.",
    ],
)
def test_what_says_nothing_is_not_quoted(text):
    assert quotations(text) == []


def test_a_line_of_a_profile_is():
    (quotation,) = quotations("Population: 24 million")

    assert quotation.text == "Population: 24 million"


@pytest.mark.parametrize(
    "text",
    [
        "However, the harbour of Amel was closed in May. She reopened it in June. So the traders came back at once.",
        "PRIME MINISTER: We closed the harbour of Amel. It was right to close it in May. Now, traders have come back.",
    ],
)
def test_all_but_the_marks_stands_in_the_paragraph(text):
    assert quotations(text)
    assert all(text[one.begin : one.end] == one.verbatim and one.verbatim in text for one in quotations(text))


def test_two_that_lean_bring_along_what_they_lean_on():
    *_, last = quotations("Ada Lindqvist led the talks in Amel. She left them in May. That was seen as a slight.")

    assert last.text == "Ada Lindqvist led the talks in Amel. She left them in May. That was seen as a slight."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "That is why we closed the harbour of Amel in May.",
            f"{MARK} we closed the harbour of Amel in May.",
        ),
        (
            "They recalled that the harbour of Amel was closed in May.",
            f"{MARK} the harbour of Amel was closed in May.",
        ),
        (
            "In response to this, the council closed the harbour of Amel.",
            f"{MARK} the council closed the harbour of Amel.",
        ),
    ],
)
def test_an_opening_that_leans_is_left_out_where_the_rest_says_the_same_without(text, shown):
    assert [one.text for one in quotations(text)] == [shown]


@pytest.mark.parametrize(
    "text",
    [
        "They denied that the harbour of Amel was closed in May.",
        "If they had agreed, the harbour of Amel would be open.",
        "In that case, the council will close the harbour of Amel.",
    ],
)
def test_no_opening_is_left_out_on_which_the_rest_depends(text):
    assert quotations(text) == []


def test_of_a_long_sentence_the_clause_is_quoted_that_tells():
    quays = "the many busy old quays and piers of the town " * 5
    closed = "the council closed the harbour in May because of the plague that came by ship."
    long = f"The council of Amel repaired {quays.strip()}; {closed}"
    (said,) = said_in(make.passages(long))

    quotation = quoted(said, worth=lambda words: float("plague" in words))

    assert quotation
    assert quotation.text == f"{MARK} {closed}"


def test_no_list_is_cut_within():
    names = " ".join(f"trader{n}" for n in range(80))

    assert quotations(f"The harbour of Amel was closed by fear of {names}, war, and plague and other things of that kind.") == []
    assert quotations("The harbour of Amel took in ships of " + "Kenya, Chad, " * 40 + "and Mali.") == []


def test_who_welcomes_something_does_not_greet():
    assert quotations("We welcome the closing of the harbour of Amel.")
    assert not quotations("Welcome to the harbour of Amel, my friends.")


def test_a_profiles_long_list_is_quoted_from_its_beginning():
    (one,) = quotations("Political parties: " + " ".join(f"Salt League {n} or SL" for n in range(40)))

    assert one.text.startswith("Political parties: Salt League 0 or SL")
    assert one.text.endswith(MARK)
    assert one.words <= LONG + 1


def test_whose_words_are_quoted_is_said_and_they_stand_without_the_marks():
    first, second = quotations("Sen. Ada Lind: “We closed the harbour of Amel. The traders of Amel left in May.”")

    assert (first.speaker, first.text) == ("Sen. Ada Lind", "We closed the harbour of Amel.")
    assert (second.speaker, second.text) == ("Sen. Ada Lind", "The traders of Amel left in May.")


@pytest.mark.parametrize(
    "text",
    [
        "Lind said: “The harbour of Amel was closed in May. The traders of Amel left by ship. Nobody came to Amel again.”",
        "The traders of Amel left by ship. Nobody came to Amel again,” said Ada Lind.",
        'She said "the harbour of Amel was closed in May. The traders of Amel left by ship at once."',
    ],
)
def test_no_part_of_somebodys_words_stands_without_whose_they_are(text):
    assert quotations(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "MAKING PORTS SAFE AGAIN: The council closed the harbour of Amel.",
        "PUTTING AMEL FIRST: The council closed the harbour of Amel.",
        "**Making Ports Safe:** The council closed the harbour of Amel.",
    ],
)
def test_a_heading_is_nobody_and_is_left_out_with_a_mark(text):
    (quotation,) = quotations(text)

    assert (quotation.speaker, quotation.text) == ("", f"{MARK} The council closed the harbour of Amel.")


@pytest.mark.parametrize(
    "text",
    [
        "The council **closed the harbour** of Amel in May.",
        "The council closed [LINK: the harbour] of Amel in May.",
        "The council closed the harbour (see https://amel.example/) of Amel.",
    ],
)
def test_no_marks_of_how_a_text_is_set_are_quoted(text):
    assert quotations(text) == []


def test_what_goes_on_from_a_heading_opens_with_a_mark():
    (quotation,) = quotations("since the siege of Amel the council has closed the harbour.")

    assert quotation.text == f"{MARK} since the siege of Amel the council has closed the harbour."


def test_no_opening_is_cut_within():
    (quotation,) = quotations("As a result of the siege, the council of Amel closed the harbour.")

    assert quotation.text == "As a result of the siege, the council of Amel closed the harbour."
