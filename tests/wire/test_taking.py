"""What a feed brought becomes items in stories, whatever it says and however often it comes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection

from broadsheet.wire import grouped
from broadsheet.wire.actions import listening
from broadsheet.wire.actions.counting import recount_all
from broadsheet.wire.actions.refusing import forget
from broadsheet.wire.actions.taking import Taken, still_there, take
from broadsheet.wire.grouped import Grouping
from broadsheet.wire.models import Carried, Item, Refusal, Story
from broadsheet.wire.reading.values import Author
from broadsheet.wire.reading.values import Item as Read

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def grouping():
    return Grouping()


@pytest.fixture
def gazette(at):
    return listening.add("https://gazette.test/feed", name="The Gazette", at=at)[0]


@pytest.fixture
def herald(at):
    return listening.add("https://herald.test/feed", name="The Herald", at=at)[0]


def read(title="Dam of Gilgel fails after a week of rain", *, link="https://gazette.test/dam", at, **said):
    return Read(title=title, link=link, published=at - HOUR, **said)


def test_an_item_is_kept_in_one_form(gazette, grouping, at):
    said = read(
        at=at,
        summary="Two villages were left.",
        authors=(Author("Ada Lund", email="ada@gazette.test"), Author("", email="desk@gazette.test")),
        language="en-GB",
        length=640,
        paywalled=True,
    )

    taken = take(gazette, [said], grouping=grouping, at=at)

    item = Item.objects.get()
    assert (taken.items, taken.new) == (1, 1)
    assert (item.title, item.summary, item.outlet) == (said.title, said.summary, "The Gazette")
    assert (item.authors, item.words, item.paywalled, item.language) == (["Ada Lund"], 640, True, "en-GB")
    assert (item.published_at, item.sorted_at, item.seen_at) == (at - HOUR, at - HOUR, at)
    assert (item.story.headline, item.story.items_count, item.story.outlets_count) == (said.title, 1, 1)


def test_no_address_of_a_person_is_kept(gazette, grouping, at):
    take(
        gazette,
        [read(at=at, authors=(Author("Ada", email="ada@gazette.test", link="https://ada.test"),))],
        grouping=grouping,
        at=at,
    )

    assert "ada@gazette.test" not in str(Item.objects.values().get())


def test_met_again_it_is_the_same(gazette, grouping, at):
    for hours in range(3):
        taken = take(gazette, [read(at=at)], grouping=grouping, at=at + hours * HOUR)

    assert taken.new == 0
    assert Item.objects.count() == Story.objects.count() == Carried.objects.count() == 1


@pytest.mark.parametrize(
    "link",
    [
        "http://www.gazette.test/dam/?utm_source=feed",
        "https://m.gazette.test/dam",
        "https://gazette.test/dam/index.html",
    ],
)
def test_the_same_piece_by_another_feed_or_address_is_one_item(gazette, herald, grouping, at, link):
    take(gazette, [read(at=at)], grouping=grouping, at=at)
    take(herald, [read("The dam that failed", link=link, at=at)], grouping=grouping, at=at)

    assert Item.objects.get().outlet == "The Gazette"
    assert set(Carried.objects.values_list("source__name", flat=True)) == {"The Gazette", "The Herald"}


def test_an_id_holds_within_its_source_alone(gazette, herald, grouping, at):
    """Both are numbered from one."""
    first = Read(id="1", title="A wedding in Lund", link="https://gazette.test/", link_tells=False, published=at)
    take(gazette, [first], grouping=grouping, at=at)
    take(herald, [replace(first, title="Budget passed", link="https://herald.test/")], grouping=grouping, at=at)

    assert Item.objects.count() == 2


def test_what_its_outlet_corrects_is_corrected_and_what_another_says_is_not(gazette, herald, grouping, at):
    take(gazette, [read("Dam fials", at=at)], grouping=grouping, at=at)
    take(gazette, [read("Dam fails", at=at)], grouping=grouping, at=at + HOUR)
    take(herald, [read("DAM FAILS!!!", at=at)], grouping=grouping, at=at + HOUR)

    assert Item.objects.get().title == "Dam fails"


def test_items_that_tell_the_same_are_one_story_and_others_are_not(gazette, herald, grouping, at):
    take(
        gazette,
        [read(at=at), read("Parliament of Norway elects a speaker", link="https://gazette.test/n", at=at)],
        grouping=grouping,
        at=at,
    )
    take(
        herald, [read("Gilgel dam fails after week of heavy rain", link="https://herald.test/d", at=at)], grouping=grouping, at=at
    )

    told = {story.items_count: story for story in Story.objects.all()}
    assert set(told) == {1, 2}
    assert told[2].outlets_count == 2
    assert Item.objects.get(outlet="The Herald").joined_by


def test_two_of_one_feed_that_tell_the_same_are_one_story(gazette, grouping, at):
    also = read("Gilgel dam fails after week of heavy rain", link="https://gazette.test/2", at=at)
    take(gazette, [read(at=at), also], grouping=grouping, at=at)

    assert Story.objects.get().items_count == 2


def test_a_worker_that_begins_anew_knows_the_stories_that_there_are(gazette, herald, at):
    take(gazette, [read(at=at)], grouping=Grouping(), at=at)
    take(
        herald,
        [read("Gilgel dam fails after week of heavy rain", link="https://herald.test/d", at=at)],
        grouping=Grouping(),
        at=at,
    )

    assert Story.objects.get().items_count == 2


def test_what_a_desk_moved_is_joined_where_it_stands_now(gazette, herald, grouping, at):
    """By hand, as an editor's split does it: rows move, and their stories get new numbers."""
    take(
        gazette,
        [read(at=at), read("Parliament of Norway elects a speaker", link="https://gazette.test/n", at=at)],
        grouping=grouping,
        at=at,
    )
    dam, norway = Item.objects.order_by("title")
    Item.objects.filter(pk=dam.pk).update(story=norway.story_id)
    recount_all([norway.story, dam.story], at)

    take(
        herald, [read("Gilgel dam fails after week of heavy rain", link="https://herald.test/d", at=at)], grouping=grouping, at=at
    )

    assert Item.objects.get(outlet="The Herald").story_id == norway.story_id


