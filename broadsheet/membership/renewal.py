"""What a gate asks when a pass is missing, old or revoked, or a story is to be opened: a new pass for the session, or none; and a
visitor's pass where the house rules let whoever has no account open something.

Called outside Django's request cycle, so it opens and closes what it uses itself.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.base import SessionBase
from django.db import Error, connections
from django.http import HttpRequest, parse_cookie

from broadsheet.access.passes import SESSION_COOKIE, CannotRenew, Renewal, VisitorPass
from broadsheet.access.terms import Audience
from broadsheet.kit import clock
from broadsheet.kit.addresses import network_of
from broadsheet.membership import papers, policy, queries
from broadsheet.membership.actions.devices import carry_device_on, keep_device, why_ended
from broadsheet.membership.actions.metering import open_story
from broadsheet.membership.actions.visiting import open_as_visitor
from broadsheet.membership.looking import looker_in
from broadsheet.membership.models import Reader
from broadsheet.membership.origin import address_of
from broadsheet.membership.papers import Cookie, header
from broadsheet.membership.queries import Holding

NOBODY = (*papers.taken_back(), Cookie(SESSION_COOKIE, "", 0))


def renew(environ: Mapping[str, Any], story: str | None, audience: Audience) -> Renewal | None:
    """None where nobody is to be known. `story` is spent on where it is metered and the reader has no better right to it."""
    cookies = parse_cookie(environ.get("HTTP_COOKIE", ""))
    session_key = cookies.get(SESSION_COOKIE)
    spend_on = story if audience is Audience.METERED else None
    if not session_key and not spend_on:
        return None
    if session_key and not (session_key.isascii() and session_key.isalnum()):
        return Renewal(None, tuple(map(header, NOBODY)))  # none that we gave out, and no database need see it
    _close_what_is_old()
    try:
        at = clock.now()  # noqa: TID251 - a door, though not one of Django's
        if session_key:
            return _renewed(session_key, spend_on, environ.get("HTTP_USER_AGENT", ""), at)
        return _visited(cookies, spend_on or "", network_of(address_of(environ)), at)
    except Error as away:
        raise CannotRenew from away
    finally:
        _close_what_is_old()


def _close_what_is_old() -> None:
    """As Django does around each of its requests: broken and outlived connections go. Within a transaction it is another's."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()


def _renewed(session_key: str, story: str | None, agent: str, at: datetime) -> Renewal:
    generation = queries.generation()  # before anything that a revocation could be about
    session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    reader = _reader_of(session)
    if reader is None:
        return Renewal(None, tuple(map(header, _nothing_left(session, session_key))))
    moved = _moved(session, session_key)
    looker = looker_in(session)
    if looker is None:
        keep_device(reader, session.session_key or "", agent=agent, at=at)
    holding = queries.holding_of(reader, at=at, generation=generation)
    if story and reader.confirmed_at and not holding.entitled(at) and looker is None:
        holding = _opened(reader, holding, story, at)
    a_pass = papers.pass_of(reader, holding, session_key=session.session_key or "", at=at)
    if looker is not None:
        a_pass = replace(a_pass, reader=looker)  # what staff read as a reader is staff's reading
    cookies = (*papers.of_reader(reader, holding, a_pass, at=at), *moved)
    return Renewal(a_pass, tuple(map(header, cookies)))


def _visited(cookies: Mapping[str, str], story: str, network: str, at: datetime) -> Renewal | None:
    """A browser without a session: None unless the house rules let it open something."""
    allowance = queries.rules().anonymous_allowance
    if not allowance:
        return None
    before = papers.visitor_in(cookies, at=at)
    if before is not None and not before.visitor:
        return Renewal(visitor=before)
    number, meter = open_as_visitor(visitor=before.visitor if before else 0, story=story, network=network, at=at)
    if number:
        visitor = VisitorPass(number, int(queries.month_at(at).ends_at.timestamp()), meter.opened)
    elif before is not None:
        visitor = replace(before, visitor=0)  # a reader took it over: what was opened stays so, and nothing more is
    else:
        visitor = VisitorPass(0, int((at + policy.REFUSAL_LIFE).timestamp()))
    cookies_sent = papers.of_visitor(visitor, allowance=allowance, at=at)
    return Renewal(cookies=tuple(map(header, cookies_sent)), visitor=visitor)


def _reader_of(session: SessionBase) -> Reader | None:
    """Whom Django would know by this session: it must be alive, made under the present credential, its reader active."""
    request = HttpRequest()
    request.session = session
    user = get_user(request)
    return user if isinstance(user, Reader) else None


def _opened(reader: Reader, holding: Holding, story: str, at: datetime) -> Holding:
    return replace(holding, meter=open_story(reader=reader, story=story, at=at))


def _nothing_left(session: SessionBase, session_key: str) -> tuple[Cookie, ...]:
    """A session that is dead is taken from the browser, so that its next request goes the fast way; one in which somebody is
    still logging in stays."""
    if session.session_key is not None and session.exists(session.session_key):
        return papers.taken_back()
    return (*NOBODY, *papers.of_ended_device(why_ended(session_key)))


def _moved(session: SessionBase, session_key: str) -> tuple[Cookie, ...]:
    """Under a rotated secret Django gives a session a new key: the browser must learn it."""
    if session.session_key == session_key:
        return ()
    session.save()
    carry_device_on(session_key, session.session_key)
    return (Cookie(SESSION_COOKIE, session.session_key or "", settings.SESSION_COOKIE_AGE),)
