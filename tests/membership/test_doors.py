"""The account, the way out, and the doors that stay shut."""

import json
import re
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlencode

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from broadsheet.access.terms import Audience
from broadsheet.mailroom.models import Dispatch
from broadsheet.membership import queries
from broadsheet.membership.actions import keep_term
from broadsheet.membership.actions.sessions import end_sessions
from broadsheet.membership.models import Reader, Revocation
from broadsheet.membership.renewal import renew
from tests import cast

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
PASSWORD = "a password that nobody may log in with"


@pytest.fixture(autouse=True)
def noon(at):
    with time_machine.travel(at, tick=False) as clock:
        yield clock


def passes(session_key):
    return renew({"HTTP_COOKIE": f"session={session_key}"}, None, Audience.METERED).a_pass


def totp(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


# Leaving


def test_leaving_takes_session_pass_and_note(at):
    browser = cast.log_in(cast.fay(at))
    key = browser.cookies["session"].value

    answer = browser.post("/leave/")

    assert (answer.status_code, answer["Location"]) == (303, "/leave/")
    assert {name: answer.cookies[name]["max-age"] for name in ("session", "pass", "reader")} == {
        "session": 0,
        "pass": 0,
        "reader": 0,
    }
    assert passes(key) is None


def test_leaving_revokes_what_was_carried_away(at):
    fay = cast.fay(at)
    cast.log_in(fay).post("/leave/")

    assert Revocation.objects.get().reader_id == fay.pk


def test_a_link_logs_nobody_out(at):
    browser = cast.log_in(cast.fay(at))

    assert "<button" in browser.get("/leave/").content.decode()
    assert browser.get("/account/").status_code == 200


def test_a_visitor_may_leave_too():
    assert cast.vera().post("/leave/").status_code == 303


def test_leaving_one_browser_leaves_the_others_in(at):
    fay = cast.fay(at)
    phone, desk = cast.log_in(fay), cast.log_in(fay)

    phone.post("/leave/")

    assert desk.get("/account/").status_code == 200


# The account


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        (cast.fay, "<b>3 of 3</b> free articles left"),
        (cast.rex, "<b>0 of 3</b> free articles left"),
        (cast.sada, "You read everything until 21 January 2027."),
        (cast.pasha, "The last payment failed. You still read everything until 6 March 2026."),
        (cast.past_grace, "your subscription is on hold until it succeeds"),
        (cast.lena, "You read with a free account."),
    ],
)
def test_the_account_says_what_a_reader_holds(who, sentence, at):
    page = cast.log_in(who(at)).get("/account/").content.decode()

    assert sentence in page


def test_the_head_of_an_open_page_can_ask_what_it_is_to_say_of_its_reader(at):
    here = cast.log_in(cast.pasha(at))

    answer = here.get("/account/note/")

    assert (answer.status_code, answer.content, answer["Cache-Control"]) == (204, b"", "no-store")
    assert json.loads(unquote(here.cookies["reader"].value))["state"] == "grace"
    assert Client().get("/account/note/").cookies["reader"].value == ""


def test_a_head_that_still_says_the_payment_failed_asks_once_it_was_mended(at, noon):
    """The script words whatever state is told, in the words of membership."""
    late = cast.pasha(at)
    term, here = late.terms.get(), cast.log_in(late)
    told = [state_told(here)]
    noon.move_to(at + 30 * DAY)
    told.append(state_told(here))
    term.payment, term.ends_at = "paid", at + 60 * DAY
    keep_term(term, at=at + 30 * DAY)
    told.append(state_told(here))

    assert told == ["grace", "failed", "member"]
    script = (Path(__file__).resolve().parents[2] / "broadsheet/design/static/js/broadsheet.js").read_text()
    assert f"const FAILED = {json.dumps(told[:2])};" in script


def state_told(here):
    here.get("/account/note/")
    return json.loads(unquote(here.cookies["reader"].value))["state"]


@contextmanager
def just_before_the_generation(act):
    """Has `act` done once, after the request knew its reader and before it asked for the newest revocation."""
    done = []

    def watching(execute, sql, params, many, context):
        if not done and queries.REVOCATIONS in (params or ()):
            done.append(True)
            act()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watching):
        yield
    assert done


