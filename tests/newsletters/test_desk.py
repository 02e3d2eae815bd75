"""Editions on the desk: made up in minutes, previewed, tested, let go; nothing typed is lost, and a look changes nothing."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from selectolax.lexbor import LexborHTMLParser
from wagtail.models import ModelLogEntry

from broadsheet.mailroom.queries import outbox
from broadsheet.newsletters.actions import going_out, making
from broadsheet.newsletters.models import Delivery, Edition, Item, Signup
from broadsheet.newsletters.typesetting import Printed
from tests import cast, make
from tests.newsletters import make as made

pytestmark = pytest.mark.django_db
PAID = "The paid word is zirconide. " + make.PARAGRAPH * 4
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def house(db, moved, at):
    make.publication(at=at)


@pytest.fixture
def desk(at):
    """Edda's browser."""
    return cast.log_in(cast.edda(at))


@pytest.fixture(autouse=True)
def moved(at):
    """Eight o'clock on Monday, until it is moved."""
    with time_machine.travel(at, tick=False) as moment:
        yield moment


@pytest.fixture
def edition(daily, at, printed):
    """Tomorrow's, which has filled itself with four articles, the newest first."""
    making.open_editions(at=at, zone=ZoneInfo("Europe/London"))
    for halves, headline in enumerate(("The dam", "Second", "Third", "Fourth")):
        body = [make.PARAGRAPH * 4, make.PARAGRAPH * 4, PAID] if headline == "The dam" else None
        printed(headline=headline, at=at - halves * HOUR / 2, body=body, audience="members")
    tomorrow = Edition.objects.get(goes_on=date(2026, 3, 3))
    making.assemble(tomorrow, at=at)
    return tomorrow


def at_(edition, rest=""):
    return f"/admin/editions/{edition.pk}/{rest}"


def shown(answer):
    return LexborHTMLParser(answer.content.decode())


def main(answer):
    return " ".join(shown(answer).css_first("main").text().split())


def fields_of(page):
    """What a browser would send: every field of the form as it stands."""
    sent = {}
    for node in page.css("#edition-form input, #edition-form textarea, #edition-form select"):
        name, kind = node.attributes.get("name"), node.attributes.get("type")
        if not name or (kind == "checkbox" and "checked" not in node.attributes):
            continue
        if node.tag == "select":
            value = node.css_first("option").attributes["value"]
        else:
            value = node.text().removeprefix("\n") if node.tag == "textarea" else node.attributes.get("value") or ""
        sent.setdefault(name, []).append(value)
    return sent


def press(desk, edition, do, *, seen=None, **typed):
    """Type, then press a button; `seen`: the page as it was when it was opened."""
    page = seen or shown(desk.get(at_(edition)))
    return desk.post(at_(edition), fields_of(page) | {"do": do} | typed)


def heads(edition, slot="articles"):
    items = edition.items.filter(slot=slot, dropped=False).order_by("sort_order")
    return [item.headline or item.article.title for item in items]


def item(edition, headline):
    return next(one for one in edition.items.all() if headline in (one.headline, one.article and one.article.title))


def begin(edition):
    plainly = lambda composed, cut: Printed(composed.subject, "", f"<p>{cut}</p>", str(cut), 1, ())  # noqa: E731
    edition.refresh_from_db()
    assert going_out.begin(edition, typeset=plainly, at=edition.due_at)


def signed_up(newsletter, at, *readers):
    for reader in readers:
        Signup.objects.create(reader=reader, newsletter=newsletter, text_shown="x", asked_at=at, confirmed_at=at)


def log_of(edition):
    return [(entry.action, entry.user.email) for entry in ModelLogEntry.objects.for_instance(edition).order_by("pk")]


# As an editor would


