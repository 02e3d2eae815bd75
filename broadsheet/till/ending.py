"""How a subscription ends: cancelled by a call, with its customer, at its set end, or never begun."""

from broadsheet.till import changing, invoices, lines, proration, standing
from broadsheet.till import subscriptions as beginning
from broadsheet.till.books import Books, Doc
from broadsheet.till.catalog import deleted
from broadsheet.till.refusals import invalid, missing


def cancel(books: Books, given: Doc, ident: str) -> Doc:
    subscription = books.get(ident, "subscription")
    books.go_by(subscription)
    if subscription["status"] in standing.ENDED:
        raise missing("subscription", ident)
    if given.get("prorate") and subscription["status"] not in {"incomplete", "trialing", "unpaid"}:
        for item in subscription["items"]["data"]:
            proration.credit(books, subscription, item, at=books.now)
    if subscription["status"] == "incomplete":
        _void_first(books, subscription)
    standing.end(books, subscription, reason="cancellation_requested", details=given.get("cancellation_details"))
    if given.get("invoice_now"):
        _last_invoice(books, subscription)
    return subscription


def _last_invoice(books: Books, subscription: Doc) -> None:
    rows = [lines.of_pending(books, pending) for pending in beginning.claim_pending(books, subscription)]
    if not rows:
        return
    customer = books.get(subscription["customer"], "customer")
    invoice = invoices.raise_invoice(
        books, customer, rows, currency=subscription["currency"], reason="subscription_update", subscription=subscription
    )  # fmt: skip
    beginning.bind_pending(books, invoice)
    books.tell("invoice.created", invoice)
    invoices.finalise(books, invoice)
    if invoice["status"] == "open":
        invoices.collect(books, invoice)


def _void_first(books: Books, subscription: Doc) -> None:
    for invoice in books.all("invoice", parent=subscription["id"]):
        if invoice["status"] == "open":
            invoices.void(books, invoice)


def expire(books: Books, subscription: Doc) -> None:
    """The first payment was never made."""
    _void_first(books, subscription)
    subscription |= {"status": "incomplete_expired", "ended_at": books.now}
    books.tell("customer.subscription.updated", books.save(subscription))


def delete_customer(books: Books, given: Doc, ident: str) -> Doc:
    """Deleting a customer ends all of their subscriptions at once."""
    customer = books.get(ident, "customer")
    books.go_by(customer)
    for subscription in books.all("subscription", customer=ident):
        if subscription["status"] not in standing.ENDED:
            if subscription["status"] == "incomplete":
                _void_first(books, subscription)
            standing.end(books, subscription, reason="cancellation_requested")
    for method in books.all("payment_method", customer=ident):
        method |= {"customer": None, "_detached": True}
        books.save(method)
    books.tell("customer.deleted", customer)
    return deleted(books, customer)


def resume(books: Books, given: Doc, ident: str) -> Doc:
    """Out of `paused`, where a trial without a card has ended."""
    subscription = books.get(ident, "subscription")
    books.go_by(subscription)
    if subscription["status"] != "paused":
        raise invalid("Only a paused subscription can be resumed.", code="subscription_not_paused")
    subscription["status"] = "active"
    changing.restart(books, subscription)
    books.tell("customer.subscription.resumed", subscription)
    books.tell("customer.subscription.updated", books.save(subscription))
    return subscription
