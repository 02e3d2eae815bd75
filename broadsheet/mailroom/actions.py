"""Post a mail: write it down whole, so that it is sent once, whatever happens to whoever sends it."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string

from broadsheet.mailroom.models import Dispatch, Lane
from broadsheet.mailroom.policy import one_line
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
    """Written from mail/<kind>.txt, .html (may be missing) and .subject.txt (unless `subject` is given).

    `key` names the occasion: posting it again answers with the mail that was posted first.
    """
    if not re.fullmatch(r"[a-z0-9-]+", kind):
        raise UnknownMail(f"{kind!r} names no mail.")
    _refuse_no_address(to)
    if key is not None and (known := Dispatch.objects.filter(key=key).first()):
        return known
    words = {"publication": settings.PUBLICATION_NAME, "base_url": settings.BASE_URL, "to": to, **context}
    written = {
        "kind": kind,
        "to": to,
        "lane": lane,
        "subject": one_line(subject if subject is not None else render_to_string(f"mail/{kind}.subject.txt", words)),
        "text": render_to_string(f"mail/{kind}.txt", words).strip() + "\n",
        "html": _html(kind, words),
        "headers": {one_line(name): one_line(value) for name, value in (headers or {}).items()},
        "posted_at": at,
        "due_at": at,
    }
    with transaction.atomic():
        dispatch, fresh = (Dispatch.objects.create(**written), True) if key is None else _posted_once(key, written)
        if fresh:
            transaction.on_commit(lambda: _nudge(lane))
    return dispatch


def _posted_once(key: str, written: dict[str, Any]) -> tuple[Dispatch, bool]:
    return Dispatch.objects.get_or_create(key=key, defaults=written)


def _html(kind: str, words: dict[str, Any]) -> str:
    try:
        return render_to_string(f"mail/{kind}.html", words)
    except TemplateDoesNotExist as missing:
        if str(missing) != f"mail/{kind}.html":
            raise
        return ""


def _refuse_no_address(to: str) -> None:
    try:
        validate_email(to)
    except ValidationError:
        raise NoSuchAddress(f"{to!r} is not an address that mail can go to.") from None


def _nudge(lane: Lane) -> None:
    send_mail.enqueue(lane=lane.value)


class UnknownMail(LookupError):
    """No mail of this kind is written."""


class NoSuchAddress(ValueError):
    """Mail cannot be addressed so."""
