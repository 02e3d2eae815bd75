"""Stripe's words into ours. Pure: dictionaries as its API gives them in, values out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, takewhile
from typing import Any

from broadsheet.billing.policy import Sold, Status

Doc = Mapping[str, Any]

OWED = {"draft", "open", "uncollectible"}
DISPUTE_WON = {"won", "warning_closed", "prevented"}
DISPUTE_LOST = "lost"


@dataclass(frozen=True, slots=True)
class Line:
    """What a line of a bill asks for a time, net of coupons; below zero where it gives back."""

    amount: int
    begins: datetime
    ends: datetime


def sold_of(subscription: Doc, invoices: Sequence[Doc], charges: Iterable[Doc]) -> Sold:
    """`charges`: those of `charged_for_running`, with their `refunds` and `disputes`."""
    paused, owed = subscription.get("pause_collection") is not None, owed_from(subscription, invoices)
    return Sold(
        status=Status(subscription["status"]),
        starts_at=moment(subscription["start_date"]),
        period_ends_at=moment(_item(subscription)["current_period_end"]),
        owed_from=owed,
        drafted=any(owed == moment(begin) for one in invoices if is_to_be_charged(one) for begin in _periods(one)),
        trial_ends_at=_maybe(subscription.get("trial_end")),
        cancel_at=_maybe(subscription.get("cancel_at")),
        ended_at=_maybe(subscription.get("ended_at")),
        collection_paused=paused,
        refunded_at=_refunded_at(charges := list(charges)),
        disputed_at=_disputed_at(charges),
    )


def credit_used(invoice: Doc) -> int:
    """What a customer's balance has paid of a bill that stands."""
    before = -(invoice["starting_balance"] or 0) if invoice.get("ending_balance") is not None else 0
    return max(0, min(before, invoice["total"]))


def charged_for_running(subscription: Doc, invoices: Sequence[Doc]) -> list[Doc]:
    """The bills by whose charges the period that runs was paid: its own, or where a credit did, those that it came from.

    `invoices` newest first.
    """
    begins = _item(subscription)["current_period_start"]
    paid = [one for one in invoices if one["status"] == "paid"]
    running = [one for one in paid if begins in _periods(one)]
    charged = [one for one in running if one["amount_paid"]]
    return charged[:1] or (_behind_credit(running[0], paid) if running else [])


def _behind_credit(bill: Doc, paid: Sequence[Doc]) -> list[Doc]:
    """Where the credit came from by which a bill was paid: the charged bills of the periods that changes cut short."""
    found, waiting, seen = list[Doc](), [bill], {bill["id"]}
    while waiting:
        for one in _credited_with(waiting.pop(), paid):
            before = paid[paid.index(one) + 1 :]
            for ends in _given_back(one):
                billed = next((other for other in before if ends in _whole_ends(other)), None)
                if billed and billed["id"] not in seen:
                    seen.add(billed["id"])
                    (found if billed["amount_paid"] else waiting).append(billed)
    return found


def _credited_with(bill: Doc, paid: Sequence[Doc]) -> list[Doc]:
    """Itself and what was paid since the last charge, which took up all credit; nothing where it was for nothing."""
    if bill["starting_balance"] == bill["ending_balance"] and not _given_back(bill):
        return []
    older = paid[paid.index(bill) + 1 :]
    return [bill, *takewhile(lambda one: not one["amount_paid"], older)]


def lines_running(invoice: Doc, at: datetime) -> list[Line]:
    return [line for line in map(_line, invoice["lines"]["data"]) if line.begins <= at < line.ends]


def resumes_at(subscription: Doc) -> datetime | None:
    """When a pause ends by itself; None where it does not, or none is."""
    return _maybe((subscription.get("pause_collection") or {}).get("resumes_at"))


def product_of(subscription: Doc) -> str:
    product = _item(subscription)["price"]["product"]
    return str(product if isinstance(product, str) else product["id"])


def price_of(subscription: Doc) -> str:
    """The name of its price; one that we sell has one item."""
    return str(_item(subscription)["price"]["id"])


def coupons_of(subscription: Doc, invoices: Iterable[Doc]) -> set[str]:
    """Stripe's names for those that it was given, those that are used up too."""
    given = chain(subscription["discounts"], *(invoice["discounts"] for invoice in invoices))
    return {str(discount["source"]["coupon"]) for discount in given}


def quantity_of(subscription: Doc) -> int:
    quantity = _item(subscription).get("quantity")
    return 1 if quantity is None else int(quantity)


