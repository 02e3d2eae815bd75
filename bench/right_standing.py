"""What a subscription's holder may read until when, said of Stripe's final objects alone: a table that imports nothing of ours.

It says what docs/standing.md says, and is written anew, so that it shares no mistake with the code that it judges.
"""

from collections.abc import Callable
from typing import Any

DAY = 86_400
Doc = dict[str, Any]


def right(
    subscription: Doc, invoices: list[Doc], charges: list[Doc], refunds: list[Doc], disputes: list[Doc]
) -> tuple[int | None, str]:
    """Until when, in seconds since 1970 (None: never), and how it was paid."""
    begins, ends = _period(subscription)
    paused = subscription["pause_collection"] is not None
    unpaid = [one for one in invoices if one["amount_due"] > 0 and one["status"] in ("draft", "open", "uncollectible")]
    unpaid += [one for one in invoices if one["amount_due"] > 0 and one["status"] == "void"] if paused else []
    owed = min((_covers(one) for one in unpaid), default=None)
    cancel_at, ended_at = subscription["cancel_at"], subscription["ended_at"]
    table: dict[str, Callable[[], tuple[int | None, str]]] = {
        "incomplete": lambda: (None, ""),
        "incomplete_expired": lambda: (None, ""),
        "trialing": lambda: (min(one for one in (subscription["trial_end"], cancel_at) if one), "paid"),
        "active": lambda: (
            min(one for one in ((owed or ends) + (0 if paused else DAY), cancel_at) if one),
            "paid",
        ),
        "past_due": lambda: (owed or ends, "past_due"),
        "unpaid": lambda: (owed or ends, "lapsed"),
        "paused": lambda: (subscription["trial_end"] or subscription["start_date"], "paid"),
        "canceled": lambda: (min(one for one in (ended_at, owed) if one), "paid"),
    }
    until, how = table[subscription["status"]]()
    paid = [one for one in invoices if one["status"] == "paid" and one["amount_paid"] > 0]
    newest = next((one for one in paid if begins in _starts(one)), None)
    of_it = [one for one in charges if newest and one["_invoice"] == newest["id"]]
    for charge in of_it:
        taken = [
            one["created"] for one in disputes if one["charge"] == charge["id"] and one["status"] not in ("won", "warning_closed")
        ]
        taken += [max(one["created"] for one in refunds if one["charge"] == charge["id"])] if charge["refunded"] else []
        for moment in taken:
            if until is not None and moment < until:
                until, how = moment, "paid"
    return (until, how) if until is not None and until > subscription["start_date"] else (None, "")


def _period(subscription: Doc) -> tuple[int, int]:
    item = subscription["items"]["data"][0]
    return item["current_period_start"], item["current_period_end"]


def _starts(invoice: Doc) -> list[int]:
    def prorated(line: Doc) -> bool:
        parent = line["parent"] or {}
        return any((parent.get(f"{kind}_item_details") or {}).get("proration") for kind in ("subscription", "invoice"))

    lines = invoice["lines"]["data"]
    return [line["period"]["start"] for line in lines if not prorated(line)] or [line["period"]["start"] for line in lines]


def _covers(invoice: Doc) -> int:
    return min(_starts(invoice))
