"""The doors of the demo's foreign press: polite as feeds of the world outside are, and down as they are."""

from datetime import timedelta

import pytest
import time_machine
from django.http import Http404

from broadsheet.config.demo import outlets as doors
from broadsheet.config.demo.foreign_press import outlets, told
from broadsheet.config.demo.roundups import roundups
from broadsheet.kit import clock
from broadsheet.wire.reading.discovery import feeds_named_in
from broadsheet.wire.reading.opml import read_outlines

HALYARD = "halyard"


@pytest.fixture(autouse=True)
def fresh_demo(settings, tmp_path, at):
    """Begun at eight; `time` moves on from there."""
    settings.STATE = tmp_path
    with time_machine.travel(at, tick=False) as time:
        clock.has_moved()
        doors.first_start(at)
        yield time


def get(rf, slug, **headers):
    outlet = outlets()[slug]
    return doors.feed(rf.get(outlet.feed_path, headers=headers), slug, outlet.feed_path.rpartition("/")[2])


def test_the_first_start_stays_what_it_was(at):
    assert doors.first_start(at + timedelta(days=1)) == at


@pytest.mark.parametrize(
    ("slug", "kind"),
    [
        ("halyard", "application/rss+xml; charset=utf-8"),
        ("laterite", "application/rdf+xml; charset=utf-8"),
        ("diffatan", "application/atom+xml; charset=utf-8"),
        ("lentera", "application/feed+json"),
        ("rihtim", "application/xml; charset=utf-8"),
    ],
)
def test_a_feed_says_what_it_is(rf, slug, kind):
    answer = get(rf, slug)

    assert (answer.status_code, answer["Content-Type"]) == (200, kind)


def test_whoever_has_a_feed_already_is_told_so(rf):
    first = get(rf, HALYARD)

    assert get(rf, HALYARD, if_none_match=first["ETag"]).status_code == 304
    assert get(rf, HALYARD, if_modified_since=first["Last-Modified"]).status_code == 304


def test_a_feed_that_has_grown_is_sent(rf, fresh_demo):
    first = get(rf, HALYARD)
    fresh_demo.shift(timedelta(minutes=2))

    assert get(rf, HALYARD, if_none_match=first["ETag"]).status_code == 200
    assert get(rf, HALYARD, if_modified_since=first["Last-Modified"]).status_code == 200


@pytest.mark.parametrize(("minutes", "status"), [(0, 200), (19, 200), (20, 503), (23, 503), (24, 200), (51, 503)])
def test_one_server_is_down_for_some_minutes_of_each_half_hour(rf, fresh_demo, minutes, status):
    fresh_demo.shift(timedelta(minutes=minutes))

    assert get(rf, "charland").status_code == status


def test_a_server_that_is_down_says_when_to_come_again(rf, fresh_demo):
    fresh_demo.shift(timedelta(minutes=21))

    assert get(rf, "charland")["Retry-After"] == "180"


def test_a_feed_that_has_closed_is_gone_for_good(rf):
    assert get(rf, "idle-tonnage").status_code == 410


@pytest.mark.parametrize(("slug", "file"), [("nobody", "feed.xml"), ("halyard", "feed.json"), ("lentera", "feed.xml")])
def test_elsewhere_there_is_no_feed(rf, slug, file):
    with pytest.raises(Http404):
        doors.feed(rf.get("/"), slug, file)


def test_every_piece_has_a_page_and_it_says_that_it_is_invented(rf, fresh_demo):
    fresh_demo.shift(timedelta(hours=3))
    pages = {item.path: doors.page(rf.get(item.path), item.outlet, item.slug) for item in told()}
    without = [path for path, answer in pages.items() if "invented for the demonstration" not in answer.text]

    assert (len(pages), without) == (len(told()), [])


def test_what_a_roundup_picked_has_a_page(rf):
    for pick in (pick for roundup in roundups() for pick in roundup.picks):
        answer = doors.page(rf.get(pick.path), pick.outlet, pick.path.rstrip("/").rpartition("/")[2])
        assert pick.headline in answer.text


def test_what_is_ahead_has_no_page_yet(rf):
    ahead = next(item for item in told() if item.minutes > 0)

    with pytest.raises(Http404):
        doors.page(rf.get(ahead.path), ahead.outlet, ahead.slug)


def test_a_page_shows_subscribers_text_to_nobody(rf):
    item = next(item for item in told() if item.paid and item.text and item.minutes < 0)
    answer = doors.page(rf.get(item.path), item.outlet, item.slug)

    assert item.summary in answer.text
    assert item.text[0] not in answer.text


def test_a_page_runs_nothing_and_is_not_found_by_search_engines(rf):
    answer = doors.front(rf.get("/"), HALYARD)

    assert answer["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'"
    assert answer["X-Robots-Tag"] == "noindex"


def test_arabic_is_set_from_the_right(rf):
    assert 'lang="ar" dir="rtl"' in doors.front(rf.get("/"), "diffatan").text


def test_a_front_page_leads_to_its_feed(rf):
    outlet = outlets()["cuadernos"]
    page = doors.front(rf.get("/"), "cuadernos").content
    found = feeds_named_in(page, content_type="text/html", address=f"http://testserver{outlet.path}")

    assert [each.link for each in found if each.is_named] == [f"http://testserver{outlet.feed_path}"]


def test_all_of_them_can_be_had_as_one_list(rf):
    listed = read_outlines(doors.listed(rf.get("/outlets/feeds.opml")).content)

    assert listed.trouble == ""
    assert [outline.feed for outline in listed.feeds] == [f"http://testserver{each.feed_path}" for each in outlets().values()]
