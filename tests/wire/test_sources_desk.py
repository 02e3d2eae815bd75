"""The sources' desk: who may see and change whom we listen to, and what is done there."""

from datetime import timedelta

import pytest
import time_machine
from selectolax.lexbor import LexborHTMLParser
from wagtail.models import ModelLogEntry

from broadsheet.wire.actions import listening, tending
from broadsheet.wire.models import Carried, Item, Poll, Source, Story
from broadsheet.wire.tasks import remove_source
from tests import cast, make
from tests.wire import stories

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOURCES = "/admin/wire/sources/"
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
def curators_desk(at):
    return cast.log_in(cast.carlo(at))


@pytest.fixture
def gazette(at):
    return listening.add("https://gazette.test/feed", name="The Gazette", at=at)[0]


@pytest.fixture
def herald(at):
    return listening.add("https://herald.test/feed", name="The Herald", at=at)[0]


def shown(answer):
    return LexborHTMLParser(answer.content.decode())


def names(answer):
    return [link.text() for link in shown(answer).css("tbody th a")]


def said(answer):
    return " ".join(shown(answer).css_first("main").text().split())


def done():
    return list(ModelLogEntry.objects.order_by("pk").values_list("label", "action"))


def at_(source, rest=""):
    return f"{SOURCES}{source.pk}/{rest}"


def test_each_source_is_listed_with_a_word_and_a_sentence(desk, gazette, at):
    Source.objects.update(tried_at=at, failures=3, failing_since=at - DAY, trouble="It was slow.", new_at=at - 2 * HOUR)

    page = desk.get(SOURCES)

    assert names(page) == ["The Gazette"]
    assert shown(page).css_first(".sources-state").text() == "Failing"
    assert "Failed 3 times in a row since 1 March 2026. It was slow." in said(page)
    assert "gazette.test" in said(page)
    assert "2\xa0hours ago" in shown(page).css_first("tbody").text()


def test_the_list_is_narrowed_and_counted_by_how_they_fare(desk, gazette, herald, at):
    listening.stop([herald.pk])

    page = desk.get(SOURCES, {"state": "off"})

    assert names(page) == ["The Herald"]
    counted = [" ".join(link.text().split()) for link in shown(page).css(".sources-counts a")]
    assert {"All 2", "Not asked yet 1", "Not listened to 1"} <= set(counted)
    assert shown(page).css_first("[aria-current='page']").text().startswith("Not listened to")


def test_nobody_is_left_on_a_list_of_which_all_went_elsewhere(desk, gazette, herald):
    listening.stop([gazette.pk, herald.pk])
    one = desk.post(f"{SOURCES}?state=off&folder=-", {"do": "listen", "source": gazette.pk})
    both = desk.post(f"{SOURCES}?state=off&folder=-", {"do": "listen", "source": herald.pk})

    assert (one.headers["Location"], both.headers["Location"]) == (f"{SOURCES}?state=off&folder=-", f"{SOURCES}?folder=-")


def test_who_may_not_add_sources_is_told_who_may(curators_desk, desk, gazette):
    assert "takes an editor" in said(curators_desk.get(SOURCES))
    assert "takes an editor" not in said(desk.get(SOURCES))


@pytest.mark.parametrize(
    "query", ["state=nonsense", "p=999", "p=x", "by=%00", "folder=%3Cb%3E&words=%5C%22%27", "words=" + "x" * 9_000]
)
def test_whatever_is_asked_the_list_answers(desk, gazette, query):
    assert desk.get(f"{SOURCES}?{query}").status_code == 200


def test_five_hundred_sources_take_as_many_queries_as_five(desk, at, django_assert_num_queries):
    def listed(count):
        fields = {"standing": 2, "added_at": at, "listened_since": at}
        Source.objects.bulk_create(
            Source(name=f"Outlet {number}", address=f"https://{number}.test/", address_key=f"{count}-{number}", **fields)
            for number in range(count)
        )

    listed(5)
    desk.get(SOURCES)
    with django_assert_num_queries(999, exact=False) as few:
        desk.get(SOURCES)
    listed(500)
    with django_assert_num_queries(len(few.captured_queries)):
        page = desk.get(SOURCES)

    assert len(names(page)) == 100
    assert "505 sources. Page 1 of 6." in said(page)


