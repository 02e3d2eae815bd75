"""The picks on the desk: written, put in order and published in two clicks, and nothing that anybody typed is lost."""

from datetime import date
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest

from broadsheet.newsroom.models import Roundup
from broadsheet.wire.actions import picking
from broadsheet.wire.models import DayOfLinks, Pick, Refusal, WireRules
from tests import cast, make
from tests.wire import stories
from tests.wire.desk.picks_page import ASIDE, OF_MONDAY, PICKS, fields_of, press, said, shown

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
PICK, REFUSALS = "/admin/wire/pick/", "/admin/wire/refusals/"
EVIL = '<script>alert(1)</script>"><img src=x>'


@pytest.fixture
def day(desk, at):
    told = stories.story("The dam", outlets=("The Gazette", "Le Journal", "Die Warte"))
    for item in told.items.order_by("pk"):
        picking.pick(item, by=None, at=at, zone=LONDON)
    return DayOfLinks.objects.get()


def outlets():
    return list(Pick.objects.order_by("sort_order", "pk").values_list("outlet", flat=True))


def first():
    return Pick.objects.order_by("sort_order", "pk").first()


# The page of a day


def test_it_says_what_goes_out_when(desk, day):
    assert "publish it when it is ready. What is not published today goes on to Tuesday, 3 March." in said(desk.get(PICKS))

    WireRules.objects.update_or_create(defaults={"roundup_at": "09:00", "least_picks": 5})
    assert "It goes out by itself on Monday, 2 March at 09:00 if there are 5 picks by then; so far 3." in said(desk.get(PICKS))


def test_looking_at_a_day_begins_none(desk):
    for path in (PICKS, "/admin/wire/picks/2027-01-04/", ASIDE, "/admin/wire/picks/2027-01-04/preview/"):
        assert desk.get(path).status_code == 200
    assert not DayOfLinks.objects.exists()
    assert desk.get("/admin/wire/picks/nonsense/").status_code == 404


def test_notes_title_and_introduction_are_saved_and_the_roundup_is_published_in_one_click(desk, day):
    note = f"p{first().pk}-note"
    answer = press(desk, "publish", **{note: "Read it\r\nslowly.", "day-title": "Of dams", "day-introduction": "Two of them."})

    assert "“Of dams” is on the site." in said(answer)
    article = Roundup.objects.get()
    assert (article.title, article.links[0].value["note"], len(article.links)) == ("Of dams", "Read it\nslowly.", 3)
    assert "On the site, as it stands here." in said(answer)


def test_a_standfirst_is_kept_until_the_roundup_is_made(desk, day):
    press(desk, "save", **{"day-standfirst": "Of dams,\r\nand who drinks."})
    assert shown(desk.get(OF_MONDAY)).css_first("[name=day-standfirst]").text().strip() == "Of dams, and who drinks."

    press(desk, "publish")
    assert Roundup.objects.get().standfirst == "Of dams, and who drinks."


def test_all_of_a_pick_can_be_written(desk, day):
    make.country("Kenya"), make.country("Egypt"), make.issue("Water")
    prefix = f"p{first().pk}-"
    typed = {"headline": "Anew", "published_on": "2026-03-01", "minutes": "7", "language": "fr", "paywalled": "on"}
    typed |= {"countries": "egypt, KE", "issues": "Water", "author": "Ada Plume", "url": "https://new.example/a?utm_source=x"}
    press(desk, "save", **{prefix + name: value for name, value in typed.items()})

    pick = first()
    assert (pick.headline, pick.published_on, pick.minutes, pick.language) == ("Anew", date(2026, 3, 1), 7, "fr")
    assert (pick.paywalled, pick.author, pick.url) == (True, "Ada Plume", "https://new.example/a")
    assert sorted(str(row) for row in (*pick.countries.all(), *pick.issues.all())) == ["Egypt", "Kenya", "Water"]


