"""The cookies that membership hands out: the sealed pass, the note for the page's script, provisional and visitors' passes.

Built in one place for the doors (Django's responses) and for `renew` (bare headers).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from http.cookies import SimpleCookie
from urllib.parse import quote, unquote

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, HttpResponseBase

from broadsheet.access.passes import (
    FIRST_HAD,
    GIFT_COOKIE,
    NOTE_COOKIE,
    PASS_COOKIE,
    PROVISIONAL_COOKIE,
    VISITOR_COOKIE,
    Given,
    Pass,
    Provisional,
    VisitorPass,
    given_signer,
    parse_given,
    parse_visitor,
    pass_signer,
    provisional_signer,
    seal,
    seal_given,
    seal_provisional,
    seal_visitor,
    short,
    visitor_signer,
)
from broadsheet.kit.signing import Signer
from broadsheet.membership import policy
from broadsheet.membership.models import Reader
from broadsheet.membership.queries import Holding, generation, holding_of

LONG = 400 * 24 * 3600  # seconds; browsers keep no cookie longer
ARRIVED_COOKIE = "arrived"
ARRIVED_KEPT = 60  # seconds: the page that one comes back to says it once and forgets it
ENDED_COOKIE = "ended"  # why this browser was logged out from elsewhere
ENDED_KEPT = 24 * 3600  # seconds


@dataclass(frozen=True, slots=True)
class Cookie:
    """`seconds` 0 deletes it. `readable`: by the page's script."""

    name: str
    value: str
    seconds: int
    readable: bool = False


def pass_of(reader: Reader, holding: Holding, *, session_key: str, at: datetime) -> Pass:
    made_at = int(at.timestamp())
    until = holding.held.entitled_until
    return Pass(
        reader=reader.pk,
        session=short(session_key),
        generation=holding.generation,
        made_at=made_at,
        expires_at=made_at + int(policy.PASS_LIFE.total_seconds()),
        confirmed=reader.confirmed_at is not None,
        entitled_until=int(until.timestamp()) if until else 0,
        payment_failed=holding.held.payment_failed,
        meter_ends_at=int(holding.month.ends_at.timestamp()),
        left=holding.meter.left,
        opened=holding.meter.opened,
    )


def hand_over_fresh(request: HttpRequest, response: HttpResponseBase, *, at: datetime) -> None:
    """What whoever is logged in holds now: after a deed that changes it they read on at once, and the gate hears of it later."""
    known = generation()
    reader = get_user(request)  # anew, so that the pass made here knows every revocation up to its generation
    if isinstance(reader, Reader):
        holding = holding_of(reader, at=at, generation=known)
        a_pass = pass_of(reader, holding, session_key=request.session.session_key or "", at=at)
        hand_over(response, of_reader(reader, holding, a_pass, at=at))


def of_reader(reader: Reader, holding: Holding, a_pass: Pass, *, at: datetime) -> tuple[Cookie, ...]:
    """The pass, sealed, and the note beside it."""
    state = state_of(reader, holding, at=at)
    note = _note(
        name=reader.get_short_name(),
        left=holding.meter.left,
        allowance=holding.monthly_allowance,
        state=state,
        ends=a_pass.meter_ends_at,
        made=a_pass.made_at,
        forgets=reader.no_history_since is not None,
    )
    return Cookie(PASS_COOKIE, seal(a_pass, _pass_signer()), int(policy.PASS_LIFE.total_seconds())), note


def state_of(reader: Reader, holding: Holding, *, at: datetime) -> str:
    """What the page's script tells readers apart by: staff, member, grace (a charge failed), failed (grace is over), reader."""
    if reader.is_staff:
        return "staff"
    if holding.entitled(at):
        return "grace" if holding.held.payment_failed else "member"
    return "failed" if holding.held.payment_failed else "reader"


def of_first_article(*, story: str, address: str, allowance: int, at: datetime) -> tuple[Cookie, ...]:
    """The provisional pass: this browser, this story, for a day. It stays as a sign that the browser has had its first."""
    expires_at = int((at + policy.FIRST_ARTICLE_LIFE).timestamp())
    provisional = Provisional(story=short(story), address=short(address), expires_at=expires_at)
    note = _note(name="", left=0, allowance=allowance, state="first", story=short(story))
    return Cookie(PROVISIONAL_COOKIE, seal_provisional(provisional, _provisional_signer()), LONG), note


