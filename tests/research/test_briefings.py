"""My briefing: what was chosen, at its hour, nothing twice, sealed to the reader's standing, as a page and by mail."""

import re
from datetime import timedelta

import pytest

from broadsheet.gate.app import WHO
from broadsheet.gate.visitor import Visitor
from broadsheet.library.actions.gleaning import glean_new
from broadsheet.library.sight import EVERYTHING
from broadsheet.mailroom.kinds import KINDS
from broadsheet.mailroom.models import Dispatch
from broadsheet.newsroom.actions import take_back
from broadsheet.newsroom.models import Article
from broadsheet.press.actions import press
from broadsheet.research.actions.briefings import (
    MOST_CHOICES,
    NotANumber,
    NothingChosen,
    bring_now,
    end_briefing,
    forget_brought,
    send_briefings,
    set_briefing,
)
from broadsheet.research.bringing import REMEMBERED
from broadsheet.research.ends import path_that_ends
from broadsheet.research.models import Briefing, Brought, Morning
from tests import cast, make
from tests.handed import listening

pytestmark = pytest.mark.django_db
ENTITLED = {WHO: lambda environ: Visitor(standing=EVERYTHING.standing)}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PAID = "Beyond the wall stands the word quillwort, and Kenya, Kenya, Kenya, and Kenya again."


@pytest.fixture
def kenya():
    return make.country("Kenya", regions=[make.region()])


def published(headline, at, **fields):
    told = {"kind": "briefing", "audience": "members", "body": [make.PARAGRAPH, make.PARAGRAPH, PAID]} | fields
    article = make.article(headline=headline, at=at, **told)
    press(article.pk, at=at)
    glean_new(at=at)
    return article


def wanting(who, *things, at, days=range(7), hour=7, most=7, by_mail=True):
    choices = [(type(thing).__name__.lower(), thing.pk) for thing in things]
    return set_briefing(who, choices=choices, days=days, hour=hour, most=most, by_mail=by_mail, at=at)


def brought(who):
    keys = Brought.objects.filter(reader=who).order_by("morning", "place").values_list("article_id", flat=True)
    return [Article.objects.get(pk=pk).title for pk in keys]


def mails():
    return list(Dispatch.objects.filter(kind="my-briefing").order_by("pk"))


SEVEN = 23 * HOUR  # from the fixture `at`, which is eight, to the next morning


def test_it_brings_what_is_new_on_what_was_chosen_and_says_why(kenya, at):
    sada = cast.sada(at)
    wanting(sada, kenya, at=at)
    article = published("The dam", at + HOUR, countries=[kenya], standfirst="Who pays.")
    published("Elsewhere", at + HOUR, body=[make.PARAGRAPH])

    assert send_briefings(at=at + SEVEN) == 1

    (mail,) = mails()
    assert mail.subject == "Your briefing, Tuesday, 3 March 2026: The dam"
    assert "The dam\nYou follow Kenya; new since 24 February\nWho pays.\n" in mail.text
    assert f"http://testserver{article.address}" in mail.text
    assert "That is all for today." in mail.text
    assert brought(sada) == ["The dam"]


def test_nothing_comes_twice_and_the_hour_once(kenya, at):
    sada = cast.sada(at)
    wanting(sada, kenya, at=at)
    published("The dam", at + HOUR, countries=[kenya])

    assert [send_briefings(at=at + SEVEN + after) for after in (0 * HOUR, HOUR, DAY, DAY + HOUR)] == [1, 0, 1, 0]

    assert brought(sada) == ["The dam"]
    assert len(mails()) == 1
    assert Morning.objects.filter(reader=sada).count() == 2


def test_it_is_finishable(kenya, at):
    sada = cast.sada(at)
    wanting(sada, kenya, at=at, most=3)
    for number in range(5):
        published(f"Dam {number}", at + number * HOUR, countries=[kenya])

    send_briefings(at=at + SEVEN)
    assert brought(sada) == ["Dam 4", "Dam 3", "Dam 2"]