@pytest.mark.parametrize(("field", "typed"), [("countries", "Atlantis"), ("headline", ""), ("minutes", "-1"), ("url", "x y")])
def test_what_cannot_be_saved_is_marked_and_all_else_is_still_there(desk, day, field, typed):
    prefix = f"p{first().pk}-"
    answer = press(desk, "save", **{prefix + field: typed, prefix + "note": "Typed with care."})

    assert answer.status_code == 422
    assert "Typed with care." in said(answer) or "Typed with care." in answer.content.decode()
    assert shown(answer).css_first(".errorlist") is not None
    assert first().note == ""


def test_of_two_curators_neither_writes_over_the_other_unseen(desk, day):
    note = f"p{first().pk}-note"
    seen = fields_of(shown(desk.get(OF_MONDAY)))
    press(desk, "save", seen=seen, **{note: "One’s."})
    answer = press(desk, "publish", seen=seen, **{note: "The other’s."})

    assert answer.status_code == 409
    assert "became “One’s.”" in said(answer)
    assert (first().note, Roundup.objects.count()) == ("One’s.", 0)
    again = fields_of(shown(answer))
    assert again[note] == ["The other’s."]
    press(desk, "save", seen=again)
    assert first().note == "The other’s."


def test_an_introduction_is_not_written_over_unseen_either(desk, day):
    seen = fields_of(shown(desk.get(OF_MONDAY)))
    press(desk, "save", seen=seen, **{"day-introduction": "One’s."})
    answer = press(desk, "save", seen=seen, **{"day-introduction": "The other’s.", "day-title": "A title"})

    assert answer.status_code == 409
    assert DayOfLinks.objects.get().introduction == "One’s."
    assert "The other’s." in answer.content.decode()


def test_picks_are_moved_taken_out_and_put_back(desk, day):
    press(desk, f"down:{first().pk}")
    assert outlets() == ["Le Journal", "The Gazette", "Die Warte"]

    answer = press(desk, f"drop:{first().pk}")
    undo = shown(answer).css_first(".picks-undo button").attributes["value"]
    assert outlets() == ["The Gazette", "Die Warte"]

    assert "Undone." in said(press(desk, undo))
    assert len(outlets()) == 3


@pytest.mark.parametrize("do", ["rival:1:999", "up:999", "drop:x", "move:1:soon", "undo:999", "drop-rival:", "nonsense", ""])
def test_a_button_that_is_none_breaks_nothing(desk, day, do):
    assert press(desk, do.replace("1:", f"{first().pk}:")).status_code == 200
    assert len(outlets()) == 3


def test_a_pick_is_moved_to_the_next_day(desk, day):
    press(desk, f"move:{first().pk}:2026-03-03")

    assert Pick.objects.get(outlet="The Gazette").day.day == date(2026, 3, 3)


def test_the_order_in_which_they_were_dragged_is_saved(desk, day):
    seen = fields_of(shown(desk.get(OF_MONDAY)))
    press(desk, "save", seen=seen | {"order": list(reversed(seen["order"]))})

    assert outlets() == ["Die Warte", "Le Journal", "The Gazette"]


def test_it_is_held_and_let_go(desk, day):
    assert "Held: it goes out when somebody publishes it." in said(press(desk, "hold"))
    assert "Held" not in said(press(desk, "let-go")).replace("Hold", "")


def test_a_change_after_publishing_is_told_and_published_again(desk, day):
    press(desk, "publish")
    answer = press(desk, "save", **{f"p{first().pk}-note": "Added."})
    assert "On the site, and changed here since" in said(answer)

    press(desk, "publish")
    assert Roundup.objects.get().links[0].value["note"] == "Added."


def test_the_preview_is_the_page_and_nothing_runs_in_it(desk, day):
    answer = desk.get(f"{OF_MONDAY}preview/")

    assert [node.text() for node in shown(answer).css("li.outward cite")] == ["The Gazette", "Le Journal", "Die Warte"]
    assert "sandbox" in answer["Content-Security-Policy"]
    assert not shown(answer).css("script, nav, header:not(.article-head), body > footer")
    assert shown(answer).css("link[rel=stylesheet]")
    [way] = shown(desk.get(OF_MONDAY)).css("a[href$='/preview/']")
    assert way.attributes["target"] == "_blank"
    assert not Roundup.objects.exists()


