"""What is asked of the wire's desk, by the address of its page."""

import pytest

from broadsheet.wire import asked
from broadsheet.wire.asked import Asked, Below, Shelf, Sort


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ({}, Asked()),
        ({"region": "africa", "country": "KE", "issue": "water"}, Asked(region="africa", country="KE", issue="water")),
        ({"q": "  the  dam "}, Asked(words="the dam")),
        ({"unseen": "yes", "ours": "yes"}, Asked(unseen=True, ours=True)),
        ({"sort": "newest", "shelf": "aside"}, Asked(sort=Sort.NEWEST, shelf=Shelf.ASIDE)),
        ({"below": "41000.1234567891_17"}, Asked(below=Below(41000.1234567891, 17))),
        ({"region": "a b", "country": "'", "language": "x" * 200, "issue": "ж"}, Asked()),
        ({"sort": "x", "shelf": "x", "unseen": "1", "ours": "no"}, Asked()),
        ({"below": "nan_1"}, Asked()),
        ({"below": "1_" + "9" * 40}, Asked()),
        ({"sort": "newest", "below": "1772438400.5_3"}, Asked(sort=Sort.NEWEST, below=Below(1772438400.5, 3))),
        ({"sort": "newest", "below": "999999999999_1"}, Asked(sort=Sort.NEWEST)),
        ({"sort": "newest", "below": "-999999999999_1"}, Asked(sort=Sort.NEWEST)),
        ({"q": "\0" + "x" * 500}, Asked(words="x" * 200)),
    ],
)
def test_whatever_an_address_says_asks_something(said, means):
    assert asked.read(said) == means


@pytest.mark.parametrize(
    "one",
    [
        Asked(),
        Asked(region="africa", words="a & b = c", unseen=True, sort=Sort.NEWEST),
        Asked(language="sw", ours=True, shelf=Shelf.ASIDE, below=Below(0.1 + 0.2, 3)),
    ],
)
def test_an_address_says_all_that_was_asked(one):
    from_address = dict(pair.split("=") for pair in one.parameters.split("&") if pair)

    assert asked.read({name: asked_for(value) for name, value in from_address.items()}) == one


def asked_for(value):
    return value.replace("+", " ").replace("%26", "&").replace("%3D", "=")


@pytest.mark.parametrize("said", ["0", "-1", "", "x", "²", "9" * 30, "1.5"])
def test_what_no_row_could_have_as_its_number_is_none(said):
    assert asked.number(said) == 0
