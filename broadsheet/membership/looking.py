"""Staff look at the site as a reader sees it, to help: a session of its own, short, in which nothing can be changed.

It names whoever looks; what is read in it counts as theirs, and spends nothing. Their own session waits, and goes on after it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from broadsheet.access.passes import PASS_COOKIE
from broadsheet.design.page import PageMeta
from broadsheet.membership.actions.deeds import record_deed
from broadsheet.membership.models import Deed, Reader
from broadsheet.membership.papers import Cookie, hand_over
from broadsheet.membership.rights import may_change

LOOKING = "looking"  # in such a session: {"by": a reader's number, "own": the key of their own session}
LOOK_COOKIE = "looking"  # tells the page's script whom the banner is to name; it opens nothing
LOOK_LIFE = timedelta(minutes=30)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
STILL_TAKEN = ("/looking/end/", "/leave/")
# Where they are logged in, all that is held of them, what they read and noted: theirs alone.
NOT_SHOWN = (
    *("/account/devices/", "/account/export/", "/account/history/", "/account/reading-list/", "/account/collections/"),
    *("/research/", "/briefing/", "/account/briefing/"),
)


class NotToBeLookedAs(Exception):
    """Somebody who works here, or has more rights than whoever asks."""


def looker_in(session: SessionBase) -> int | None:
    """The number of whoever looks in this session."""
    told = session.get(LOOKING)
    return told["by"] if told else None


def begin_look(request: HttpRequest, reader: Reader, *, at: datetime) -> None:
    """From this answer on the browser is the reader's."""
    by, own = request.user, request.session.session_key
    assert isinstance(by, Reader)
    if by == reader or reader.is_staff or not reader.is_active or not may_change(by, reader):
        raise NotToBeLookedAs
    session = _store()
    session[SESSION_KEY] = str(reader.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = reader.get_session_auth_hash()
    session[LOOKING] = {"by": by.pk, "own": own}
    session.set_expiry(LOOK_LIFE)
    with transaction.atomic():
        session.create()
        record_deed(by=by, reader=reader, kind=Deed.Kind.LOOK, what="for half an hour at most", at=at)
    request.session = session


def end_look(request: HttpRequest, *, at: datetime) -> bool:
    """Back in one's own session. False: this was no look."""
    told = request.session.get(LOOKING)
    if not told:
        return False
    reader, by = request.user, Reader.objects.filter(pk=told["by"]).first()
    if isinstance(reader, Reader) and by is not None:
        record_deed(by=by, reader=reader, kind=Deed.Kind.LOOKED, what="", at=at)
    request.session.flush()
    own = _store(told["own"])
    if own.get(SESSION_KEY) == str(told["by"]):
        own.modified = True  # so that its key is handed out again
        request.session = own
    return True


def banner(reader: Reader) -> Cookie:
    return Cookie(LOOK_COOKIE, quote(reader.email), int(LOOK_LIFE.total_seconds()), readable=True)


def no_banner() -> Cookie:
    return Cookie(LOOK_COOKIE, "", 0, readable=True)


class OnlyLooking:
    """Whoever looks changes nothing, whatever door they knock at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _is_kept_from_lookers(request) and looker_in(request.session) is not None:
            page = PageMeta(title="Only looking", kind="refused", noindex=True)
            refused = render(request, "pages/only-looking.html", {"page": page}, status=403)
            _say_so(request, refused)
            return refused
        answer = self.get_response(request)
        if request.session.accessed and looker_in(request.session) is not None:
            answer.cookies.pop(PASS_COOKIE, None)  # made by a door in the reader's name: the gate is told who reads
            _say_so(request, answer)
        elif LOOK_COOKIE in request.COOKIES and looker_in(request.session) is None:
            hand_over(answer, (no_banner(),))
        return answer


def _is_kept_from_lookers(request: HttpRequest) -> bool:
    changes = request.method not in SAFE and request.path not in STILL_TAKEN
    return changes or request.path.startswith(NOT_SHOWN)


def _say_so(request: HttpRequest, answer: HttpResponse) -> None:
    """The banner, at the top of a whole page."""
    if answer.streaming or not answer.get("Content-Type", "").startswith("text/html") or not isinstance(request.user, Reader):
        return
    head, body, rest = answer.content.partition(b"<body")
    if body:
        tag, end, page = rest.partition(b">")
        bar = render_to_string("components/looking-bar.html", {"address": request.user.email}).encode()
        answer.content = b"".join((head, body, tag, end, bar, page))


def _store(key: str | None = None) -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore(key)