def test_days_before_are_listed(desk, day):
    press(desk, "publish")

    assert "Mon 2 Mar 2026" in said(desk.get("/admin/wire/picks/past/"))


def test_what_a_feed_says_is_inert(desk, at):
    story = stories.story("x", outlets=())
    item = stories.item(story, EVIL, outlet="Outlet", link="https://x.example/", authors=[EVIL], summary=EVIL, language='en"><b>')
    picking.pick(item, by=None, at=at, zone=LONDON)

    for path in (PICKS, ASIDE, f"{OF_MONDAY}preview/", "/admin/wire/picks/past/"):
        html = desk.get(path).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html


# Who may


@pytest.mark.parametrize("path", [PICKS, OF_MONDAY, ASIDE, PICK, f"{OF_MONDAY}preview/", "/admin/wire/picks/past/"])
def test_only_whoever_may_work_at_the_picks_comes_in(path, at):
    make.publication(at=at)
    writer = cast.log_in(cast.staff("carlo", "Writers", at))

    assert writer.get(path).status_code in (302, 403)
    assert "picks-form" not in writer.get(path, follow=True).content.decode()


def test_a_form_from_elsewhere_does_nothing(day, carlo):
    stranger = cast.log_in(carlo, cast.browser(HTTP_ORIGIN="https://evil.example", HTTP_SEC_FETCH_SITE="cross-site"))
    stranger.handler.enforce_csrf_checks = True

    assert stranger.post(OF_MONDAY, {"do": "publish"}).status_code == 403
    assert not Roundup.objects.exists()


# Beside the stories


def test_a_note_is_written_beside_the_stories(desk, day):
    pick = first()
    page = shown(desk.get(ASIDE))
    assert page.css_first(f'[data-item="{pick.item_id}"] textarea') is not None

    seen = fields_of(page, ".picks-aside") | {f"p{pick.pk}-note": "Good."}
    answer = desk.post(ASIDE, {**seen, "do": "save"}, HTTP_X_FRAGMENT="picks")
    assert (answer.status_code, first().note) == (200, "Good.")
    assert "<html" not in answer.content.decode()


def test_beside_the_stories_too_nobody_writes_over_another(desk, day):
    pick = first()
    seen = fields_of(shown(desk.get(ASIDE)), ".picks-aside")
    for words in ("One’s.", "The other’s."):
        answer = desk.post(ASIDE, {**seen, f"p{pick.pk}-note": words, "do": "save"}, HTTP_X_FRAGMENT="picks")

    assert answer.status_code == 409
    assert "became “One’s.”" in said(answer)
    assert "The other’s." in answer.content.decode()


def test_without_a_script_its_buttons_lead_back_to_the_stories(desk, day):
    answer = press(desk, "publish", path=ASIDE, form=".picks-aside", follow=False)

    assert (answer.status_code, answer["Location"]) == (302, "/admin/wire/")
    assert Roundup.objects.exists()


# Any page


def test_a_page_is_picked_from_a_browsers_window(desk):
    asked = "?url=https%3A%2F%2Fpost.example%2Fa%3Ffbclid%3D1&title=A%20%3Cb%3E%20piece"
    seen = fields_of(shown(desk.get(PICK + asked)), "form")
    assert (seen["page-url"], seen["page-headline"], seen["page-outlet"]) == (
        ["https://post.example/a"],
        ["A <b> piece"],
        ["post.example"],
    )

    answer = desk.post(PICK, {**seen, "page-note": "Good."}, follow=True)
    pick = Pick.objects.get()
    assert (pick.url, pick.note, pick.day.day) == ("https://post.example/a", "Good.", date(2026, 3, 2))
    assert "is picked for Monday, 2 March" in said(answer)


def test_what_the_wire_knows_of_a_page_is_filled_in(desk, at):
    story = stories.story("x", outlets=())
    identity = picking.sha256(b"link:post.example/a").hexdigest()
    stories.item(
        story, "The piece", outlet="The Post", link="https://post.example/a", identity=identity, authors=["Ada"], words=460
    )
    seen = fields_of(shown(desk.get(f"{PICK}?url=http://www.post.example/a/&title=x")), "form")

    assert (seen["page-headline"], seen["page-author"], seen["page-minutes"]) == (["The piece"], ["Ada"], ["2"])
    desk.post(PICK, seen)
    assert Pick.objects.get().item.outlet == "The Post"