def period_of(subscription: Doc) -> tuple[datetime, datetime]:
    item = _item(subscription)
    return moment(item["current_period_start"]), moment(item["current_period_end"])


def renewal_after(subscription: Doc, bill: Doc, *, restarts: bool) -> datetime:
    """When a subscription renews after a change that raises this bill: with another interval, a new period begins at once."""
    if subscription["status"] == "trialing":
        return moment(subscription["trial_end"])
    begun = [line["period"]["end"] for line in bill["lines"]["data"] if not is_proration(line)] if restarts else []
    return moment(max(begun, default=_item(subscription)["current_period_end"]))


def subscription_named_by(event: Doc) -> str:
    """The subscription that an event is about, as far as it says so itself; "" where another object must be asked."""
    about = event["data"]["object"]
    if about["object"] == "subscription":
        return str(about["id"])
    direct = about.get("subscription") or ((about.get("parent") or {}).get("subscription_details") or {}).get("subscription")
    return direct if isinstance(direct, str) else str((direct or {}).get("id", ""))


def customer_named_by(event: Doc) -> str:
    about = event["data"]["object"]
    named = about["id"] if about["object"] == "customer" else about.get("customer")
    return named if isinstance(named, str) else str((named or {}).get("id", ""))


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _maybe(seconds: int | None) -> datetime | None:
    return moment(seconds) if seconds else None


def _line(line: Doc) -> Line:
    off = sum(part["amount"] for part in line.get("discount_amounts") or ())
    period = line["period"]
    return Line(line["amount"] - off, moment(period["start"]), moment(period["end"]))


def _item(subscription: Doc) -> Doc:
    item: Doc = subscription["items"]["data"][0]
    return item


def owed_from(subscription: Doc, invoices: Sequence[Doc]) -> datetime | None:
    """Since the newest period that was paid; of a pause, also what was voided since then."""
    paid = max((begin for one in invoices if one["status"] == "paid" for begin in _whole_periods(one)), default=0)
    begins = [
        begin for one in invoices if one["status"] in OWED and one["amount_due"] for begin in _periods(one) if begin >= paid
    ]
    if subscription.get("pause_collection") is not None:
        void = [begin for one in invoices if one["status"] == "void" and one["amount_due"] for begin in _periods(one)]
        begins += [begin for begin in void if begin > paid]
    return moment(min(begins)) if begins else None


def is_to_be_charged(invoice: Doc) -> bool:
    """A draft that Stripe finalises by itself; one that a pause kept, it does not."""
    return bool(invoice["status"] == "draft" and invoice["auto_advance"] and invoice["amount_due"])


def _periods(invoice: Doc) -> list[int]:
    """Where the periods begin that an invoice bills; changes within a period count only where nothing else is billed."""
    return _whole_periods(invoice) or [line["period"]["start"] for line in invoice["lines"]["data"]]


def _whole_periods(invoice: Doc) -> list[int]:
    return [line["period"]["start"] for line in invoice["lines"]["data"] if not is_proration(line)]


def _whole_ends(invoice: Doc) -> list[int]:
    return [line["period"]["end"] for line in invoice["lines"]["data"] if not is_proration(line)]


def _given_back(invoice: Doc) -> list[int]:
    """Where the periods end whose unused time it gives back."""
    return [line["period"]["end"] for line in invoice["lines"]["data"] if is_proration(line) and line["amount"] < 0]


def is_proration(line: Doc) -> bool:
    parent = line.get("parent") or {}
    details = parent.get("subscription_item_details") or parent.get("invoice_item_details") or {}
    return bool(details.get("proration"))


def _refunded_at(charges: Iterable[Doc]) -> datetime | None:
    made = [refund["created"] for charge in charges if charge["refunded"] for refund in charge["refunds"]]
    return _maybe(max(made, default=None))


def _disputed_at(charges: Iterable[Doc]) -> datetime | None:
    made = [one["created"] for charge in charges for one in charge["disputes"] if one["status"] not in DISPUTE_WON]
    return _maybe(min(made, default=None))


def is_disputed(charge: Doc) -> bool:
    """By the bank: won by it, or not settled yet."""
    return _disputed_at([charge]) is not None


def is_settled(charge: Doc) -> bool:
    """No dispute is open: of what was disputed it is known whether its bank took it back."""
    return all(one["status"] in (*DISPUTE_WON, DISPUTE_LOST) for one in charge["disputes"])


def is_lost(charge: Doc) -> bool:
    return any(one["status"] == DISPUTE_LOST for one in charge["disputes"])
