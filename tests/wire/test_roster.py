"""How many sources fare, as the desk lists them."""

from datetime import timedelta

import pytest

from broadsheet.wire.histories import history_of
from broadsheet.wire.models import Item, Source
from broadsheet.wire.pacing import Level, health
from broadsheet.wire.roster import BY_NAME, NO_FOLDER, OFF, Asked, lines_of, roster
from tests.wire import stories

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def press(at):
    """One of each kind, by its name."""
    made = {
        "Well": {"tried_at": at},
        "New": {},
        "Failing": {"tried_at": at, "failures": 4, "failing_since": at - DAY, "trouble": "It is slow."},
        "Faltering": {"tried_at": at, "failures": 1, "failing_since": at},
        "Gone": {"tried_at": at, "gone_at": at},
        "Asleep": {"tried_at": at, "new_at": at - 200 * DAY},
    }
    sources = {name: stories.source(name, listened_since=at - DAY, **fields) for name, fields in made.items()}
    return sources | {"Off": stories.source("Off", tried_at=at, failures=9, failing_since=at)}


@pytest.mark.parametrize(
    ("addresses", "sites"),
    [
        (("https://www.a.test/feed", "https://b.test/feed"), ["a.test", "b.test"]),
        (("https://a.test/world.xml", "https://www.a.test/feed?of=art"), ["a.test/world.xml", "a.test/feed?of=art"]),
        (("https://a.test/feed", "https://a.test/" + "x" * 200), ["a.test/feed", "a.test/" + "x" * 73 + "…"]),
    ],
)
def test_feeds_of_one_host_are_told_apart(at, addresses, sites):
    sources = [stories.source() for _ in addresses]
    for source, address in zip(sources, addresses, strict=True):
        source.address = address

    assert [line.site for line in lines_of(sources, at=at)] == sites


def names(found):
    return [source.name for source in found]


def test_trouble_comes_first(press, at):
    assert names(roster(Asked(), at=at).found) == ["Failing", "Gone", "Faltering", "Asleep", "New", "Well", "Off"]


def test_or_they_come_by_name(press, at):
    assert names(roster(Asked(by=BY_NAME), at=at).found) == sorted(press)


def test_each_is_counted_by_how_it_fares_and_found_by_it(press, at):
    counts = roster(Asked(state=Level.FAILING), at=at).counts

    assert set(counts.values()) == {1}
    assert names(roster(Asked(state=Level.FAILING), at=at).found) == ["Failing"]
    assert names(roster(Asked(state=OFF), at=at).found) == ["Off"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (Asked(words="kivu POST"), ["The Kivu Post"]),
        (Asked(words="post kivu"), ["The Kivu Post"]),
        (Asked(words="outlet-"), ["Lund Gazette", "The Kivu Post"]),
        (Asked(words="nobody"), []),
        (Asked(folder="Africa / Lakes"), ["The Kivu Post"]),
        (Asked(folder=NO_FOLDER), ["Lund Gazette"]),
    ],
)
def test_they_are_found_by_words_and_folder(at, asked, found):
    stories.source("The Kivu Post", folder="Africa / Lakes")
    stories.source("Lund Gazette")

    assert names(roster(asked, at=at).found) == found


def test_the_list_says_of_each_what_its_own_page_says(press, at):
    made = stories.story(outlets=())
    for day in range(30):
        stories.item(made, source=press["Well"], at=at - day * DAY / 4)

    lines = {line.source.name: line for line in lines_of(list(press.values()), at=at)}

    assert round(lines["Well"].a_day) == 4
    assert lines["New"].a_day is None
    assert {name: line.health for name, line in lines.items()} == {
        name: health(history_of(source), at=at) for name, source in press.items()
    }


@pytest.mark.parametrize(
    ("fields", "new_ago", "asked_in"),
    [
        ({"new_at": None, "next_at": None}, "", "not, until somebody wants it"),
        ({"new_at": -timedelta(seconds=59), "next_at": timedelta(seconds=59)}, "just now", "now"),
        ({"new_at": -timedelta(minutes=95), "next_at": timedelta(minutes=61)}, "1 hour ago", "in 1 hour"),
        ({"new_at": -9 * DAY, "next_at": -DAY}, "1 week ago", "now"),
        ({"listened_since": None, "new_at": -2 * DAY}, "2 days ago", "not"),
    ],
)
def test_moments_are_said_as_one_says_them(at, fields, new_ago, asked_in):
    moments = {name: at + shift if shift else None for name, shift in fields.items()}
    [line] = lines_of([stories.source(**{"listened_since": at, **moments})], at=at)

    assert (line.new_ago.replace("\xa0", " "), line.asked_in.replace("\xa0", " ")) == (new_ago, asked_in)


def test_a_source_whose_items_are_forgotten_has_brought_some_all_the_same(at):
    quiet = stories.source("Quiet", listened_since=at, tried_at=at, new_at=at - 60 * DAY)

    assert health(history_of(quiet), at=at).sentence == "Answers. About one item a month, or fewer."


def test_five_hundred_sources_are_listed_in_as_many_queries_as_one(at, django_assert_num_queries):
    made = stories.story(outlets=())
    fields = {"standing": 2, "added_at": at, "listened_since": at, "tried_at": at}
    Source.objects.bulk_create(
        Source(name=f"Outlet {number}", address=f"https://{number}.test/", address_key=str(number), **fields)
        for number in range(500)
    )
    moments = {"seen_at": at, "met_at": at, "sorted_at": at}
    Item.objects.bulk_create(
        Item(identity=f"{source.pk}-{place}", link="https://a.test/", title="A", source=source, story=made, **moments)
        for source in Source.objects.all()
        for place in range(2)
    )

    with django_assert_num_queries(3):
        found = roster(Asked(), at=at).found
        lines = lines_of(found, at=at)

    assert len(lines) == 500
