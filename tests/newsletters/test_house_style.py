"""What leads anywhere on our own site, and what the foot of an edition says of its publisher."""

import pytest

from broadsheet.access.terms import Cut
from broadsheet.newsletters.composing import compose
from broadsheet.newsletters.house_style import imprint_line, leads, typesetter
from broadsheet.newsroom.actions import take_back
from broadsheet.newsroom.models import HousePage
from broadsheet.press.actions import withdraw
from tests import make
from tests.newsletters import make as made

pytestmark = pytest.mark.django_db


@pytest.fixture
def dam(printed):
    return printed(headline="The dam", countries=[make.country("Kenya")])


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("/briefings/the-dam/", True),
        ("/countries/kenya/", True),
        ("/subscribe/", True),
        ("/imprint/", True),
        ("/briefings/another/", False),
        ("/countries/atlantis/", False),
        ("/nothing/", False),
        ("/nothing", False),
    ],
)
def test_whether_a_path_leads_anywhere(dam, at, path, there):
    assert leads(path, at=at) is there


def test_what_was_withdrawn_leads_nowhere(dam, at):
    take_back(dam, by=None, at=at)
    withdraw(dam.pk, at=at)

    assert not leads("/briefings/the-dam/", at=at)


def test_the_imprint_in_a_line():
    make.publication()
    HousePage.objects.filter(kind="imprint").update(
        body="<h2>Publisher</h2><p>The Press Ltd<br/>12 Press Lane<br/>Paris</p><p>x</p>"
    )

    assert imprint_line() == "The Press Ltd, 12 Press Lane, Paris"


def test_an_imprint_that_nobody_wrote_says_nothing():
    make.publication()

    assert imprint_line() == ""


def test_an_edition_of_this_house_has_no_flag(daily, dam, printed, at):
    edition = made.edition(daily, top=dam, articles=[printed("note")], preheader="A dam, and a note.", subject="The dam")

    assert typesetter(at=at)(compose(edition, at=at), Cut.PREVIEW).flags == ()