def test_an_editor_moves_two_writes_three_lines_looks_tests_and_lets_go(desk, edition, daily, at):
    fay = cast.fay(at)
    signed_up(daily, at, fay)
    assert (heads(edition, "top"), heads(edition)) == (["The dam"], ["Second", "Third", "Fourth"])

    press(desk, edition, f"up:{item(edition, 'Fourth').pk}")
    lines = {"subject": "A river", "preheader": "And a dam", "note": "Good morning.\r\n\r\nThree things."}
    press(desk, edition, f"down:{item(edition, 'Second').pk}", **lines)
    assert heads(edition) == ["Fourth", "Second", "Third"]
    for cut in ("full", "preview"):
        proof = desk.get(at_(edition, f"proof/{cut}/light/"))
        assert ("zirconide" in proof.content.decode()) == (cut == "full")
    press(desk, edition, "test")
    answer = press(desk, edition, "let-go")

    assert answer.status_code == 302
    edition.refresh_from_db()
    assert (edition.subject, edition.preheader, edition.note) == ("A river", "And a dam", "Good morning.\n\nThree things.")
    assert edition.passed_at == at
    assert edition.due_at == datetime(2026, 3, 3, 6, tzinfo=UTC)
    assert [action for action, _ in log_of(edition)] == ["wagtail.edit"] * 2 + ["newsletters.test", "newsletters.let_go"]
    assert {by for _, by in log_of(edition)} == {"edda@example.org"}
    assert "It goes to 1 reader" in main(desk.get(at_(edition)))


def test_a_look_changes_nothing(desk, edition):
    before = [list(model.objects.order_by("pk").values()) for model in (Edition, Item, Delivery, ModelLogEntry)]

    for path in ("", "?q=dam", "sure/now/", "sure/cancel/", "proof/full/light/", "proof/preview/dark/", "proof/full/text/"):
        assert desk.get(at_(edition, path)).status_code == 200
    assert desk.get("/admin/editions/").status_code == 200
    assert before == [list(model.objects.order_by("pk").values()) for model in (Edition, Item, Delivery, ModelLogEntry)]
    assert not outbox().exists()


def test_what_stands_if_nothing_is_written_is_shown_in_the_empty_fields(desk, edition):
    field = lambda: shown(desk.get(at_(edition))).css_first("#id_subject").attributes  # noqa: E731
    assert field().get("placeholder") == "The dam"

    press(desk, edition, "save", subject="A river")
    assert (field()["value"], field().get("placeholder")) == ("A river", None)


def test_whoever_leaves_with_words_unsaved_is_asked(desk, edition):
    form = shown(desk.get(at_(edition))).css_first("#edition-form").attributes
    assert (form["data-controller"], form["data-w-unsaved-force-value"]) == ("w-unsaved", "false")

    refused = press(desk, edition, "save", **{"link-url": "https://elsewhere.test/a"})
    assert shown(refused).css_first("#edition-form").attributes["data-w-unsaved-force-value"] == "true"
    assert "open" in shown(refused).css_first(".edition-link").attributes


def test_a_new_lead_sends_the_old_one_to_the_head_of_the_articles(desk, edition):
    press(desk, edition, f"move:{item(edition, 'Third').pk}:top")

    assert (heads(edition, "top"), heads(edition)) == (["Third"], ["The dam", "Second", "Fourth"])


def test_what_is_taken_out_is_offered_as_that_and_put_back(desk, edition):
    press(desk, edition, f"drop:{(second := item(edition, 'Second')).pk}")
    assert "Second" not in heads(edition)
    assert "Taken out" in main(desk.get(at_(edition)))

    press(desk, edition, f"back:{second.pk}")
    assert "Second" in heads(edition)


def test_what_is_new_and_not_in_it_is_put_in(desk, edition, printed, at):
    fifth = printed(headline="Fifth", at=at - 1.9 * HOUR)
    assert "Fifth" in shown(desk.get(at_(edition))).css_first("section[aria-labelledby=offers]").text()

    press(desk, edition, f"put:{fifth.pk}:articles")
    assert heads(edition)[-1] == "Fifth"


def test_older_articles_are_found_by_headline_and_what_was_typed_is_kept(desk, edition, printed, at):
    old = printed(headline="An Old River", at=at - 90 * DAY)
    answer = press(desk, edition, "search", q="old river", note="Typed before.")
    page = desk.get(answer["Location"])

    assert "An Old River" in shown(page).css_first("section[aria-labelledby=found]").text()
    edition.refresh_from_db()
    assert edition.note == "Typed before."
    press(desk, edition, f"put:{old.pk}:top")
    assert heads(edition, "top") == ["An Old River"]


