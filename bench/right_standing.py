"""What a subscription's holder may read until when, said of Stripe's final objects alone: a table that imports nothing of ours.

It says what docs/standing.md says, and is written anew, so that it shares no mistake with the code that it judges.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

DAY = 86_400
GRACE = 7 * DAY  # the house rule as it is when nobody has changed it
WON = ("won", "warning_closed")
Doc = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Right:
    """Until when, in seconds since 1970 (None: never), how it was paid, and by which line of the table."""

    until: int | None
    payment: str
    line: str


def right(subscription: Doc, invoices: list[Doc], charges: list[Doc], refunds: list[Doc], disputes: list[Doc]) -> Right:
    """Invoices newest first; each charge names in `_invoice` what it was for."""
    found = _by_status(subscription, invoices)
    behind, on_credit = _stands_on(subscription, invoices)
    for charge in (one for one in charges if one["_invoice"] in behind):
        for moment, line in _taken_back(charge, refunds, disputes):
            if found.until is not None and moment < found.until:
                found = Right(moment, "paid", f"{line}{', on credit' if on_credit else ''}")
    if found.until is not None and found.until > subscription["start_date"]:
        return found
    return Right(None, "", found.line)


def _stands_on(subscription: Doc, invoices: list[Doc]) -> tuple[set[str], bool]:
    """The invoices whose charges pay for the period that runs; and whether they do so by a credit.

    Told forwards: a charge takes up all credit, and what a change leaves over adds what is behind the period that it cuts.
    """
    begins, _ = _period(subscription)
    of_periods: list[tuple[Doc, set[str]]] = []
    credit: set[str] = set()
    found: tuple[set[str], bool] = (set(), False)
    for invoice in (one for one in reversed(invoices) if one["status"] == "paid"):
        cut = [line["period"]["end"] for line in invoice["lines"]["data"] if _prorated(line) and line["amount"] < 0]
        for end in cut:
            ending = [behind for one, behind in of_periods if end in _whole(one, "end")]
            credit |= ending[-1] if ending else set()
        charged, by_credit = invoice["amount_paid"] > 0, bool(cut) or invoice["starting_balance"] != invoice["ending_balance"]
        behind = {invoice["id"]} if charged else set(credit) if by_credit else set()
        of_periods.append((invoice, behind))
        if charged:
            credit = set()
        if begins in _starts(invoice) and (charged or not found[0] or found[1]):
            found = (behind, not charged)
    return found


def _by_status(subscription: Doc, invoices: list[Doc]) -> Right:
    _, ends = _period(subscription)
    status, paused = subscription["status"], subscription["pause_collection"] is not None
    unpaid = [one for one in invoices if one["amount_due"] > 0 and _is_owed(one, invoices, paused)]
    owed = min((_covers(one) for one in unpaid), default=None)
    drafted = any(one["status"] == "draft" and one["auto_advance"] and _covers(one) == owed for one in unpaid)
    cancel_at, ended_at, trial_end = subscription["cancel_at"], subscription["ended_at"], subscription["trial_end"]
    if status == "trialing":
        cut = cancel_at is not None and cancel_at < trial_end
        return Right(cancel_at if cut else trial_end, "paid", "trialing, cancelled for a day" if cancel_at else status)
    if status == "active":
        until, line = (owed, f"active, billed and not {'yet ' if drafted else ''}charged") if owed else (ends, "active")
        if paused:
            line = "active, collection paused"
        else:
            until += 4 * DAY if drafted else DAY
        if cancel_at is not None:
            return Right(min(until, cancel_at), "paid", f"{line}, cancelled for a day")
        return Right(until, "paid", line)
    if status == "canceled":
        wanting = owed is not None and owed < ended_at
        return Right(owed if wanting else ended_at, "paid", "canceled, for want of payment" if wanting else status)
    if status == "paused":
        return Right(trial_end or subscription["start_date"], "paid", status)
    if status in ("past_due", "unpaid"):
        return Right(owed or ends, {"past_due": "past_due", "unpaid": "lapsed"}[status], status)
    if status in ("incomplete", "incomplete_expired"):
        return Right(None, "", status)
    raise ValueError(f"Stripe has no status {status!r}.")


def _taken_back(charge: Doc, refunds: list[Doc], disputes: list[Doc]) -> Iterable[tuple[int, str]]:
    if charge["refunded"]:
        yield max(one["created"] for one in refunds if one["charge"] == charge["id"]), "any, refunded whole"
    for one in disputes:
        if one["charge"] == charge["id"] and one["status"] not in WON:
            yield one["created"], f"any, disputed ({'lost' if one['status'] == 'lost' else 'open'})"


def carried(found: Right, *, team: bool, seats: int, sitting: int) -> list[tuple[str, int, str]]:
    """Who reads until when, and how it was paid: the buyer, or of a team as many of those who sit as seats were bought."""
    if found.until is None:
        return []
    who = [f"seat {place}" for place in range(min(seats, sitting))] if team else ["buyer"]
    return [(name, found.until, found.payment) for name in who]


def reads_until(found: Right, *, begins: int, at: int) -> int | None:
    """What a reader may do now by this alone: read until then, grace counted; None: not read."""
    if found.until is None or found.payment == "lapsed":
        return None
    until = found.until + (GRACE if found.payment == "past_due" else 0)
    return until if begins <= at < until else None


def _period(subscription: Doc) -> tuple[int, int]:
    item = subscription["items"]["data"][0]
    return item["current_period_start"], item["current_period_end"]


def _starts(invoice: Doc) -> list[int]:
    return _whole_starts(invoice) or [line["period"]["start"] for line in invoice["lines"]["data"]]


def _whole_starts(invoice: Doc) -> list[int]:
    return _whole(invoice, "start")


def _whole(invoice: Doc, side: str) -> list[int]:
    return [line["period"][side] for line in invoice["lines"]["data"] if not _prorated(line)]


def _prorated(line: Doc) -> bool:
    parent = line["parent"] or {}
    return any((parent.get(f"{kind}_item_details") or {}).get("proration") for kind in ("subscription", "invoice"))


def _is_owed(invoice: Doc, invoices: list[Doc], paused: bool) -> bool:
    """Nothing from before the last period that was paid; what a pause made void since then counts as well."""
    paid = max((start for one in invoices if one["status"] == "paid" for start in _whole_starts(one)), default=0)
    if invoice["status"] == "void":
        return paused and _covers(invoice) > paid
    return invoice["status"] in ("draft", "open", "uncollectible") and _covers(invoice) >= paid


def _covers(invoice: Doc) -> int:
    return min(_starts(invoice))
