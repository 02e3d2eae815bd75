"""The buttons of the stories' desk: each works without a script, says what it did, and can be undone."""

from datetime import timedelta

import pytest

from broadsheet.wire.actions import counting, editing
from broadsheet.wire.models import DayOfLinks, Deed, Pick, Story
from tests import cast
from tests.wire import stories
from tests.wire.desk.page import do, headlines, page

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def test_a_button_works_without_a_script_and_leads_back_to_what_was_asked(desk, at):
    story = stories.story("Dam")

    answer = desk.post(
        "/admin/wire/do/", {"do": f"drop:{story.pk}", "asked": "sort=newest&next=//evil.test"}, HTTP_ACCEPT="text/html"
    )

    assert answer.headers["Location"] == "/admin/wire/?sort=newest"
    assert "Dropped “Dam”." in page(desk).css_first(".messages").text()
    assert Story.objects.get().dropped_at == at


def test_a_story_is_picked_once_by_its_best_piece(desk, at):
    story = stories.story("Dam", outlets=["Gazette"])
    stories.item(story, "The agency's dam", outlet="Agency", standing=3)
    counting.recount(story, at)

    first, second = (do(desk, f"pick:{story.pk}")["answer"] for _ in range(2))

    assert first == "Picked “The agency's dam”."
    assert Pick.objects.get().headline == "The agency's dam"
    assert page(desk).css_first(".wire-flag-picked").text() == "Picked by you"
    assert second


def test_of_a_story_its_best_reading_is_picked_and_shown_with_who_wrote_how_much(desk, at):
    story = stories.story("Dam breaks", outlets=["Agency"])
    story.items.update(words=200)
    stories.item(story, "What broke the dam", outlet="Gazette", authors=["Ada Plume"], words=1_800)
    stories.item(story, "Barrage", outlet="Le Journal", authors=["Max Plume"], words=1_800, language="fr")
    counting.recount(story, at)

    [best, *_] = page(desk).css(".wire-candidates li")
    picked = do(desk, f"pick:{story.pk}")

    assert " ".join(best.css_first("p").text().split()) == "Gazette What broke the dam Ada Plume · 8 min read"
    assert picked["answer"] == "Picked “What broke the dam”."
    assert headlines(desk) == ["Dam breaks"]


def test_a_story_of_one_piece_has_no_candidates(desk):
    stories.story("Dam breaks", outlets=["Agency"])

    assert not page(desk).css(".wire-candidates")


def test_what_was_picked_can_be_taken_out_where_it_stands_until_it_is_published(desk, at):
    story = stories.story("Dam")
    do(desk, f"pick:{story.pk}")
    [button] = page(desk).css(".wire-buttons button[value^=unpick]")
    assert not page(desk).css(".wire-buttons button[value^='pick:']")

    taken_out = do(desk, button.attributes["value"])

    assert taken_out["answer"] == "Took out “Dam”."
    assert not Pick.objects.exists()
    do(desk, "undo")
    DayOfLinks.objects.update(published_at=at)
    assert not do(desk, f"unpick:{Pick.objects.get().pk}")["done"]
    assert not page(desk).css(".wire-buttons button[value^=unpick]")


def test_any_piece_of_a_story_can_be_picked(desk, at):
    story = stories.story("Dam", outlets=["Gazette", "Herald"])

    do(desk, f"pick-item:{stories.items_of(story)[1].pk}")

    assert Pick.objects.get().outlet == "Herald"


def test_marked_stories_are_merged_and_ticked_pieces_split_off(desk):
    dam, flood = stories.story("Dam"), stories.story("Flood")

    merged = do(desk, f"merge:{dam.pk}", marked=[dam.pk, flood.pk, "x"])
    item = stories.items_of(dam)[1]
    split = do(desk, f"split:{dam.pk}", items=[item.pk], change=merged["change"])

    assert (merged["answer"], merged["gone"]) == ("Merged “Flood” into “Dam”.", [flood.pk])
    assert split["answer"] == "Split off: “Flood”."
    assert {one["id"] for one in split["stories"]} == {dam.pk, Story.objects.latest("pk").pk}


def test_later_is_till_the_morning_unless_an_hour_is_chosen(desk, at):
    dam, flood = stories.story("Dam"), stories.story("Flood")

    said = [do(desk, f"later:{dam.pk}")["answer"], do(desk, f"later:{flood.pk}", until="three")["answer"]]

    assert said == ["Left for later “Dam”: back tomorrow, 05:00.", "Left for later “Flood”: back in three hours."]
    assert Story.objects.get(pk=flood.pk).later_until == at + 3 * HOUR


def test_dropping_what_another_picked_says_so(desk, edda, at):
    story = stories.story("Dam")
    do(cast.log_in(edda), f"pick:{story.pk}")

    assert do(desk, f"drop:{story.pk}")["answer"] == "Dropped “Dam”. Edda had picked from it: that stays among the picks."
    assert Pick.objects.count() == 1


def test_what_was_left_on_friday_for_monday_stands_aside_all_the_while(desk, moved, at):
    stories.story("Dam", at=at - 3 * DAY, later_until=at + 3 * HOUR)
    assert headlines(desk, shelf="aside") == ["Dam"]

    moved.shift(3 * HOUR)
    assert headlines(desk, shelf="aside") == []
    assert headlines(desk) == ["Dam"]


@pytest.mark.parametrize(("verb", "said"), [("mute", "Muted"), ("drop", "Dropped"), ("later", "Left for later")])
def test_what_is_aside_says_what_was_done_to_it(desk, verb, said):
    do(desk, f"{verb}:{stories.story('Dam').pk}")

    assert f"{said} by you 1 min ago" in " ".join(page(desk, shelf="aside").text().split())


def test_what_is_aside_can_be_brought_back(desk, at):
    story = stories.story("Dam", outlets=["A", "B"])
    do(desk, f"mute:{story.pk}")
    shown = page(desk, shelf="aside").css_first(".wire-story")
    assert "Muted by you 1 min ago" in shown.text()

    do(desk, shown.css_first("button[value^=back]").attributes["value"])

    assert headlines(desk) == ["Dam"]


def test_undo_undoes_ones_own_last_deed_and_what_cannot_be_undone_is_said_once(desk, edda, at):
    dam, flood = stories.story("Dam"), stories.story("Flood")
    do(desk, f"drop:{dam.pk}")
    do(desk, f"mute:{flood.pk}")
    editing.mute(flood.pk, by=edda, at=at + MINUTE)

    said = [do(desk, "undo") for _ in range(3)]

    assert [one["done"] for one in said] == [False, True, False]
    assert said[1]["answer"] == "Undid: dropped “Dam”."
    assert said[2]["answer"] == "There is nothing of yours to undo."


@pytest.mark.parametrize(
    "written",
    [
        "",
        "drop",
        "drop:",
        "drop:x",
        "drop:99999",
        "merge:1",
        "split:1",
        "pick:7",
        "pick-item:7",
        "publish:1",
        "undo:x:y",
        "unpick:7",
    ],
)
def test_a_button_that_is_none_or_means_nothing_does_nothing_and_says_why(desk, written):
    said = do(desk, written)

    assert (said["done"], Deed.objects.count()) == (False, 0)
    assert said["answer"]
