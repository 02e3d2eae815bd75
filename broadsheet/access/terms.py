"""The words of the rule: audiences, cuts, reasons, and what is known of whoever asks."""

from dataclasses import dataclass, field
from enum import StrEnum


class Audience(StrEnum):
    """Whom a story is for."""

    OPEN = "open"
    REGISTERED = "registered"
    METERED = "metered"
    MEMBERS = "members"


class Cut(StrEnum):
    FULL = "full"
    PREVIEW = "preview"


class Reason(StrEnum):
    """Why a cut is served. Those in WALLS are each printed as a preview of their own."""

    OPEN = "open"
    ENTITLED = "entitled"
    KNOWN = "known"  # registered audience, confirmed reader
    ON_METER = "on-meter"
    FIRST = "first"  # the one article that an unconfirmed address opened
    GIFT = "gift"  # a subscriber gave it away, by a link

    REGISTER = "register"
    RETURN = "return"  # this browser has had its first article: only a code opens this one
    CONFIRM = "confirm"
    SPENT = "spent"
    SUBSCRIBE = "subscribe"
    PAYMENT_FAILED = "payment-failed"


WALLS = (Reason.REGISTER, Reason.RETURN, Reason.CONFIRM, Reason.SPENT, Reason.SUBSCRIBE, Reason.PAYMENT_FAILED)


@dataclass(frozen=True, slots=True)
class Standing:
    """Who asks, as far as the rule cares."""

    registered: bool = False  # a confirmed reader
    entitled: bool = False  # a standing now: term, comp, staff, network
    unconfirmed: bool = False  # sent an address, not yet the code
    first_story: str = ""  # the one story that the unconfirmed address opened
    had_first: bool = (
        False  # nobody is known, yet in this browser an address was answered for: none opens a story before its code
    )
    payment_failed: bool = False  # a charge failed and grace has run out
    given: frozenset[str] = frozenset()  # stories that were given to this browser


@dataclass(frozen=True, slots=True)
class Meter:
    """A month's allowance; `opened` holds stories that stay open, `left` what is unspent."""

    left: int = 0
    opened: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Decision:
    """`spends`: the full cut may be served only after one of the allowance has been spent on it."""

    cut: Cut
    reason: Reason
    spends: bool = False


ANONYMOUS = Standing()
NO_METER = Meter()
