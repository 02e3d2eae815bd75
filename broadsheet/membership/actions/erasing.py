"""Erase an account: what it pays for ends first, then all goes at once or nothing does. Never billed without an account, never
half erased.

Wanted is a row, so that whatever fails on the way is gone on with by the sweep. Rooms above say what must be over before
(`before_erasing`): billing ends subscriptions.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction

from broadsheet.mailroom.actions import post
from broadsheet.membership import policy, records
from broadsheet.membership.actions.groups import leave_groups
from broadsheet.membership.actions.sessions import end_sessions
from broadsheet.membership.models import Allowance, Device, Erasure, Reader, Reading
from broadsheet.membership.queries import month_at

log = logging.getLogger(__name__)


class NotYet(Exception):
    """Somebody who must be asked first does not answer: it is tried again."""


class WorksHere(Exception):
    """Staff are first let go on the desk: what they wrote stands under their account."""


@dataclass(frozen=True, slots=True)
class Before:
    """`says`: what will happen, in a sentence, "" where nothing. `does`: it, or raises NotYet; twice is as once. `did`: what came
    of it, for the last mail. All are handed the reader and the moment at which that was wanted; `does`, the present one too."""

    says: Callable[[Reader, datetime], str]
    does: Callable[[Reader, datetime, datetime], None]
    did: Callable[[Reader, datetime], str] = lambda reader, wanted_at: ""


_before: list[Before] = []


def before_erasing(step: Before) -> None:
    if step not in _before:
        _before.append(step)


def said_before(reader: Reader, *, at: datetime) -> list[str]:
    return [said for step in _before if (said := step.says(reader, at))]


def want_erased(reader: Reader, *, at: datetime) -> Erasure:
    """Written down at once; done at once where nobody has to be waited for. Raises NotYet: it is written down and waits."""
    if reader.is_staff:
        raise WorksHere
    with transaction.atomic():
        Reader.objects.select_for_update().get(pk=reader.pk)  # whoever is selling them something right now does it before, or not
        erasure, _ = Erasure.objects.get_or_create(reader=reader, defaults={"address": reader.email, "wanted_at": at})
    return finish_erasure(erasure, at=at)


def is_going(reader: Reader) -> bool:
    """Whoever has asked to be erased buys nothing more."""
    return Erasure.objects.filter(reader=reader).exists()


def finish_erasure(erasure: Erasure, *, at: datetime) -> Erasure:
    """What must be over before is asked of others outside every transaction; the erasing itself is one."""
    if erasure.done_at is None:
        for step in _before:
            step.does(erasure.reader, erasure.wanted_at, at)
        _erase(erasure, at=at)
    erasure.refresh_from_db()
    return erasure


def finish_erasures(*, at: datetime) -> int:
    """How many went on to their end. One that still waits holds up no other."""
    done = 0
    for erasure in Erasure.objects.filter(done_at=None).select_related("reader"):
        try:
            finish_erasure(erasure, at=at)
        except NotYet as waits:
            log.warning("Erasing reader %s waits: %s", erasure.reader_id, waits)
        else:
            done += 1
    _unlink_late_readings()
    return done


@transaction.atomic
def _erase(erasure: Erasure, *, at: datetime) -> None:
    locked = Erasure.objects.select_for_update().get(pk=erasure.pk)
    if locked.done_at is not None:  # another worker was quicker
        return
    reader = Reader.objects.select_for_update().get(pk=locked.reader_id)
    ended = [did for step in _before if (did := step.did(reader, locked.wanted_at))]
    told = {"kept": records.kept_for(reader), "ended": ended}
    leave_groups(reader, at=at)
    end_sessions(reader, why="erased", at=at)
    _end_every_session(reader)
    for table in records.tables():
        _undo(table, reader)
    _keep_what_guards_the_meter(reader, at=at)
    _blank(reader)
    post(kind="erased", to=locked.address, context=told, at=at, key=f"erased {locked.pk}")
    Erasure.objects.filter(pk=locked.pk).update(address="", done_at=at)


def _end_every_session(reader: Reader) -> None:
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore()
    for key in Device.objects.filter(reader=reader).values_list("session_key", flat=True):
        store.delete(key)


def _undo(table: records.Table, reader: Reader) -> None:
    match table.fate:
        case records.Fate.DELETED:
            table.rows(reader).delete()
        case records.Fate.UNLINKED:
            table.rows(reader).update(**{table.whose: None, **dict.fromkeys(table.blank, "")})


def _keep_what_guards_the_meter(reader: Reader, *, at: datetime) -> None:
    """The allowance is a hash of the address; of what it opened remains what still counts if somebody comes back with it."""
    allowance, reader.allowance = reader.allowance, None
    reader.save(update_fields=["allowance"])
    if allowance is not None and not Reader.objects.filter(allowance=allowance).exists():
        Allowance.objects.get(pk=allowance.pk).openings.filter(counted=True, month__lt=month_at(at).first).delete()


def _blank(reader: Reader) -> None:
    """The row stays, for what points at it and is kept; nobody can be known by it, and nobody logs in to it."""
    reader.email = f"{reader.pk}@{policy.ERASED}"
    reader.first_name = reader.last_name = ""
    reader.is_active, reader.last_login = False, None
    reader.set_unusable_password()
    reader.save()
    apps.get_model("wagtailcore.ModelLogEntry")._default_manager.filter(
        content_type__app_label="membership", content_type__model="reader", object_id=str(reader.pk)
    ).update(label="an erased account")


def _unlink_late_readings() -> None:
    """Those that lay in a gate's spool while their reader was erased."""
    gone = Erasure.objects.filter(done_at__isnull=False).values("reader_id")
    Reading.objects.filter(reader_id__in=gone).update(reader_id=None)
