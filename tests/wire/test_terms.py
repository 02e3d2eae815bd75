"""The words by which headlines are compared."""

import pytest

from broadsheet.wire.terms import is_year, numbers_in, terms_of


@pytest.mark.parametrize(
    ("text", "language", "terms"),
    [
        ("Soldiers seized the presidency", "en", ["soldier", "seiz", "presid"]),
        ("Soldiers seized the presidency", "", ["soldier", "seiz", "presid"]),  # many feeds say no language
        ("Les électeurs votent", "fr-FR", ["electeur", "votent"]),
        ("Wybory i wyborcy", "pl", ["wybory", "wyborcy"]),  # no stemmer: as they stand
        ("U.S. and E.U. agree", "en", ["us", "eu", "agre"]),
        ("首相辞任", "ja", ["首相", "相辞", "辞任"]),
        ("Quake of 7.1 kills 1,200 in 2026", "en", ["7.1", "1200", "2026", "quak", "kill"]),
        ("G20 and A380", "en", ["g20", "a380"]),
        ("\ud800 a & b", "en", []),
        ("", "en", []),
    ],
)
def test_terms_of(text, language, terms):
    assert list(terms_of(text, language)) == terms


def test_a_term_is_told_in_the_word_as_it_was_written():
    assert terms_of("Présidentielle à Dakar", "fr")["dakar"] == "dakar"
    assert "présidentielle" in terms_of("Présidentielle à Dakar", "fr").values()


def test_of_a_long_text_the_beginning_counts():
    assert len(terms_of(" ".join(f"word{n}x" for n in range(500)), "en")) == 60


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("7.1 and 7,1", ["7.1"]),
        ("1,000,000 are 1000000", ["1000000"]),
        ("Covid-19, iPhone6, 3rd", ["19"]),
        ("no number", []),
    ],
)
def test_numbers_in(text, numbers):
    assert list(numbers_in(text)) == numbers


@pytest.mark.parametrize(
    ("number", "year"), [("2026", True), ("1989", True), ("1200", False), ("20.26", False), ("20261", False)]
)
def test_is_year(number, year):
    assert is_year(number) is year
