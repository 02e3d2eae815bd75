"""Sources found at an address, brought in and given away as lists, and taken of the list to begin with."""

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django_tasks_db.models import DBTaskResult
from selectolax.lexbor import LexborHTMLParser
from wagtail.models import ModelLogEntry

from broadsheet.wire import starter
from broadsheet.wire.actions import listening
from broadsheet.wire.models import Source
from broadsheet.wire.reading.opml import Outline, read_outlines, write_outlines
from broadsheet.wire.tasks import find
from tests import cast, make
from tests.outlets import answer, feed

pytestmark = pytest.mark.django_db

ADD, LISTS, EXPORT = (f"/admin/wire/sources/{name}/" for name in ("add", "lists", "export"))
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def house(db, at):
    make.publication(at=at)
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def desk(at):
    """Edda's browser."""
    return cast.log_in(cast.edda(at))


@pytest.fixture
def worker():
    """Does what waits in the queue, as the worker does it."""

    def work():
        for errand in DBTaskResult.objects.ready().filter(queue_name="finding"):
            errand.claim("worker")
            errand.set_successful(find.call(*errand.args_kwargs["args"]))

    return work


@pytest.fixture
def vouched(outlet, settings):
    """An outlet on loopback that may be asked."""
    settings.WIRE_VOUCHED_FOR = [outlet.door]
    return outlet


def shown(page):
    return LexborHTMLParser(page.content.decode())


def said(page):
    return " ".join(shown(page).css_first("main").text().split())


def looked(desk, pasted, worker):
    """The page with what was found at what was pasted."""
    place = desk.post(ADD, {"address": pasted, "do": "look"})["Location"]
    worker()
    return place, desk.get(place)


def test_a_site_leads_to_its_feeds_and_those_that_are_ticked_are_listened_to(desk, vouched, worker, at):
    named = "".join(f"<link rel=alternate type=application/rss+xml href=/{name}>" for name in ("all", "sport"))
    vouched.says |= {"/": answer(f"<html><head>{named}</head></html>", content_type="text/html")}
    vouched.says |= {"/all": feed("a", "b", outlet="The Courier"), "/sport": feed("c", outlet="The Courier: Sport")}

    place, found = looked(desk, f"http://{vouched.door}", worker)
    assert "2 pieces in it now" in said(found)
    desk.post(place, {"take-0": "on", "name-0": "Courier", "folder": "Europe", "standing": "3", "listening": "listen"})

    [source] = Source.objects.all()
    assert (source.name, source.address, source.folder, source.standing) == ("Courier", vouched.at("/all"), "Europe", 3)
    assert source.listened_since == at
    assert list(ModelLogEntry.objects.values_list("label", "action")) == [("Courier", "wagtail.create")]


def test_while_the_worker_looks_the_page_comes_again_by_itself_and_not_for_ever(desk):
    place = desk.post(ADD, {"address": "gazette.test", "do": "look"})["Location"]

    assert shown(desk.get(place)).css_first("meta[http-equiv=refresh]").attributes["content"] == f"2; url={place}?looks=1"
    late = desk.get(f"{place}?looks=90")
    assert shown(late).css("meta[http-equiv=refresh]") == []
    assert "the worker is not running" in said(late)
    assert shown(late).css_first("[name=address]").attributes["value"] == "gazette.test"


@pytest.mark.parametrize("pasted", ["http://169.254.169.254/latest", "file:///etc/passwd", "no address at all", HOSTILE])
def test_where_nothing_may_be_found_a_sentence_says_so_and_what_was_pasted_stays(desk, worker, pasted):
    page = looked(desk, pasted, worker)[1]

    assert shown(page).css_first("[role=alert]").text().strip().endswith(".")
    assert shown(page).css_first("[name=address]").attributes["value"] == pasted
    assert HOSTILE not in page.content.decode()


def test_what_a_feed_calls_itself_acts_nowhere(desk, vouched, worker):
    vouched.says["/feed"] = feed("a", outlet="&lt;script&gt;alert(1)&lt;/script&gt; Courier")

    page = looked(desk, vouched.at("/feed"), worker)[1]

    assert "Courier" in said(page)
    assert HOSTILE not in page.content.decode()


def test_what_stands_on_the_list_already_is_not_offered_again(desk, vouched, worker, at):
    vouched.says["/feed"] = feed("a")
    listening.add(vouched.at("/feed"), name="My Courier", at=at)

    place, page = looked(desk, vouched.at("/feed"), worker)

    assert "My Courier is on the list already." in said(page)
    assert desk.post(place, {"take-0": "on", "standing": "2", "listening": "listen"}).status_code == 422
    assert Source.objects.count() == 1


