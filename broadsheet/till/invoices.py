"""The life of an invoice: draft, open, and then paid, void or uncollectible. Every amount that is asked for passes here."""

from broadsheet.till import customers, lines, payments, standing
from broadsheet.till.blanks import listing
from broadsheet.till.books import Books, Doc
from broadsheet.till.coupons import runs
from broadsheet.till.due import DAY
from broadsheet.till.refusals import invalid


def raise_invoice(books: Books, customer: Doc, rows: list[Doc], *, currency: str, reason: str, subscription: Doc | None = None,
                  period: tuple[int, int] | None = None) -> Doc:  # fmt: skip
    """A draft over the lines; the subscription's discounts that still run are taken off."""
    start, end = period or (books.now, books.now)
    made = books.add("invoice", customer=customer["id"], currency=currency, billing_reason=reason, status="draft", metadata={})
    made |= {"account_country": "DE", "account_name": books.house.account_name, "auto_advance": True, "issuer": {"type": "self"}}
    made |= {
        "collection_method": "charge_automatically",
        "period_start": start,
        "period_end": end,
        "_subscription": None,
        "_retries": 0,
    }
    made |= {f"customer_{name}": customer[name] for name in ("address", "email", "name", "phone", "shipping", "tax_exempt")}
    made |= {"customer_tax_ids": tax_ids_of(books, customer), "test_clock": customer["test_clock"]}
    made["lines"] = listing(rows, f"/v1/invoices/{made['id']}/lines")
    discounts: list[Doc] = []
    if subscription:
        discounts = running_discounts(books, subscription)
        belong(made, subscription)
    lines.add_up(books, made, discounts)
    if subscription:
        subscription["latest_invoice"] = made["id"]
        books.save(subscription)
    return made


def tax_ids_of(books: Books, customer: Doc) -> list[Doc]:
    return [{"type": tax_id["type"], "value": tax_id["value"]} for tax_id in books.all("tax_id", customer=customer["id"])]


def running_discounts(books: Books, subscription: Doc) -> list[Doc]:
    found = [books.find(ident) for ident in subscription["discounts"]]
    return [discount for discount in found if discount and runs(discount, books.now)]


def belong(invoice: Doc, subscription: Doc) -> None:
    details = {"metadata": dict(subscription["metadata"]), "subscription": subscription["id"]}
    invoice["parent"] = {"type": "subscription_details", "subscription_details": details, "quote_details": None}
    invoice["_subscription"] = subscription["id"]
    tax = subscription["automatic_tax"]["enabled"]
    if tax:
        invoice["automatic_tax"] |= {"enabled": True, "status": "complete", "provider": "stripe", "liability": {"type": "self"}}


def finalise(books: Books, invoice: Doc, *, is_to_be_void: bool = False) -> None:
    """From here on the invoice stands: numbered, with the balance set off, and a payment opened for what is due."""
    customer = books.get(invoice["customer"], "customer")
    kept = lines.set_against(invoice, customer["balance"])
    invoice["number"] = f"{customer['invoice_prefix']}-{customer['next_invoice_sequence']:04}"
    customer["next_invoice_sequence"] += 1
    if kept != customer["balance"]:
        change, kind = kept - customer["balance"], "applied_to_invoice"
        customers.move_balance(books, customer, change, invoice["currency"], kind=kind, invoice=invoice["id"])
    customer["currency"] = customer["currency"] or invoice["currency"]
    books.save(customer)
    invoice |= {"status": "open", "automatically_finalizes_at": None, "effective_at": books.now}
    invoice["status_transitions"]["finalized_at"] = books.now
    page = f"{books.house.public_url}/till/invoices/{invoice['id']}"
    invoice |= {"hosted_invoice_url": page, "invoice_pdf": f"{page}/pdf"}
    if subscription := books.find(invoice["_subscription"]):
        subscription["_finalised"] = invoice["id"]
        books.save(subscription)
    _end_what_was_once(books, invoice)
    books.tell("invoice.finalized", books.save(invoice))
    if invoice["amount_due"]:
        _open_payment(books, invoice)
    elif not is_to_be_void:
        mark_paid(books, invoice)