def test_what_did_not_fit_comes_no_more_once_it_is_older_than_the_last(kenya, at):
    """New is what came out since the last one: a reader is never behind."""
    sada = cast.sada(at)
    wanting(sada, kenya, at=at, most=3)
    for number in range(5):
        published(f"Dam {number}", at + number * HOUR, countries=[kenya])
    send_briefings(at=at + SEVEN)

    send_briefings(at=at + SEVEN + DAY)

    assert len(brought(sada)) == 3


def test_an_article_about_it_only_beyond_the_cut_comes_to_whoever_may_read_on(kenya, at):
    sada, rex = cast.sada(at), cast.rex(at)
    for who in (sada, rex):
        wanting(who, kenya, at=at)
    published("Nobody named", at + HOUR)

    send_briefings(at=at + SEVEN)

    assert (brought(sada), brought(rex)) == (["Nobody named"], [])
    assert "quillwort" not in "".join(mail.text + mail.html for mail in mails())


def test_a_page_shows_no_more_what_its_reader_may_not_know_any_more(kenya, at, frozen):
    sada = cast.sada(at)
    wanting(sada, kenya, at=at)
    published("Nobody named", at + HOUR)
    send_briefings(at=at + SEVEN)
    browser = cast.log_in(sada)

    assert "Nobody named" in browser.get("/briefing/", **ENTITLED).content.decode()
    assert "Nobody named" not in browser.get("/briefing/").content.decode()


def test_what_was_taken_back_stands_on_the_page_no_more(kenya, at, frozen):
    sada = cast.sada(at)
    wanting(sada, kenya, at=at)
    article = published("The dam", at + HOUR, countries=[kenya])
    send_briefings(at=at + SEVEN)
    take_back(Article.objects.get(pk=article.pk), by=None, at=at + SEVEN)
    press(article.pk, at=at + SEVEN)

    assert "The dam" not in cast.log_in(sada).get("/briefing/").content.decode()


def test_a_region_brings_what_stands_on_its_list_and_an_issue_what_is_on_it(kenya, at):
    sada = cast.sada(at)
    issue = make.issue()
    wanting(sada, *kenya.regions.all(), issue, at=at)
    published("Of the region", at + HOUR, regions=list(kenya.regions.all()), body=[make.PARAGRAPH])
    published("On water", at + HOUR, issues=[issue], body=[make.PARAGRAPH])

    send_briefings(at=at + SEVEN)

    assert set(brought(sada)) == {"Of the region", "On water"}


def test_a_report_comes_first(kenya, at):
    sada = cast.sada(at)
    wanting(sada, kenya, at=at)
    published("A report", at + HOUR, kind="report", countries=[kenya], body=[])
    published("The dam", at + 2 * HOUR, countries=[kenya])

    send_briefings(at=at + SEVEN)

    assert brought(sada) == ["A report", "The dam"]


def test_an_empty_one_sends_no_mail_and_says_so(kenya, at, frozen):
    sada = cast.sada(at)
    wanting(sada, kenya, at=at)

    assert send_briefings(at=at + SEVEN) == 1

    assert mails() == []
    assert "Nothing new on what you chose" in cast.log_in(sada).get("/briefing/").content.decode()


@pytest.mark.parametrize(
    ("days", "after", "expected"),
    [
        ({1}, SEVEN, 1),
        ({2}, SEVEN, 0),
        ({1}, SEVEN - HOUR, 0),
        ({1}, SEVEN + 12 * HOUR, 1),
        ({1}, SEVEN + 13 * HOUR, 0),
        ((), SEVEN, 0),
    ],
)
def test_it_comes_on_its_days_at_its_hour_or_half_a_day_late_at_most(kenya, at, days, after, expected):
    wanting(cast.sada(at), kenya, at=at, days=days)
    published("The dam", at + HOUR, countries=[kenya])

    assert send_briefings(at=at + after) == len(mails()) == expected


