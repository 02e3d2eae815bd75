"""A researcher is told of what comes out, ends that with one click, and builds a list that others read and cite."""

import io
import re
from datetime import timedelta
from html import unescape
from zipfile import ZipFile

import pytest
from django.core import mail

from broadsheet.library import queries
from broadsheet.library.actions.gleaning import glean_new
from broadsheet.library.catching_up import catch_up
from broadsheet.library.models import Alert, Collection
from broadsheet.newsroom.models import Article
from broadsheet.press.actions import press
from tests import cast, make
from tests.journeys.conftest import AT, FREE, PAID
from tests.leaks.door import Browser

SEARCHED = "The reservoir beyond the border was filled by night."


@pytest.fixture
def sada(house, settings, tmp_path):
    settings.STATE = tmp_path
    yield Browser(house.gate, cookies={"session": cast.session_of(cast.sada(AT))})
    queries._reader.cache_clear()


@pytest.fixture
def publish(house, frozen):
    """What an editor does, and what some seconds bring."""

    def out(headline: str, *, hours: int) -> Article:
        at = AT + timedelta(hours=hours)
        frozen.move_to(at)
        article = make.article(headline=headline, body=[FREE, f"{SEARCHED} {PAID}"], audience="members", at=at)
        press(article.pk, at=at)
        glean_new(at=at)
        catch_up()
        queries._reader.cache_clear()  # a third of a second later it would look by itself
        house.settle()
        return article

    return out


def test_a_researcher_is_told_of_what_a_search_finds_anew_until_one_click_ends_it(sada, visitor, publish):
    publish("The first dam", hours=0)
    found = sada.get("/search/?q=reservoir+border")
    assert "The first dam" in found.text
    assert "The first dam" not in visitor.get("/search/?q=reservoir+border").text  # it stands beyond the wall
    button = re.search(r'name="search" value="([^"]+)"', found.text)
    assert button

    saved = sada.post("/account/alerts/", {"search": unescape(button[1])})
    assert saved.status == 303
    sada.post("/account/alerts/", {"alert": str(Alert.objects.get().pk), "do": "save", "often": "at once"})
    mail.outbox.clear()

    publish("The second dam", hours=1)
    (told,) = mail.outbox
    assert ("The second dam" in told.body, "The first dam" in told.body, SEARCHED in told.body) == (True, False, False)

    ways = re.findall(r"<http://testserver(/[^>]+)>", told.extra_headers["List-Unsubscribe"])
    ended = visitor.post(ways[0], {"List-Unsubscribe": "One-Click"})  # no login: the mail program posts by itself
    assert ended.status == 200

    publish("The third dam", hours=2)
    assert len(mail.outbox) == 1


def test_a_researcher_builds_a_list_takes_it_along_and_others_cite_it(sada, visitor, publish):
    first, second = publish("The first dam", hours=0), publish("The second dam", hours=1)
    sada.post("/account/reading-list/", {"later": str(first.pk)})
    assert "The first dam" in sada.get("/account/reading-list/").text

    made = sada.post("/account/collections/", {"title": "Of dams", "add": str(second.pk)})["Location"].partition("?")[0]
    sada.post(made, {"add": str(first.pk)})
    sada.post(made, {"move": f"{first.pk} 0"})
    sada.post(made, {"share": "yes"})
    shared = f"/collections/{Collection.objects.get().token}/"

    titles = re.findall(r"TI  - (.+?)\r", visitor.get(f"{shared}cite/ris/").text)
    assert titles == ["The first dam", "The second dam"]
    assert "The first dam" in visitor.get(f"{shared}cite/chicago/").text
    assert SEARCHED in sada.get(f"{made}epub/").text
    assert SEARCHED not in visitor.get(f"{shared}epub/").text
    assert ZipFile(io.BytesIO(visitor.get(f"{shared}epub/").plain)).testzip() is None
