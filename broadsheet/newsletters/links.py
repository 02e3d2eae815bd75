"""Whole addresses that open without logging in: which newsletters somebody gets, and the end of what a mail is about. Each
opens that and no more.

Signed for one reader and one purpose. They are made once a letter, so making one is one signature.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from django.conf import settings

from broadsheet.kit.signing import Signer

PREFERENCES, LEAVE = "/newsletters/preferences/", "/newsletters/leave/"
PREFERENCES_LIFE = timedelta(days=365)
NUMBERS = re.compile(r"[1-9][0-9]{0,17}(-[1-9][0-9]{0,17})+")


@dataclass(frozen=True, slots=True)
class Leaver:
    """Who is to get what no more, by their numbers."""

    reader: int
    newsletters: tuple[int, ...]


def preferences_link(reader_id: int, *, at: datetime) -> str:
    """`at`: when it is mailed; it opens for a year."""
    day = at.astimezone(UTC).date().toordinal()
    return f"{settings.BASE_URL}{PREFERENCES}{_signer('newsletter preferences', settings.SECRETS).sign(f'{reader_id}-{day}')}/"


def leave_link(reader_id: int, *newsletter_ids: int) -> str:
    """Works for as long as the mail may lie in a mailbox: it never expires. It names nothing that may change."""
    numbers = "-".join(map(str, (reader_id, *newsletter_ids)))
    return f"{settings.BASE_URL}{LEAVE}{_signer('newsletter leave', settings.SECRETS).sign(numbers)}/"


def reader_of(token: str, *, at: datetime) -> int | None:
    """Whose preferences a link opens. None: we never made it, or it is too old."""
    found = _numbers(token, purpose="newsletter preferences")
    if len(found) != 2 or found[1] > date.max.toordinal():
        return None
    age = at.astimezone(UTC).date() - date.fromordinal(found[1])
    return found[0] if age < PREFERENCES_LIFE else None


def leaver_of(token: str) -> Leaver | None:
    found = _numbers(token, purpose="newsletter leave")
    return Leaver(found[0], found[1:]) if found else None


def _numbers(token: str, *, purpose: str) -> tuple[int, ...]:
    """Two or more, or none."""
    found = NUMBERS.fullmatch(_signer(purpose, settings.SECRETS).unsign(token) or "")
    return tuple(map(int, found[0].split("-"))) if found else ()


@lru_cache(maxsize=8)
def _signer(purpose: str, secrets: tuple[str, ...]) -> Signer:
    return Signer(secrets, purpose=purpose)
