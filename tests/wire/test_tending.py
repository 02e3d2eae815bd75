"""Sources changed and removed by an editor."""

from datetime import timedelta

import pytest

from broadsheet.wire.actions import listening, tending
from broadsheet.wire.models import Carried, DayOfLinks, Item, Pick, Source, Story
from tests.wire import stories

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def gazette(at):
    return listening.add("https://gazette.test/feed", name="The Gazette", at=at)[0]


@pytest.fixture
def herald(at):
    return listening.add("https://herald.test/feed", name="The Herald", at=at)[0]


def carried(story, *sources):
    """An item that the first of them brought."""
    item = stories.item(story, outlet=sources[0].name, source=sources[0])
    Carried.objects.bulk_create(Carried(item=item, source=source) for source in sources)
    return item


def test_only_what_was_changed_is_written(gazette, at):
    Source.objects.filter(pk=gazette.pk).update(trouble="It was slow meanwhile.")

    tending.change(gazette.pk, {"name": "The Gazette of Lund"}, at=at)

    gazette.refresh_from_db()
    assert (gazette.name, gazette.trouble) == ("The Gazette of Lund", "It was slow meanwhile.")


def test_at_a_new_address_a_source_is_asked_at_once_as_if_for_the_first_time(gazette, at):
    told = {"etag": "x", "digest": "y", "gone_at": at, "failures": 9, "failing_since": at, "tried_at": at, "next_at": None}
    Source.objects.filter(pk=gazette.pk).update(**told)

    tending.change(gazette.pk, {"address": "https://gazette.test/new?utm_source=x"}, at=at + HOUR)

    [due] = listening.due(at=at + HOUR, most=9)
    assert (due.address, due.known.etag, due.digest) == ("https://gazette.test/new", "", "")
    assert not listening.add("https://gazette.test/new", at=at)[1]


def test_a_source_that_nobody_listens_to_is_not_asked_at_its_new_address_either(gazette, at):
    listening.stop([gazette.pk])

    tending.change(gazette.pk, {"address": "https://gazette.test/new"}, at=at)

    assert listening.due(at=at + HOUR, most=9) == []


def test_no_two_sources_stand_at_one_address(gazette, herald, at):
    with pytest.raises(tending.ThereIsOne, match="“The Herald” has that address"):
        tending.change(gazette.pk, {"name": "New", "address": "http://www.herald.test/feed"}, at=at)

    gazette.refresh_from_db()
    assert (gazette.name, gazette.address) == ("The Gazette", "https://gazette.test/feed")


def test_what_is_no_address_is_refused(gazette, at):
    with pytest.raises(listening.NoSuchAddress, match="https://"):
        tending.change(gazette.pk, {"address": "javascript:alert(1)"}, at=at)


def test_what_a_source_alone_brought_goes_with_it_and_is_counted_before(gazette, herald, at):
    alone, shared = stories.story(outlets=()), stories.story(outlets=())
    item = carried(alone, gazette)
    carried(shared, gazette)
    carried(shared, herald)
    day = DayOfLinks.objects.create(day=at.date())
    Pick.objects.create(day=day, item=item, url=item.link, url_key="k", headline="Picked", outlet="The Gazette", picked_at=at)

    assert tending.brought_by(gazette) == tending.Brought(items=2, stories=1, picks=1)
    tending.remove(gazette, at=at)

    shared.refresh_from_db()
    assert [shared.pk] == list(Story.objects.values_list("pk", flat=True))
    assert (shared.items_count, shared.outlets_count) == (1, 1)
    assert Pick.objects.get().item is None


def test_what_another_source_carried_too_is_that_one_s_from_then_on(gazette, herald, at):
    told = stories.story(outlets=())
    carried(told, gazette, herald)

    assert tending.brought_by(gazette) == tending.Brought(items=0, stories=0, picks=0)
    tending.remove(gazette, at=at)

    assert Item.objects.get().source == herald


def test_a_source_goes_in_steps_and_what_was_cut_short_is_gone_on_with(gazette, herald, at, monkeypatch):
    monkeypatch.setattr(tending, "AT_ONCE", 2)
    for number in range(5):
        carried(stories.story(outlets=()), gazette, *([herald] if number == 4 else []))
    tending.remove(gazette, at=at)

    assert list(Source.objects.all()) == [herald]
    assert [item.source for item in Item.objects.all()] == [herald]
    assert Story.objects.get().items_count == 1


def test_desks_hear_of_a_story_that_lost_a_teller(gazette, herald, at):
    told = stories.story(outlets=())
    carried(told, gazette)
    carried(told, herald)
    before = told.change

    tending.remove(gazette, at=at)

    told.refresh_from_db()
    assert told.change > before


def test_many_are_put_in_a_folder_and_given_a_standing(gazette, herald):
    both = [gazette.pk, herald.pk]

    assert tending.put_in_folder(both, "Europe") == tending.set_standing(both, Source.Standing.WORLD) == 2
    assert set(Source.objects.values_list("folder", "standing")) == {("Europe", 3)}