def test_without_mail_it_stands_on_its_page(kenya, at):
    sada = cast.sada(at)
    wanting(sada, kenya, at=at, by_mail=False)
    published("The dam", at + HOUR, countries=[kenya])

    send_briefings(at=at + SEVEN)

    assert (brought(sada), mails()) == (["The dam"], [])


def test_the_first_can_be_asked_for_and_its_items_do_not_come_again(kenya, at):
    sada = cast.sada(at)
    published("The dam", at - HOUR, countries=[kenya])
    wanting(sada, kenya, at=at)

    assert [bring_now(sada, at=at), bring_now(sada, at=at + HOUR)] == [True, False]
    send_briefings(at=at + SEVEN)

    assert brought(sada) == ["The dam"]
    assert mails() == []


def test_without_days_it_comes_whenever_it_is_asked_for(kenya, at, time_machine):
    sada = cast.sada(at)
    wanting(sada, kenya, at=at, days=())
    browser = cast.log_in(sada)
    seen = []
    for day, headline in enumerate(("The dam", "The bridge")):
        published(headline, at + day * DAY, countries=[kenya])
        time_machine.move_to(at + day * DAY + HOUR, tick=False)
        assert "Bring one now" in browser.get("/briefing/").content.decode()
        browser.post("/briefing/")
        seen.append(headline in browser.get("/briefing/").content.decode())

    assert seen == [True, True]
    assert set(brought(sada)) == {"The dam", "The bridge"}


def test_with_days_it_can_be_asked_for_once(kenya, at, frozen):
    sada = cast.sada(at)
    wanting(sada, kenya, at=at)
    browser = cast.log_in(sada)
    browser.post("/briefing/")

    assert "Bring one now" not in browser.get("/briefing/").content.decode()


def test_whoever_missed_a_day_finds_what_it_brought(kenya, at, time_machine):
    """Alpha came on the first, nothing on the two days after: it stands a step away from the last one."""
    sada = cast.sada(at)
    wanting(sada, kenya, at=at)
    published("Alpha", at + HOUR, countries=[kenya])
    for day in range(3):
        send_briefings(at=at + SEVEN + day * DAY)
    time_machine.move_to(at + SEVEN + 2 * DAY, tick=False)
    browser = cast.log_in(sada)
    page = browser.get("/briefing/").content.decode()
    (way,) = re.findall(r'href="(/briefing/\d+/)"', page)

    assert "Alpha" not in page
    assert "Alpha" in browser.get(way).content.decode()
    assert cast.log_in(cast.rex(at)).get(way).status_code == 404
    assert browser.get(f"/briefing/{2**63}/").status_code == 404


def test_whoever_ends_it_and_begins_anew_sees_nothing_again(kenya, at):
    sada = cast.sada(at)
    wanting(sada, kenya, at=at)
    published("The dam", at + HOUR, countries=[kenya])
    send_briefings(at=at + SEVEN)
    end_briefing(sada)
    wanting(sada, kenya, at=at + SEVEN + HOUR)

    send_briefings(at=at + SEVEN + DAY)

    assert brought(sada) == ["The dam"]


def test_a_mail_that_cannot_go_leaves_the_page(kenya, at):
    sada = cast.sada(at)
    wanting(sada, kenya, at=at)
    type(sada).objects.filter(pk=sada.pk).update(email="nowhere")
    published("The dam", at + HOUR, countries=[kenya])

    assert send_briefings(at=at + SEVEN) == 1
    assert (brought(sada), mails()) == (["The dam"], [])


def test_what_is_long_past_is_forgotten(kenya, at):
    sada = cast.sada(at)
    wanting(sada, kenya, at=at)
    published("The dam", at + HOUR, countries=[kenya])
    send_briefings(at=at + SEVEN)

    forget_brought(at=at + REMEMBERED)
    assert brought(sada) == ["The dam"]
    forget_brought(at=at + SEVEN + REMEMBERED)
    assert brought(sada) == []