def test_a_session_that_was_ended_meanwhile_gets_no_pass_from_the_account(at):
    fay = cast.fay(at)
    browser = cast.log_in(fay)

    with just_before_the_generation(lambda: end_sessions(fay, why="a test", at=at)):
        answer = browser.get("/account/")

    assert (answer.status_code, answer["Location"]) == (303, "/join/?next=/account/")
    assert answer.cookies["pass"]["max-age"] == 0


def test_an_account_that_was_closed_meanwhile_gets_no_pass_from_logging_in(at):
    fay = cast.fay(at)
    browser = cast.vera()
    browser.post("/join/", {"email": fay.email})
    code = re.search(r"\b[A-Z]{3}-[A-Z]{3}\b", Dispatch.objects.order_by("pk").last().text)[0]

    with just_before_the_generation(lambda: Reader.objects.filter(pk=fay.pk).update(is_active=False)):
        answer = browser.post("/join/code/", {"code": code})

    assert answer.cookies["pass"]["max-age"] == 0


def test_a_visitor_is_asked_to_log_in_first():
    answer = cast.vera().get("/account/")

    assert answer["Location"] == "/join/?next=/account/"


def test_a_name_can_be_given_and_shows_in_the_note(at):
    browser = cast.log_in(cast.fay(at))

    browser.post("/account/", {"first_name": "Fáy <b>", "last_name": "O’Neill"})

    assert Reader.objects.get().get_full_name() == "Fáy <b> O’Neill"
    assert json.loads(unquote(browser.cookies["reader"].value))["name"] == "Fáy <b>"
    assert "Fáy <b>" not in browser.get("/account/").content.decode()


def test_a_name_too_long_changes_nothing(at):
    answer = cast.log_in(cast.fay(at)).post("/account/", {"first_name": "x" * 151, "last_name": ""})

    assert answer.status_code == 422
    assert Reader.objects.get().first_name == "Fay"


def test_ending_all_sessions_ends_them_here_and_elsewhere(at):
    fay = cast.fay(at)
    here, elsewhere = cast.log_in(fay), cast.log_in(fay)
    keys = [browser.cookies["session"].value for browser in (here, elsewhere)]

    answer = here.post("/account/", {"end-sessions": "yes"})

    assert answer["Location"] == "/leave/?everywhere=yes"
    assert elsewhere.get("/account/").status_code == 302
    assert [passes(key) for key in keys] == [None, None]


def test_a_new_address_is_verified_by_a_code_and_ends_other_sessions(at):
    fay = cast.fay(at)
    here, elsewhere = cast.log_in(fay), cast.log_in(fay)
    here.post("/accounts/email/", {"email": "fay.new@example.org", "action_add": ""})
    mail = Dispatch.objects.get(to="fay.new@example.org")
    code = mail.subject.split()[0]
    assert Reader.objects.get().email == "fay@example.org"

    here.post("/accounts/confirm-email/", {"code": code})

    assert Reader.objects.get().email == "fay.new@example.org"
    assert [address.email for address in EmailAddress.objects.filter(user=fay)] == ["fay.new@example.org"]
    assert "fay.new@example.org" in Dispatch.objects.get(to="fay@example.org").text
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_a_second_factor_added_ends_other_sessions(at):
    fay = cast.fay(at)
    here, elsewhere = cast.log_in(fay), cast.log_in(fay)
    here.get("/accounts/2fa/totp/activate/")
    secret = here.session["mfa.totp.secret"]

    here.post("/accounts/2fa/totp/activate/", {"code": totp(secret)})
    assert here.get("/accounts/2fa/recovery-codes/").status_code == 200  # asked for no code, which would not be taken twice

    assert Authenticator.objects.filter(user=fay, type="totp").exists()
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert "second factor" in Dispatch.objects.get(to=fay.email, text__contains="authenticator app").text


@pytest.mark.parametrize(
    "path", ["2fa/", "2fa/totp/activate/", "2fa/webauthn/", "2fa/webauthn/add/", "email/", "inactive/", "confirm-email/"]
)
def test_allauth_s_own_pages_stand_in_our_frame(path, at):
    page = cast.log_in(cast.fay(at)).get(f"/accounts/{path}", follow=True).content.decode()

    assert "| The Test Review</title>" in page
    assert 'id="main"' in page
    assert "/accounts/password/" not in page


