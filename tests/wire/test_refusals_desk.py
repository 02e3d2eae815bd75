"""The desk of what is to stand nowhere here: one piece goes at once, and of a whole site it is asked once more."""

import pytest
import time_machine
from selectolax.lexbor import LexborHTMLParser

from broadsheet.wire.models import Item, Refusal
from tests import cast, make
from tests.wire import stories

pytestmark = pytest.mark.django_db
REFUSALS = "/admin/wire/refusals/"


@pytest.fixture(autouse=True)
def house(db, at):
    make.publication(at=at)
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def desk(at):
    """Edda's browser."""
    return cast.log_in(cast.edda(at))


@pytest.fixture(autouse=True)
def told():
    story = stories.story("The dam", outlets=())
    for number, outlet in enumerate(("Ada’s page", "Bo’s page")):
        stories.item(story, "The dam", outlet=outlet, link=f"https://{number}.pages.example/dam")
    return story


def said(answer):
    return " ".join(LexborHTMLParser(answer.content.decode()).css_first("main").text().split())


def test_of_a_whole_site_it_is_asked_once_more_with_what_would_go(desk):
    asked = desk.post(REFUSALS, {"address": "pages.example", "reason": "They asked."})

    assert "Now it would take down: 2 pieces of the wire. Of 2 outlets: Ada’s page, Bo’s page." in said(asked)
    assert (Refusal.objects.count(), Item.objects.count()) == (0, 2)

    desk.post(REFUSALS, {"address": "pages.example", "reason": "They asked.", "sure": "pages.example"})
    assert (Refusal.objects.get().reason, Item.objects.count()) == ("They asked.", 0)


def test_who_was_sure_of_one_site_is_not_of_another(desk):
    desk.post(REFUSALS, {"address": "example.example", "sure": "pages.example"})

    assert not Refusal.objects.exists()


def test_one_piece_goes_at_once(desk):
    answer = desk.post(REFUSALS, {"address": "https://0.pages.example/dam"}, follow=True)

    assert "Taken down: 1 piece of the wire." in said(answer)


@pytest.mark.parametrize("address", ["co.uk", "https://pages.example/" + "x" * 600])
def test_what_cannot_be_refused_is_answered_with_a_sentence(desk, address):
    answer = desk.post(REFUSALS, {"address": address})

    assert (answer.status_code, Refusal.objects.count()) == (422, 0)
