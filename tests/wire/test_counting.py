"""A story counted anew from its items."""

from datetime import timedelta

import pytest

from broadsheet.wire.actions import counting
from broadsheet.wire.models import About, Story, WireRules
from tests import make
from tests.wire import stories

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def test_items_outlets_and_standing_are_counted(at):
    story = stories.story(outlets=["Gazette", "Herald"])
    stories.item(story, outlet="gazette", source=stories.source("gazette", standing=3))

    counting.recount(story, at)

    story.refresh_from_db()
    assert (story.items_count, story.outlets_count, story.standing) == (3, 2, 3 + 2)


def test_the_headline_is_that_of_the_highest_standing_in_our_language(at):
    story = stories.story("Small and early", outlets=["Gazette"], at=at - 5 * HOUR)
    stories.item(story, "Agence dit", outlet="Agence", standing=3, language="fr", at=at - 4 * HOUR)
    stories.item(story, "An agency says", outlet="Agency", standing=3, at=at - 3 * HOUR)
    stories.item(story, "Another says", outlet="Other", standing=3, at=at - 2 * HOUR)

    counting.recount(story, at)

    assert story.headline == "An agency says"


def test_where_nobody_tells_it_in_our_language_the_headline_is_another_s(at):
    assert stories.story("Le barrage est plein", language="fr").headline == "Le barrage est plein"


def test_its_moments_are_those_of_its_first_and_last_item_and_never_to_come(at):
    story = stories.story(at=at - 3 * HOUR)
    stories.item(story, outlet="Herald", at=at + HOUR)

    counting.recount(story, at)

    assert (story.begun_at, story.last_at) == (at - 3 * HOUR, at)


def test_subjects_and_languages_stand_by_how_many_say_them_and_can_be_asked_for(at):
    story = stories.story(subjects=["country:KE"])
    stories.item(story, outlet="Taifa", subjects=["issue:water", "country:KE"], language="sw-KE")
    stories.item(story, outlet="Herald", subjects=["issue:water", "country:KE"])

    counting.recount(story, at)

    assert (story.subjects, story.languages) == (["country:KE", "issue:water"], ["en", "sw"])
    names = About.objects.filter(story=story).values_list("name", flat=True)
    assert sorted(names) == ["country:KE", "issue:water", "language:en", "language:sw"]


def test_what_it_is_no_longer_about_is_not_found(at):
    story = stories.story(subjects=["country:KE"])
    story.items.update(subjects=["country:TZ"])

    counting.recount(story, at)

    assert set(About.objects.values_list("name", flat=True)) == {"country:TZ", "language:en"}


def test_what_is_ours_is_hotter(at):
    rules = WireRules.load()
    rules.our_countries.add(make.country("Kenya", code="KE"))
    ours, another = (stories.story(subjects=[f"country:{code}"], outlets=[code]) for code in ("KE", "TZ"))

    assert ours.heat == pytest.approx(another.heat + 1)


def test_each_count_has_a_number_of_its_own_and_later_ones_are_greater(at):
    first, second = stories.story(), stories.story()
    before = second.change

    counting.recount_all([first, second], at)

    assert sorted(Story.objects.values_list("change", flat=True)) == [first.change, second.change]
    assert before < first.change < second.change


def test_a_story_that_lost_its_items_keeps_its_headline(at):
    story = stories.story("It was told")
    story.items.all().delete()

    counting.recount(story, at)

    story.refresh_from_db()
    assert (story.headline, story.items_count, story.outlets_count, story.heat) == ("It was told", 0, 0, 0)


def test_what_was_written_since_a_story_was_read_stands(at):
    story = stories.story()
    Story.objects.update(dropped_at=at, dropped_with=5)

    counting.recount(story, at)

    assert Story.objects.get().dropped_at == at
    assert story.dropped_at == at


def test_a_story_that_is_gone_meanwhile_is_left_out(at):
    gone, kept = stories.story("Gone"), stories.story("Kept")
    Story.objects.filter(pk=gone.pk).delete()

    counting.recount_all([gone, kept], at)

    assert list(Story.objects.values_list("headline", flat=True)) == ["Kept"]
    assert set(About.objects.values_list("story__headline", flat=True)) == {"Kept"}


@pytest.mark.parametrize(("more", "is_back"), [(1, False), (2, True)])
def test_a_dropped_story_comes_back_once_twice_as_many_tell_it(at, more, is_back):
    story = stories.story(outlets=["Gazette", "Herald"], dropped_at=at, dropped_with=2)
    for n in range(more):
        stories.item(story, outlet=f"Outlet {n}")

    counting.recount(story, at)

    story.refresh_from_db()
    assert (story.dropped_at is None) is is_back


def test_many_are_counted_in_as_many_queries_as_one(at, django_assert_max_num_queries):
    many = [stories.story(outlets=[f"Outlet {n}"]) for n in range(30)]

    with django_assert_max_num_queries(14):
        counting.recount_all(many, at)


def test_one_feed_is_one_outlet_whatever_others_it_says_that_it_gathers_from(db):
    gatherer = stories.source("The Gatherer", standing=1)
    told = stories.story("The dam", outlets=())
    for number in range(9):
        stories.item(told, "The dam", outlet=f"Outlet {number}", source=gatherer)
    counting.recount(told, stories.AT)
    told.refresh_from_db()

    assert (told.items_count, told.outlets_count, told.standing) == (9, 1, 1)
