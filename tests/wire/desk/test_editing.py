"""What an editor does to stories, who did it, and how it is undone; several editors at once harm nothing."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from broadsheet.wire.actions import counting, editing, picking
from broadsheet.wire.actions.editing import Meanwhile
from broadsheet.wire.models import Deed, Item, Pick, Seen, Story
from broadsheet.wire.queries import living
from tests.wire import stories

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def dam():
    return stories.story("The dam is full", outlets=["Gazette", "Herald"])


@pytest.fixture
def flood():
    return stories.story("A flood is near", outlets=["Agency", "Herald"])


def as_it_is(*found):
    """All that a deed could have changed of stories and their items."""
    names = (
        "headline",
        "items_count",
        "outlets_count",
        "standing",
        "heat",
        "merged_into",
        "muted_at",
        "dropped_at",
        "later_until",
    )
    rows = [Story.objects.values_list(*names).get(pk=story.pk) for story in found]
    return rows, list(Item.objects.order_by("pk").values_list("pk", "story", "joined_by"))


# Together and apart


def test_merged_stories_are_one_and_both_numbers_lead_to_it(dam, flood, carlo, at):
    editing.merge(dam.pk, [flood.pk], by=carlo, at=at)

    dam.refresh_from_db()
    assert (dam.items_count, dam.outlets_count) == (4, 3)
    assert living(flood.pk) == living(dam.pk) == dam
    assert set(dam.items.values_list("joined_by", flat=True)) == {"", "put here by an editor"}


def test_what_was_merged_meanwhile_is_merged_where_it_lives_now(dam, flood, carlo, edda, at):
    third, fourth = stories.story("Rain"), stories.story("Hail")
    editing.merge(dam.pk, [flood.pk], by=edda, at=at)

    editing.merge(flood.pk, [third.pk], by=carlo, at=at)
    editing.merge(fourth.pk, [flood.pk], by=carlo, at=at)

    assert {living(story.pk) for story in (dam, flood, third, fourth)} == {fourth}
    assert fourth.items.count() == Item.objects.count()


@pytest.mark.parametrize("twice", [False, True])
def test_a_story_is_not_merged_into_itself(dam, flood, carlo, at, twice):
    if twice:
        editing.merge(dam.pk, [flood.pk], by=carlo, at=at)
    with pytest.raises(Meanwhile, match="one story already"):
        editing.merge(dam.pk, [flood.pk if twice else dam.pk], by=carlo, at=at)


def test_split_pieces_are_a_story_of_their_own(dam, carlo, at):
    leaving = stories.items_of(dam)[1]

    story = editing.split([leaving.pk], by=carlo, at=at)

    dam.refresh_from_db()
    assert (dam.items_count, story.items_count) == (1, 1)
    assert stories.items_of(story) == [leaving]
    assert Deed.objects.get().before == {"from": dam.pk, "moved": [[leaving.pk, dam.pk, ""]]}


def test_nothing_is_split_that_would_leave_nothing_or_stands_in_several_stories_by_now(dam, flood, carlo, at):
    every = [item.pk for item in stories.items_of(dam)]
    with pytest.raises(Meanwhile, match="nothing would be left"):
        editing.split(every, by=carlo, at=at)
    with pytest.raises(Meanwhile, match="several stories"):
        editing.split([every[0], stories.items_of(flood)[0].pk], by=carlo, at=at)
    with pytest.raises(Meanwhile, match="gone"):
        editing.split([0], by=carlo, at=at)

    assert not Deed.objects.exists()


def test_whoever_put_stories_so_has_seen_them_so(dam, flood, carlo, edda, at):
    editing.see(edda, {dam.pk: 2})

    editing.merge(dam.pk, [flood.pk], by=carlo, at=at)

    assert Seen.objects.get(reader=carlo, story=dam).items == 4
    assert Seen.objects.get(reader=edda, story=dam).items == 2


# Aside and back


def test_an_older_page_takes_nothing_back_of_what_was_seen(dam, edda):
    editing.see(edda, {dam.pk: 5})
    editing.see(edda, {dam.pk: 2})

    assert Seen.objects.get(reader=edda).items == 5


@pytest.mark.parametrize(("others", "said"), [(["flood"], "“A flood is near”"), (["flood", "rain"], "2 stories")])
def test_merging_says_what_went_into_what(dam, flood, carlo, at, others, said):
    rain = stories.story("It rains", outlets=("The Post",))
    numbers = {"flood": flood.pk, "rain": rain.pk}

    deed = editing.merge(dam.pk, [numbers[name] for name in others], by=carlo, at=at)

    assert deed.said == f"Merged {said} into “{dam.headline}”"


def test_nobody_s_name_is_left_where_erasing_does_not_find_it(dam, flood, carlo, edda, at):
    editing.merge(dam.pk, [flood.pk], by=carlo, at=at)
    editing.split([stories.items_of(dam)[0].pk], by=edda, at=at)

    written = [*Item.objects.values_list("joined_by", flat=True), *map(str, Deed.objects.values_list("before", flat=True))]
    assert not [said for said in written if "Carlo" in said or "Edda" in said]


def test_what_is_left_of_a_story_is_led_by_what_stands_in_it(dam, carlo, at):
    [first, *rest] = stories.items_of(dam)
    Item.objects.filter(pk=first.pk).update(title="Another story altogether")
    counting.recount(dam, at)
    split = editing.split([first.pk], by=carlo, at=at)

    dam.refresh_from_db()
    assert (split.headline, dam.headline) == ("Another story altogether", rest[0].title)


def test_what_is_put_aside_says_so_and_grows_in_number(dam, carlo, at):
    before = dam.change

    deed = editing.drop(dam.pk, by=carlo, at=at)

    dam.refresh_from_db()
    assert (dam.dropped_at, dam.dropped_with) == (at, 2)
    assert deed.said == "Dropped “The dam is full”"
    assert before < dam.change < deed.change


@pytest.mark.parametrize("deed", [editing.drop, editing.mute])
def test_what_lives_on_elsewhere_is_not_put_aside_by_its_old_number(dam, flood, carlo, edda, at, deed):
    editing.merge(dam.pk, [flood.pk], by=edda, at=at)

    with pytest.raises(Meanwhile, match="“A flood is near” was merged into “The dam is full”"):
        deed(flood.pk, by=carlo, at=at)
    assert not Story.objects.exclude(dropped_at=None, muted_at=None).exists()


def test_a_muted_story_is_brought_back_by_anybody(dam, carlo, edda, at):
    editing.mute(dam.pk, by=carlo, at=at)

    editing.bring_back(dam.pk, by=edda, at=at)

    dam.refresh_from_db()
    assert dam.muted_at is None
    with pytest.raises(Meanwhile, match="nothing of yours"):
        editing.undo(by=carlo, at=at)


def test_desks_are_told_once_when_the_hour_of_what_was_left_for_later_has_come(dam, carlo, at):
    editing.later(dam.pk, until=at + DAY, by=carlo, at=at)
    left = Story.objects.get().change

    assert [editing.bring_back_due(at=moment) for moment in (at + DAY - MINUTE, at + DAY, at + DAY)] == [0, 1, 0]
    assert Story.objects.get().change > left


# Undoing


@pytest.mark.parametrize("kind", ["merge", "split", "mute", "drop", "later", "merge of a dropped one"])
def test_undoing_puts_everything_back(dam, flood, carlo, at, kind):
    if kind.endswith("dropped one"):
        editing.drop(flood.pk, by=None, at=at)
    before = as_it_is(dam, flood)
    match kind:
        case "split":
            editing.split([stories.items_of(dam)[0].pk], by=carlo, at=at)
        case "mute" | "drop":
            getattr(editing, kind)(dam.pk, by=carlo, at=at)
        case "later":
            editing.later(dam.pk, until=at + DAY, by=carlo, at=at)
        case _:
            editing.merge(dam.pk, [flood.pk], by=carlo, at=at)
    assert as_it_is(dam, flood) != before

    undone = editing.undo(by=carlo, at=at)

    assert as_it_is(dam, flood) == before
    assert undone.kind == Deed.Kind.UNDO
    assert undone.said.startswith("Undid: ")


def test_undoing_again_and_again_goes_back_through_ones_own_deeds_alone(dam, flood, carlo, edda, at):
    before = as_it_is(dam)
    editing.drop(dam.pk, by=carlo, at=at)
    editing.mute(dam.pk, by=carlo, at=at)
    editing.drop(flood.pk, by=edda, at=at)

    assert [editing.undo(by=carlo, at=at).said for _ in range(2)] == [
        "Undid: muted “The dam is full”",
        "Undid: dropped “The dam is full”",
    ]
    assert as_it_is(dam) == before
    with pytest.raises(Meanwhile, match="nothing of yours"):
        editing.undo(by=carlo, at=at)
    assert Story.objects.get(pk=flood.pk).dropped_at == at


def test_a_story_that_was_split_off_goes_back_with_what_joined_it_since(dam, carlo, at):
    story = editing.split([stories.items_of(dam)[0].pk], by=carlo, at=at)
    joined = stories.item(story, outlet="Agency")
    counting.recount(story, at)

    editing.undo(by=carlo, at=at)

    assert joined in dam.items.all()
    assert living(story.pk) == dam


def test_what_joined_a_merged_story_since_stays_there_when_the_merging_is_undone(dam, flood, carlo, at):
    editing.merge(dam.pk, [flood.pk], by=carlo, at=at)
    joined = stories.item(dam, outlet="Agency")

    editing.undo(by=carlo, at=at)

    assert (dam.items.count(), flood.items.count()) == (3, 2)
    assert joined.story_id == dam.pk


def test_what_another_changed_since_is_not_undone_and_it_is_said(dam, flood, carlo, edda, at):
    third = stories.story("Rain")
    editing.merge(dam.pk, [flood.pk], by=carlo, at=at)
    editing.merge(third.pk, [dam.pk], by=edda, at=at)
    before = as_it_is(dam, flood, third)

    with pytest.raises(Meanwhile, match="merged with another since"):
        editing.undo(by=carlo, at=at)
    assert as_it_is(dam, flood, third) == before


def test_a_merging_whose_pieces_were_split_off_since_stays_as_it_is(dam, flood, carlo, edda, at):
    editing.merge(dam.pk, [flood.pk], by=carlo, at=at)
    editing.split([Item.objects.filter(joined_by="put here by an editor")[0].pk], by=edda, at=at)
    before = as_it_is(dam, flood)

    with pytest.raises(Meanwhile, match="put elsewhere since"):
        editing.undo(by=carlo, at=at)
    assert as_it_is(dam, flood) == before


def test_what_was_split_off_and_merged_elsewhere_since_stays_there(dam, flood, carlo, edda, at):
    story = editing.split([stories.items_of(dam)[0].pk], by=carlo, at=at)
    editing.merge(flood.pk, [story.pk], by=edda, at=at)

    with pytest.raises(Meanwhile, match="merged since"):
        editing.undo(by=carlo, at=at)


def test_a_drop_that_another_did_anew_stands(dam, carlo, edda, at):
    editing.drop(dam.pk, by=carlo, at=at)
    editing.bring_back(dam.pk, by=edda, at=at)
    editing.drop(dam.pk, by=edda, at=at + MINUTE)

    with pytest.raises(Meanwhile, match="nothing of yours"):
        editing.undo(by=carlo, at=at + 2 * MINUTE)
    assert Story.objects.get().dropped_at == at + MINUTE


def test_what_cannot_be_undone_is_passed_over_the_next_time(dam, flood, carlo, edda, at):
    editing.mute(flood.pk, by=carlo, at=at)
    editing.drop(dam.pk, by=carlo, at=at)
    editing.drop(dam.pk, by=edda, at=at + MINUTE)
    with pytest.raises(Meanwhile, match="put aside anew since"):
        editing.undo(by=carlo, at=at)

    editing.pass_over(by=carlo)

    assert editing.undo(by=carlo, at=at).said == "Undid: muted “A flood is near”"


def test_picking_is_undone_too(dam, carlo, at):
    picking.pick(stories.items_of(dam)[0], by=carlo, at=at, zone=LONDON)

    editing.undo(by=carlo, at=at)

    assert not Pick.objects.exists()
    assert Deed.objects.filter(kind=Deed.Kind.UNDO).count() == 1


def test_a_pick_that_was_written_on_since_stays_and_the_deed_before_it_is_undone_next(dam, carlo, at):
    editing.drop(dam.pk, by=carlo, at=at)
    chosen = picking.pick(stories.items_of(dam)[0], by=carlo, at=at, zone=LONDON)
    picking.edit(chosen.pk, {"note": "Read it."}, touched=0, shown={"note": ""})

    with pytest.raises(Meanwhile, match="written on, printed or taken out since, and stays so: picked “"):
        editing.undo(by=carlo, at=at)
    editing.pass_over(by=carlo)

    assert editing.undo(by=carlo, at=at).said.startswith("Undid: dropped “")
    assert Pick.objects.get().note == "Read it."