def test_the_table_of_mails_says_what_a_briefing_is_handed(kenya, at):
    wanting(cast.sada(at), kenya, at=at)
    published("The dam", at + HOUR, countries=[kenya])
    with listening() as handed:
        send_briefings(at=at + SEVEN)

    assert handed == {"my-briefing": {frozenset(each.key for each in KINDS["my-briefing"].handed)}}


# Setting it


def test_it_is_set_as_a_whole_in_the_place_of_what_was_before(kenya, at):
    sada, mali = cast.sada(at), make.country("Mali")
    first = wanting(sada, kenya, mali, at=at)
    second = wanting(sada, mali, at=at + DAY, days={0}, hour=18, most=3)

    assert first.pk == second.pk
    row = Briefing.objects.get()
    assert ([one.row for one in row.choices.all()], row.days, row.hour, row.most) == ([mali.pk], "0", 18, 3)


@pytest.mark.parametrize("changed", [{"hour": 6}, {"hour": 8}, {"hour": 9}, {"days": {1, 2}}])
def test_a_new_hour_brings_nothing_for_one_that_has_passed(changed, kenya, at):
    """It is eight. At seven came today's: it stays what it is, and the next one comes when it was set to come."""
    sada = cast.sada(at)
    wanting(sada, kenya, at=at)
    published("The dam", at + HOUR, countries=[kenya])
    send_briefings(at=at + SEVEN)
    wanting(sada, kenya, at=at + DAY, **changed)

    assert send_briefings(at=at + DAY + timedelta(minutes=1)) == 0
    assert brought(sada) == ["The dam"]


def test_what_was_due_stays_due_while_only_what_it_looks_at_changes(kenya, at):
    sada = cast.sada(at)
    wanting(sada, kenya, at=at)
    published("The dam", at + HOUR, countries=[kenya])
    wanting(sada, kenya, make.country("Mali"), at=at + SEVEN + HOUR)

    assert send_briefings(at=at + SEVEN + HOUR) == 1


def test_whoever_sets_it_in_the_minute_in_which_it_comes_waits_for_the_next(kenya, at):
    wanting(cast.sada(at), kenya, at=at, hour=8)

    assert [send_briefings(at=at), send_briefings(at=at + DAY)] == [0, 1]


@pytest.mark.parametrize("said", [{"hour": 24}, {"most": 13}, {"most": 2}, {"days": {7}}])
def test_what_there_is_not_cannot_be_set(said, kenya, at):
    with pytest.raises(NotANumber):
        wanting(cast.sada(at), kenya, at=at, **said)


def test_it_looks_at_something_that_is_on_the_desk(at):
    with pytest.raises(NothingChosen):
        set_briefing(cast.sada(at), choices=[("country", 99), ("contributor", 1)], days={1}, hour=7, most=7, by_mail=True, at=at)


def test_it_looks_at_so_many(at):
    sada = cast.sada(at)
    countries = [make.country(f"Country {number}", code=f"{number:02}") for number in range(MOST_CHOICES + 1)]

    assert wanting(sada, *countries, at=at).choices.count() == MOST_CHOICES


def test_a_reader_sets_it_on_its_page(kenya, at, frozen):
    sada = cast.sada(at)
    browser = cast.log_in(sada)
    sent = {"on": [f"country:{kenya.pk}", "country:x"], "day": ["0", "4"], "hour": "6", "most": "5"}

    assert browser.post("/account/briefing/", sent).headers["Location"] == "/briefing/"

    row = Briefing.objects.get()
    assert (row.days, row.hour, row.most, row.by_mail) == ("04", 6, 5, False)
    assert "checked> Kenya" in browser.get("/account/briefing/").content.decode()
    assert browser.post("/account/briefing/", sent | {"on": []}).status_code == 422
    browser.post("/account/briefing/", {"end": "yes"})
    assert not Briefing.objects.exists()


