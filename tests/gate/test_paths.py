from datetime import date

import pytest

from broadsheet.access.terms import Audience
from broadsheet.access.visits import VISIT, VisitMarks
from broadsheet.gate.paths import as_location, canonical, is_crooked, readable
from tests.gate.pressroom import SECRETS, press, put


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("/", "/"),
        ("//", "/"),
        ("/briefings/a-river/", "/briefings/a-river/"),
        ("/briefings/a-river", "/briefings/a-river/"),
        ("/Briefings/A-River/", "/briefings/a-river/"),
        ("//briefings//a-river/", "/briefings/a-river/"),
        ("/briefings/./a-river/", "/briefings/a-river/"),
        ("/reports/../briefings/a-river/", "/briefings/a-river/"),
        ("/../../briefings/", "/briefings/"),
        ("/regions/africa/feed.rss", "/regions/africa/feed.rss"),
        ("/regions/africa/feed.rss/", "/regions/africa/feed.rss"),
        ("/sitemap.xml", "/sitemap.xml"),
    ],
)
def test_a_page_has_one_address(written, path):
    assert canonical(written) == path
    assert canonical(path) == path


@pytest.mark.parametrize("written", ["/a\x00b/", "/a\nb/", "/a\\b/", "/\xff/", "/a\u202eb/".encode().decode("latin-1")])
def test_a_path_that_nobody_could_have_meant_is_not_read(written):
    assert readable(written) is None


def test_a_path_is_read_as_utf_8():
    assert readable("/café/".encode().decode("latin-1")) == "/café/"


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/briefings/a river/", "/briefings/a%20river/"),
        ("/café/", "/caf%C3%A9/"),
        ("//evil.example/", "/evil.example/"),
        ("https://evil.example/", "/https://evil.example/"),
        ("/a/\r\nSet-Cookie: x=1", "/a/%0D%0ASet-Cookie:%20x=1"),
    ],
)
def test_a_redirect_stays_on_this_site(path, location):
    assert as_location(path) == location


@pytest.mark.parametrize("path", ["//", "/a//b/", "/a/../b/", "/./a/", "/a/.."])
def test_a_crooked_path_is_seen(path):
    assert is_crooked(path)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/briefings/a-river", ""),
        ("/BRIEFINGS/a-river/", ""),
        ("//briefings/a-river/", ""),
        ("/briefings/x/../a-river/", ""),  # as Granian hands on /briefings/x/%2e%2e/a-river/
        ("/briefings/a-river/", "utm_source=mail&utm_medium=x"),
        ("/briefings/a-river/", "preview=1"),
        ("/briefings/a-river/", "lang[]=en"),
    ],
)
def test_a_story_asked_for_otherwise_is_found_at_its_one_address(open_house, path, query):
    press("/briefings/a-river/", Audience.MEMBERS)

    response = open_house().browser.get(path, query=query)

    assert (response.status, response["Location"], response.body) == (301, "/briefings/a-river/", b"")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["//admin/", "/static/../secret", "/a\x00b/", "/\xff/", "/..", "/nobody//wrote/this/"])
def test_a_crooked_path_without_a_page_ends_at_the_gate(open_house, path):
    house = open_house()

    response = house.browser.get(path)

    assert (response.status, house.passed_on) == (404, [])


@pytest.mark.django_db(transaction=True)
def test_the_application_s_own_paths_keep_their_letters_and_their_query(open_house):
    house = open_house()

    house.browser.get("/join/link/AbC/", query="next=/briefings/")

    assert (house.passed_on[0]["PATH_INFO"], house.passed_on[0]["QUERY_STRING"]) == ("/join/link/AbC/", "next=/briefings/")


@pytest.mark.django_db(transaction=True)
def test_a_page_with_letters_beyond_ascii_is_found(open_house):
    press("/contributors/žižek/", Audience.OPEN)

    assert open_house().browser.get("/contributors/žižek/".encode().decode("latin-1")).text == "full"


@pytest.mark.django_db(transaction=True)
def test_a_moved_page_asked_for_crookedly_takes_one_step(open_house):
    put("/briefings/a-river/", moved_to="/briefings/a-brook/")

    assert open_house().browser.get("/briefings//A-River")["Location"] == "/briefings/a-brook/"


# From an edition

PATH = "/briefings/a-river/"
OPENED = {"HTTP_SEC_FETCH_DEST": "document"}
MARK = VisitMarks(SECRETS).parameter(newsletter=3, day=date(2026, 3, 2))


def test_a_visit_from_an_edition_is_counted_and_led_to_the_story_s_one_address(open_house):
    press(PATH, Audience.METERED)
    house = open_house()

    response = house.browser.get(PATH, query=f"utm_source=mail&{MARK}", **OPENED)

    assert (response.status, response["Location"], response["Cache-Control"]) == (301, PATH, "no-store")
    assert [(story, reader, reason) for story, reader, _, reason, _ in house.spool._waiting] == [("3-2026-03-02", None, VISIT)]


@pytest.mark.parametrize(
    ("query", "method", "headers"),
    [
        ("edition=3-2026-03-02", "GET", OPENED),
        ("edition=3-2026-03-02.AAAAAAAAAAAAAAAAAAAAAAAAAAA", "GET", OPENED),
        (f"x{MARK}", "GET", OPENED),
        (MARK, "HEAD", OPENED),
        (MARK, "GET", {}),
        (MARK, "GET", {"HTTP_SEC_FETCH_DEST": "image"}),
        (MARK, "GET", OPENED | {"HTTP_SEC_PURPOSE": "prefetch"}),
    ],
)
def test_what_nobody_opened_or_we_did_not_sign_is_not_counted_and_led_there_all_the_same(open_house, query, method, headers):
    press(PATH, Audience.METERED)
    house = open_house()

    response = house.browser.get(PATH, method=method, query=query, **headers)

    assert (response.status, response["Location"]) == (301, PATH)
    assert not house.spool._waiting
