"""The doors of invoices: made by hand, paid, voided, written off, and previewed."""

from broadsheet.till import changing, ending, invoices, lines, payments
from broadsheet.till import subscriptions as beginning
from broadsheet.till.blanks import listing
from broadsheet.till.books import Books, Doc
from broadsheet.till.cards import method_for
from broadsheet.till.forms import need, take
from broadsheet.till.refusals import Refusal, declined, invalid


def create(books: Books, given: Doc) -> Doc:
    """A draft over what waits for the customer's, or the subscription's, next invoice."""
    customer = books.get(need(given, "customer"), "customer", param="customer")
    books.go_by(customer)
    subscription = books.get(given["subscription"], "subscription", param="subscription") if given.get("subscription") else None
    waiting = []
    if given.get("pending_invoice_items_behavior", "include" if subscription else "exclude") == "include":
        items = books.all("invoiceitem", customer=customer["id"])
        wanted = subscription["id"] if subscription else None
        waiting = [item for item in items if item["invoice"] is None and (item["_subscription"] == wanted or not subscription)]
    currency = (given.get("currency") or (waiting[0]["currency"] if waiting else customer["currency"]) or "eur").lower()
    rows = [lines.of_pending(books, pending) for pending in waiting if pending["currency"] == currency]
    made = invoices.raise_invoice(books, customer, rows, currency=currency, reason="manual", subscription=subscription)
    made["auto_advance"] = given.get("auto_advance", False)
    made["automatically_finalizes_at"] = books.now + books.house.drafts_for if made["auto_advance"] else None
    take(made, given, "description")
    beginning.bind_pending(books, made)
    books.tell("invoice.created", books.save(made))
    return made


def update(books: Books, given: Doc, ident: str) -> Doc:
    invoice = books.get(ident, "invoice")
    books.go_by(invoice)
    if given.get("default_payment_method"):
        method_for(books, given["default_payment_method"], param="default_payment_method")
    take(invoice, given, "description", "default_payment_method", "auto_advance")
    if invoice["status"] == "draft" and invoice["auto_advance"] and invoice["automatically_finalizes_at"] is None:
        invoice["automatically_finalizes_at"] = books.now + books.house.drafts_for
    books.tell("invoice.updated", books.save(invoice))
    return invoice


def delete(books: Books, given: Doc, ident: str) -> Doc:
    invoice = books.get(ident, "invoice")
    if invoice["status"] != "draft" or invoice["_subscription"]:
        raise invalid("You can only delete draft invoices that belong to no subscription.")
    books.tell("invoice.deleted", invoice)
    books.drop(invoice)
    return {"id": ident, "object": "invoice", "deleted": True}


def finalise(books: Books, given: Doc, ident: str) -> Doc:
    invoice = books.get(ident, "invoice")
    books.go_by(invoice)
    if invoice["status"] != "draft":
        raise invalid("This invoice is already finalized, you can't re-finalize a non-draft invoice.")
    if given.get("auto_advance") is not None:
        invoice["auto_advance"] = given["auto_advance"]
    invoices.finalise(books, invoice)
    return invoice


def pay(books: Books, given: Doc, ident: str) -> Doc:
    invoice = books.get(ident, "invoice")
    books.go_by(invoice)
    if invoice["status"] == "draft":
        invoices.finalise(books, invoice)
    elif invoice["status"] == "paid":
        raise invalid("Invoice is already paid")
    elif invoice["status"] == "void":
        raise invalid("This invoice can no longer be paid: it is void.")
    if given.get("paid_out_of_band"):
        invoices.mark_paid(books, invoice, outside=True)
        return invoice
    if invoice["status"] == "paid":
        return invoice
    method = method_for(books, given["payment_method"]) if given.get("payment_method") else invoices.method_of(books, invoice)
    if method is None:
        raise invalid("There is no default_payment_method set on this Customer or Invoice.", code="resource_missing")
    if method["customer"] not in (None, invoice["customer"]):
        raise invalid("The payment method belongs to another customer.", "payment_method")
    outcome = invoices.collect(books, invoice, method)
    if outcome != "succeeded":
        raise _unpaid(books.get(invoice["_intent"], "payment_intent"))
    return invoice


def _unpaid(intent: Doc) -> Refusal:
    if intent["status"] == "requires_action":
        message = "Payment for this invoice requires additional user action before it can be completed successfully."
        return Refusal(
            message, status=402, kind="invalid_request_error", code="invoice_payment_intent_requires_action", keeps=True
        )
    return declined(intent["last_payment_error"] | {"payment_intent": payments.told_method(intent)}, keeps=True)


def void(books: Books, given: Doc, ident: str) -> Doc:
    invoice = books.get(ident, "invoice")
    books.go_by(invoice)
    invoices.void(books, invoice)
    return invoice


def write_off(books: Books, given: Doc, ident: str) -> Doc:
    invoice = books.get(ident, "invoice")
    books.go_by(invoice)
    invoices.write_off(books, invoice)
    return invoice