def _end_what_was_once(books: Books, invoice: Doc) -> None:
    """A discount for once is used up by the invoice that it came off: a trial's, of nothing, leaves it for the next."""
    for ident in [part["discount"] for part in invoice["total_discount_amounts"] if part["amount"]]:
        discount = books.get(ident, "discount")
        subscription = books.find(discount["subscription"])
        if discount["_terms"]["duration"] == "once" and subscription and ident in subscription["discounts"]:
            subscription["discounts"].remove(ident)
            discount["end"] = books.now
            books.save(subscription)
            books.tell("customer.discount.deleted", books.save(discount))


def _open_payment(books: Books, invoice: Doc) -> None:
    amount, currency = invoice["amount_remaining"], invoice["currency"]
    intent = payments.open_intent(
        books, amount=amount, currency=currency, customer=invoice["customer"], invoice=invoice["id"],
        description="Subscription creation" if invoice["billing_reason"] == "subscription_create" else "Subscription update",
        setup_future_usage="off_session" if invoice["_subscription"] else None, receipt_email=invoice["customer_email"],
    )  # fmt: skip
    made = books.add("invoice_payment", amount_requested=amount, currency=currency, invoice=invoice["id"], is_default=True)
    made |= {"status": "open", "amount_paid": None, "payment": {"type": "payment_intent", "payment_intent": intent["id"]}}
    invoice["_intent"] = intent["id"]
    invoice["confirmation_secret"] = None
    books.save(invoice)


def method_of(books: Books, invoice: Doc) -> Doc | None:
    """The card that an invoice is charged to: its own, its subscription's, its customer's."""
    subscription = books.find(invoice["_subscription"]) or {}
    customer = books.get(invoice["customer"], "customer")
    wanted = (invoice["default_payment_method"], subscription.get("default_payment_method"))
    return next((method for ident in (*wanted, customer["invoice_settings"]["default_payment_method"])
                 if (method := books.find(ident))), None)  # fmt: skip


def collect(books: Books, invoice: Doc, method: Doc | None = None) -> str:
    """Ask for what is due; the status of the payment comes back, or of the invoice where nothing was asked."""
    if invoice["status"] not in {"open", "uncollectible"}:
        return str(invoice["status"])
    method = method or method_of(books, invoice)
    intent = books.get(invoice["_intent"], "payment_intent")
    invoice |= {"attempted": True, "attempt_count": invoice["attempt_count"] + 1}
    if method is None:
        _no_card(books, intent)
    else:
        payments.attempt(books, intent, method)
    heed(books, intent)
    return str(intent["status"])


def _no_card(books: Books, intent: Doc) -> None:
    message = "You cannot confirm this PaymentIntent because it's missing a payment method."
    intent["last_payment_error"] = {"type": "invalid_request_error", "code": "parameter_missing", "message": message}
    books.tell("payment_intent.payment_failed", books.save(intent))


def heed(books: Books, intent: Doc) -> None:
    """What follows for the invoice from what its payment has become."""
    invoice = books.get(intent["_invoice"], "invoice")
    if intent["status"] == "succeeded":
        mark_paid(books, invoice)
        return
    if invoice["billing_reason"] != "subscription_create":
        _plan_retry(books, invoice)
    if intent["status"] == "requires_action":
        books.tell("invoice.payment_action_required", books.save(invoice))
    standing.heed_unpaid(books, invoice)
    customer = books.get(invoice["customer"], "customer")
    if not customer["delinquent"] and invoice["billing_reason"] != "subscription_create":
        customer["delinquent"] = True
        books.tell("customer.updated", books.save(customer))
    books.tell("invoice.payment_failed", books.save(invoice))
    if invoice["_retries"] > len(books.house.retry_days):
        standing.give_up(books, invoice)


def _plan_retry(books: Books, invoice: Doc) -> None:
    """Each failure of an automatic attempt plans the next; a customer's own attempts in between move nothing."""
    planned = invoice["next_payment_attempt"]
    if invoice["_retries"] and planned is not None and planned > books.now:
        return
    days = books.house.retry_days
    tried = invoice["_retries"]
    invoice["_retries"] = tried + 1
    more = tried < len(days) and invoice["auto_advance"]
    invoice["next_payment_attempt"] = books.now + days[tried] * DAY if more else None