def test_a_draft_is_not_put_in(desk, edition, at):
    draft = make.article(headline="Unready", live=False)
    press(desk, edition, f"put:{draft.pk}:articles")

    assert not edition.items.filter(article=draft).exists()


def test_a_link_is_added_reworded_and_never_half_lost(desk, edition):
    link = {"link-url": "https://elsewhere.test/a", "link-outlet": "The Other", "link-minutes": "7", "link-paywalled": "on"}
    answer = press(desk, edition, "save", **link)
    assert answer.status_code == 422
    assert "https://elsewhere.test/a" in answer.content.decode()

    press(desk, edition, "save", **link, **{"link-headline": "Elsewhere", "link-said": "Read it."})
    added = edition.items.get(slot="links")
    assert (added.headline, added.outlet, added.minutes, added.paywalled) == ("Elsewhere", "The Other", 7, True)
    press(desk, edition, "save", **{f"item-{added.pk}-said": "Read it for the map."})
    added.refresh_from_db()
    assert (added.standfirst, added.headline, added.url) == ("Read it for the map.", "Elsewhere", "https://elsewhere.test/a")


def test_an_article_has_other_words_in_an_edition(desk, edition):
    press(desk, edition, "save", **{f"item-{item(edition, 'Second').pk}-headline": "Better said"})

    assert heads(edition)[0] == "Better said"


def test_fill_anew_takes_what_came_out_meanwhile(desk, edition, printed, at):
    printed(headline="Newest", at=at)
    press(desk, edition, "fill")

    assert "Newest" in heads(edition, "top") + heads(edition)


def test_of_two_editors_each_keeps_what_the_other_did_not_touch(desk, edition, at):
    petra = cast.log_in(cast.petra(at))
    seen = shown(petra.get(at_(edition)))
    press(desk, edition, "save", note="Edda’s note")
    press(petra, edition, "save", seen=seen, subject="Petra’s subject")

    edition.refresh_from_db()
    assert (edition.subject, edition.note) == ("Petra’s subject", "Edda’s note")


def test_words_that_were_written_meanwhile_in_another_window_are_not_lost_unsaid(desk, edition):
    seen = shown(desk.get(at_(edition)))
    press(desk, edition, "save", seen=seen, subject="Of rivers", preheader="As before")
    answer = press(desk, edition, "save", seen=seen, subject="Of dams", preheader="As before")

    edition.refresh_from_db()
    said = main(desk.get(answer["Location"]))
    assert edition.subject == "Of dams"
    assert "the subject had become “Of rivers”. Yours stands there now." in said
    assert "preheader had become" not in said


def test_what_no_longer_stands_there_is_said(desk, edition):
    seen = shown(desk.get(at_(edition)))
    gone = item(edition, "Fourth")
    Item.objects.filter(pk=gone.pk).delete()
    answer = press(desk, edition, f"up:{gone.pk}", seen=seen)

    assert "That no longer stands in it." in main(desk.get(answer["Location"]))


@pytest.mark.parametrize(
    "do", ["", "up", "up:x", "up:99999999999999999999", "move:0", "put:0:top", "put:1:nowhere", "sell:1", "é:²"]
)
def test_a_button_that_is_none_breaks_nothing(desk, edition, do):
    assert press(desk, edition, do).status_code == 302


# It begins


def test_once_it_has_begun_the_typed_words_are_shown_and_nothing_is_saved(desk, edition):
    seen = shown(desk.get(at_(edition)))
    begin(edition)
    answer = press(desk, edition, "save", seen=seen, note="Too late, but long to type.")

    assert answer.status_code == 409
    assert "It has begun meanwhile" in main(answer)
    assert "Too late, but long to type." in shown(answer).css_first(".edition-typed").text()
    edition.refresh_from_db()
    assert edition.note == ""


def test_it_is_paused_from_a_page_that_still_shows_it_open(desk, edition):
    seen = shown(desk.get(at_(edition)))
    begin(edition)
    press(desk, edition, "pause", seen=seen)

    edition.refresh_from_db()
    assert edition.paused_at
    press(desk, edition, "go-on")
    edition.refresh_from_db()
    assert edition.paused_at is None


