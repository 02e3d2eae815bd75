"""Figures, years and denials that do not agree are set side by side; what only sounds alike is not."""

from datetime import date

import pytest

from broadsheet.research.differences import Kind, differences
from broadsheet.research.quoting import Quotation
from tests.research import make

MAY, JUNE, LATER = date(2015, 5, 4), date(2015, 6, 4), date(2020, 5, 4)


def told(text, on=MAY):
    return Quotation(text, make.source(on=on), 0, 0, len(text))


@pytest.mark.parametrize(
    ("one", "other", "on", "kind"),
    [
        ("The Amel treaty was signed by 14 countries.", "The Amel treaty was signed by 17 countries.", JUNE, Kind.DISAGREE),
        ("The port of Amel employs two thousand dockers.", "The port of Amel employs 2,400 dockers.", LATER, Kind.CHANGED),
        ("Grain aid to Amel came to $40 million.", "Grain aid to Amel came to $65 million.", LATER, Kind.CHANGED),
        ("Amel treaty talks in Ormen ended in 1975.", "Amel treaty talks in Ormen ended in 1977.", JUNE, Kind.DISAGREE),
        ("The union of Amel will join the Ormen pact.", "The union of Amel will not join the Ormen pact.", JUNE, Kind.DISAGREE),
    ],
)
def test_they_differ(one, other, on, kind):
    (difference,) = differences([told(one), told(other, on)])

    assert difference.kind is kind
    assert difference.older.dated_on < difference.newer.dated_on


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Amel treaty was signed by 14 countries.", "The Amel treaty was signed by fourteen states, 14 countries in all."),
        ("The Amel treaty was signed by 14 countries.", "The Ormen pact on fishing was joined by 17 countries."),
        ("The Amel treaty was signed by 14 countries.", "The Amel treaty was signed on 17 May."),
        ("Talks in Ormen ended in 1975 over ports.", "The war over the salt flats ended in 1977 with a truce."),
        ("The union of Amel will join the Ormen pact.", "Traders of Amel do not trust the salt market."),
    ],
)
def test_they_do_not(one, other):
    assert differences([told(one), told(other, JUNE)]) == []


def test_an_article_does_not_contradict_itself():
    own = make.source()
    texts = ["The Amel treaty was signed by 14 countries.", "The Amel treaty was signed by 17 countries."]

    assert differences([Quotation(text, own, n, 0, len(text)) for n, text in enumerate(texts)]) == []