def create_item(books: Books, given: Doc) -> Doc:
    """A line that waits for the customer's next invoice, or joins a draft."""
    customer = books.get(need(given, "customer"), "customer", param="customer")
    books.go_by(customer)
    draft = books.get(given["invoice"], "invoice", param="invoice") if given.get("invoice") else None
    if draft and draft["status"] != "draft":
        raise invalid("You can only add lines to a draft invoice.", "invoice")
    amount = given.get("amount")
    if amount is None:
        need(given, "amount")
    currency = need(given, "currency").lower()
    made = books.add("invoiceitem", customer=customer["id"], amount=amount, currency=currency, date=books.now, quantity=1)
    made |= {
        "quantity_decimal": "1",
        "net_amount": amount,
        "discountable": True,
        "discounts": [],
        "tax_rates": [],
        "metadata": {},
    }
    made |= {"period": {"start": books.now, "end": books.now}, "_subscription": given.get("subscription"), "_item": None}
    made["test_clock"] = customer["test_clock"]
    take(made, given, "description")
    books.tell("invoiceitem.created", books.save(made))
    if draft:
        draft["lines"]["data"].append(lines.of_pending(books, made))
        lines.add_up(books, draft, [books.get(discount, "discount") for discount in draft["discounts"]])
        made["invoice"] = draft["id"]
        books.save(made)
        books.tell("invoice.updated", books.save(draft))
    return made


def delete_item(books: Books, given: Doc, ident: str) -> Doc:
    item = books.get(ident, "invoiceitem")
    if item["invoice"] is not None:
        raise invalid("This invoice item already stands on an invoice.")
    books.tell("invoiceitem.deleted", item)
    books.drop(item)
    return {"id": ident, "object": "invoiceitem", "deleted": True}


class Previewed(Exception):
    """Carries a preview out of a call whose writing is undone."""

    def __init__(self, invoice: Doc) -> None:
        super().__init__("preview")
        self.invoice = invoice


def preview(books: Books, given: Doc) -> Doc:
    """What an invoice would be: the change is made, its invoice is taken, and all is undone."""
    details = given.get("subscription_details") or {}
    if not given.get("subscription"):
        raise Previewed(_of_a_new_one(books, given, details))
    subscription = books.get(given["subscription"], "subscription", param="subscription")
    books.go_by(subscription)
    invoice = _after_change(books, subscription, given, details)
    raise Previewed(invoice)


def _of_a_new_one(books: Books, given: Doc, details: Doc) -> Doc:
    customer = books.get(need(given, "customer"), "customer", param="customer")
    books.go_by(customer)
    wanted = {name: given[name] for name in ("currency", "discounts", "automatic_tax") if given.get(name)}
    wanted |= {name: details[name] for name in ("items", "trial_end") if details.get(name)}
    subscription = beginning.begin(books, customer, wanted)
    return _draft(beginning.period_invoice(books, subscription, reason="upcoming"))


def _after_change(books: Books, subscription: Doc, given: Doc, details: Doc) -> Doc:
    if "discounts" in given:
        changing.choose_discounts(books, subscription, given)
    if details.get("cancel_now"):
        ending.cancel(books, {"prorate": details.get("proration_behavior") != "none"}, subscription["id"])
        return _draft(_waiting(books, subscription))
    made = changing.change(
        books, subscription, {name: value for name, value in details.items() if name != "cancel_at_period_end"}
    )
    if made is not None:
        return _draft(made)
    if details.get("proration_behavior") == "always_invoice":
        return _draft(_waiting(books, subscription))
    if subscription["status"] == "paused":
        raise invalid("No upcoming invoices: the subscription is paused.", code="invoice_upcoming_none", status=404)
    rows = beginning.upcoming_lines(books, subscription)
    return _draft(_of_rows(books, subscription, rows))


def _waiting(books: Books, subscription: Doc) -> Doc:
    rows = [lines.of_pending(books, pending) for pending in beginning.claim_pending(books, subscription)]
    return _of_rows(books, subscription, rows)


def _of_rows(books: Books, subscription: Doc, rows: list[Doc]) -> Doc:
    customer = books.get(subscription["customer"], "customer")
    made = invoices.raise_invoice(
        books, customer, rows, currency=subscription["currency"], reason="upcoming", subscription=subscription
    )
    lines.set_against(made, customer["balance"])
    return made


def _draft(invoice: Doc) -> Doc:
    """As a preview is told: a draft that has not been numbered or asked for."""
    shown = payments.told_method(invoice)
    due = invoice["total"] + invoice["starting_balance"]
    shown |= {
        "id": f"upcoming_{invoice['id']}",
        "billing_reason": "upcoming",
        "status": "draft",
        "number": None,
        "attempted": False,
    }
    shown |= {
        "amount_due": max(0, due),
        "amount_remaining": max(0, due),
        "amount_paid": 0,
        "attempt_count": 0,
        "effective_at": None,
    }
    shown |= {"hosted_invoice_url": None, "invoice_pdf": None, "auto_advance": False, "ending_balance": None}
    shown["status_transitions"] = dict.fromkeys(shown["status_transitions"])
    shown["lines"] = listing(invoice["lines"]["data"], f"/v1/invoices/{shown['id']}/lines")
    return shown
