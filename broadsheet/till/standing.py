"""How a subscription's status follows its invoices: which moves there are, and when each is made."""

from broadsheet.till.books import Books, Doc

ENDED = {"canceled", "incomplete_expired"}


def subscription_of(books: Books, invoice: Doc) -> Doc | None:
    found = books.find(invoice["_subscription"])
    return found if found and found["status"] not in ENDED else None


def is_latest(subscription: Doc, invoice: Doc) -> bool:
    """Of all that were finalised: an older one that fails, or is paid, says nothing any more."""
    return bool(subscription.get("_finalised") == invoice["id"])


def heed_paid(books: Books, invoice: Doc) -> None:
    """A paid first invoice opens the subscription; the latest that was finalised, once it is paid, mends it."""
    subscription = subscription_of(books, invoice)
    if subscription is None:
        return
    if subscription["status"] == "incomplete" and invoice["billing_reason"] == "subscription_create":
        opened = "trialing" if (subscription["trial_end"] or 0) > books.now else "active"
        move(books, subscription, opened)
    elif subscription["status"] in {"past_due", "unpaid"} and is_latest(subscription, invoice):
        move(books, subscription, "active")


def heed_settled(books: Books, invoice: Doc) -> None:
    """The latest invoice was voided or written off: nothing is due any more."""
    subscription = subscription_of(books, invoice)
    if subscription and subscription["status"] == "past_due" and is_latest(subscription, invoice):
        move(books, subscription, "active")


def heed_unpaid(books: Books, invoice: Doc) -> None:
    subscription = subscription_of(books, invoice)
    if subscription and subscription["status"] == "active" and is_latest(subscription, invoice):
        move(books, subscription, "past_due")


def give_up(books: Books, invoice: Doc) -> None:
    """The last retry has failed: what the publisher has set for that is done."""
    subscription = subscription_of(books, invoice)
    if subscription is None or subscription["status"] != "past_due":
        return
    if books.house.after_retries == "cancel":
        end(books, subscription, reason="payment_failed")
    elif books.house.after_retries == "unpaid":
        move(books, subscription, "unpaid")


def move(books: Books, subscription: Doc, status: str) -> None:
    if subscription["status"] == status:
        return
    subscription["status"] = status
    books.tell("customer.subscription.updated", books.save(subscription))


def end(books: Books, subscription: Doc, *, reason: str, details: Doc | None = None) -> None:
    """Cancelled as of now; `details` are the customer's comment and feedback."""
    subscription |= {"status": "canceled", "ended_at": books.now, "pause_collection": None}
    subscription["canceled_at"] = subscription["canceled_at"] or books.now
    subscription["cancellation_details"] |= {**(details or {}), "reason": reason}
    stop_collecting(books, subscription)
    books.tell("customer.subscription.deleted", books.save(subscription))


def stop_collecting(books: Books, subscription: Doc) -> None:
    """Open and draft invoices of an ended subscription stay as they are and are not asked for by themselves."""
    for invoice in books.all("invoice", parent=subscription["id"]):
        if invoice["status"] in {"draft", "open"} and invoice["auto_advance"]:
            invoice |= {"auto_advance": False, "next_payment_attempt": None, "automatically_finalizes_at": None}
            books.tell("invoice.updated", books.save(invoice))