def test_looking_at_a_page_begins_no_day(desk):
    assert desk.get(PICK, {"url": "https://post.example/a", "title": "x"}).status_code == 200
    assert not DayOfLinks.objects.exists()


def test_a_page_that_was_picked_and_written_on_meanwhile_takes_only_what_was_changed(desk, at):
    seen = fields_of(shown(desk.get(PICK, {"url": "https://post.example/a", "title": "A piece"})), "form")
    desk.post(PICK, {**seen, "page-note": "One’s.", "page-headline": "The piece"})
    desk.post(PICK, {**seen, "page-author": "Ada"})

    pick = Pick.objects.get()
    assert (pick.headline, pick.note, pick.author) == ("The piece", "One’s.", "Ada")


def test_a_newer_note_is_not_written_over_from_a_browsers_window_until_it_was_seen(desk, at):
    seen = fields_of(shown(desk.get(PICK, {"url": "https://post.example/a", "title": "A piece"})), "form")
    desk.post(PICK, {**seen, "page-note": "One’s."})
    picking.edit(Pick.objects.get().pk, {"note": "One’s own."}, touched=0, shown={})

    answer = desk.post(PICK, {**seen, "page-note": "The other’s."})
    assert (answer.status_code, Pick.objects.get().note) == (409, "One’s own.")
    assert "this became “One’s own.”" in said(answer)

    desk.post(PICK, fields_of(shown(answer), "form"))
    assert Pick.objects.get().note == "The other’s."


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://taken.example/a"])
def test_what_may_not_be_picked_is_told_with_all_that_was_typed(desk, at, url):
    Refusal.objects.create(key="taken.example", at=at)
    seen = fields_of(shown(desk.get(f"{PICK}?url={url}&title=x")), "form")
    answer = desk.post(PICK, {**seen, "page-outlet": "An Outlet", "page-note": "Typed."})

    assert answer.status_code == 422
    assert "Typed." in answer.content.decode()
    assert not Pick.objects.exists()


@pytest.mark.parametrize("picked", ["9" * 5_000, "999", "x", "²"])
def test_a_number_of_no_pick_breaks_nothing(desk, picked):
    assert desk.get(PICK, {"picked": picked}).status_code in (200, 404)


def test_logging_in_leads_back_to_the_page_that_was_to_be_picked():
    answer = cast.vera().get(f"{PICK}?url=https://post.example/a&title=x")

    assert answer.status_code == 302
    [back] = parse_qs(urlsplit(answer["Location"]).query)["next"]
    assert back == f"{PICK}?url=https://post.example/a&title=x"


# Taken down


def test_an_editor_takes_an_outlet_down_and_is_told_what_that_did(day, edda):
    desk = cast.log_in(edda)
    host = urlsplit(first().url).hostname
    asked = desk.post(REFUSALS, {"address": host, "reason": "They asked."}, follow=True)
    assert "Look again before it goes" in said(asked)
    assert not Refusal.objects.exists()

    answer = desk.post(REFUSALS, {"address": host, "reason": "They asked.", "sure": host}, follow=True)
    assert "is to stand nowhere here. Taken down: 3 pieces of the wire, 3 picks." in said(answer)
    assert Refusal.objects.get().reason == "They asked."
    assert "Taken down: " not in said(desk.post(REFUSALS, {"lift": Refusal.objects.get().pk}, follow=True))
    assert not Refusal.objects.exists()


def test_what_is_no_address_is_told(edda):
    answer = cast.log_in(edda).post(REFUSALS, {"address": "the Gazette"})

    assert answer.status_code == 422
    assert "Write the address of a piece" in said(answer)


def test_a_curator_takes_nothing_down(desk):
    assert desk.post(REFUSALS, {"address": "x.example"}).status_code in (302, 403)
    assert not Refusal.objects.exists()