@pytest.mark.parametrize(
    "path", ["2fa/", "2fa/totp/activate/", "2fa/webauthn/", "2fa/webauthn/add/", "email/", "reauthenticate/"]
)
def test_allauth_s_own_pages_work_under_our_content_security(path, at):
    """No style, no handler and no script within the page; what stands there as JSON is data, which no browser runs."""
    browser = cast.log_in(cast.edda(at) if path == "reauthenticate/" else cast.fay(at))
    main = browser.get(f"/accounts/{path}", follow=True).content.decode().partition('id="main"')[2]

    assert not re.search(r"<[^>]+\s(style|on\w+)=", main)
    assert "<style" not in main
    scripts = re.findall(r"<script([^>]*)>", main)
    assert [tag for tag in scripts if 'type="application/json"' not in tag and ' src="/static/' not in tag] == []
    assert re.findall(r'<img src="(?!data:image/svg|/)', main) == []


def test_a_passkey_s_page_has_its_scripts_and_the_fields_that_they_fill(at):
    page = cast.log_in(cast.fay(at)).get("/accounts/2fa/webauthn/add/").content.decode()

    assert all(f"mfa/js/{name}" in page for name in ("webauthn-json", "webauthn"))
    assert 'type="hidden" name="credential"' in page
    assert 'id="mfa_webauthn_add"' in page
    assert 'id="js_data"' in page


def test_a_wrong_code_of_an_app_is_said_beside_its_field(at):
    answer = cast.log_in(cast.fay(at)).post("/accounts/2fa/totp/activate/", {"code": "000000"})

    assert '<p class="trouble">Incorrect code.</p>' in answer.content.decode()


def test_a_new_address_waits_for_its_code(at):
    browser = cast.log_in(cast.fay(at))
    asked = browser.post("/accounts/email/", {"email": "new@example.org", "action_add": ""}, follow=True).content.decode()

    assert "new@example.org" in asked
    assert 'name="code"' in asked
    assert "fay@example.org</b>" in browser.get("/accounts/email/").content.decode()


def test_an_address_that_is_none_is_said_beside_its_field(at):
    answer = cast.log_in(cast.fay(at)).post("/accounts/email/", {"email": "nowhere", "action_add": ""})

    assert '<p class="trouble" id="address-trouble">Enter a valid email address.</p>' in answer.content.decode()


# Doors that stay shut


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/login/code/",
        "/accounts/login/code/confirm/",
        "/accounts/password/reset/",
        "/accounts/password/change/",
        "/accounts/password/set/",
        "/accounts/password/reset/key/1-x/",
        "/admin/password_reset/",
        "/admin/password_reset/confirm/MQ/set-password/",
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_passwords_and_other_ways_in_are_shut(path, method, at):
    fay = _with_password(cast.fay(at))
    browser = cast.vera()

    answer = getattr(browser, method)(path, {"login": fay.email, "email": fay.email, "password": PASSWORD})

    assert (answer.status_code, answer["Location"]) == (303, "/join/")
    assert not browser.cookies.get("session")


def test_the_desk_sends_whoever_is_not_in_to_the_one_way_in():
    answer = cast.vera().get("/admin/pages/", follow=True)

    assert answer.redirect_chain == [("/admin/login/?next=/admin/pages/", 302), ("/join/?next=%2Fadmin%2Fpages%2F", 303)]


def _with_password(reader):
    reader.set_password(PASSWORD)
    reader.save()
    return reader


def _paths(resolver, prefix=""):
    for entry in resolver.url_patterns:
        written = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _paths(entry, written)
        elif isinstance(entry, URLPattern):
            yield written


def _desk_paths():
    """Every address of the desk, with something in the place of its parameters."""
    for route in sorted({path for path in _paths(get_resolver()) if path.lstrip("^").startswith("admin/")}):
        path = re.sub(r"<(?:\w+:)?\w+>", "1", route)
        path = re.sub(r"\(\?P<\w+>[^)]*\)|\^|\$|\.\*|\\Z", "", path).replace("\\", "")
        yield f"/{path}"