def mark_paid(books: Books, invoice: Doc, *, outside: bool = False) -> None:
    invoice |= {"status": "paid", "attempted": True, "next_payment_attempt": None, "amount_remaining": 0, "auto_advance": False}
    invoice["amount_paid" if not outside else "amount_paid_off_stripe"] = invoice["amount_due"]
    invoice["status_transitions"]["paid_at"] = books.now
    for payment in books.all("invoice_payment", parent=invoice["id"]):
        _close_payment(books, payment, outside=outside)
    books.save(invoice)
    customer = books.get(invoice["customer"], "customer")
    if customer["delinquent"] and not _owes(books, customer, besides=invoice):
        customer["delinquent"] = False
        books.tell("customer.updated", books.save(customer))
    if not outside:
        _keep_card(books, invoice)
    books.tell("invoice.paid", invoice)
    books.tell("invoice.payment_succeeded", invoice)
    standing.heed_paid(books, invoice)


def _close_payment(books: Books, payment: Doc, *, outside: bool) -> None:
    if payment["status"] != "open":
        return
    if outside:
        payments.cancel_intent(books, books.get(payment["payment"]["payment_intent"], "payment_intent"), "automatic")
        payment["status"] = "canceled"
        payment["status_transitions"]["canceled_at"] = books.now
        books.save(payment)
        return
    payment |= {"status": "paid", "amount_paid": payment["amount_requested"]}
    payment["status_transitions"]["paid_at"] = books.now
    books.tell("invoice_payment.paid", books.save(payment))


def _owes(books: Books, customer: Doc, *, besides: Doc) -> bool:
    """Whether another invoice of the customer has failed and is still open."""
    others = books.newest("invoice", customer=customer["id"])
    return any(other["status"] == "open" and other["attempted"] and other["id"] != besides["id"] for other in others)


def _keep_card(books: Books, invoice: Doc) -> None:
    """The card that paid a subscription's invoice becomes the subscription's own, where that was asked for."""
    subscription = books.find(invoice["_subscription"])
    intent = books.find(invoice.get("_intent"))
    if subscription is None or intent is None or subscription["default_payment_method"] == intent["payment_method"]:
        return
    if (subscription["payment_settings"] or {}).get("save_default_payment_method") == "on_subscription":
        subscription["default_payment_method"] = intent["payment_method"]
        books.tell("customer.subscription.updated", books.save(subscription))


def void(books: Books, invoice: Doc) -> None:
    if invoice["status"] not in {"open", "uncollectible"}:
        raise invalid(f"You can only void open or uncollectible invoices: this one is {invoice['status']}.")
    _give_credit_back(books, invoice)
    _close(books, invoice, "void", "voided_at")
    books.tell("invoice.voided", books.save(invoice))
    standing.heed_settled(books, invoice)


def _give_credit_back(books: Books, invoice: Doc) -> None:
    """As Stripe does with the credit that an invoice has used, once nobody pays that."""
    if used := (invoice["ending_balance"] or 0) - (invoice["starting_balance"] or 0):
        customer = books.get(invoice["customer"], "customer")
        kind = "unapplied_from_invoice"
        customers.move_balance(books, customer, -used, invoice["currency"], kind=kind, invoice=invoice["id"])
        books.save(customer)


def write_off(books: Books, invoice: Doc) -> None:
    if invoice["status"] not in {"open", "draft"}:
        raise invalid(f"You cannot mark this invoice uncollectible: it is {invoice['status']}.")
    if invoice["status"] == "draft":
        finalise(books, invoice)
    if invoice["status"] == "open":
        _close(books, invoice, "uncollectible", "marked_uncollectible_at")
        books.tell("invoice.marked_uncollectible", books.save(invoice))
        standing.heed_settled(books, invoice)


def _close(books: Books, invoice: Doc, status: str, moment: str) -> None:
    invoice |= {"status": status, "next_payment_attempt": None, "auto_advance": False}
    invoice["status_transitions"][moment] = books.now
    if status == "void" and (intent := books.find(invoice.get("_intent"))):
        payments.cancel_intent(books, intent, "void_invoice")