def test_it_goes_now_only_once_that_was_confirmed(desk, edition, daily, at):
    signed_up(daily, at, cast.fay(at), cast.rex(at))
    answer = press(desk, edition, "now", subject="At once")
    assert answer["Location"] == at_(edition, "sure/now/")
    assert "It goes to 2 readers within minutes" in main(desk.get(answer["Location"]))
    edition.refresh_from_db()
    assert (edition.passed_at, edition.subject) == (None, "At once")

    desk.post(answer["Location"])
    edition.refresh_from_db()
    assert edition.passed_at == edition.due_at == at


def test_another_hour_of_its_day_is_chosen_and_one_that_is_over_asks_first(desk, edition, moved):
    press(desk, edition, "let-go", **{"due-hour": "09:30"})
    edition.refresh_from_db()
    assert edition.due_at == datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
    press(desk, edition, "take-back")
    edition.refresh_from_db()
    assert edition.passed_at is None

    moved.move_to(datetime(2026, 3, 3, 9, tzinfo=UTC))
    answer = press(desk, edition, "let-go", **{"due-hour": "08:00"})
    assert answer["Location"] == at_(edition, "sure/now/")


def test_cancelling_is_confirmed_and_over_for_good(desk, edition):
    sure = press(desk, edition, "cancel")["Location"]
    assert "nobody will" in main(desk.get(sure))
    desk.post(sure)

    edition.refresh_from_db()
    assert edition.cancelled_at
    assert log_of(edition)[-1][0] == "newsletters.cancel"
    assert desk.get(sure).status_code == 302
    assert press(desk, edition, "let-go").status_code == 302
    edition.refresh_from_db()
    assert edition.passed_at is None


# How it looks


def test_a_proof_may_do_nothing_and_load_nothing_but_our_pictures(desk, edition):
    page, proof = shown(desk.get(at_(edition))), desk.get(at_(edition, "proof/full/light/"))

    assert proof["Content-Security-Policy"].startswith("default-src 'none'; img-src 'self'")
    assert "sandbox" in proof["Content-Security-Policy"]
    assert {frame.attributes["sandbox"] for frame in page.css("iframe")} == {None}
    assert "\ue000" not in proof.content.decode()


def test_dark_is_dark_and_light_is_light_whatever_the_screen_prefers(desk, edition):
    dark, light = (desk.get(at_(edition, f"proof/preview/{look}/")).content.decode() for look in ("dark", "light"))

    assert "prefers-color-scheme: dark" not in dark + light
    assert "@media (min-width: 0)" in dark


