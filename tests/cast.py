"""The cast, as tests have it: the demo's people, each made when a test asks for them, and logged in when it says so."""

from datetime import datetime
from importlib import import_module
from typing import Any

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client

from broadsheet.config.demo.cast import (
    CAMPUS,
    SECOND_FACTORS,
    assemble_cast,
    campus,
    fay,
    gus,
    lena,
    pasha,
    past_grace,
    reader,
    rex,
    sada,
    staff,
    una,
)
from broadsheet.membership.models import Reader
from tests import make

__all__ = [
    "CAMPUS",
    "OURS",
    "SECOND_FACTORS",
    "assemble_cast",
    "browser",
    "campus",
    "carlo",
    "edda",
    "fay",
    "gus",
    "lena",
    "log_in",
    "pasha",
    "past_grace",
    "petra",
    "reader",
    "rex",
    "sada",
    "session_of",
    "staff",
    "una",
    "vera",
]

# What every browser says of a form that was sent from our own page.
OURS = {"HTTP_ORIGIN": "http://testserver", "HTTP_SEC_FETCH_SITE": "same-origin"}


def edda(at: datetime) -> Reader:
    return _at_work("edda", "Editors", at)


def carlo(at: datetime) -> Reader:
    return _at_work("carlo", "Curators", at)


def petra(at: datetime) -> Reader:
    return _at_work("petra", "Publishers", at)


def _at_work(slug: str, group: str, at: datetime) -> Reader:
    make.publication(settings.PUBLICATION_NAME, at)
    return staff(slug, group, at)


def vera() -> Client:
    return browser()


def browser(**headers: Any) -> Client:
    """A browser that sends forms from our own pages; nobody is logged in."""
    return Client(**{**OURS, **headers})


def log_in(who: Reader, client: Client | None = None) -> Client:
    """A browser in which this reader has gone the whole way in, the second factor too if there is one."""
    client = client or browser()
    client.cookies["session"] = session_of(who)
    return client


def session_of(who: Reader) -> str:
    """The key of a session as logging in leaves it."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(who.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = who.get_session_auth_hash()
    if factor := Authenticator.objects.filter(user=who, type=Authenticator.Type.TOTP).first():
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": 0.0, "id": factor.pk, "type": factor.type}]
        session["account_authentication_methods_user"] = str(who.pk)
    session.create()
    return str(session.session_key)