def test_those_that_are_ticked_are_stopped_and_listened_to_again(desk, gazette, herald):
    desk.post(SOURCES, {"source": [gazette.pk], "do": "stop"})
    assert [source.listened_since is None for source in Source.objects.order_by("name")] == [True, False]

    page = desk.post(SOURCES, {"source": [gazette.pk], "do": "listen"}, follow=True)

    assert not Source.objects.filter(listened_since=None).exists()
    assert "Listening to one source" in said(page)
    assert done() == [("The Gazette", "wire.stop"), ("The Gazette", "wire.listen")]


def test_many_are_given_a_standing_and_a_folder(desk, gazette, herald):
    both = [gazette.pk, herald.pk]

    desk.post(SOURCES, {"source": both, "do": "standing", "standing": "3"})
    desk.post(SOURCES, {"source": both, "do": "folder", "folder": "Europe\x0b / North"})

    assert set(Source.objects.values_list("standing", "folder")) == {(3, "Europe / North")}


def test_all_that_the_list_is_narrowed_to_are_meant_on_every_page(desk, gazette, herald):
    desk.post(f"{SOURCES}?words=herald", {"all": "yes", "do": "stop"})

    assert list(Source.objects.filter(listened_since=None)) == [herald]


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"do": "stop"}, "tick a source first"),
        ({"do": "stop", "source": ["x", "-1", "9" * 30]}, "tick a source first"),
        ({"do": "explode", "source": [1]}, "none of the buttons"),
        ({"do": "standing", "standing": "9", "source": [1]}, "none of the buttons"),
        ({"source": [1]}, "none of the buttons"),
    ],
)
def test_what_no_button_sends_changes_nothing(desk, gazette, sent, sentence):
    page = desk.post(SOURCES, sent, follow=True)

    assert sentence in said(page)
    assert done() == []


def test_a_source_tells_how_it_was_asked_and_what_it_brought(desk, gazette, at):
    Poll.objects.create(source=gazette, at=at - HOUR, status=304, took=87)
    Poll.objects.create(source=gazette, at=at - 2 * HOUR, status=None, took=20_000, trouble="It took longer than 20 seconds.")
    stories.item(stories.story(outlets=()), "The dam is full", source=gazette)

    page = shown(desk.get(at_(gazette)))

    rows = [[cell.text() for cell in row.css("td")] for row in page.css("tbody tr")]
    assert rows == [
        ["2 Mar, 07:00", "304, unchanged", "87 ms", "0", "0", ""],
        ["2 Mar, 06:00", "none", "20000 ms", "0", "0", "It took longer than 20 seconds."],
    ]
    link = page.css_first(".sources-items a")
    assert link.text() == "The dam is full"
    assert (link.attributes["rel"], link.attributes["referrerpolicy"]) == ("noopener noreferrer nofollow", "no-referrer")


def test_what_a_feed_says_acts_nowhere(desk, gazette, at):
    fields = {
        "name": HOSTILE,
        "folder": HOSTILE,
        "site": "javascript:alert(1)",
        "trouble": HOSTILE,
        "failures": 1,
        "tried_at": at,
    }
    Source.objects.update(**fields)
    stories.item(stories.story(HOSTILE, outlets=()), HOSTILE, source=gazette, link="javascript:alert(2)")
    Poll.objects.create(source=gazette, at=at, status=200, took=1, trouble=HOSTILE)

    for page in (desk.get(SOURCES), desk.get(at_(gazette)), desk.get(at_(gazette, "delete/"))):
        assert HOSTILE not in page.content.decode()
        assert 'href="javascript' not in page.content.decode()


