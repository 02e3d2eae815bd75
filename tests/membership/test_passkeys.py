"""Passkeys, apps and recovery codes: on pages of ours, added and removed, and each change ends the other sessions."""

import json
import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator

from broadsheet.mailroom.models import Dispatch
from broadsheet.membership.models import Reader
from tests import cast
from tests.membership.passkeys import Passkey

pytestmark = pytest.mark.django_db

ADD, LOGIN = "/accounts/2fa/webauthn/add/", "/accounts/2fa/webauthn/login/"
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture(autouse=True)
def noon(at, settings):
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # browsers speak with passkeys over HTTPS only
    with time_machine.travel(at, tick=False) as clock:
        yield clock


@pytest.fixture
def fay(at):
    return cast.fay(at)


def options_in(page):
    return json.loads(re.search(r'<script id="js_data" type="application/json">(.*?)</script>', page.content.decode())[1])


def added(browser, **form):
    passkey = Passkey()
    credential = passkey.made(options_in(browser.get(ADD)))
    browser.post(ADD, {"name": "My phone", "passwordless": "on", **form, "credential": credential})
    return passkey


def logs_in(passkey, browser=None, *, next_path="/latest/"):
    browser = browser or cast.vera()
    asked = browser.get(LOGIN, **JSON).json()
    return browser.post(LOGIN, {"credential": passkey.shown(asked), "next": next_path})


def shows_again(passkey, browser):
    page = browser.get("/accounts/2fa/webauthn/reauthenticate/")
    browser.post("/accounts/2fa/webauthn/reauthenticate/", {"credential": passkey.shown(options_in(page))})


def test_the_account_leads_to_pages_of_ours(fay):
    browser = cast.log_in(fay)

    assert 'href="/accounts/2fa/"' in browser.get("/account/").content.decode()
    page = browser.get("/accounts/2fa/").content.decode()
    assert "Add a passkey" in page
    assert "Two-Factor" not in page


def test_a_passkey_is_added_listed_and_logs_in_alone(fay):
    browser = cast.log_in(fay)
    passkey = added(browser)
    assert "My phone" in browser.get("/accounts/2fa/webauthn/").content.decode()
    stranger = cast.vera()
    assert LOGIN in stranger.get("/join/passkey/?next=/latest/").content.decode()

    answer = logs_in(passkey, stranger)

    assert answer["Location"] == "/latest/"
    assert stranger.get("/account/").status_code == 200
    assert stranger.session.get_expiry_age() > 24 * 3600
    assert answer.cookies["pass"].value


def test_whatever_is_changed_ends_the_other_sessions_and_is_told_by_mail(fay):
    here, elsewhere = cast.log_in(fay), cast.log_in(fay)
    added(here)

    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert Dispatch.objects.filter(to=fay.email, text__contains="A passkey").exists()


def test_one_that_was_removed_lets_nobody_in(fay):
    browser = cast.log_in(fay)
    passkey = added(browser)
    logs_in(passkey, browser := cast.vera())
    elsewhere = cast.log_in(Reader.objects.get(pk=fay.pk))
    number = Authenticator.objects.get(type="webauthn").pk
    remove = f"/accounts/2fa/webauthn/keys/{number}/remove/"
    shows_again(passkey, browser)

    assert "Remove “My phone”" in browser.get(remove).content.decode()
    browser.post(remove)

    assert not Authenticator.objects.exists()  # the recovery codes that guarded nothing more went with it
    assert elsewhere.get("/account/").status_code == 302
    assert logs_in(passkey)["Location"] == "/join/passkey/?refused=yes"


def test_before_a_guarded_account_is_changed_its_reader_shows_the_passkey_again(fay, noon):
    browser = cast.log_in(fay)
    added(browser)
    noon.shift(3600)

    page = browser.get("/accounts/2fa/totp/activate/", follow=True).content.decode()

    assert "Is it you?" in page
    assert "Use my passkey" in page  # the way of whoever has no app


def test_whoever_has_just_made_a_passkey_is_not_asked_who_they_are(fay):
    browser = cast.log_in(fay)
    added(browser)

    codes = browser.get("/accounts/2fa/recovery-codes/")

    assert codes.status_code == 200
    assert "Is it you?" not in codes.content.decode()


def test_a_passkey_logs_in_alone_unless_its_reader_takes_the_tick_away(fay):
    page = cast.log_in(fay).get(ADD).content.decode()

    assert re.search(r'<input type="checkbox" name="passwordless" id="id_passwordless" checked>', page)


def test_where_passkeys_are_spoken_with_their_troubles_are_said(fay):
    for page in (cast.log_in(fay).get(ADD), cast.vera().get("/join/passkey/")):
        assert 'id="passkey-trouble"' in page.content.decode()
        assert "js/passkeys.js" in page.content.decode()


@pytest.mark.parametrize(
    "credential", ["", "{}", "[]", "null", "1", "x", '{"id": "a", "rawId": "b"}', '{"rawId": "a", "response": {}}']
)
def test_what_no_passkey_says_lets_nobody_in(fay, credential):
    browser = cast.vera()
    browser.get(LOGIN, **JSON)

    answer = browser.post(LOGIN, {"credential": credential})

    assert (answer.status_code, answer["Location"]) == (303, "/join/passkey/?refused=yes")
    assert "lets nobody in" in browser.get(answer["Location"]).content.decode()


def test_an_answer_is_taken_once(fay):
    passkey = added(cast.log_in(fay))
    browser, thief = cast.vera(), cast.vera()
    said = passkey.shown(browser.get(LOGIN, **JSON).json())
    thief.get(LOGIN, **JSON)

    assert thief.post(LOGIN, {"credential": said})["Location"] == "/join/passkey/?refused=yes"
    assert browser.post(LOGIN, {"credential": said}).status_code == 303
    assert browser.get("/account/").status_code == 200


def test_a_closed_account_is_told_so(fay):
    passkey = added(cast.log_in(fay))
    Reader.objects.filter(pk=fay.pk).update(is_active=False)

    browser = cast.vera()
    answer = browser.get(logs_in(passkey, browser)["Location"])

    assert "This account is closed" in answer.content.decode()
    assert browser.get("/account/").status_code == 302


def test_recovery_codes_come_with_the_first_passkey_and_each_stands_on_the_page(fay):
    browser = cast.log_in(fay)
    passkey = added(browser)
    view = "/accounts/2fa/recovery-codes/"
    shows_again(passkey, browser)
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()

    page = browser.get(view).content.decode()

    assert len(codes) == 10
    assert all(code in page for code in codes)


def test_strangers_who_ask_for_a_passkey_leave_short_sessions_and_few(fay):
    browser = cast.vera()
    statuses = [browser.get(LOGIN, **JSON).status_code for _ in range(31)]

    assert statuses.count(200) == 30
    assert statuses[-1] == 429
    assert browser.session.get_expiry_age() <= 600