def test_the_plain_text_is_text(desk, edition):
    assert desk.get(at_(edition, "proof/preview/text/"))["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("rest", ["proof/whole/light/", "proof/full/green/", "sure/sell/", "deliveries/nonsense/"])
def test_what_is_none_is_not_found(at, edition, rest):
    assert cast.log_in(cast.petra(at)).get(at_(edition, rest)).status_code == 404


def test_what_an_editor_should_mend_is_said(desk, edition):
    press(desk, edition, "save", subject="SHOUTED")

    assert "The subject is all capitals" in main(desk.get(at_(edition)))


def test_a_test_goes_to_one_address_in_the_cuts_chosen_and_makes_no_delivery(desk, edition):
    press(desk, edition, "test", **{"test-cuts": ["preview"]})
    mail = outbox().get()

    assert (mail.subject, mail.to, mail.kind) == ("[Test] The dam", "edda@example.org", "edition-test")
    assert "edda@example.org" in mail.html
    assert "zirconide" not in mail.html + mail.text
    assert "\ue000" not in mail.html + mail.text
    assert not Delivery.objects.exists()


def test_a_test_to_somebody_else_holds_nobodys_links(desk, edition):
    press(desk, edition, "test", **{"test-to": "press@elsewhere.example"})

    assert [mail.to for mail in outbox()] == ["press@elsewhere.example"] * 2
    assert not any("/newsletters/leave/" in mail.text or "/preferences/" in mail.text for mail in outbox())


def test_a_test_has_both_cuts_and_no_header_by_which_a_mail_program_ends_a_signup(desk, edition):
    press(desk, edition, "test")

    assert {mail.subject for mail in outbox()} == {
        "[Test] The dam (for subscribers)",
        "[Test] The dam (for everybody else)",
    }
    assert [name for mail in outbox() for name in mail.headers if name.startswith("List-")] == []
    assert ["zirconide" in mail.html for mail in outbox().order_by("pk")].count(True) == 1


# The list


def test_the_list_says_what_comes_and_why_it_waits(desk, edition, daily):
    daily.unseen = False
    daily.save()
    row = shown(desk.get("/admin/editions/")).css("section[aria-labelledby=coming] tbody tr")[0]

    assert [" ".join(cell.text().split()) for cell in row.css("th, td")] == [
        "The Daily",
        "Tuesday, 3 March",
        "06:00",
        "4 of 12",
        "It waits for somebody to let it go.",
    ]


def test_what_went_out_stands_there_with_its_figures_and_their_lists(at, edition, daily):
    readers = [cast.fay(at), cast.rex(at), cast.sada(at)]
    signed_up(daily, at, *readers)
    begin(edition)
    going_out.list_recipients(edition, at=edition.due_at)
    for reader, fields in zip(
        readers, ({"sent_at": at, "returned_at": at}, {"failed_at": at, "trouble": "=1+1"}, {"sent_at": at}), strict=True
    ):
        Delivery.objects.filter(reader=reader).update(**fields)
    Edition.objects.filter(pk=edition.pk).update(done_at=at)
    petra = cast.log_in(cast.petra(at))
    row = shown(petra.get("/admin/editions/")).css_first("section[aria-labelledby=past] tbody tr")

    assert [cell.text().strip() for cell in row.css("td")][2:] == ["3", "0", "2", "1", "0", "0", "1"]
    refused = petra.get(at_(edition, "deliveries/refused/"))
    assert "rex@example.org" in main(refused)
    assert "fay@example.org" not in main(refused)
    lines = b"".join(petra.get(at_(edition, "deliveries/refused/?as=csv")).streaming_content).decode().splitlines()
    assert lines[0].startswith("Address,Cut,Sent")
    assert lines[1] == "rex@example.org,,,2026-03-02 08:00:00,,,,0,'=1+1"


def test_editors_see_figures_and_not_who_they_are(desk, edition):
    begin(edition)

    assert desk.get(at_(edition, "deliveries/sent/")).status_code == 302
    assert "/deliveries/" not in desk.get(at_(edition)).content.decode()


def test_a_breaking_note_is_opened_by_hand(desk, at):
    made.newsletter("Breaking", slug="breaking", rhythm="by-hand", unseen=False)
    note = Edition.objects.filter(newsletter__slug="breaking")
    newsletter = made.Newsletter.objects.get().pk

    assert desk.post("/admin/editions/new/", {"newsletter": newsletter, "due_at": "2026-03-02 07:00"}).status_code == 422
    desk.post("/admin/editions/new/", {"newsletter": newsletter, "due_at": "2026-03-02 10:00"})
    assert note.get().due_at == at + 2 * HOUR
    assert "It waits for somebody to let it go." in main(desk.get(at_(note.get())))

    again = desk.post("/admin/editions/new/", {"newsletter": newsletter, "due_at": "2026-03-02 11:00"}, follow=True)
    assert "There is one for that day already" in again.content.decode()
    assert list(ModelLogEntry.objects.values_list("action", flat=True)) == ["wagtail.create"]


# Who may


@pytest.mark.parametrize("who", [cast.rex, cast.carlo])
def test_nobody_else_finds_them(who, at, edition):
    browser = cast.log_in(who(at))

    for path in (
        "/admin/editions/",
        "/admin/editions/new/",
        at_(edition),
        at_(edition, "proof/full/light/"),
        at_(edition, "sure/now/"),
    ):
        answer = browser.get(path)
        assert answer.status_code in (302, 403)
        assert "zirconide" not in answer.content.decode()
    for path in (at_(edition), at_(edition, "sure/now/"), at_(edition, "sure/cancel/")):
        assert browser.post(path, {"do": "pause", "note": "Mine"}).status_code in (302, 403)
    edition.refresh_from_db()
    assert (edition.paused_at, edition.passed_at, edition.cancelled_at, edition.note) == (None, None, None, "")
