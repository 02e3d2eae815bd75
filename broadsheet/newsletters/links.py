"""Whole addresses that open without logging in: which newsletters somebody gets, and the end of what a mail is about. Each
opens that and no more.

Signed for one reader and one purpose. They are made once a letter, so making one is one signature. A restored backup gives the
numbers of readers out again, so a number is signed with the second in which they joined.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from django.conf import settings

from broadsheet.kit.signing import Signer
from broadsheet.membership.models import Reader

PREFERENCES, LEAVE = "/newsletters/preferences/", "/newsletters/leave/"
PREFERENCES_LIFE = timedelta(days=365)
NUMBERS = re.compile(r"[1-9][0-9]{0,17}-(0|[1-9][0-9]{0,17})(-[1-9][0-9]{0,17})+")


@dataclass(frozen=True, slots=True)
class Whose:
    """A reader's number, and the second since 1970 in which they joined; 0 where that is not known."""

    number: int
    joined: int = 0

    @classmethod
    def of(cls, reader: Reader) -> "Whose":
        return cls(reader.pk, int(reader.joined_at.timestamp()) if reader.joined_at else 0)

    def __str__(self) -> str:
        return f"{self.number}-{self.joined}"

    def find(self) -> Reader | None:
        """None: they are no more, or somebody else has their number now."""
        reader = Reader.objects.filter(pk=self.number, is_active=True).first()
        return reader if reader and self.joined in (0, Whose.of(reader).joined) else None


@dataclass(frozen=True, slots=True)
class Leaver:
    """Who is to get what no more, by the numbers of newsletters."""

    whose: Whose
    newsletters: tuple[int, ...]


def preferences_link(whose: Whose, *, at: datetime) -> str:
    """`at`: when it is mailed; it opens for a year."""
    day = at.astimezone(UTC).date().toordinal()
    return f"{settings.BASE_URL}{PREFERENCES}{_signer('newsletter preferences', settings.SECRETS).sign(f'{whose}-{day}')}/"


def leave_link(whose: Whose, *newsletter_ids: int) -> str:
    """Works for as long as the mail may lie in a mailbox: it never expires. It names nothing that may change."""
    numbers = "-".join(map(str, (whose, *newsletter_ids)))
    return f"{settings.BASE_URL}{LEAVE}{_signer('newsletter leave', settings.SECRETS).sign(numbers)}/"


def whose(token: str, *, at: datetime) -> Whose | None:
    """Whose preferences a link opens. None: we never made it, or it is too old."""
    found = _numbers(token, purpose="newsletter preferences")
    if len(found) != 3 or found[2] > date.max.toordinal():
        return None
    age = at.astimezone(UTC).date() - date.fromordinal(found[2])
    return Whose(*found[:2]) if age < PREFERENCES_LIFE else None


def leaver_of(token: str) -> Leaver | None:
    found = _numbers(token, purpose="newsletter leave")
    return Leaver(Whose(*found[:2]), found[2:]) if found else None


def _numbers(token: str, *, purpose: str) -> tuple[int, ...]:
    """Three or more, or none."""
    found = NUMBERS.fullmatch(_signer(purpose, settings.SECRETS).unsign(token) or "")
    return tuple(map(int, found[0].split("-"))) if found else ()


@lru_cache(maxsize=8)
def _signer(purpose: str, secrets: tuple[str, ...]) -> Signer:
    return Signer(secrets, purpose=purpose)
