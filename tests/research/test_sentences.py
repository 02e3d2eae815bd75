"""A paragraph falls into its sentences, each as it stands there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.research.sentences import goes_on, sentences


@pytest.mark.parametrize(
    ("paragraph", "parts"),
    [
        ("It rained. It poured.", ["It rained.", "It poured."]),
        ("Mr. Okoro met Dr. Lind. They agreed.", ["Mr. Okoro met Dr. Lind.", "They agreed."]),
        ("J. K. Adeyemi spoke first. Others followed.", ["J. K. Adeyemi spoke first.", "Others followed."]),
        ("The U.S. Senate voted. It passed.", ["The U.S. Senate voted.", "It passed."]),
        ("They live in the U.S. Many came late.", ["They live in the U.S.", "Many came late."]),
        ("See No. 4 of the list. Then stop.", ["See No. 4 of the list.", "Then stop."]),
        ("Asked again, she said no. He left.", ["Asked again, she said no.", "He left."]),
        ("Growth was 3.5 per cent. Prices fell.", ["Growth was 3.5 per cent.", "Prices fell."]),
        ("“We will stay.” He sat down.", ["“We will stay.”", "He sat down."]),
        ("Who knows? Nobody does! So be it.", ["Who knows?", "Nobody does!", "So be it."]),
        (
            "It ended (so he said. Others differ) in May. Then it began.",
            ["It ended (so he said. Others differ) in May.", "Then it began."],
        ),
        ("On Jan. 5 they met. On Feb. 6 they parted.", ["On Jan. 5 they met.", "On Feb. 6 they parted."]),
        ("1. The first point is peace. Others follow.", ["The first point is peace.", "Others follow."]),
        ("• Ports reopen in June.", ["Ports reopen in June."]),
        ("no end at all", ["no end at all"]),
        ("", []),
    ],
)
def test_a_paragraph_falls_into_its_sentences(paragraph, parts):
    assert [one.text for one in sentences(paragraph)] == parts


@pytest.mark.parametrize(
    ("paragraph", "speaker", "text"),
    [
        ("PRIME MINISTER: We agreed on ports.", "PRIME MINISTER", "We agreed on ports."),
        ("MR O'NEILL: Not yet.", "MR O'NEILL", "Not yet."),
        ("Q: Will it hold?", "Q", "Will it hold?"),
        ("Q To put a pin in it.", "Q", "To put a pin in it."),
        ("Q. Sir, on Amel.", "Q", "Sir, on Amel."),
        ("PRESIDENT NIINISTÖ: Not yet.", "PRESIDENT NIINISTÖ", "Not yet."),
        ("MR. McGURK: Not yet.", "MR. McGURK", "Not yet."),
        ("Prime Minister Lind: Not yet.", "Prime Minister Lind", "Not yet."),
        ("Mr. Lind: Not yet.", "Mr. Lind", "Not yet."),
        ("MAKING PORTS SAFE: The council met.", "", "MAKING PORTS SAFE: The council met."),
        ("MINISTER FOR TRADE AND PORTS: The council met.", "MINISTER FOR TRADE AND PORTS", "The council met."),
        ("PAUL KEATING: The council met.", "PAUL KEATING", "The council met."),
        ("KEATING: The council met.", "KEATING", "The council met."),
        ("Q fever is back.", "", "Q fever is back."),
        ("Sen. Ada Lind: “We welcome it.”", "Sen. Ada Lind", "We welcome it."),
        ("G7 Leaders: “We welcome it.”", "G7 Leaders", "We welcome it."),
        ("On Amel: “We welcome it.”", "", "On Amel: “We welcome it.”"),
        ("Mali War: Two soldiers are killed.", "", "Mali War: Two soldiers are killed."),
        ("Population: 24 million.", "", "Population: 24 million."),
        ("THE PRICE OF GRAIN: The council met.", "", "The council met."),
        ("PORTS WORKING ORDER: The council met.", "PORTS WORKING ORDER", "The council met."),
        ("HARBOURS WORK: The council says that harbours grew.", "", "The council says that harbours grew."),
        ("STATE OF THE PORTS: The council met.", "", "The council met."),
        ("THE VICE PRESIDENT: The council met.", "THE VICE PRESIDENT", "The council met."),
        ("HEAD OF NAVY: The council met.", "HEAD OF NAVY", "The council met."),
        ("BISHOP LIND: A bishop must say so.", "BISHOP LIND", "A bishop must say so."),
        ("BILL LIND: The bill fell.", "BILL LIND", "The bill fell."),
        ("HARBOURS: All harbours grew.", "HARBOURS", "All harbours grew."),
        ("✅ PORTS KEPT: The council met.", "", "PORTS KEPT: The council met."),
        ("✔️ The council met.", "", "The council met."),
        ("Military - note: the council guards the ports.", "", "the council guards the ports."),
        ("note 2: the council guards the ports.", "", "the council guards the ports."),
        ("Two ports - note: they are shut.", "", "Two ports - note: they are shut."),
    ],
)
def test_a_transcript_says_whose_words_they_are(paragraph, speaker, text):
    (sentence,) = sentences(paragraph)

    assert (sentence.speaker, sentence.text) == (speaker, text)


def test_who_spoke_before_goes_on():
    (sentence,) = sentences("And we shall sign it.", speaker="PRESIDENT")

    assert sentence.speaker == "PRESIDENT"


@pytest.mark.parametrize(
    ("paragraph", "after"),
    [
        ("And then.", "PRESIDENT"),
        ("MR. LIND: No.", "MR. LIND"),
        ("Q Why?", "Q"),
        ("Sen. Ada Lind: “We welcome it.”", "PRESIDENT"),
    ],
)
def test_who_is_quoted_in_one_paragraph_does_not_go_on_in_the_next(paragraph, after):
    assert goes_on(paragraph, "PRESIDENT") == after


@pytest.mark.parametrize(
    ("paragraph", "asked"), [("JOURNALIST: I wonder about ports.", True), ("Why now?", True), ("Now.", False)]
)
def test_a_question_answers_nothing(paragraph, asked):
    assert sentences(paragraph)[0].is_asked is asked


@given(st.text(alphabet='aA. !?"”(…1U.S', max_size=80))
def test_every_sentence_stands_in_its_paragraph_to_the_letter(paragraph):
    found = sentences(paragraph)

    assert all(paragraph[one.start :].startswith(one.text) for one in found)
    assert [one.start for one in found] == sorted({one.start for one in found})


@pytest.mark.parametrize("letters", ["A.'", "A, ", "!", "(", "“", "A. ", "… "])
def test_letters_that_a_scanner_saw_are_read_in_one_go(letters):
    """What needed a hundred steps for ten letters would not end here."""
    paragraph = letters * 2_000 + "a"

    assert all(one.text in paragraph for one in sentences(paragraph))


@pytest.mark.parametrize("text", ["I'm wondering if the pact still holds.", "And could you tell us what is in it."])
def test_who_wonders_asks(text):
    assert sentences(text)[0].is_asked
