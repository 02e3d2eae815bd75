"""What a gate is answered: a pass for a living session, spent where that opens the story, and nothing for the rest."""

import json
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from importlib import import_module
from urllib.parse import unquote

import pytest
import time_machine
from django.conf import settings
from django.db import Error, connection
from django.test import RequestFactory, override_settings

from broadsheet.access.passes import CannotRenew, parse, pass_signer, short
from broadsheet.access.terms import Audience
from broadsheet.membership.actions import end_sessions, end_term, give_comp, open_story, revoke
from broadsheet.membership.models import MOST_FREE, MeterRules
from broadsheet.membership.queries import generation
from broadsheet.membership.renewal import renew
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(at):
    with time_machine.travel(at, tick=False) as clock:
        yield clock


def asked_by(session_key):
    return RequestFactory(HTTP_COOKIE=f"session={session_key}; pass=old").get("/briefings/x/").environ


def renewed(reader, story=None, audience=Audience.METERED):
    return renew(asked_by(cast.session_of(reader)), story, audience)


def cookies(renewal):
    jar = SimpleCookie()
    for header in renewal.cookies:
        jar.load(header)
    return jar


def note(renewal):
    return json.loads(unquote(cookies(renewal)["reader"].value))


def test_a_reader_gets_a_pass_for_five_minutes(at):
    fay = cast.fay(at)
    key = cast.session_of(fay)

    a_pass = renew(asked_by(key), None, Audience.METERED).a_pass

    assert (a_pass.reader, a_pass.session, a_pass.confirmed) == (fay.pk, short(key), True)
    assert a_pass.expires_at - a_pass.made_at == 300
    assert (a_pass.left, a_pass.entitled_until) == (3, 0)
    assert a_pass.meter_ends_at == datetime(2026, 3, 31, 23, tzinfo=UTC).timestamp()


def test_the_sealed_cookie_says_what_the_pass_says(at):
    renewal = renewed(cast.fay(at), "a1")

    jar = cookies(renewal)
    assert parse(jar["pass"].value, pass_signer((settings.SECRET_KEY,))) == renewal.a_pass
    assert jar["pass"]["httponly"]
    assert not jar["reader"]["httponly"]
    assert {jar[name]["path"] for name in ("pass", "reader")} == {"/"}
    assert {jar[name]["samesite"] for name in ("pass", "reader")} == {"Lax"}
    assert not jar["pass"]["secure"]


def test_cookies_are_for_https_alone_where_readers_come_by_https(at, settings):
    settings.SECURE = True

    assert cookies(renewed(cast.fay(at)))["pass"]["secure"]


def test_a_metered_story_is_spent_on(at):
    renewal = renewed(cast.fay(at), "a1")

    assert short("a1") in renewal.a_pass.opened
    assert note(renewal) == {
        "name": "Fay",
        "left": 2,
        "allowance": 3,
        "state": "reader",
        "story": "",
        "ends": renewal.a_pass.meter_ends_at,
        "made": renewal.a_pass.made_at,
    }


def test_without_a_story_nothing_is_spent(at):
    assert renewed(cast.fay(at), None).a_pass.left == 3


@pytest.mark.parametrize("audience", [Audience.MEMBERS, Audience.REGISTERED, Audience.OPEN])
def test_nothing_is_spent_on_what_is_not_metered(audience, at):
    assert renewed(cast.fay(at), "a1", audience).a_pass.left == 3


def test_a_spent_allowance_opens_no_more(at):
    a_pass = renewed(cast.rex(at), "a4").a_pass

    assert a_pass.left == 0
    assert short("a4") not in a_pass.opened


@pytest.mark.parametrize("who", [cast.sada, cast.pasha, cast.edda])
def test_whoever_has_a_standing_spends_nothing(who, at):
    a_pass = renewed(who(at), "a1").a_pass

    assert a_pass.entitled_until > at.timestamp()
    assert a_pass.left == 3


def test_grace_ends_to_the_second(at):
    a_pass = renewed(cast.pasha(at)).a_pass

    assert a_pass.entitled_until == (at + timedelta(days=4)).timestamp()
    assert a_pass.payment_failed


def test_whoever_waits_past_grace_is_told_that_the_payment_failed(at):
    renewal = renewed(cast.past_grace(at))

    assert renewal.a_pass.standing(at.timestamp()).payment_failed
    assert note(renewal)["state"] == "failed"


