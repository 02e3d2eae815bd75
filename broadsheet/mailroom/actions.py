"""Post a mail: write it down whole, so that it is sent once, whatever happens to whoever sends it. Say what mails say."""

import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from wagtail.log_actions import log

from broadsheet.mailroom.models import Dispatch, Lane, Wording
from broadsheet.mailroom.policy import clean_line, one_line
from broadsheet.mailroom.queries import wording_of
from broadsheet.mailroom.rendering import Written, write
from broadsheet.mailroom.tasks import send_mail


def post(
    *,
    kind: str,
    to: str,
    context: Mapping[str, Any],
    at: datetime,
    subject: str | None = None,
    key: str | None = None,
    lane: Lane = Lane.TRANSACTIONAL,
    headers: Mapping[str, str] | None = None,
) -> Dispatch:
    """Written from mail/<kind>.txt, .html (may be missing) and .subject.txt (unless `subject` is given), and an editor's words.

    `key` names the occasion: posting it again answers with the mail that was posted first.
    """
    if not re.fullmatch(r"[a-z0-9-]+", kind):
        raise UnknownMail(f"{kind!r} names no mail.")
    _refuse_no_address(to)
    if key is not None and (known := Dispatch.objects.filter(key=key).first()):
        return known
    written = write(kind, context, to=to, worded=wording_of(kind), subject=subject)
    return post_written(kind=kind, to=to, written=written, at=at, key=key, lane=lane, headers=headers)


def post_written(
    *,
    kind: str,
    to: str,
    written: Written,
    at: datetime,
    key: str | None = None,
    lane: Lane = Lane.TRANSACTIONAL,
    headers: Mapping[str, str] | None = None,
) -> Dispatch:
    """What another room has written whole, such as the test of an edition."""
    _refuse_no_address(to)
    row = asdict(written) | {
        "subject": one_line(written.subject),
        "kind": kind,
        "to": to,
        "lane": lane,
        "headers": {clean_line(name): clean_line(value) for name, value in (headers or {}).items()},
        "posted_at": at,
        "due_at": at,
    }
    with transaction.atomic():
        dispatch, fresh = (Dispatch.objects.create(**row), True) if key is None else _posted_once(key, row)
        if fresh:
            transaction.on_commit(lambda: _nudge(lane))
    return dispatch


def _posted_once(key: str, row: dict[str, Any]) -> tuple[Dispatch, bool]:
    return Dispatch.objects.get_or_create(key=key, defaults=row)


def reword(kind: str, *, subject: str, before: str, after: str, by: Any) -> Wording:
    """For every mail of this kind that is posted from now on. `by`: who is at the desk, for its log."""
    with transaction.atomic():
        said = {"subject": subject, "before": before, "after": after}
        wording, _ = Wording.objects.update_or_create(kind=kind, defaults=said)
        log(wording, "wagtail.edit", user=by)
    return wording


def _refuse_no_address(to: str) -> None:
    try:
        validate_email(to)
    except ValidationError:
        raise NoSuchAddress(f"{to!r} is not an address that mail can go to.") from None


def _nudge(lane: Lane) -> None:
    """What comes by the thousand is sent by the clock: an errand a mail would stand before codes in the queue."""
    if lane is Lane.TRANSACTIONAL:
        send_mail.enqueue(lane=lane.value)


class UnknownMail(LookupError):
    """No mail of this kind is written."""


class NoSuchAddress(ValueError):
    """Mail cannot be addressed so."""
