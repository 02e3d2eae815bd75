"""The rules of billing: what a subscription, as Stripe has it now, lets its holder read and until when.

Each rule stands in docs/standing.md too, in the same words; a test reads that table.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LEEWAY = timedelta(days=1)  # a renewal is charged an hour or so after the period has begun, and its notice may be late
# Stripe finalises a bill an hour after it was made; or, where we did not answer well to its notice of that, after three days.
DRAFT_LEEWAY = timedelta(days=4)


class Status(StrEnum):
    """Stripe's words for a subscription."""

    INCOMPLETE = "incomplete"
    INCOMPLETE_EXPIRED = "incomplete_expired"
    TRIALING = "trialing"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    UNPAID = "unpaid"
    CANCELED = "canceled"
    PAUSED = "paused"


class Payment(StrEnum):
    """As membership's terms have it."""

    PAID = "paid"
    PAST_DUE = "past_due"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Sold:
    """A subscription as Stripe has it now, in our words. Moments are aware; None where Stripe has none.

    `owed_from`: where the oldest period begins that was billed and is not paid, nor any later one; `drafted`: that bill is a
    draft that Stripe will charge. `refunded_at` and `disputed_at` are of what the period that runs was paid by, its charge or
    that behind a credit: a refund of all of it, a dispute that is open or lost.
    """

    status: Status
    starts_at: datetime
    period_ends_at: datetime
    owed_from: datetime | None = None
    drafted: bool = False
    trial_ends_at: datetime | None = None
    cancel_at: datetime | None = None
    ended_at: datetime | None = None
    collection_paused: bool = False
    refunded_at: datetime | None = None
    disputed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """The term that follows from it, half-open."""

    starts_at: datetime
    ends_at: datetime
    payment: Payment = Payment.PAID


def carried(sold: Sold) -> Carried | None:
    """None: it carries nobody, and never did."""
    ends_at, payment = _end(sold)
    for taken_back_at in (sold.refunded_at, sold.disputed_at):
        if taken_back_at is not None and taken_back_at < ends_at:
            ends_at, payment = taken_back_at, Payment.PAID
    return Carried(sold.starts_at, ends_at, payment) if ends_at > sold.starts_at else None


def _end(sold: Sold) -> tuple[datetime, Payment]:
    match sold.status:
        case Status.INCOMPLETE | Status.INCOMPLETE_EXPIRED:
            return sold.starts_at, Payment.PAID
        case Status.TRIALING:
            return _first(sold.trial_ends_at or sold.period_ends_at, sold.cancel_at), Payment.PAID
        case Status.PAUSED:
            return sold.trial_ends_at or sold.starts_at, Payment.PAID
        case Status.PAST_DUE:
            return sold.owed_from or sold.period_ends_at, Payment.PAST_DUE
        case Status.UNPAID:
            return sold.owed_from or sold.period_ends_at, Payment.LAPSED
        case Status.CANCELED:
            return _first(sold.ended_at or sold.period_ends_at, sold.owed_from), Payment.PAID
        case Status.ACTIVE:
            leeway = timedelta(0) if sold.collection_paused else DRAFT_LEEWAY if sold.drafted else LEEWAY
            return _first((sold.owed_from or sold.period_ends_at) + leeway, sold.cancel_at), Payment.PAID


def _first(moment: datetime, other: datetime | None) -> datetime:
    return min(moment, other) if other else moment


# A pause

BEFORE_RENEWAL = timedelta(hours=1)  # a pause ends so long before the next charge, which then follows by itself


def months_after(anchor: datetime, months: int) -> datetime:
    """As Stripe counts: the 31st becomes the month's last day."""
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    return anchor.replace(year=year, month=month + 1, day=min(anchor.day, monthrange(year, month + 1)[1]))


def pauses(anchor: datetime, period_ends_at: datetime, *, every: int, most: int) -> dict[int, datetime]:
    """For how many months one can be paused, in whole periods of `every` months, and when each pause ends."""
    from_anchor = (period_ends_at.year - anchor.year) * 12 + period_ends_at.month - anchor.month
    return {months: months_after(anchor, from_anchor + months) - BEFORE_RENEWAL for months in range(every, most + 1, every)}


# What an end gives back


def share_left(amount: int, begins: datetime, ends: datetime, at: datetime) -> int:
    """Of what was paid for a time, the days that are left of it."""
    left, days = days_left(begins, ends, at)
    return amount * left // days


def days_left(begins: datetime, ends: datetime, at: datetime) -> tuple[int, int]:
    """And of how many; the day that runs counts."""
    days, used = max(1, (ends - begins).days), max(0, (at - begins).days)
    return max(0, days - used), days


def taken_from(left: Mapping[str, int], amount: int) -> dict[str, int]:
    """An amount, from charges of which so much is left, in their order; never more than all of that."""
    taken: dict[str, int] = {}
    for charge, most in left.items():
        if part := min(most, amount - sum(taken.values())):
            taken[charge] = part
    return taken
