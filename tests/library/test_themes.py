"""Issues that are found in a text by their names and by an editor's words."""

import pytest

from broadsheet.library import policy
from broadsheet.library.themes import Themes, phrases_of

THEMES = Themes(
    {
        "water": phrases_of("Water", "water rights\nNile dam\nGERD\n\n  \n"),
        "human-rights": phrases_of("Human Rights & Law", "torture"),
    }
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Water rights along the Nile.", ["issue:water"]),
        ("Nile dams, and the GERD.", ["issue:water", "issue:water"]),
        ("Of human rights and law, and of torture.", ["issue:human-rights", "issue:human-rights"]),
        ("\u0130n \u0130zmir the GERD and torture", ["issue:water", "issue:human-rights"]),
        ("In hot water, with backwater rightsholders, gerd and tortured.", []),
    ],
)
def test_whole_phrases_are_found_and_a_name_of_one_word_is_not(text, found):
    assert [mention.key for mention in THEMES.find(text)] == found


@pytest.mark.parametrize("before", ["Of the ", "In \u0130zmir and \u0130stanbul, of the "])
def test_a_mention_stands_where_it_was_said(before):
    text = f"{before}NILE DAM."
    (mention,) = THEMES.find(text)

    assert text[mention.start : mention.end] == "NILE DAM"


@pytest.mark.parametrize(("weight", "words", "on"), [(4, 900, True), (3, 900, False), (4, 1334, False), (9, 3000, True)])
def test_an_article_is_on_an_issue_that_it_names_often(weight, words, on):
    assert policy.is_on(weight, words=words) is on
