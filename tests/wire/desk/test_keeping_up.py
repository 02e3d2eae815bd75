"""The stories' desk keeps up with what comes in, and with what others do."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from broadsheet.wire import on_desk
from broadsheet.wire.actions import editing
from tests import cast
from tests.wire import stories
from tests.wire.desk.page import do, page, since

pytestmark = pytest.mark.django_db


def test_where_nothing_has_changed_little_is_asked_of_the_database(desk, django_assert_max_num_queries):
    change = stories.story().change
    desk.get("/admin/wire/")

    with django_assert_max_num_queries(6 + 1):  # who asks, and what they may; the newest number
        assert since(desk, change) == (204, None)


def test_what_came_in_is_told_with_what_it_looks_like_and_by_what_it_stands(desk, at):
    change = stories.story("Old").change
    new = stories.story("New", outlets=["A", "B"])

    status, told = since(desk, change)

    assert status == 200
    assert [(one["id"], one["place"]) for one in told["stories"]] == [(new.pk, new.heat)]
    assert LexborHTMLParser(told["stories"][0]["html"]).css_first("li").attributes["data-items"] == "2"
    assert since(desk, told["change"]) == (204, None)


def test_how_many_stories_there_are_is_told_with_what_came_in(desk, at):
    change = stories.story("Old").change
    stories.story("New")

    assert since(desk, change)[1]["total"] == 2


def test_where_nothing_is_ours_the_way_to_choose_it_is_told(desk, at):
    stories.story("Dam")

    assert "A publisher chooses ours" in page(desk, ours="yes").css_first(".wire-none").text()
    [way] = page(cast.log_in(cast.petra(at)), ours="yes").css(".wire-none a[href*=settings]")
    assert cast.log_in(cast.petra(at)).get(way.attributes["href"], follow=True).status_code == 200


def test_what_another_did_is_told_with_their_name(desk, edda, at):
    story = stories.story("Dam")
    editing.drop(story.pk, by=edda, at=at)

    _, told = since(desk, story.change)

    assert told["gone"] == [story.pk]
    assert told["said"] == ["Edda dropped “Dam”"]


def test_what_oneself_did_is_not_told_as_another_s(desk, carlo, at):
    story = stories.story("Dam")

    assert do(desk, f"drop:{story.pk}", change=story.change)["said"] == []


def test_a_change_that_does_not_fit_what_is_asked_is_told_as_gone(desk, at):
    change = stories.story("Dam", subjects=["country:KE"]).change
    other = stories.story("Vote", subjects=["country:TZ"])

    _, told = since(desk, change, country="KE")

    assert (told["stories"], told["gone"]) == ([], [other.pk])


def test_what_was_seen_meanwhile_is_told_as_that_and_not_as_gone(desk, carlo, at):
    story = stories.story("Dam")
    editing.see(carlo, {story.pk: 1})

    _, told = since(desk, 0, unseen="yes")

    assert (told["gone"], [one["unseen"] for one in told["stories"]]) == ([], [False])


def test_many_changes_are_told_piece_by_piece_and_none_is_missed(desk, at, monkeypatch):
    monkeypatch.setattr(on_desk, "AT_ONCE", 2)
    numbers = {stories.story(f"Story {n}").pk for n in range(5)}
    told, change, more = set(), 0, True
    while more:
        _, answer = since(desk, change)
        told |= {one["id"] for one in answer["stories"]}
        change, more = answer["change"], answer["more"]

    assert told == numbers
    assert since(desk, change) == (204, None)
