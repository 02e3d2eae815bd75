"""Whatever an editor pastes: its feeds, or what to do."""

from datetime import UTC, datetime

import pytest

from broadsheet.wire.fetched import Limits
from broadsheet.wire.fetching import Fetcher
from broadsheet.wire.finding import USUAL_PATHS, FoundFeed, NothingFound, find
from tests.outlets import answer, dripping, feed, moved, silent

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def found(outlet, readers):
    def find_it(pasted, *, resolve=lambda *_: ["127.0.0.1"]):
        doors = frozenset({outlet.door, f"courier.example:{outlet.port}"})
        fetcher = Fetcher("post@review.example", limits=Limits(seconds=1), allowed=doors, resolve=resolve)
        return find(pasted, fetcher=fetcher, readers=readers, at=AT)

    return find_it


def page(*links):
    head = "".join(f'<link rel="alternate" type="application/rss+xml" title="{title}" href="{href}">' for title, href in links)
    return answer(f"<!DOCTYPE html><html><head>{head}</head><body>News</body></html>", content_type="text/html")


@pytest.mark.parametrize("scheme", ["http://", "", "feed://", "feed:http://", "  http://", "Feed://"])
def test_a_feeds_address_is_that_feed(outlet, found, scheme):
    outlet.says["/feed"] = feed("a", "b")
    address = f"http://courier.example:{outlet.port}/feed"

    assert found(scheme + address.removeprefix("http://")) == (FoundFeed(address, "The Courier", "rss20", 2),)


@pytest.mark.parametrize(("status", "kept"), [(301, "/feed"), (302, "/old")])
def test_a_feed_is_asked_for_where_it_has_moved_for_good(outlet, found, status, kept):
    outlet.says |= {"/old": moved("/feed", status=status), "/feed": feed("a")}

    assert [each.address for each in found(outlet.at("/old"))] == [outlet.at(kept)]


def test_a_page_names_its_feeds_and_those_that_are_none_are_left_out(outlet, found):
    outlet.says |= {
        "/": page(
            ("World", "/world"), ("Gone", "/gone"), ("Page", "/"), ("Africa", "/africa"), ("World again", "/world/?utm_source=a")
        ),
        "/world": feed("a", "b", outlet="The Courier: World"),
        "/world/": feed("a", "b", outlet="The Courier: World"),
        "/africa": feed("a", outlet=""),
    }

    assert found(outlet.at("/")) == (
        FoundFeed(outlet.at("/world"), "The Courier: World", "rss20", 2),
        FoundFeed(outlet.at("/africa"), "Africa", "rss20", 1),
    )


def test_where_the_page_names_none_the_usual_addresses_are_tried_once_each(outlet, found):
    outlet.says |= {"/news/": page(), "/atom.xml": feed("a", outlet="")}

    assert found(outlet.at("/news/")) == (FoundFeed(outlet.at("/atom.xml"), "127.0.0.1", "rss20", 1),)
    assert sorted(asked.path for asked in outlet.asked) == sorted(["/news/", *USUAL_PATHS])


@pytest.mark.parametrize(
    ("says", "sentence"),
    [
        (page(), "It is a web page. Give that page's address to have its feeds looked for. No feed is named there, and"),
        (page(("News", "/gone")), "The page names feeds, but none of them can be read."),
        (answer(status=404), "There is nothing at this address (404)."),
        (answer("<opml/>"), "It is a list of feeds (OPML)."),
        (silent, "It took longer than 1 seconds."),
        (dripping, "It took longer than 1 seconds."),
    ],
)
def test_where_there_is_none_a_sentence_says_what_to_do(outlet, found, says, sentence):
    outlet.says["/"] = says

    with pytest.raises(NothingFound) as told:
        found(outlet.at("/"))

    assert str(told.value).startswith(sentence)


@pytest.mark.parametrize("pasted", ["", "   ", "The Courier", "file:///etc/hosts", "mailto:post@courier.example", "http://"])
def test_what_is_no_address_is_said_to_be_none(outlet, found, pasted):
    with pytest.raises(NothingFound, match="address"):
        found(pasted)

    assert outlet.asked == []


def test_a_page_may_not_name_feeds_within_the_house(outlet, found):
    """The page's own host is vouched for; what it names is judged by itself."""
    outlet.says["/"] = page(("Within", f"http://localhost:{outlet.port}/within"))
    outlet.says["/within"] = feed("a")

    with pytest.raises(NothingFound):
        found(f"http://courier.example:{outlet.port}/")

    assert "localhost" not in {asked.headers["host"].partition(":")[0] for asked in outlet.asked}
