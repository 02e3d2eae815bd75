from datetime import date

import pytest

from broadsheet.library.for_the_wire import subjects_of
from broadsheet.wire import recognising
from broadsheet.wire.recognising import Written
from tests import make

pytestmark = pytest.mark.django_db

ON = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def desk():
    africa, europe = make.region("Africa"), make.region("Europe")
    make.country("Kenya", code="KE", regions=[africa])
    make.country("Mali", code="ML", regions=[africa])
    make.country("Guinea-Bissau", code="GW", regions=[africa])
    make.country("Guinea", code="GN", regions=[africa])
    make.country("Germany", code="DE", regions=[europe])
    make.issue("Water rights")


def of(title, summary="", language="en"):
    return subjects_of([Written(title, summary, language, ON)])[0]


def test_countries_come_with_their_regions_the_one_most_named_first():
    assert of("Kenya signs with Germany", "Kenyan officials said so.") == (
        "country:KE",
        "country:DE",
        "region:africa",
        "region:europe",
    )


def test_issues_are_found_by_the_desk_s_own_words():
    assert of("Two farmers and their water rights") == ("issue:water-rights",)


def test_a_country_that_the_desk_has_not_is_none():
    assert of("Chad votes") == ()


@pytest.mark.parametrize(
    ("title", "language", "found"),
    [
        ("Deutschland und Kenia einigen sich", "de-DE", {"country:DE", "country:KE"}),
        ("Le Kenya renonce", "fr", {"country:KE"}),
        ("Guinea-Bisáu vota", "es", {"country:GW"}),
        ("كينيا توقع اتفاقا مع ألمانيا", "ar", {"country:KE", "country:DE"}),
        ("ドイツとケニアが合意", "ja", {"country:DE", "country:KE"}),
        ("Um mal menor", "pt", set()),
        ("Kenya", "xx-unknown", set()),
    ],
)
def test_of_other_languages_countries_are_found_by_their_names_there(title, language, found):
    assert {subject for subject in of(title, language=language) if subject.startswith("country:")} == found


def test_the_wire_asks_the_library():
    assert recognising.subjects_of([Written("Mali waits", "", "", ON)]) == [("country:ML", "region:africa")]