def test_a_story_that_is_not_written_down_is_not_remembered(gazette, grouping, at):
    """Such as where the disk is full."""

    def fail(execute, sql, params, many, context):
        if "wire_carried" in sql:
            raise DatabaseError("disk full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail), pytest.raises(DatabaseError):
        take(gazette, [read(at=at)], grouping=grouping, at=at)
    take(gazette, [read(at=at)], grouping=grouping, at=at)

    assert Item.objects.get().story_id == Story.objects.get().pk


def test_dates_that_cannot_be_are_sorted_sanely(gazette, grouping, at):
    links = (f"https://gazette.test/{number}" for number in range(9))
    undated = Read(title="No date at all in Bergen", link=next(links))
    old = Read(title="Old as the hills, a chronicle", link=next(links), published=at - 400 * DAY)
    ahead = Read(title="Tomorrow's weather forecast", link=next(links), published=at + 30 * DAY)
    take(gazette, [undated, old, ahead], grouping=grouping, at=at)

    assert dict(Item.objects.values_list("title", "sorted_at")) == {undated.title: at, ahead.title: at}


def test_what_leads_nowhere_or_says_nothing_is_left_out(gazette, grouping, at):
    assert take(gazette, [read("", at=at), read(link="", at=at)], grouping=grouping, at=at).items == 0


@pytest.mark.parametrize("key", ["gazette.test", "gazette.test/dam"])
def test_what_is_to_stand_nowhere_here_is_not_taken(gazette, grouping, at, key):
    Refusal.objects.create(key=key, at=at)

    assert take(gazette, [read(at=at)], grouping=grouping, at=at).new == 0


def test_that_it_still_stands_in_a_feed_is_known_to_the_day(gazette, grouping, at):
    for hours in (0, 6, 30):
        take(gazette, [read(at=at)], grouping=grouping, at=at + hours * HOUR)

    assert Item.objects.get().met_at == at + 30 * HOUR


def test_a_poll_that_brings_nothing_new_writes_nothing(gazette, grouping, at, django_assert_max_num_queries):
    items = [read(f"Number {number} of a long list", link=f"https://gazette.test/{number}", at=at) for number in range(100)]
    take(gazette, items, grouping=grouping, at=at)

    with django_assert_max_num_queries(6) as asked:
        take(gazette, items, grouping=grouping, at=at + HOUR)

    assert not [query for query in asked.captured_queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


# What is taken again


def test_a_corrected_headline_is_the_story_s_too(gazette, grouping, at):
    take(gazette, [read("Minister arested in Bergen", at=at)], grouping=grouping, at=at)
    before = Story.objects.get().change
    take(gazette, [read("Minister arrested in Bergen", at=at)], grouping=grouping, at=at + HOUR)

    story = Story.objects.get()
    assert story.headline == "Minister arrested in Bergen"
    assert story.change > before


def test_the_outlet_at_whose_site_a_piece_stands_speaks_for_it_whoever_brought_it_first(herald, grouping, at):
    gatherer, _ = listening.add("https://gatherer.test/feed", name="The Gatherer", at=at)
    loud, own = read("SHOCK!!!", link="https://herald.test/d", at=at), read("A dam fails", link="https://herald.test/d", at=at)
    take(gatherer, [loud], grouping=grouping, at=at)
    take(herald, [own], grouping=grouping, at=at)
    take(gatherer, [loud], grouping=grouping, at=at + HOUR)

    item = Item.objects.get()
    assert (item.title, item.outlet, item.source) == ("A dam fails", "The Herald", herald)


def test_a_piece_without_a_date_that_still_stands_there_does_not_come_back_as_news(gazette, grouping, at):
    undated = Read(title="An essay of no date", link="https://gazette.test/essay")
    take(gazette, [undated], grouping=grouping, at=at)
    for day in range(1, 40):
        still_there(gazette, at=at + day * DAY)
        forget(at=at + day * DAY)
    take(gazette, [undated], grouping=grouping, at=at + 40 * DAY)

    assert Item.objects.get().sorted_at == at


def test_all_that_is_too_old_is_counted(gazette, grouping, at):
    old = [
        Read(title=f"Old news {number}", link=f"https://gazette.test/{number}", published=at - 99 * DAY) for number in range(3)
    ]

    assert take(gazette, old, grouping=grouping, at=at) == Taken(0, 0, 3)


@pytest.mark.django_db(transaction=True)
def test_what_there_was_before_is_read_outside_any_transaction(gazette, at):
    """It takes a minute where there is much, and nobody else could write meanwhile."""
    take(gazette, [read(at=at)], grouping=Grouping(), at=at)
    within = []
    take(
        gazette,
        [read("Parliament of Norway elects a speaker", link="https://gazette.test/n", at=at)],
        grouping=Grouping(alive=lambda: within.append(connection.in_atomic_block)),
        at=at,
    )

    assert within == [False]


@pytest.mark.django_db(transaction=True)
def test_no_question_is_open_while_what_there_was_before_is_read(gazette, at, monkeypatch):
    """SQLite refuses a write of whoever has one open, once anybody else has written; VACUUM it refuses in any case."""
    take(gazette, [read(f"Dam {number} fails", link=f"https://gazette.test/{number}", at=at) for number in range(3)],
         grouping=Grouping(), at=at)  # fmt: skip
    monkeypatch.setattr(grouped, "AT_ONCE", 1)
    asked = []

    def alive():
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
        asked.append(True)

    Grouping(alive=alive).kept_up(at=at)

    assert len(asked) == 3
