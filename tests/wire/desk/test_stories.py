"""The stories' desk through its doors: what stands there, in what order, what is asked of it, and who may look."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from selectolax.lexbor import LexborHTMLParser

from broadsheet.wire import on_desk
from broadsheet.wire.actions import counting, editing
from broadsheet.wire.models import Deed, Seen, Story, WireRules
from tests import cast, make
from tests.wire import stories
from tests.wire.desk.page import headlines, page

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


# What stands there


def test_the_hottest_stands_first_and_the_newest_where_that_is_asked(desk, at):
    stories.story("Told by many", outlets=["A", "B", "C", "D"], at=at - 6 * HOUR)
    stories.story("Told just now", outlets=["A"], at=at - HOUR)

    assert headlines(desk) == ["Told by many", "Told just now"]
    assert headlines(desk, sort="newest") == ["Told just now", "Told by many"]


def test_what_is_older_than_two_days_put_aside_or_merged_does_not_stand_there(desk, at):
    stories.story("Old", at=at - 2 * DAY - HOUR)
    stories.story("Dropped", dropped_at=at, dropped_with=1)
    stories.story("Muted", muted_at=at)
    stories.story("For later", later_until=at + MINUTE)
    into = stories.story("Here")
    stories.story("Merged", merged_into=into)

    assert headlines(desk) == ["Here"]
    assert set(headlines(desk, shelf="aside")) == {"Dropped", "Muted", "For later"}


def test_what_was_left_for_later_stands_there_from_its_hour_on_though_it_is_old_by_then(desk, at, moved):
    stories.story("For later", at=at - DAY - 12 * HOUR, later_until=at + 13 * HOUR)

    assert headlines(desk) == []
    moved.move_to(at + 13 * HOUR)
    assert headlines(cast.log_in(cast.carlo(at))) == ["For later"]


def test_a_story_says_who_tells_it_how_many_in_which_languages_and_of_what(desk, at):
    make.country("Kenya", code="KE")
    make.issue("Water", slug="water")
    story = stories.story("The dam is full", subjects=["country:KE", "issue:water", "country:XX"])
    stories.item(story, "Bwawa limejaa", outlet="Taifa", language="sw", standing=1, at=at - HOUR)
    story.items.filter(outlet="The Daily Gazette").update(words=460, paywalled=True, summary="It rained.")
    counting.recount(story, at)

    shown = page(desk).css_first(".wire-story")

    said = " ".join(shown.css_first(".wire-said").text().split())
    assert said == ("New The Daily Gazette · 1 h · 2 min read · paywalled · 2 outlets in English, Swahili · Kenya, Water")
    assert shown.css_first(".wire-summary").text() == "It rained."
    assert "Bwawa limejaa" in shown.css_first("details").text()


def test_what_a_feed_says_is_shown_as_it_is_and_does_nothing(desk, at):
    story = stories.story('<script>alert(1)</script>" onload="x', outlets=["<b>Gazette</b>"])
    story.items.update(summary="<img src=https://spy.test/x.gif>", link="javascript:alert(1)", language='en"x')

    shown = page(desk)

    assert headlines(desk) == ['<script>alert(1)</script>" onload="x']
    assert not shown.css(".wire-story script, .wire-story img, .wire-story b b, .wire-story a[href^=javascript], [onload]")


def test_a_way_out_tells_nothing_of_where_one_comes_from(desk):
    stories.story()

    [way_out] = page(desk).css(".wire-story a")

    assert way_out.attributes["rel"] == "noopener noreferrer nofollow"
    assert way_out.attributes["referrerpolicy"] == "no-referrer"


# What is asked of it


def test_it_is_narrowed_by_region_country_issue_language_and_what_is_ours(desk, at):
    kenya = make.country("Kenya", code="KE")
    WireRules.load().our_countries.add(kenya)
    stories.story("Dam", subjects=["country:KE", "region:africa"], language="sw")
    stories.story("Vote", subjects=["country:TZ", "region:africa", "issue:elections"])

    narrowed = {"country": "KE", "issue": "elections", "region": "africa", "language": "sw", "ours": "yes"}
    found = {name: sorted(headlines(desk, **{name: value})) for name, value in narrowed.items()}

    assert found == {
        "country": ["Dam"],
        "issue": ["Vote"],
        "region": ["Dam", "Vote"],
        "language": ["Dam"],
        "ours": ["Dam"],
    }
    assert headlines(desk, country="KE", issue="elections") == []


def test_each_choice_says_how_many_stories_of_the_desk_it_has(desk, at):
    make.country("Kenya", code="KE")
    for headline in ("Dam", "Vote"):
        stories.story(headline, subjects=["country:KE"])
    stories.story("Dropped", subjects=["country:KE"], dropped_at=at, dropped_with=1)

    options = [node.text() for node in page(desk, issue="no-such").css("select[name=country] option, select[name=issue] option")]

    assert options == ["All countries", "Kenya (2)", "All issues", "no-such (0)"]


@pytest.mark.parametrize(
    ("words", "found"), [("dam", 1), ("DAM full", 1), ("gazette", 1), ("étang", 1), ("ÉTANG", 1), ("rain", 0)]
)
def test_words_are_searched_in_all_headlines_and_outlets_of_a_story(desk, at, words, found):
    story = stories.story("The dam is full", outlets=["The Daily Gazette"])
    stories.item(story, "Étang plein", outlet="Le Journal", language="fr")

    assert len(headlines(desk, q=words)) == found


def test_what_was_seen_is_not_among_the_unseen_until_more_is_told(desk, carlo, at):
    dam, flood = stories.story("Dam"), stories.story("Flood")
    desk.post("/admin/wire/seen/", {"seen": [f"{dam.pk}:1", f"{flood.pk}:1", "x:1", "0:3", f"{2**62}:1", f"{dam.pk}:-1"]})
    stories.item(flood, outlet="Herald")
    counting.recount(flood, at)

    assert headlines(desk, unseen="yes") == ["Flood"]
    assert [node.attributes["data-items"] for node in page(desk).css(".wire-story:not(.wire-new)")] == ["1"]
    assert Seen.objects.filter(reader=carlo).count() == 2


def test_the_next_page_goes_on_where_this_one_ends_though_stories_were_dropped_meanwhile(desk, carlo, at, monkeypatch):
    monkeypatch.setattr(on_desk, "A_PAGE", 3)
    for n in range(7):
        stories.story(f"Story {n}", at=at - n * HOUR)
    first = page(desk)
    editing.drop(Story.objects.get(headline="Story 1").pk, by=carlo, at=at)

    link = first.css_first(".wire-more a").attributes["href"]
    second = LexborHTMLParser(desk.get(f"{link}&part=stories").content.decode())

    assert [node.text(strip=True) for node in second.css(".wire-headline")] == ["Story 3", "Story 4", "Story 5"]
    assert not second.css("main")


def test_the_newest_are_turned_over_in_the_same_way(desk, at, monkeypatch):
    monkeypatch.setattr(on_desk, "A_PAGE", 2)
    for n in range(4):
        stories.story(f"Story {n}", at=at - HOUR)

    link = page(desk, sort="newest").css_first(".wire-more a").attributes["href"]
    second = LexborHTMLParser(desk.get(link).content.decode())

    assert [node.text(strip=True) for node in second.css(".wire-headline")] == ["Story 1", "Story 0"]


@pytest.mark.parametrize(
    "asked",
    [
        "below=x",
        "sort=newest&below=999999999999_1",
        "sort=newest&below=-999999999999_1",
        "country=%00",
        "q=%00%27",
        "q=" + "a" * 5000,
        "sort=1&shelf=2",
        "language=%C3%A9",
    ],
)
def test_whatever_an_address_asks_is_answered(desk, asked):
    assert desk.get(f"/admin/wire/?{asked}").status_code == 200


# One story, and who may


def test_a_story_s_own_page_has_all_its_pieces_and_leads_on_from_its_old_number(desk, carlo, at):
    dam, flood = stories.story("Dam", outlets=[f"Outlet {n}" for n in range(12)]), stories.story("Flood")
    editing.merge(dam.pk, [flood.pk], by=carlo, at=at)

    answer = desk.get(f"/admin/wire/story/{flood.pk}/", follow=True)

    assert answer.redirect_chain == [(f"/admin/wire/story/{dam.pk}/", 302)]
    assert len(LexborHTMLParser(answer.content.decode()).css(".wire-piece")) == 13
    assert desk.get("/admin/wire/story/99999/").status_code == 404


def test_who_may_not_see_the_wire_is_let_in_nowhere(at):
    writer = cast.log_in(_writer(at))
    story = stories.story()

    gets = [writer.get(path).status_code for path in ("/admin/wire/", "/admin/wire/since/0/", f"/admin/wire/story/{story.pk}/")]
    posts = [writer.post(path, {"do": f"drop:{story.pk}"}).status_code for path in ("/admin/wire/do/", "/admin/wire/seen/")]

    assert not {200, 204} & {*gets, *posts}
    assert not Deed.objects.exists()


def _writer(at):
    carlo = cast.carlo(at)
    carlo.groups.set(Group.objects.filter(name="Writers"))
    return carlo


def test_a_page_asks_as_little_of_the_database_for_many_stories_as_for_few(desk, at, django_assert_max_num_queries):
    make.country("Kenya", code="KE")
    for n in range(30):
        stories.story(f"Story {n}", outlets=["A", "B", "C"], subjects=["country:KE"])
    desk.get("/admin/wire/")
    on_desk.COUNTED.clear()

    with django_assert_max_num_queries(6 + 9 + 4):  # who asks; the stories; the frame of the desk
        desk.get("/admin/wire/")


def test_picks_stand_beside_the_stories_for_who_may_pick_alone(desk, carlo):
    stories.story()
    assert page(desk).css_first(".wire").attributes["data-aside"] == "/admin/wire/picks/aside/"

    carlo.groups.set([])
    carlo.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_story"]))

    shown = page(desk)
    assert not shown.css_first(".wire").attributes["data-aside"]
    assert not shown.css(".wire-story button, .wire-story input, .wire-bar button[name=do]")
