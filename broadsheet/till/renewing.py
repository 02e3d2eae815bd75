"""What happens by itself as time goes by: one step for one document, at the moment it was due and in the order of those."""

from collections.abc import Callable

from broadsheet.till import checkout, coupons, disputes, due, ending, invoices, periods, standing
from broadsheet.till import subscriptions as beginning
from broadsheet.till.books import Books, Doc

FIRST_DUE = "SELECT id, due FROM documents WHERE due <= ? AND clock IS ? ORDER BY due, seq LIMIT 1"


def next_due(books: Books, until: int, clock: str | None) -> tuple[str, int] | None:
    """The document that is due first by a clock; None where nothing is due by then."""
    books.flush()
    row = books.rows.execute(FIRST_DUE, (until, clock)).fetchone()
    return (row[0], row[1]) if row else None


def step(books: Books, ident: str, moment: int) -> None:
    """Do what one document was waiting for. Every step moves its due moment on, or takes it away."""
    books.now = moment
    doc = books.find(ident)
    assert doc is not None
    STEPS[doc["object"]](books, doc)
    books.save(doc)


def _subscription(books: Books, subscription: Doc) -> None:
    now, status = books.now, subscription["status"]
    if status == "incomplete":
        ending.expire(books, subscription)
    elif subscription["cancel_at"] is not None and subscription["cancel_at"] <= now:
        standing.end(books, subscription, reason="cancellation_requested")
    elif ((subscription["pause_collection"] or {}).get("resumes_at") or now + 1) <= now:
        subscription["pause_collection"] = None
        books.tell("customer.subscription.updated", books.save(subscription))
    elif due.period_end(subscription) <= now:
        renew(books, subscription)
    elif status == "trialing" and subscription.get("_told_trial_end") != subscription["trial_end"]:
        subscription["_told_trial_end"] = subscription["trial_end"]
        books.tell("customer.subscription.trial_will_end", books.save(subscription))
    else:
        _tell_renewal(books, subscription)


def _tell_renewal(books: Books, subscription: Doc) -> None:
    subscription["_told_renewal"] = due.period_end(subscription)
    customer = books.get(subscription["customer"], "customer")
    rows = beginning.upcoming_lines(books, subscription)
    invoice = invoices.raise_invoice(books, customer, rows, currency=subscription["currency"], reason="upcoming")
    invoices.belong(invoice, subscription)
    invoice["next_payment_attempt"] = due.period_end(subscription) + books.house.drafts_for
    books.tell("invoice.upcoming", invoice)
    books.drop(invoice)


def renew(books: Books, subscription: Doc) -> None:
    """The next period begins; its invoice is a draft for an hour."""
    was_trial = subscription["status"] == "trialing"
    if was_trial and _ends_without_card(books, subscription):
        return
    before = [(item["current_period_start"], item["current_period_end"]) for item in subscription["items"]["data"]]
    for item in subscription["items"]["data"]:
        start = item["current_period_end"]
        end = periods.period_end(anchor=subscription["billing_cycle_anchor"], start=start, recurring=item["price"]["recurring"])
        item |= {"current_period_start": start, "current_period_end": end}
    if was_trial:
        subscription["status"] = "active"
    invoice = beginning.period_invoice(books, subscription, reason="subscription_cycle", period=before[0])
    _hold_back(books, subscription, invoice)
    books.save(invoice)
    books.tell("customer.subscription.updated", books.save(subscription))


def _hold_back(books: Books, subscription: Doc, invoice: Doc) -> None:
    """A draft waits an hour; of an unpaid subscription it waits for somebody to finalise it; a pause says what becomes of it."""
    behaviour = (subscription["pause_collection"] or {}).get("behavior")
    if behaviour == "keep_as_draft" or subscription["status"] == "unpaid":
        invoice["auto_advance"] = False
    elif behaviour is None:
        invoice["automatically_finalizes_at"] = books.now + books.house.drafts_for
        return
    invoice["automatically_finalizes_at"] = None
    if behaviour == "void":
        invoices.finalise(books, invoice, is_to_be_void=True)
        invoices.void(books, invoice)
    elif behaviour == "mark_uncollectible":
        invoices.write_off(books, invoice)


def _ends_without_card(books: Books, subscription: Doc) -> bool:
    """A trial over and no card: cancelled, paused, or (False) invoiced all the same."""
    what = subscription["trial_settings"]["end_behavior"]["missing_payment_method"]
    customer = books.get(subscription["customer"], "customer")
    if (
        subscription["default_payment_method"]
        or customer["invoice_settings"]["default_payment_method"]
        or what == "create_invoice"
    ):
        return False
    if what == "cancel":
        standing.end(books, subscription, reason="cancellation_requested")
        return True
    subscription["status"] = "paused"
    books.tell("customer.subscription.paused", books.save(subscription))
    books.tell("customer.subscription.updated", subscription)
    return True


def _invoice(books: Books, invoice: Doc) -> None:
    if invoice["status"] == "draft":
        invoices.finalise(books, invoice)
    if invoice["status"] == "open":
        invoices.collect(books, invoice)


def _dispute(books: Books, dispute: Doc) -> None:
    disputes.conclude(books, dispute, won=False)


STEPS: dict[str, Callable[[Books, Doc], None]] = {
    "subscription": _subscription,
    "invoice": _invoice,
    "checkout.session": checkout.expire,
    "coupon": coupons.expire_coupon,
    "promotion_code": coupons.expire_code,
    "dispute": _dispute,
}
