"""The doors of alerts: the list on the account, the end by a link in a mail, and the feed behind a secret address."""

import re
from datetime import timedelta
from html import unescape
from xml.etree import ElementTree

import pytest
import time_machine
from django.test import Client

from broadsheet.kit.signing import Signer
from broadsheet.library import queries
from broadsheet.library.actions import alerts, shelves
from broadsheet.library.actions.gleaning import glean_new
from broadsheet.library.alerts import end_path, hash_of
from broadsheet.library.catching_up import catch_up
from broadsheet.library.following import Subject
from broadsheet.library.models import Alert, Candidate, Follow
from broadsheet.library.policy import Often
from broadsheet.membership import exporting, records
from broadsheet.membership.models import Reader, Term
from broadsheet.press.actions import press
from tests import cast, make

pytestmark = pytest.mark.django_db

LIST = "/account/alerts/"
PAID = "Beyond the wall stands the word quillwort."
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def noon(at, settings, tmp_path):
    settings.STATE = tmp_path
    with time_machine.travel(at, tick=False) as clock:
        yield clock
    queries._reader.cache_clear()


@pytest.fixture
def fay(at):
    return cast.fay(at)


@pytest.fixture
def browser(fay):
    return cast.log_in(fay)


def text(answer):
    return unescape(answer.content.decode())


def published(headline, at, **fields):
    told = {"audience": "members", "body": [make.PARAGRAPH, make.PARAGRAPH, PAID]} | fields
    article = make.article(headline=headline, at=at, **told)
    press(article.pk, at=at)
    return article


def indexed(at):
    glean_new(at=at)
    catch_up()


# The account


def test_the_button_on_a_page_of_results_saves_the_search(browser, at):
    published("The dam", at)
    indexed(at)
    shown = text(browser.get("/search/?q=dam&type=briefing"))
    asked = re.search(r'name="search" value="([^"]*)"', shown)[1]

    answer = browser.post(LIST, {"search": asked}, follow=True)

    alert = Alert.objects.get()
    assert (alert.text, alert.often) == ("type:briefing dam", "daily")
    assert answer.redirect_chain == [(f"{LIST}?new={alert.pk}", 303)]
    assert "From now on you are told of “type:briefing dam”, each morning at seven." in text(answer)
    assert 'href="/search/?q=type%3Abriefing+dam"' in text(answer)


def test_a_page_that_asks_nothing_has_no_button(browser):
    assert 'name="search"' not in text(browser.get("/search/"))


@pytest.mark.parametrize("typed", ["", "   ", "\x00"])
def test_a_search_for_nothing_is_not_saved(browser, typed):
    assert browser.post(LIST, {"search": typed}).status_code == 400
    assert not Alert.objects.exists()


@pytest.mark.parametrize("typed", ['"' * 5_000, "\\", "%00", "\ud800 dam", "(" * 99, "a*", "country:", "x" * 10_000])
def test_whatever_is_saved_is_shown_and_found_for(browser, typed, at):
    answer = browser.post(LIST, {"search": typed.encode("utf-8", "replace").decode()})

    assert answer.status_code in (303, 400)
    assert browser.get(LIST).status_code == 200


def test_whoever_is_not_logged_in_is_told_to_and_led_back():
    answer = cast.vera().post(LIST, {"search": "dam mali"})

    assert answer.status_code == 403
    assert 'href="/search/?q=dam+mali"' in text(answer)
    assert cast.vera().get(LIST)["Location"] == f"/join/?next={LIST}"


def test_what_is_followed_has_a_button_beside_it(browser, fay, at):
    follow = shelves.follow(fay, Subject("country", make.country().pk), at=at)
    assert f'formaction="{LIST}" name="tell" value="{follow.pk}"' in text(browser.get("/account/follows/"))

    browser.post(LIST, {"tell": follow.pk})

    assert Alert.objects.get().follow == follow
    assert "Told daily" in text(browser.get("/account/follows/"))
    assert "You follow this country." in text(browser.get(LIST))


def test_how_often_is_changed_and_it_is_paused_and_ended(browser, fay, at):
    alert = alerts.save_search(fay, "dam", often=Often.DAILY, at=at)

    browser.post(LIST, {"alert": alert.pk, "do": "save", "often": "weekly"})
    assert Alert.objects.get().often == "weekly"
    browser.post(LIST, {"alert": alert.pk, "do": "save", "often": "hourly"})
    assert Alert.objects.get().often == "weekly"
    browser.post(LIST, {"alert": alert.pk, "do": "pause"})
    assert "Paused" in text(browser.get(LIST))
    browser.post(LIST, {"alert": alert.pk, "do": "go-on"})
    assert "Paused" not in text(browser.get(LIST))
    browser.post(LIST, {"alert": alert.pk, "do": "end"})
    assert not Alert.objects.exists()