def test_it_is_changed_and_only_what_was_changed_is_written(desk, gazette):
    form = {"name": "The Gazette of Lund", "address": gazette.address, "folder": "", "standing": "3", "language": "sv-SE"}

    desk.post(at_(gazette), {**form, "paywalled": "true", "do": "save"})

    gazette.refresh_from_db()
    assert (gazette.name, gazette.standing, gazette.language, gazette.paywalled) == ("The Gazette of Lund", 3, "sv-SE", True)
    assert done() == [("The Gazette of Lund", "wagtail.edit")]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"address": "https://herald.test/feed"}, "“The Herald” has that address already."),
        ({"address": "javascript:alert(1)"}, "valid URL"),
        ({"language": "Swedish!"}, "Write it as en, fr or pt-BR."),
        ({"name": " "}, "required"),
        ({"standing": "9"}, "valid choice"),
    ],
)
def test_what_cannot_be_is_said_beside_it_and_what_was_typed_stays(desk, gazette, herald, typed, sentence):
    form = {"name": "Another", "address": gazette.address, "folder": "", "standing": "2", "language": "", "paywalled": "unknown"}

    page = desk.post(at_(gazette), {**form, **typed, "do": "save"})

    assert page.status_code == 422
    assert sentence in said(page)
    name, value = next(iter(typed.items()))
    assert shown(page).css_first(f"[name={name}]").attributes.get("value", value) == value
    assert not Source.objects.filter(name="Another").exists()


def test_one_that_is_asked_now_is_due_and_keeps_how_it_failed(desk, gazette, at):
    Source.objects.update(tried_at=at, failures=4, failing_since=at, gone_at=at, next_at=None, trouble="Gone.")

    page = desk.post(at_(gazette), {"do": "listen"}, follow=True)

    assert [due.source for due in listening.due(at=at, most=9)] == [gazette.pk]
    assert "Failed 4 times in a row" in said(page)


def test_deleting_says_what_goes_and_then_it_goes(desk, gazette, herald):
    item = stories.item(stories.story(outlets=()), source=gazette)
    Carried.objects.create(item=item, source=gazette)

    page = desk.get(at_(gazette, "delete/"))
    assert "With it goes 1 piece that no other source has, and 1 story made of it alone." in said(page)
    assert Source.objects.count() == 2

    desk.post(at_(gazette, "delete/"))

    assert list(Source.objects.all()) == [herald]
    assert not Item.objects.exists()
    assert not Story.objects.exists()
    assert done() == [("The Gazette", "wagtail.delete")]


def test_a_curator_sees_sources_and_finds_no_way_to_change_them(curators_desk, gazette):
    for address in (SOURCES, at_(gazette)):
        page = shown(curators_desk.get(address))
        assert page.css(".sources form[method=post]") == []
        assert page.css(".sources input[name=source]") == []


@pytest.mark.parametrize("verb", ["listen", "stop", "save", "standing", "folder"])
def test_a_curator_changes_nothing(curators_desk, gazette, verb):
    sent = {"do": verb, "source": [gazette.pk], "name": "Mine", "standing": "3", "folder": "Mine"}
    before = Source.objects.values().get()

    # Wagtail leads whoever may not do a thing back to the desk.
    assert curators_desk.post(SOURCES, sent)["Location"] == curators_desk.post(at_(gazette), sent)["Location"] == "/admin/"
    assert Source.objects.values().get() == before


def test_what_brought_much_is_deleted_by_the_worker(desk, gazette, at):
    told = stories.story(outlets=())
    one = stories.item(told, source=gazette)
    fields = {"source": gazette, "story": told, "title": "x", "link": one.link, "seen_at": at, "met_at": at, "sorted_at": at}
    Item.objects.bulk_create(Item(identity=str(number), **fields) for number in range(tending.AT_ONCE))
    answer = desk.post(at_(gazette, "delete/"), follow=True)

    assert "“The Gazette” is being deleted" in said(answer)
    assert Source.objects.get().listened_since is None
    remove_source.call(gazette.pk)
    remove_source.call(gazette.pk)
    assert (Source.objects.count(), Item.objects.count()) == (0, 0)


def test_a_curator_deletes_and_adds_nothing(curators_desk, gazette):
    for address in (at_(gazette, "delete/"), f"{SOURCES}add/", f"{SOURCES}lists/"):
        assert curators_desk.post(address, {"address": "https://new.test/feed", "do": "as-it-is"})["Location"] == "/admin/"

    assert list(Source.objects.all()) == [gazette]


def test_no_reader_sees_whom_we_listen_to(at, gazette):
    for browser in (cast.vera(), cast.log_in(cast.sada(at))):
        for address in (SOURCES, at_(gazette), f"{SOURCES}export/", f"{SOURCES}lists/", f"{SOURCES}add/"):
            assert "gazette" not in browser.get(address, follow=True).content.decode().lower()
