"""The rules of membership: whose addresses share an allowance, what a month leaves of it, until when terms carry."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum

from broadsheet.access.passes import short
from broadsheet.access.terms import Meter

CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels, so no words; no digits, so no O that is a 0
CODE_LENGTH = 6
CODE_LIFE = timedelta(minutes=15)
CODE_TRIES = 5
KNOCK_KEPT = timedelta(days=1)  # how long an unconfirmed address is remembered
FIRST_ARTICLE_LIFE = timedelta(days=1)
PASS_LIFE = timedelta(minutes=5)
REFUSAL_LIFE = timedelta(hours=1)  # for which a browser without an account is not looked up again, once refused
REVOCATION_KEPT = timedelta(days=1)  # far longer than any pass that it concerns
GIFT_LIFE = timedelta(hours=12)  # for which opening a gift lets a browser read it; less than a revocation is kept
GIFTS_KEPT = timedelta(days=40)  # after their end: longer than the month that they count in
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)

ERASED = "erased.invalid"  # where the addresses of erased accounts are, and no mail can go

GMAIL = frozenset({"gmail.com", "googlemail.com"})


def tidy_address(address: str) -> str:
    """An address as we keep and compare it: lower case, the domain in the letters of the DNS."""
    local, _, domain = unicodedata.normalize("NFKC", address).strip().lower().rpartition("@")
    try:
        domain = domain.rstrip(".").encode("idna").decode()
    except UnicodeError:
        raise NoAddress(f"{address!r} has no domain that mail can be sent to.") from None
    if not local or not domain:
        raise NoAddress(f"{address!r} is not an e-mail address.")
    return f"{local}@{domain}"


def canonical_address(address: str) -> str:
    """The one person behind variants of an address: no plus part, and at Gmail no dots."""
    local, _, domain = tidy_address(address).rpartition("@")
    local = local.partition("+")[0] or local
    if domain in GMAIL:
        return f"{local.replace('.', '') or local}@gmail.com"
    return f"{local}@{domain}"


def is_variant(address: str) -> bool:
    """Whether it is written otherwise than the one address behind it: with a plus part, with dots, at Gmail's other name."""
    return tidy_address(address) != canonical_address(address)


def tidy_code(typed: str) -> str:
    """A code as compared: whatever was typed or pasted around its letters falls away."""
    return re.sub(r"[^A-Z]", "", unicodedata.normalize("NFKC", typed).upper())


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month in the publication's zone, half-open."""

    first: date
    starts_at: datetime
    ends_at: datetime


def month_of(at: datetime, zone: tzinfo) -> Month:
    here = at.astimezone(zone)
    first = date(here.year, here.month, 1)
    following = date(here.year + here.month // 12, here.month % 12 + 1, 1)
    return Month(first=first, starts_at=_midnight(first, zone), ends_at=_midnight(following, zone))


def _midnight(day: date, zone: tzinfo) -> datetime:
    """The day's first moment. Where clocks skip or repeat midnight this is the moment at which the new day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class OpenedStory:
    story: str
    counted: bool = True


def meter(allowance: int, openings: Iterable[OpenedStory]) -> Meter:
    """What a month's openings leave of the allowance."""
    opened = list(openings)
    spent = sum(opening.counted for opening in opened)
    return Meter(left=max(0, allowance - spent), opened=frozenset(short(opening.story) for opening in opened))


class Payment(StrEnum):
    PAID = "paid"
    PAST_DUE = "past_due"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Term:
    """One period in which a reader may read all, half-open; `ends_at` None: without an end."""

    starts_at: datetime
    ends_at: datetime | None
    payment: Payment = Payment.PAID


@dataclass(frozen=True, slots=True)
class Held:
    """What a reader holds: `entitled_until` None where no term carries now."""

    entitled_until: datetime | None
    payment_failed: bool = False


def held(terms: Iterable[Term], *, at: datetime, grace: timedelta, staff: bool) -> Held:
    if staff:
        return Held(entitled_until=FOREVER)
    begun = [term for term in terms if term.starts_at <= at]
    return Held(entitled_until=entitled_until(begun, at=at, grace=grace), payment_failed=_payment_failed(begun, grace))


def entitled_until(terms: Iterable[Term], *, at: datetime, grace: timedelta) -> datetime | None:
    """The first moment at which none of the terms that run now carries the reader any more; None where none runs."""
    ends = [end for term in terms if (end := _runs_until(term, grace)) and term.starts_at <= at < end]
    return max(ends, default=None)


def _runs_until(term: Term, grace: timedelta) -> datetime | None:
    if term.payment is Payment.LAPSED:
        return None
    if term.ends_at is None:
        return FOREVER
    return term.ends_at + grace if term.payment is Payment.PAST_DUE else term.ends_at


def _payment_failed(terms: list[Term], grace: timedelta) -> bool:
    """Whether the term that carries longest, now or last, is one whose charge failed."""
    running = [(end, term.payment) for term in terms if (end := _runs_until(term, grace))]
    return bool(running) and max(running)[1] is Payment.PAST_DUE


class NoAddress(ValueError):
    """What was given is not an e-mail address."""