@pytest.mark.parametrize("do", ["save", "pause", "end", "feed"])
def test_nobody_reaches_into_another_s_alerts(fay, at, do):
    alert = alerts.save_search(fay, "dam", often=Often.DAILY, at=at)
    follow = shelves.follow(fay, Subject("country", make.country().pk), at=at)
    rex = cast.log_in(cast.rex(at))

    rex.post(LIST, {"alert": alert.pk, "do": do, "often": "weekly"})
    assert rex.post(LIST, {"tell": follow.pk}).status_code == 404

    assert list(Alert.objects.values_list("often", "paused_at", "feed")) == [("daily", None, "")]


def test_a_form_of_another_site_makes_none(browser):
    browser.post(LIST, {"search": "dam"}, headers={"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"})

    assert not Alert.objects.exists()


# The end, by a mail


def test_one_click_in_a_mail_program_ends_it_without_logging_in(fay, at):
    alert = alerts.save_search(fay, "dam", often=Often.DAILY, at=at)
    Candidate.objects.create(alert=alert, article_id=1, found_at=at)

    answer = Client(enforce_csrf_checks=True).post(end_path(alert), {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert not Alert.objects.exists()
    assert "session" not in answer.cookies


def test_a_scanner_that_looks_ends_nothing(fay, at):
    alert = alerts.save_search(fay, "dam", often=Often.DAILY, at=at)
    browser = cast.vera()

    answer = browser.get(end_path(alert))
    browser.head(end_path(alert))

    assert "We write to you of what is new on “dam”." in text(answer)
    assert (answer["X-Robots-Tag"], answer["Referrer-Policy"]) == ("noindex, nofollow", "no-referrer")
    assert "no-store" in answer["Cache-Control"]
    assert Alert.objects.exists()


def test_ended_twice_it_is_over_twice(fay, at):
    path = end_path(alerts.save_search(fay, "dam", often=Often.DAILY, at=at))

    answers = [cast.vera().post(path) for _ in range(2)] + [cast.vera().get(path)]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert all("It is over" in text(answer) for answer in answers)


@pytest.mark.parametrize("whose", ["somebody else's", "their own"])
def test_an_old_mail_ends_nothing_else_that_has_its_number_since_a_backup_was_restored(fay, at, whose):
    ended = alerts.save_search(fay, "dam", often=Often.DAILY, at=at)
    path = end_path(ended)
    ended.delete()
    reader = cast.sada(at) if whose == "somebody else's" else fay
    Alert.objects.create(pk=int(re.search(r"/(\d+)", path)[1]), reader=reader, text="river", often=Often.DAILY, wanted_since=at)

    answers = [cast.vera().get(path), cast.vera().post(path)]

    assert all("It is over" in text(answer) and "river" not in text(answer) for answer in answers)
    assert Alert.objects.get().text == "river"


def test_a_mail_from_before_a_pause_still_ends_it(fay, at):
    follow = shelves.follow(fay, Subject(Follow.Kind.COUNTRY, make.country().pk), at=at)
    alert = alerts.tell_of(fay, follow.pk, often=Often.DAILY, at=at)
    path = end_path(alert)
    alerts.pause(fay, alert.pk, at=at)
    alerts.go_on(fay, alert.pk, at=at + timedelta(days=1))

    cast.vera().post(path)

    assert not Alert.objects.exists()


@pytest.mark.parametrize("forged", ["1", "1.", "x", "1.AAAAAAAAAAAAAAAAAAAAAAAAAAA", "-1", "%00"])
def test_what_we_did_not_sign_ends_nothing(fay, at, forged):
    alerts.save_search(fay, "dam", often=Often.DAILY, at=at)

    answer = cast.vera().post(f"/alerts/end/{forged}/")

    assert answer.status_code == 404
    assert Alert.objects.exists()


def test_what_was_signed_for_something_else_ends_nothing(fay, at, settings):
    alert = alerts.save_search(fay, "dam", often=Often.DAILY, at=at)
    gift = Signer((settings.SECRET_KEY,), purpose="gift").sign(str(alert.pk))

    assert cast.vera().post(f"/alerts/end/{gift}/").status_code == 404


# The feed


def given_a_feed(browser, alert):
    shown = text(browser.post(LIST, {"alert": alert.pk, "do": "feed"}))
    return re.search(r'value="http://testserver(/feeds/alerts/[^"]+)"', shown)[1]


def entries(path):
    answer = cast.vera().get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    return [entry.findtext(f"{ATOM}title") for entry in ElementTree.fromstring(answer.content).iter(f"{ATOM}entry")]


def test_a_feed_has_what_the_alert_is_about_each_to_its_cut(at, noon):
    sada = cast.sada(at)
    browser = cast.log_in(sada)
    alert = alerts.save_search(sada, "quillwort", often=Often.DAILY, at=at)
    published("The dam", at)
    published("The river", at, body=["Free."])
    indexed(at)

    path = given_a_feed(browser, alert)
    answer = cast.vera().get(path)

    assert entries(path) == ["The dam"]
    assert "quillwort" not in text(answer).split("<entry>", 1)[1]  # before it stands what was asked
    assert PAID not in text(answer)
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "private" in answer["Cache-Control"]
    assert path.split("/")[3] not in text(browser.get(LIST))
    assert Alert.objects.get().feed == hash_of(path.split("/")[3])


def test_each_feed_has_an_id_of_its_own_and_leads_to_its_search(fay, at, noon):
    published("The dam", at)
    indexed(at)
    for typed in ("quillwort", "dam river"):
        alerts.save_search(fay, typed, often=Often.DAILY, at=at)
    browser = cast.log_in(fay)
    feeds = [
        ElementTree.fromstring(cast.vera().get(given_a_feed(browser, alert)).content) for alert in Alert.objects.order_by("pk")
    ]

    ids = [feed.findtext(f"{ATOM}id") for feed in feeds]
    assert ids == ["http://testserver/search/?q=quillwort", "http://testserver/search/?q=dam+river"]
    assert [feed.find(f"{ATOM}link[@rel='alternate']").get("href") for feed in feeds] == ids


def test_a_feed_of_somebody_whose_standing_shrank_shrinks_too(at):
    sada = cast.sada(at)
    published("The dam", at)
    indexed(at)
    paths = [
        given_a_feed(cast.log_in(sada), alerts.save_search(sada, typed, often=Often.DAILY, at=at))
        for typed in ("quillwort", "dam")
    ]
    assert [entries(path) for path in paths] == [["The dam"], ["The dam"]]

    Term.objects.filter(reader=sada).delete()

    assert [entries(path) for path in paths] == [[], ["The dam"]]


def test_a_feed_of_what_is_followed(browser, fay, at):
    country = make.country()
    follow = shelves.follow(fay, Subject("country", country.pk), at=at)
    published("The dam", at, countries=[country])
    published("The river", at)
    indexed(at)

    assert entries(given_a_feed(browser, alerts.tell_of(fay, follow.pk, often=Often.DAILY, at=at))) == ["The dam"]


def test_another_address_ends_the_one_before_and_the_alert_ends_them_all(browser, fay, at):
    alert = alerts.save_search(fay, "dam", often=Often.DAILY, at=at)
    published("The dam", at)
    indexed(at)
    first = given_a_feed(browser, alert)
    second = given_a_feed(browser, alert)

    assert cast.vera().get(first).status_code == 404
    assert entries(second) == ["The dam"]
    alerts.end_by_mail(alert.pk)
    assert cast.vera().get(second).status_code == 404


def test_a_feed_ends_by_its_button_and_with_its_reader(browser, fay, at):
    alert = alerts.save_search(fay, "dam", often=Often.DAILY, at=at)
    indexed(at)
    path = given_a_feed(browser, alert)

    Reader.objects.filter(pk=fay.pk).update(is_active=False)
    assert cast.vera().get(path).status_code == 404
    Reader.objects.filter(pk=fay.pk).update(is_active=True)
    assert entries(path) == []
    browser.post(LIST, {"alert": alert.pk, "do": "end-feed"})
    assert cast.vera().get(path).status_code == 404


def test_while_the_index_is_built_a_feed_asks_to_come_back(browser, fay, at):
    path = given_a_feed(browser, alerts.save_search(fay, "dam", often=Often.DAILY, at=at))

    answer = cast.vera().get(path)

    assert (answer.status_code, answer["Retry-After"]) == (503, "60")


# What is held of a reader


def test_a_copy_has_the_alerts_and_neither_the_feeds_secret_nor_what_may_be_told(fay, at):
    alert = alerts.save_search(fay, "dam", often=Often.DAILY, at=at)
    alerts.make_feed(fay, alert.pk)
    named = {table.name: table for table in records.tables()}

    assert "feed" not in named["alerts"].fields()
    assert list(named["alerts"].rows(fay)) == [alert]
    assert "library.Candidate" not in {table.label for table in records.tables() if table.name}
    assert any("alert may tell" in why for why in exporting.held_back())
