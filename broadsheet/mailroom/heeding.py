"""What follows from mail that came back: whether it is believed, who gets no more, and which mail goes out all the same. Pure.

Hard bounces count at once, soft ones over time, a complaint ends all that comes by the thousand. Whoever is away is not gone.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from broadsheet.mailroom.policy import SECRET_KINDS
from broadsheet.mailroom.status import Kind

KEPT = timedelta(days=365)
DOUBTED_KEPT = timedelta(days=30)


class Why(StrEnum):
    """Why an address is written to no more."""

    HARD = "hard"
    SOFT = "soft"
    COMPLAINT = "complaint"
    ASKED = "asked"
    DESK = "desk"


class Doubt(StrEnum):
    """Why a return is not believed. It is kept as seen, and changes nothing."""

    NO_MARK = "no mark"
    FORGED = "forged"  # its mark was never ours, or is of nothing that we sent
    ELSEWHERE = "elsewhere"  # it is about an address that the mail did not go to


FOLLOWS = {Kind.HARD: Why.HARD, Kind.COMPLAINT: Why.COMPLAINT, Kind.ASKED: Why.ASKED}


@dataclass(frozen=True, slots=True)
class SoftRule:
    """So many days with a soft bounce, within so many days, and no mail that arrived between."""

    bounces: int
    days: int

    def since(self, at: datetime) -> datetime:
        return at - timedelta(days=self.days)


def reason(kind: Kind, *, softs: Collection[datetime], rule: SoftRule) -> Why | None:
    """`softs`: this address's soft bounces within the rule's days, this one with them. Several of one day are one trouble."""
    if kind is Kind.SOFT:
        return Why.SOFT if len({moment.date() for moment in softs}) >= rule.bounces else None
    return FOLLOWS.get(kind)


def may_go(*, bulk: bool, kind: str, whys: Collection[Why]) -> bool:
    """What somebody asks for at that moment, such as a code, always goes: whoever typed the address waits for it, and may have
    the mailbox back. What is sent of itself, such as a receipt, stops where the mailbox is gone, not because of a complaint."""
    if bulk:
        return not whys
    return kind in SECRET_KINDS or Why.HARD not in whys


def lifted_by_arriving(why: Why) -> bool:
    """Whether mail that demonstrably arrived ends it: a mailbox that is there is; a wish to be left alone is none about that."""
    return why in {Why.HARD, Why.SOFT}
