"""Whom we listen to, and what is written down of how it went."""

from datetime import timedelta

import pytest

from broadsheet.wire.actions import listening
from broadsheet.wire.actions.taking import Taken
from broadsheet.wire.fetched import Fetched
from broadsheet.wire.models import Poll, Source
from broadsheet.wire.outcomes import Came, Failed, Unchanged
from broadsheet.wire.reading.opml import NotAList, Outline, read_outlines, write_outlines
from broadsheet.wire.reading.values import Feed

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ADDRESS = "https://gazette.test/feed"
NOTHING = Taken(0, 0)


@pytest.fixture
def gazette(at):
    return listening.add(ADDRESS, name="The Gazette", at=at)[0]


def written(source, outcome, *, at, taken=NOTHING, jitter=0.0):
    listening.write_down(source, outcome, taken, jitter=jitter, at=at)
    source.refresh_from_db()
    return source


def refused(status):
    return Failed(f"The server says {status}.", Fetched(status, ADDRESS, took=0.1))


def came(*, title="The Gazette", **answer):
    return Came(Feed("rss", title=title, link="https://gazette.test/"), Fetched(200, ADDRESS, **answer), digest="abc")


def test_a_source_is_on_the_list_once(gazette, at):
    again, is_new = listening.add("http://www.gazette.test/feed/?utm_source=x", name="Gazette again", at=at)

    assert not is_new
    assert again.pk == gazette.pk
    assert again.name == "The Gazette"


@pytest.mark.parametrize("address", ["", "gazette", "file:///etc/passwd", "javascript:alert(1)", "https://a:b@gazette.test/feed"])
def test_what_is_no_address_is_refused_with_what_to_do(at, address):
    with pytest.raises(listening.NoSuchAddress, match="https://"):
        listening.add(address, at=at)


def test_a_list_comes_in_once_and_out_as_it_was(at):
    body = write_outlines("Press", [Outline(ADDRESS, "The Gazette", "https://gazette.test/", ("Europe", "North"), "fr")])

    first = listening.import_list(body, listening=True, at=at)
    second = listening.import_list(body, listening=True, at=at)

    assert (first.added, first.known, second.added, second.known) == (1, 0, 0, 1)
    assert Source.objects.get().language == "fr"
    assert read_outlines(listening.export_list("Press")).feeds == read_outlines(body).feeds


def test_a_list_of_strangers_may_come_in_without_being_asked(at):
    body = write_outlines("Press", [Outline(ADDRESS, "The Gazette")])

    listening.import_list(body, listening=False, at=at)

    assert Source.objects.get().listened_since is None
    assert listening.due(at=at + DAY, most=9) == []


def test_a_thousand_sources_that_come_together_are_not_all_asked_in_one_second(at):
    body = write_outlines("Press", [Outline(f"https://outlet-{number}.test/feed", "") for number in range(100)])

    listening.import_list(body, listening=True, at=at)

    assert len(listening.due(at=at, most=999)) < 5
    assert len(listening.due(at=at + listening.FIRST_WITHIN, most=999)) == 100


def test_what_is_no_list_is_refused(at):
    with pytest.raises(NotAList):
        listening.import_list(b"<html></html>", listening=True, at=at)


def test_whoever_waited_longest_is_asked_first_and_told_what_it_said(gazette, at):
    written(gazette, came(etag='"v1"', last_modified="Mon, 02 Mar 2026 08:00:00 GMT"), at=at)
    herald, _ = listening.add("https://herald.test/feed", name="The Herald", at=at - HOUR)

    first, second = listening.due(at=at + DAY, most=9)

    assert (first.source, second.source) == (herald.pk, gazette.pk)
    assert (second.known.etag, second.known.last_modified, second.digest) == ('"v1"', "Mon, 02 Mar 2026 08:00:00 GMT", "abc")


def test_an_answer_is_written_down(gazette, at):
    written(gazette, came(took=0.25), at=at, taken=Taken(items=9, new=4))

    poll = Poll.objects.get()
    assert (poll.status, poll.took, poll.items, poll.new, poll.trouble) == (200, 250, 9, 4, "")
    assert (gazette.answered_at, gazette.new_at, gazette.failures) == (at, at, 0)
    assert at < gazette.next_at <= at + DAY


def test_failures_are_counted_from_the_first_and_end_with_an_answer(gazette, at):
    for hours in range(3):
        written(gazette, refused(404), at=at + hours * HOUR)

    assert (gazette.failures, gazette.failing_since, gazette.trouble) == (3, at, "The server says 404.")
    assert gazette.next_at > at + 2 * HOUR + timedelta(minutes=30)

    written(gazette, Unchanged(Fetched(304, ADDRESS), digest="abc"), at=at + DAY)

    assert (gazette.failures, gazette.failing_since) == (0, None)


def test_one_that_is_gone_is_not_asked_until_somebody_wants_it(gazette, at):
    written(gazette, refused(410), at=at)
    assert listening.due(at=at + 30 * DAY, most=9) == []

    listening.listen([gazette.pk], at=at + DAY)

    assert [due.source for due in listening.due(at=at + DAY, most=9)] == [gazette.pk]


def test_a_source_that_moved_for_good_is_asked_there(gazette, at):
    written(gazette, came(moved_to="https://news.gazette.test/rss"), at=at)

    assert gazette.address == "https://news.gazette.test/rss"
    assert not listening.add("https://news.gazette.test/rss", at=at)[1]


def test_a_source_that_moved_to_another_s_address_stays_where_it_was(gazette, at):
    listening.add("https://herald.test/feed", at=at)

    written(gazette, came(moved_to="https://herald.test/feed"), at=at)

    assert gazette.address == ADDRESS


def test_one_that_was_stopped_meanwhile_stays_so(gazette, at):
    listening.stop([gazette.pk])

    written(gazette, came(), at=at)

    assert gazette.next_at is None


def test_a_source_without_a_name_is_called_as_its_feed_is(at):
    source, _ = listening.add(ADDRESS, at=at)

    assert written(source, came(title="The Gazette of Lund"), at=at).name == "The Gazette of Lund"


def test_a_source_all_of_whose_pieces_are_too_old_says_so(gazette, at):
    written(gazette, came(), at=at, taken=Taken(items=0, new=0, old=17))

    assert "All 17 of its pieces are older" in gazette.trouble
    assert Poll.objects.get().trouble == gazette.trouble