@pytest.mark.parametrize(
    ("who", "state"),
    [(cast.fay, "reader"), (cast.sada, "member"), (cast.pasha, "grace"), (cast.lena, "reader"), (cast.edda, "staff")],
)
def test_the_note_says_who_reads(who, state, at):
    assert note(renewed(who(at)))["state"] == state


def test_a_comp_opens_and_its_end_shuts(at):
    fay = cast.fay(at)
    comp = give_comp(reader=fay, ends_at=None, at=at)
    given = renewed(fay).a_pass
    end_term(comp, at=at + timedelta(seconds=1))
    with time_machine.travel(at + timedelta(seconds=1), tick=False):
        ended = renewed(fay).a_pass

    assert given.entitled_until > at.timestamp()
    assert ended.entitled_until <= at.timestamp() + 1
    assert ended.generation > given.generation


def test_a_pass_is_as_old_as_the_newest_revocation_before_it(at):
    fay = cast.fay(at)
    before = generation()
    revocation = revoke(fay.pk, why="test", at=at)

    assert renewed(fay).a_pass.generation == revocation.change == before + 1


def test_without_a_session_nobody_is_anybody():
    assert renew(RequestFactory().get("/").environ, "a1", Audience.METERED) is None


@pytest.mark.parametrize("key", ["x" * 32, "short", "a'b\"", "%00", "é" * 32, "x" * 5000])
def test_a_session_that_we_never_gave_is_taken_from_the_browser(key):
    renewal = renew(RequestFactory(HTTP_COOKIE=f"session={key}").get("/").environ, "a1", Audience.METERED)

    assert renewal.a_pass is None
    assert {name: morsel["max-age"] for name, morsel in cookies(renewal).items()} == {"pass": "0", "reader": "0", "session": "0"}


def test_a_session_ended_elsewhere_is_no_session(at):
    fay = cast.fay(at)
    key = cast.session_of(fay)
    end_sessions(fay, why="test", at=at)

    assert renew(asked_by(key), "a1", Audience.METERED).a_pass is None
    assert not fay.allowance.openings.exists()


def test_a_closed_account_has_no_pass(at):
    fay = cast.fay(at)
    key = cast.session_of(fay)
    fay.is_active = False
    fay.save()

    assert renew(asked_by(key), "a1", Audience.METERED).a_pass is None


def test_a_removed_reader_has_no_pass(at):
    fay = cast.fay(at)
    key = cast.session_of(fay)
    fay.delete()

    assert renew(asked_by(key), None, Audience.METERED).a_pass is None


def test_somebody_who_is_still_logging_in_keeps_the_session_and_has_no_pass():
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session["account_login"] = {}
    session.create()

    renewal = renew(asked_by(session.session_key), None, Audience.METERED)

    assert renewal.a_pass is None
    assert "session" not in cookies(renewal)


def test_a_session_outlives_a_rotated_secret(at, settings):
    fay = cast.fay(at)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another secret, newer than the one before it"
    settings.SECRET_KEY_FALLBACKS = [old]
    with override_settings(SECRET_KEY=old, SECRET_KEY_FALLBACKS=[]):
        key = cast.session_of(fay)

    renewal = renew(asked_by(key), None, Audience.METERED)

    assert renewal.a_pass.session == short(cookies(renewal)["session"].value)
    assert renew(asked_by(cookies(renewal)["session"].value), None, Audience.METERED).a_pass.reader == fay.pk


def test_the_database_away_is_said_and_not_guessed(at):
    key = cast.session_of(cast.fay(at))

    def away(*_args, **_kwargs):
        raise Error("the connection is closed")

    with connection.execute_wrapper(away), pytest.raises(CannotRenew):
        renew(asked_by(key), None, Audience.METERED)


@pytest.mark.django_db(transaction=True)
def test_no_connection_that_is_outlived_is_left_open_behind_a_renewal(at, monkeypatch):
    key = cast.session_of(cast.fay(at))
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)

    renew(asked_by(key), "a1", Audience.METERED)

    assert connection.connection is None


def test_a_pass_holds_an_allowance_at_its_largest(at):
    fay = cast.fay(at)
    MeterRules.objects.create(monthly_allowance=MOST_FREE)
    for number in range(MOST_FREE):
        open_story(reader=fay, story=f"a{number}", at=at)

    renewal = renewed(fay)

    sealed = cookies(renewal)["pass"].value
    assert parse(sealed, pass_signer((settings.SECRET_KEY,))) == renewal.a_pass
