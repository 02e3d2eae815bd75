"""The stories' desk through its doors: what stands there, in what order, what is asked of it, and how it is kept up with."""

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission
from selectolax.lexbor import LexborHTMLParser

from broadsheet.wire import on_desk
from broadsheet.wire.actions import counting, editing
from broadsheet.wire.models import DayOfLinks, Deed, Pick, Seen, Story, WireRules
from tests import cast, make
from tests.wire import stories

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture(autouse=True)
def moved(at):
    """Eight o'clock on Monday, until it is moved; and nothing was counted before."""
    on_desk.COUNTED.clear()
    with time_machine.travel(at, tick=False) as moment:
        yield moment


@pytest.fixture
def carlo(at):
    return cast.carlo(at)


@pytest.fixture
def edda(at):
    return cast.edda(at)


@pytest.fixture
def desk(carlo):
    """Carlo's browser."""
    return cast.log_in(carlo)


def page(desk, **asked):
    return LexborHTMLParser(desk.get("/admin/wire/", asked).content.decode())


def headlines(desk, **asked):
    return [node.text(strip=True) for node in page(desk, **asked).css(".wire-story .wire-headline")]


def do(desk, written, **fields):
    answer = desk.post("/admin/wire/do/", {"do": written, **fields}, **JSON)
    return json.loads(answer.content)


def since(desk, change, **asked):
    answer = desk.get(f"/admin/wire/since/{change}/?{urlencode(asked)}")
    return answer.status_code, json.loads(answer.content) if answer.content else None


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


# Buttons


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


# Keeping up


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
