"""Curators choose, write and arrange at once, and nothing that one of them wrote is lost."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from broadsheet.wire.actions import arranging, picking, rivals, unpicking
from broadsheet.wire.actions.picking import AlreadyThere, IsRefused, NewerChange, NotAPage
from broadsheet.wire.models import DayOfLinks, Deed, Pick, Refusal, Story
from tests import cast, make
from tests.wire import stories

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
MONDAY, MINUTE, HOUR, DAY = date(2026, 3, 2), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def carlo(at):
    return cast.carlo(at)


@pytest.fixture
def story():
    return stories.story("The dam", outlets=("The Gazette", "Le Journal", "Die Warte"))


@pytest.fixture
def pick(carlo, at):
    def pick(item, **fields):
        return picking.pick(item, **{"by": carlo, "at": at, "zone": LONDON} | fields)

    return pick


def items_of(story):
    return list(story.items.order_by("pk"))


def heads(day=MONDAY):
    return list(Pick.objects.filter(day__day=day).order_by("sort_order", "pk").values_list("headline", flat=True))


# Choosing


def test_a_pick_says_all_that_is_printed_of_a_piece(pick, carlo, at):
    make.country("Kenya"), make.issue("Water"), make.country("Egypt")
    item = stories.item(
        stories.story("x", outlets=()),
        "The dam is full",
        outlet="The Gazette",
        link="https://www.gazette.example/dam?utm_source=feed",
        authors=["Ada Plume", "Bo Quill"],
        published_at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC),
        words=1_400,
        paywalled=True,
        subjects=["country:KE", "issue:water", "region:africa", "country:XX"],
    )
    chosen = pick(item)

    assert (chosen.headline, chosen.outlet, chosen.author) == ("The dam is full", "The Gazette", "Ada Plume, Bo Quill")
    assert (chosen.url, chosen.minutes, chosen.paywalled) == ("https://www.gazette.example/dam", 6, True)
    assert (chosen.published_on, chosen.day.day, chosen.picked_by) == (date(2026, 3, 1), MONDAY, carlo)
    assert [str(row) for row in (*chosen.countries.all(), *chosen.issues.all())] == ["Kenya", "Water"]


def test_picked_twice_it_stands_there_once_and_keeps_its_note(pick, story):
    item = items_of(story)[0]
    first = pick(item)
    picking.edit(first.pk, {"note": "Read it."}, touched=0, shown={"note": ""})

    assert pick(item).note == "Read it."
    assert Pick.objects.count() == 1
    assert Deed.objects.filter(kind="pick").count() == 1


def test_picking_is_told_at_the_desk_and_moves_the_story(pick, story, carlo):
    before = Story.objects.get(pk=story.pk).change
    pick(items_of(story)[0])

    deed = Deed.objects.get()
    assert (deed.kind, deed.by, deed.story_id) == ("pick", carlo, story.pk)
    assert Story.objects.get(pk=story.pk).change > before


def test_once_today_s_is_out_picks_are_for_the_next_weekday(pick, story, at):
    DayOfLinks.objects.create(day=MONDAY, published_at=at)

    assert pick(items_of(story)[0]).day.day == MONDAY + DAY


def test_what_is_refused_is_not_picked(pick, story, at):
    item = items_of(story)[0]
    Refusal.objects.create(key=item.link.removeprefix("https://").partition("/")[0], at=at)

    with pytest.raises(IsRefused):
        pick(item)


# Any page


def test_any_page_is_picked_by_its_address(carlo, at):
    stories.source("The Gazette", site="https://www.gazette.example/", paywalled=True)
    chosen = picking.pick_page(
        "https://m.gazette.example/a?fbclid=1", "  A <b>title</b>\n of it ", by=carlo, at=at, zone=LONDON, note="Good."
    )

    assert (chosen.url, chosen.headline) == ("https://m.gazette.example/a", "A <b>title</b> of it")
    assert (chosen.outlet, chosen.paywalled, chosen.note) == ("The Gazette", True, "Good.")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "", "//[", "https://user:pw@x.example/"])
def test_what_is_no_page_is_not_picked(url, carlo, at):
    with pytest.raises(NotAPage):
        picking.pick_page(url, "x", by=carlo, at=at, zone=LONDON)


# Writing


def test_two_who_write_different_fields_both_keep_theirs(pick, story):
    chosen = pick(items_of(story)[0])
    picking.edit(chosen.pk, {"note": "One’s."}, touched=0, shown={"note": ""})
    picking.edit(chosen.pk, {"author": "The other’s"}, touched=0, shown={"author": ""})

    chosen.refresh_from_db()
    assert (chosen.note, chosen.author, chosen.touched) == ("One’s.", "The other’s", 2)


def test_whoever_would_write_over_a_newer_change_is_told_and_nothing_is_lost(pick, story):
    chosen = pick(items_of(story)[0])
    picking.edit(chosen.pk, {"note": "One’s."}, touched=0, shown={"note": ""})

    with pytest.raises(NewerChange) as told:
        picking.edit(chosen.pk, {"note": "The other’s", "author": "X"}, touched=0, shown={"note": "", "author": ""})
    chosen.refresh_from_db()
    assert list(told.value.fields) == ["note"]
    assert (chosen.note, chosen.author) == ("One’s.", "")


def test_countries_are_written_as_other_fields_are(pick, story):
    kenya, egypt, chosen = make.country("Kenya"), make.country("Egypt"), pick(items_of(story)[0])
    picking.edit(chosen.pk, {"countries": [kenya]}, touched=0, shown={"countries": []})

    with pytest.raises(NewerChange):
        picking.edit(chosen.pk, {"countries": [egypt]}, touched=0, shown={"countries": []})
    assert list(chosen.countries.all()) == [kenya]


def test_an_address_that_is_picked_already_is_not_given_to_another(pick, story):
    one, other = (pick(item) for item in items_of(story)[:2])

    with pytest.raises(AlreadyThere):
        picking.edit(other.pk, {"url": one.url + "?utm_source=x"}, touched=0, shown={"url": other.url})


@pytest.fixture
def day(pick, story):
    return pick(items_of(story)[0]).day


def test_two_who_write_the_title_and_the_introduction_of_a_day_both_keep_theirs(day):
    arranging.write_the_day(day, title="Dams", shown={"title": ""})
    arranging.write_the_day(day, introduction="Of dams.", shown={"introduction": ""})

    day.refresh_from_db()
    assert (day.title, day.introduction) == ("Dams", "Of dams.")


def test_a_day_s_words_are_not_written_over_unseen(day):
    arranging.write_the_day(day, introduction="One’s.", shown={"introduction": ""})

    with pytest.raises(NewerChange):
        arranging.write_the_day(day, title="Dams", introduction="The other’s.", shown={"title": "", "introduction": ""})
    day.refresh_from_db()
    assert (day.title, day.introduction) == ("", "One’s.")


# Order and days


def test_picks_are_put_in_order(pick, story):
    one, two, three = (pick(item, headline=name) for item, name in zip(items_of(story), "abc", strict=True))
    arranging.step(three, by=-1)
    assert heads() == ["a", "c", "b"]

    arranging.step(one, by=-1)
    arranging.arrange(one.day, [two.pk, 999_999])
    assert heads() == ["b", "a", "c"]


def test_a_pick_goes_to_another_day_unless_it_stands_there(pick, story):
    item = items_of(story)[0]
    chosen = pick(item)
    arranging.move(chosen, to=MONDAY + DAY)
    assert (heads(), heads(MONDAY + DAY)) == ([], [chosen.headline])

    again = pick(item)
    with pytest.raises(AlreadyThere):
        arranging.move(again, to=MONDAY + DAY)


def test_what_was_not_published_goes_on_to_the_next_day_with_its_words(pick, story, at):
    kept, left = (pick(item) for item in items_of(story)[:2])
    arranging.write_the_day(kept.day, title="", standfirst="Dams.", introduction="Of dams.")
    friday = DayOfLinks.objects.create(day=MONDAY - 3 * DAY, held_at=at)
    arranging.move(left, to=friday.day)

    assert arranging.carry_over(at=at + DAY, zone=LONDON) == 1
    assert arranging.carry_over(at=at + DAY, zone=LONDON) == 0
    assert (heads(MONDAY + DAY), heads(friday.day)) == ([kept.headline], [left.headline])  # what is held waits
    monday, tuesday = DayOfLinks.objects.order_by("day")[1:]
    assert (tuesday.standfirst, tuesday.introduction) == ("Dams.", "Of dams.")
    assert (monday.standfirst, monday.introduction) == ("", "")


def test_what_was_picked_after_an_early_publishing_goes_on_to_the_next_day_without_its_words(pick, story, at):
    early = at.replace(hour=5, minute=0)
    out, late = items_of(story)[:2]
    pick(out, at=early - MINUTE)
    DayOfLinks.objects.update(published_at=early, introduction="Of dams.")
    chosen = pick(late, at=early + MINUTE)
    assert chosen.day.day == MONDAY

    assert arranging.carry_over(at=at + DAY, zone=LONDON) == 1
    assert list(Pick.objects.order_by("pk").values_list("item", "day__day")) == [(out.pk, MONDAY), (late.pk, MONDAY + DAY)]
    assert DayOfLinks.objects.get(day=MONDAY + DAY).introduction == ""


# Taking out, and undoing


def test_what_was_taken_out_comes_back_whole(pick, story, carlo, at):
    ours, theirs, _ = items_of(story)
    chosen = pick(ours)
    rivals.add(chosen, theirs, zone=LONDON)
    picking.edit(chosen.pk, {"note": "Read it.", "published_on": MONDAY, "countries": [make.country()]}, touched=1, shown={})
    deed = unpicking.unpick(chosen, by=carlo, at=at)
    assert not Pick.objects.exists()

    assert unpicking.undo(deed, by=carlo, at=at)
    again = Pick.objects.get()
    assert (again.note, again.item, again.published_on, again.picked_by) == ("Read it.", ours, MONDAY, carlo)
    assert [str(row) for row in (*again.countries.all(), *again.rivals.all())] == ["Kenya", "Le Journal: The dam"]


def test_undoing_twice_is_undoing_once_and_is_told(pick, story, carlo, at):
    pick(items_of(story)[0])
    deed = Deed.objects.get()

    assert [unpicking.undo(deed, by=carlo, at=at) for _ in range(2)] == [True, False]
    assert not Pick.objects.exists()
    assert Deed.objects.latest("change").kind == "undo"


def test_undoing_a_pick_leaves_what_was_written_on_it_since(pick, story, carlo, at):
    chosen = pick(items_of(story)[0])
    picking.edit(chosen.pk, {"note": "Another’s."}, touched=0, shown={"note": ""})

    assert not unpicking.undo(Deed.objects.get(), by=carlo, at=at)
    assert Pick.objects.get().note == "Another’s."


def test_undoing_a_pick_leaves_what_was_published_since(pick, story, carlo, at):
    pick(items_of(story)[0])
    DayOfLinks.objects.update(published_at=at + HOUR)

    assert not unpicking.undo(Deed.objects.get(), by=carlo, at=at + DAY)
    assert Pick.objects.exists()


def test_undoing_is_told_in_one_sentence(pick, story, carlo, at):
    pick(items_of(story)[0])
    unpicking.undo(Deed.objects.get(), by=carlo, at=at)

    assert Deed.objects.latest("change").said == "Undid: picked “The dam”"


def test_a_reading_that_was_taken_down_meanwhile_does_not_come_back_beside_its_pick(pick, story, carlo, at):
    ours, theirs, third = items_of(story)
    chosen = pick(ours)
    for item in (theirs, third):
        rivals.add(chosen, item, zone=LONDON)
    deed = unpicking.unpick(chosen, by=carlo, at=at)
    Refusal.objects.create(key=theirs.link.removeprefix("https://"), at=at)

    assert unpicking.undo(deed, by=carlo, at=at)
    assert list(Pick.objects.get().rivals.values_list("outlet", flat=True)) == [third.outlet]


def test_what_was_taken_down_meanwhile_does_not_come_back(pick, story, carlo, at):
    chosen = pick(items_of(story)[0])
    deed = unpicking.unpick(chosen, by=carlo, at=at)
    Refusal.objects.create(key=chosen.url.removeprefix("https://"), at=at)

    assert not unpicking.undo(deed, by=carlo, at=at)
    assert not Pick.objects.exists()