def test_nothing_is_added_where_nothing_is_ticked(desk, vouched, worker):
    vouched.says["/feed"] = feed("a")
    place, _ = looked(desk, vouched.at("/feed"), worker)

    page = desk.post(place, {"name-0": "x", "standing": "2", "listening": "listen"})

    assert (page.status_code, "Tick a feed first." in said(page), Source.objects.count()) == (422, True, 0)


def test_a_search_that_failed_says_so(desk):
    place = desk.post(ADD, {"address": "gazette.test", "do": "look"})["Location"]
    DBTaskResult.objects.update(status="FAILED")

    assert "Looking there failed." in said(desk.get(place))


def test_only_a_search_can_be_looked_at(desk):
    assert desk.get(f"{ADD}00000000-0000-0000-0000-000000000000/").status_code == 404


def test_a_feed_is_listed_without_looking(desk):
    desk.post(ADD, {"address": "https://gazette.test/feed", "do": "as-it-is"})

    assert Source.objects.get().listened_since is not None


@pytest.mark.parametrize("pasted", ["gazette", "", "x" * 3_000])
def test_what_cannot_be_listed_is_said_and_stays_in_its_field(desk, pasted):
    page = desk.post(ADD, {"address": pasted, "do": "as-it-is"})

    assert page.status_code == 422
    assert shown(page).css_first("[name=address]").attributes.get("value") in (pasted, None)
    assert not Source.objects.exists()


# Lists


def brought_in(desk, body, *, listening="list"):
    upload = SimpleUploadedFile("sources.opml", body)
    return desk.post(LISTS, {"file": upload, "listening": listening, "do": "import"}, follow=True)


@pytest.mark.parametrize(("listening", "asked"), [("list", 0), ("listen", 2)])
def test_a_list_comes_in_and_is_listened_to_if_somebody_wants_it(desk, listening, asked):
    body = write_outlines("Press", [Outline("https://a.test/feed", "A"), Outline("https://b.test/feed", "B", "", ("Asia",))])

    page = brought_in(desk, body, listening=listening)

    assert "2 sources put on the list." in said(page)
    assert Source.objects.exclude(listened_since=None).count() == asked
    assert ModelLogEntry.objects.count() == 2


def test_it_is_said_what_was_known_and_what_could_not_be_had(desk, at):
    listening.add("https://a.test/feed", name="Mine", at=at)
    body = b'<opml version="2.0"><body><outline text="A" xmlUrl="https://a.test/feed"/><outline text="X" xmlUrl="file:///x"/></body></opml>'

    page = brought_in(desk, body)

    assert "0 sources put on the list. 1 was on it before. 1 of its feeds have no address on the web." in said(page)
    assert Source.objects.get().name == "Mine"


@pytest.mark.parametrize("body", [b"<html></html>", b"nonsense", b"x" * 5_100_000], ids=["page", "nonsense", "large"])
def test_what_is_no_list_is_refused_beside_its_field(desk, body):
    page = brought_in(desk, body)

    assert page.status_code == 422
    assert shown(page).css_first(".error-message").text().strip().endswith(".")
    assert not Source.objects.exists()


def test_the_list_goes_out_as_it_came_in_to_curators_too(at):
    said_by_others = 'Say "hi" & <b>go</b>'
    body = write_outlines("Press", [Outline("https://a.test/feed?x=1&y=2", said_by_others, "https://a.test/", ("Asia & more",))])
    listening.import_list(body, listening=False, at=at)

    page = cast.log_in(cast.carlo(at)).get(EXPORT)

    assert page["Content-Disposition"] == 'attachment; filename="sources.opml"'
    assert page["X-Content-Type-Options"] == "nosniff"
    assert read_outlines(page.content).feeds == read_outlines(body).feeds


def test_of_the_list_to_begin_with_whole_folders_are_listed_and_nobody_is_asked(desk):
    first, *rest = starter.folders()
    assert rest

    desk.post(LISTS, {"do": "starter", "folder": [first.name, "No such folder"]})

    assert Source.objects.count() == len(first.outlets)
    assert set(Source.objects.values_list("folder", "listened_since")) == {(first.name, None)}
    assert starter.folders()[0].known == len(first.outlets)


def test_a_list_comes_in_by_the_command_too(tmp_path, at):
    file = tmp_path / "press.opml"
    file.write_bytes(write_outlines("Press", [Outline("https://a.test/feed", "A")]))

    call_command("listen_to", str(file))
    call_command("listen_to", str(file), only_list=True)

    assert Source.objects.get().listened_since == at


def test_the_command_refuses_what_is_no_list(tmp_path):
    (tmp_path / "page.html").write_text("<html></html>")

    with pytest.raises(CommandError, match="no list of feeds"):
        call_command("listen_to", str(tmp_path / "page.html"))
    with pytest.raises(CommandError, match="nothing"):
        call_command("listen_to", str(tmp_path / "nothing.opml"))
