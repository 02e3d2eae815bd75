"""What readers do to their alerts. Twice is as once, and an account has so many: its owner is locked while they are counted."""

import secrets
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from broadsheet.library.actions.shelves import ShelfFull
from broadsheet.library.alerts import hash_of
from broadsheet.library.asked import asked_in
from broadsheet.library.models import Alert, Candidate, Follow
from broadsheet.library.policy import Often
from broadsheet.library.query import LONGEST, parse
from broadsheet.membership.models import Reader

MOST_ALERTS = 50


class NothingAsked(Exception):
    """A search for nothing finds everything."""


class NotFollowed(Exception):
    """This reader follows no such thing."""


def save_search(reader: Reader, text: str, *, often: Often, at: datetime) -> Alert:
    """The one of this search, where there is one."""
    tidy = asked_in({"q": [text]}).typed[:LONGEST].strip()
    if not parse(tidy).items:
        raise NothingAsked
    return _wanted(reader, often=often, at=at, text=tidy)


def tell_of(reader: Reader, follow: int, *, often: Often, at: datetime) -> Alert:
    """Of what they follow."""
    found = Follow.objects.filter(reader=reader, pk=follow).first()
    if found is None:
        raise NotFollowed
    return _wanted(reader, often=often, at=at, follow=found)


@transaction.atomic
def _wanted(reader: Reader, *, often: Often, at: datetime, **of: Any) -> Alert:
    Reader.objects.select_for_update().get(pk=reader.pk)
    theirs = Alert.objects.filter(reader=reader)
    known = theirs.filter(**of).first()
    if known is not None:
        return known
    if theirs.count() >= MOST_ALERTS:
        raise ShelfFull(f"You have {MOST_ALERTS} alerts, and no more fit. End one first.")
    return Alert.objects.create(reader=reader, often=often, wanted_since=at, **of)


def change_how_often(reader: Reader, number: int, often: Often) -> None:
    _theirs(reader, number).update(often=often)


@transaction.atomic
def pause(reader: Reader, number: int, *, at: datetime) -> None:
    """What waits to be told is forgotten."""
    if _theirs(reader, number).filter(paused_at=None).update(paused_at=at):
        Candidate.objects.filter(alert=number).delete()


def go_on(reader: Reader, number: int, *, at: datetime) -> None:
    """What came out meanwhile is not told."""
    _theirs(reader, number).exclude(paused_at=None).update(paused_at=None, wanted_since=at)


def end(reader: Reader, number: int) -> None:
    """Its feed too."""
    _theirs(reader, number).delete()


def end_by_mail(number: int) -> None:
    """For whoever holds a mail of it, logged in or not."""
    Alert.objects.filter(pk=number).delete()


def make_feed(reader: Reader, number: int) -> str:
    """The secret of its address, kept nowhere; the one before opens nothing any more. "" where there is no such alert."""
    secret = secrets.token_urlsafe(24)
    return secret if _theirs(reader, number).update(feed=hash_of(secret)) else ""


def end_feed(reader: Reader, number: int) -> None:
    _theirs(reader, number).update(feed="")


def _theirs(reader: Reader, number: int) -> QuerySet[Alert]:
    return Alert.objects.filter(reader=reader, pk=number)
