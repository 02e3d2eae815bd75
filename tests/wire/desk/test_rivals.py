"""Rival readings: other outlets' of the same story, with their own credit, on the desk and in print."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from selectolax.lexbor import LexborHTMLParser

from broadsheet.newsroom.galleys import galley_of
from broadsheet.newsroom.models import Roundup
from broadsheet.press.actions import press as print_it
from broadsheet.wire import picks_shown
from broadsheet.wire.actions import picking, rivals, roundups, unpicking
from broadsheet.wire.actions.picking import NewerChange
from broadsheet.wire.actions.rivals import AnotherStory
from broadsheet.wire.models import DayOfLinks, Pick, Rival, WireRules
from tests import make
from tests.wire import stories
from tests.wire.desk.picks_page import OF_MONDAY, fields_of, press, said, shown

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
HOUR = timedelta(hours=1)


@pytest.fixture
def told(at):
    """By two, of whom Le Journal says who wrote it, and when."""
    story = stories.story("The dam", outlets=("The Gazette",))
    known = {"authors": ["Ada Plume", "Bo Quill"], "published_at": at - HOUR, "language": "fr", "paywalled": True}
    stories.item(story, "Le barrage", outlet="Le Journal", **known)
    return story


@pytest.fixture
def chosen(told, at):
    make.site()
    return picking.pick(told.items.get(outlet="The Gazette"), by=None, at=at, zone=LONDON)


@pytest.fixture
def rival(chosen, told):
    return rivals.add(chosen, told.items.get(outlet="Le Journal"), zone=LONDON)


def test_one_tells_the_same_story_and_stands_once(chosen, told, rival):
    rivals.add(chosen, told.items.get(outlet="Le Journal"), zone=LONDON)

    assert [str(row) for row in chosen.rivals.all()] == ["Le Journal: Le barrage"]
    for other in (stories.items_of(stories.story("Else", outlets=("The Herald",)))[0], chosen.item):
        with pytest.raises(AnotherStory):
            rivals.add(chosen, other, zone=LONDON)


def test_it_has_the_credit_that_its_item_has(rival):
    assert (rival.author, rival.published_on) == ("Ada Plume, Bo Quill", date(2026, 3, 2))
    assert (rival.language, rival.paywalled) == ("fr", True)


def test_of_two_who_write_on_it_neither_writes_over_the_other_unseen(rival):
    rivals.edit(rival.pk, {"author": "One’s"}, shown={"author": rival.author})
    rivals.edit(rival.pk, {"outlet": "The Journal"}, shown={"outlet": "Le Journal"})

    with pytest.raises(NewerChange):
        rivals.edit(rival.pk, {"author": "The other’s", "outlet": "x"}, shown={"author": rival.author, "outlet": "The Journal"})
    rival.refresh_from_db()
    assert (rival.author, rival.outlet) == ("One’s", "The Journal")


def test_taken_out_with_its_pick_it_comes_back_with_its_credit(chosen, rival, at):
    deed = unpicking.unpick(chosen, by=None, at=at)
    assert not Rival.objects.exists()

    assert unpicking.undo(deed, by=None, at=at)
    again = Rival.objects.get()
    assert (again.author, again.published_on, again.paywalled) == (rival.author, rival.published_on, True)


def test_one_that_was_kept_before_its_credit_was_comes_back_too(chosen, rival, at):
    deed = unpicking.unpick(chosen, by=None, at=at)
    for kept in deed.before["rivals"]:
        del kept["author"], kept["published_on"]
    deed.save()

    assert unpicking.undo(deed, by=None, at=at)
    assert (Rival.objects.get().author, Rival.objects.get().published_on) == ("", None)


# In print


def test_its_author_and_day_are_printed(rival, at):
    WireRules.objects.update_or_create(defaults={"audience": "open"})
    article = roundups.publish(DayOfLinks.objects.get(), by=None, at=at)
    print_it(article.pk, at=at)

    page = LexborHTMLParser(galley_of(Roundup.objects.get()).free)
    [credit] = page.css(".outward-rivals .outward-source")
    assert credit.text() == "Le Journal · Ada Plume, Bo Quill · 2 March 2026 · in French · paywalled"


def test_a_roundup_that_was_published_before_they_said_so_does_not_differ(chosen, at):
    chosen.rivals.create(url="https://herald.example/a", headline="The dam", outlet="The Herald")
    article = roundups.publish(chosen.day, by=None, at=at)
    links = list(article.links.raw_data)
    for beside in links[0]["value"]["rivals"]:
        said = beside.get("value", beside)
        del said["author"], said["published_on"]
    Roundup.objects.filter(pk=article.pk).update(links=links)

    assert not picks_shown.differs(DayOfLinks.objects.get())


# On the desk


def test_one_is_set_beside_a_pick_and_taken_away(desk, chosen):
    beside = shown(desk.get(OF_MONDAY)).css_first(".picks-others button").attributes["value"]
    answer = press(desk, beside)
    assert list(chosen.rivals.values_list("outlet", flat=True)) == ["Le Journal"]
    assert "Ada Plume, Bo Quill · 2 March · French · paywalled" in said(answer)

    press(desk, shown(answer).css_first(".picks-rivals button").attributes["value"])
    assert not chosen.rivals.exists()


def test_all_of_it_can_be_written(desk, rival):
    typed = {"headline": "The dam", "outlet": "Journal", "author": "Cy Pen", "published_on": "2026-03-01", "language": "de"}
    press(desk, "save", **{f"r{rival.pk}-{name}": value for name, value in typed.items()})

    rival.refresh_from_db()
    assert (rival.headline, rival.outlet, rival.author) == ("The dam", "Journal", "Cy Pen")
    assert (rival.published_on, rival.language) == (date(2026, 3, 1), "de")


def test_what_another_wrote_on_it_is_told_and_nothing_is_done_upon_it(desk, rival):
    author = f"r{rival.pk}-author"
    seen = fields_of(shown(desk.get(OF_MONDAY)))
    press(desk, "save", seen=seen, **{author: "One’s"})
    answer = press(desk, "publish", seen=seen, **{author: "The other’s"})

    assert answer.status_code == 409
    assert "the author of “Le barrage” became “One’s”" in said(answer)
    assert (Rival.objects.get().author, Roundup.objects.count()) == ("One’s", 0)
    again = fields_of(shown(answer))
    assert again[author] == ["The other’s"]
    press(desk, "save", seen=again)
    assert Rival.objects.get().author == "The other’s"


def test_what_cannot_be_saved_of_it_is_marked(desk, rival):
    answer = press(desk, "save", **{f"r{rival.pk}-headline": "", f"p{rival.pick_id}-note": "Typed with care."})

    assert answer.status_code == 422
    assert shown(answer).css_first(".picks-rivals details[open] .errorlist") is not None
    assert "Typed with care." in answer.content.decode()


def test_what_was_written_on_one_that_is_gone_is_told(desk, rival):
    seen = fields_of(shown(desk.get(OF_MONDAY)))
    Pick.objects.get().rivals.all().delete()

    assert press(desk, "save", seen=seen, **{f"r{rival.pk}-author": "Late"}).status_code == 200