def test_no_address_of_the_desk_opens_a_session_or_answers_without_a_second_factor(at):
    edda = _with_password(cast.edda(at))
    paths = list(_desk_paths())
    assert len(paths) > 100
    opened = []
    for path in paths:
        browser = Client(raise_request_exception=False)
        for login in ("username", "login", "email"):
            browser.post(path, {login: edda.email, "password": PASSWORD})
        if browser.cookies.get("session") or browser.get("/admin/").status_code == 200:
            opened.append(path)

    assert opened == []


@pytest.mark.parametrize("path", ["/admin/", "/admin/pages/", "/admin/users/", "/admin/login/", "/admin/account/"])
def test_an_editor_without_a_second_factor_is_sent_to_make_one(path, at):
    edda = cast.edda(at)
    Authenticator.objects.all().delete()
    browser = cast.log_in(edda)

    assert browser.get(path)["Location"].startswith("/accounts/2fa/")


@pytest.mark.parametrize("path", ["/admin/", "//admin/", "/ADMIN/", "/admin//", "/./admin/", "/x/../admin/", "/admin/pages"])
def test_a_session_without_the_second_factor_is_asked_for_it_however_the_path_is_written(path, at):
    edda = cast.edda(at)
    browser = cast.log_in(edda)
    session = browser.session
    del session["account_authentication_methods"]
    session.save()

    answer = browser.get("/", PATH_INFO=path)

    assert answer.status_code in {301, 302, 404}
    if answer.status_code == 302:
        assert answer["Location"].startswith("/accounts/2fa/reauthenticate/")


def test_a_factor_that_was_removed_no_longer_counts(at):
    edda = cast.edda(at)
    browser = cast.log_in(edda)
    Authenticator.objects.all().delete()

    assert browser.get("/admin/")["Location"].startswith("/accounts/2fa/")


def test_a_reader_without_a_place_on_the_desk_is_turned_away(at):
    answer = cast.log_in(cast.fay(at)).get("/admin/")

    assert answer.status_code in {302, 403}
    assert "Location" not in answer or "/admin/login/" in answer["Location"]


def test_the_desk_s_own_way_out_takes_the_pass_too(at):
    browser = cast.log_in(cast.edda(at))
    key = browser.cookies["session"].value

    browser.post("/admin/logout/")

    assert passes(key) is None


def test_wrong_second_factors_are_limited(at, noon):
    edda = cast.edda(at)
    browser = cast.log_in(edda)
    answers = []
    for _ in range(8):
        answers.append(browser.post("/accounts/2fa/reauthenticate/", {"code": "000000"}).content.decode())
        noon.shift(timedelta(seconds=1))

    assert "Too many" in answers[-1] or "many requests" in answers[-1]


# Where a request comes from


@pytest.mark.parametrize(
    "header", ["HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_CLIENT_IP", "HTTP_TRUE_CLIENT_IP"]
)
def test_a_limit_is_not_escaped_by_a_header(header):
    answers = [
        cast.browser(**{header: f"198.51.100.{n}"}).post("/join/", {"email": f"u{n}@example.org"}).status_code for n in range(32)
    ]

    assert answers.count(303) == 30
    assert answers[-1] == 429


def test_behind_a_trusted_proxy_its_word_counts_and_no_further(settings):
    settings.TRUSTED_PROXIES = ("127.0.0.1",)
    answers = [
        cast.browser(HTTP_X_FORWARDED_FOR=f"10.0.0.{n}, 198.51.100.7").post("/join/", {"email": f"u{n}@example.org"})
        for n in range(31)
    ]
    other = cast.browser(HTTP_X_FORWARDED_FOR="198.51.100.8").post("/join/", {"email": "other@example.org"})

    assert answers[-1].status_code == 429
    assert other.status_code == 303


@pytest.mark.parametrize("way", ["/accounts/2fa/", "/accounts/email/"])
def test_whoever_logs_in_on_the_way_to_how_they_log_in_comes_back_to_it(at, way):
    browser = cast.vera()
    door = browser.get(way)["Location"]

    answer = browser.post("/join/", {"email": cast.fay(at).email, "next": way}, **cast.OURS)

    assert door == f"/join/?{urlencode({'next': way}, safe='/')}"
    assert answer["Location"] == f"/join/code/?{urlencode({'next': way})}"