@pytest.mark.parametrize("begun", [True, False])
def test_a_form_that_is_refused_comes_back_as_it_was_filled_in(begun, kenya, at, frozen):
    sada, mali = cast.sada(at), make.country("Mali", code="ML")
    if begun:
        wanting(sada, mali, at=at)
    sent = {"on": [f"country:{kenya.pk}"], "day": ["1", "6", "9"], "hour": "5", "most": "4", "by-mail": "yes"}
    told = cast.log_in(sada).post("/account/briefing/", sent).content.decode().partition("briefing-form")[2]

    assert re.findall(r" checked> ([\w ]+)</label>", told) == ["Kenya", "Tuesday", "Sunday", "By mail too"]
    assert re.findall(r" selected>([^<]+)<", told) == ["05:00", "4"]


def test_countries_stand_once_each_by_region_and_open_where_one_is_chosen(kenya, at, frozen):
    first, elsewhere = kenya.regions.get(), make.region("Pacific")
    kenya.regions.add(elsewhere)
    samoa = make.country("Samoa", code="WS", regions=[elsewhere])
    nowhere = make.country("Atlantis", code="AQ")
    sada = cast.sada(at)
    wanting(sada, samoa, at=at)
    told = cast.log_in(sada).get("/account/briefing/").content.decode()

    assert [told.count(f'value="country:{one.pk}"') for one in (kenya, samoa, nowhere)] == [1, 1, 1]
    parts = dict(re.findall(r"<details[^>]*><summary>([^<]+)</summary>(.*?)</details>", told))
    assert {name: re.findall(r"> (\w+)</label>", rest) for name, rest in parts.items()} == {
        first.name: ["Kenya"],
        "Pacific": ["Samoa"],
        "In no region": ["Atlantis"],
    }
    assert re.findall(r"<details open><summary>([^<]+)<", told) == ["Pacific"]


def test_no_mail_comes_but_to_whoever_asks_for_it(kenya, at, frozen):
    assert 'name="by-mail" value="yes">' in cast.log_in(cast.sada(at)).get("/account/briefing/").content.decode()


@pytest.mark.parametrize(
    "said", [{"day": ["x"]}, {"day": ["0", ""]}, {"day": ["7"]}, {"hour": ""}, {"hour": "seven"}, {"hour": None}]
)
def test_what_names_no_day_or_hour_is_not_taken_for_monday_or_midnight(said, kenya, at, frozen):
    sent = {"on": [f"country:{kenya.pk}"], "day": ["1"], "hour": "6", "most": "5"} | said
    answer = cast.log_in(cast.sada(at)).post(
        "/account/briefing/", {name: value for name, value in sent.items() if value is not None}
    )

    assert answer.status_code == 422
    assert "Choose days of the week, an hour" in answer.content.decode()
    assert not Briefing.objects.exists()


def test_one_click_ends_the_mails_and_a_look_ends_nothing(kenya, at):
    row = wanting(cast.sada(at), kenya, at=at)
    path, nobody = path_that_ends(row), cast.vera()

    assert nobody.get(path).status_code == 200
    assert Briefing.objects.get().by_mail
    assert nobody.post(path).status_code == 200
    assert not Briefing.objects.get().by_mail
    assert nobody.post("/briefing/end/nobody-was-given-this/").status_code == 404


def test_its_pages_are_nobody_elses_and_their_buttons_say_where_they_are_from(kenya, at, frozen):
    """A browser hides from us where a button is whose page sends no referrer: then it is refused."""
    sada = cast.sada(at)
    row = wanting(sada, kenya, at=at)
    browser = cast.log_in(sada)
    answers = [browser.get(path) for path in ("/briefing/", "/account/briefing/", path_that_ends(row))]

    said = {tuple(answer[name] for name in ("X-Robots-Tag", "Cache-Control", "Referrer-Policy")) for answer in answers}
    assert said == {("noindex, nofollow", "private, no-store", "same-origin")}


def test_a_stranger_is_asked_to_log_in():
    assert [cast.vera().get(path).status_code for path in ("/briefing/", "/account/briefing/")] == [303, 303]