def of_visitor(visitor: VisitorPass, *, allowance: int, at: datetime) -> tuple[Cookie, ...]:
    """The visitor's pass, and the note beside it, both until the month ends."""
    seconds = visitor.expires_at - int(at.timestamp())
    note = _note(name="", left=visitor.meter(allowance).left, allowance=allowance, state="visitor", seconds=seconds)
    return Cookie(VISITOR_COOKIE, seal_visitor(visitor, _visitor_signer()), seconds), note


def visitor_in(cookies: Mapping[str, str], *, at: datetime) -> VisitorPass | None:
    visitor = parse_visitor(cookies.get(VISITOR_COOKIE, ""), _visitor_signer())
    return visitor if visitor is not None and at.timestamp() < visitor.expires_at else None


def of_gifts(given: tuple[Given, ...]) -> Cookie:
    """Kept when what is in it has ended, so that this browser opens the same link again uncounted."""
    return Cookie(GIFT_COOKIE, seal_given(given, _given_signer()), LONG)


def gifts_in(cookies: Mapping[str, str]) -> tuple[Given, ...]:
    return parse_given(cookies.get(GIFT_COOKIE, ""), _given_signer())


def first_article_had() -> Cookie:
    return Cookie(PROVISIONAL_COOKIE, FIRST_HAD, LONG)


def arrived(*said: str) -> Cookie:
    """What is said once on the page that one comes back to; nothing: a code or link was answered, and all that is asked after it.

    A second text is the words of a link to the reader's group.
    """
    return Cookie(ARRIVED_COOKIE, quote("|".join(said)) or "yes", ARRIVED_KEPT, readable=True)


def arrival_in(cookies: Mapping[str, str]) -> tuple[str, str]:
    """The same, for a page that says it without the script."""
    words, _, link = unquote(cookies.get(ARRIVED_COOKIE, "")).partition("|")
    return ("", "") if words == "yes" else (words, link)


def arrival_said() -> Cookie:
    return Cookie(ARRIVED_COOKIE, "", 0, readable=True)


def of_ended_device(why: str) -> tuple[Cookie, ...]:
    """So that the page on which one logs in again can say why."""
    return (Cookie(ENDED_COOKIE, why.replace(" ", "-"), ENDED_KEPT),) if why else ()


def taken_back() -> tuple[Cookie, ...]:
    """Pass and note, deleted."""
    return Cookie(PASS_COOKIE, "", 0), Cookie(NOTE_COOKIE, "", 0, readable=True)


def hand_over(response: HttpResponseBase, cookies: Iterable[Cookie]) -> None:
    for cookie in cookies:
        response.set_cookie(
            cookie.name,
            cookie.value,
            max_age=cookie.seconds,
            expires=None if cookie.seconds else "Thu, 01 Jan 1970 00:00:00 GMT",
            httponly=not cookie.readable,
            samesite="Lax",
            secure=settings.SECURE,
            path="/",
        )


def header(cookie: Cookie) -> str:
    """The value of one Set-Cookie header."""
    jar: SimpleCookie = SimpleCookie({cookie.name: cookie.value})
    morsel = jar[cookie.name]
    morsel["path"], morsel["samesite"], morsel["max-age"] = "/", "Lax", cookie.seconds
    if not cookie.seconds:
        morsel["expires"] = "Thu, 01 Jan 1970 00:00:00 GMT"
    morsel["httponly"], morsel["secure"] = not cookie.readable, settings.SECURE
    return morsel.OutputString()


def _note(
    *,
    name: str,
    left: int,
    allowance: int,
    state: str,
    story: str = "",
    ends: int = 0,
    made: int = 0,
    forgets: bool = False,
    seconds: int = LONG,
) -> Cookie:
    """`made`: of an account's, when; one that is old is asked for anew, since pages that are open to all bring none.

    `forgets`: the browser is to remember no more of what they read than we do.
    """
    said = {"name": name[:60], "left": left, "allowance": allowance, "state": state, "story": story, "ends": ends}
    said |= {"made": made} if made else {}
    said |= {"forgets": True} if forgets else {}
    return Cookie(NOTE_COOKIE, quote(json.dumps(said, separators=(",", ":"))), seconds, readable=True)


@cache
def _pass_signer() -> Signer:
    return pass_signer((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@cache
def _provisional_signer() -> Signer:
    return provisional_signer((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@cache
def _visitor_signer() -> Signer:
    return visitor_signer((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@cache
def _given_signer() -> Signer:
    return given_signer((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))
