"""How a subscription begins: its items, trial, discounts and first invoice."""

from broadsheet.till import cards, coupons, invoices, lines
from broadsheet.till.blanks import blank, listing
from broadsheet.till.books import Books, Doc, told_of
from broadsheet.till.catalog import amount_in
from broadsheet.till.forms import need, take
from broadsheet.till.periods import period_end
from broadsheet.till.refusals import declined, invalid

LONGEST_TRIAL = 730  # days


def create(books: Books, given: Doc) -> Doc:
    customer = books.get(need(given, "customer"), "customer", param="customer")
    books.go_by(customer)
    subscription = begin(books, customer, given)
    behaviour = given.get("payment_behavior", "allow_incomplete")
    first_payment(books, subscription, behaviour=behaviour)
    return subscription


def begin(books: Books, customer: Doc, given: Doc) -> Doc:
    """Written down as `incomplete` or `trialing`; nothing has been asked for yet."""
    prices = [active_price(books, item, f"items[{at}]") for at, item in enumerate(need(given, "items"))]
    currency = currency_of(books, given, prices[0], customer)
    trial_end = _trial_end(books, given)
    made = books.add("subscription", customer=customer["id"], currency=currency, status="trialing" if trial_end else "incomplete")
    anchor = trial_end or books.now
    made |= {"billing_cycle_anchor": anchor, "start_date": books.now, "collection_method": "charge_automatically", "metadata": {}}
    made |= {"trial_start": books.now if trial_end else None, "trial_end": trial_end, "test_clock": customer["test_clock"]}
    made["billing_mode"] = {
        "type": "flexible",
        "flexible": {"proration_discounts": "included"},
        **(given.get("billing_mode") or {}),
    }
    if made["billing_mode"]["type"] == "classic":
        made["billing_mode"]["flexible"] = None
    made["cancellation_details"] = {"comment": None, "feedback": None, "feedback_option": None, "reason": None}
    made["invoice_settings"]["issuer"] = {"type": "self"}
    made["trial_settings"] = {"end_behavior": {"missing_payment_method": "create_invoice"}}
    made["payment_settings"] = {
        "payment_method_options": None,
        "payment_method_types": None,
        "save_default_payment_method": "off",
    }
    fill(books, made, given, customer)
    made["items"] = listing([], f"/v1/subscription_items?subscription={made['id']}")
    for item, price in zip(given["items"], prices, strict=True):
        made["items"]["data"].append(new_item(books, made, price, item))
    _discount(books, made, given, customer)
    if given.get("cancel_at_period_end"):
        end_with_period(made, made["items"]["data"][0]["current_period_end"], books.now)
    customer["currency"] = customer["currency"] or currency
    books.save(customer)
    books.tell("customer.subscription.created", books.save(made))
    return made


def active_price(books: Books, item: Doc, param: str) -> Doc:
    price = books.get(need(item, "price"), "price", param=f"{param}[price]")
    if not price["active"]:
        raise invalid(f"The price specified is inactive: {price['id']}.", f"{param}[price]")
    if price["recurring"] is None:
        raise invalid("The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.",
                      f"{param}[price]")  # fmt: skip
    return price


def currency_of(books: Books, given: Doc, price: Doc, customer: Doc) -> str:
    wanted = given.get("currency") or (customer["currency"] if customer["currency"] in price["_currencies"] else None)
    currency = str(wanted or price["currency"]).lower()
    amount_in(books, price, currency)
    if customer["currency"] not in (None, currency):
        message = (
            f"You cannot combine currencies on a single customer. This customer has had a subscription in {customer['currency']}"
        )
        raise invalid(message, "currency")
    return currency


def _trial_end(books: Books, given: Doc) -> int | None:
    days, end = given.get("trial_period_days"), given.get("trial_end")
    if end == "now" or (not days and not end):
        return None
    if days and not 1 <= days <= LONGEST_TRIAL:
        raise invalid("The maximum number of trial period days is 730 (2 years).", "trial_period_days")
    moment = int(end) if end else books.now + int(days or 0) * 86_400
    if moment <= books.now:
        raise invalid("trial_end must be in the future.", "trial_end")
    return moment


def fill(books: Books, subscription: Doc, given: Doc, customer: Doc) -> None:
    """What may be set at the beginning and later alike."""
    take(subscription, given, "description", "default_payment_method")
    if method := given.get("default_payment_method"):
        found = cards.method_for(books, method, param="default_payment_method")
        if found["customer"] != customer["id"]:
            raise invalid("The customer does not have a payment method with that ID.", "default_payment_method")
        subscription["default_payment_method"] = found["id"]
    for name in ("payment_settings", "trial_settings"):
        if given.get(name):
            subscription[name] |= given[name]
    options = (given.get("payment_settings") or {}).get("payment_method_options")
    if options:
        wanted = (options.get("card") or {}).get("request_three_d_secure", "automatic")
        card = {"mandate_options": None, "network": None, "request_three_d_secure": wanted}
        subscription["payment_settings"]["payment_method_options"] = dict.fromkeys(OTHER_OPTIONS) | {"card": card}
    if given.get("automatic_tax"):
        enabled = given["automatic_tax"].get("enabled", False)
        liability = {"type": "self"} if enabled else None
        subscription["automatic_tax"] = {"disabled_reason": None, "enabled": enabled, "liability": liability}


OTHER_OPTIONS = ("acss_debit", "bancontact", "customer_balance", "konbini", "sepa_debit", "us_bank_account")


def new_item(books: Books, subscription: Doc, price: Doc, given: Doc) -> Doc:
    quantity = given.get("quantity")
    quantity = 1 if quantity is None else quantity
    if quantity < 0:
        raise invalid("This value must be greater than or equal to 0.", "items[0][quantity]", "parameter_invalid_integer")
    made = blank("subscription_item")
    made |= {
        "id": books.new_id("subscription_item"),
        "created": books.now,
        "subscription": subscription["id"],
        "quantity": quantity,
    }
    made |= {"price": told_of(price), "metadata": given.get("metadata") or {}, "tax_rates": []}
    start, end = first_period(subscription, price)
    return made | {"current_period_start": start, "current_period_end": end}


def first_period(subscription: Doc, price: Doc) -> tuple[int, int]:
    if subscription["status"] == "trialing":
        return subscription["trial_start"], subscription["trial_end"]
    anchor = subscription["billing_cycle_anchor"]
    return anchor, period_end(anchor=anchor, start=anchor, recurring=price["recurring"])


def _discount(books: Books, subscription: Doc, given: Doc, customer: Doc) -> None:
    if not given.get("discounts"):
        return
    subtotal = sum(
        amount_in(books, item["price"], subscription["currency"]) * item["quantity"] for item in subscription["items"]["data"]
    )
    named = coupons.chosen(
        books, given["discounts"], customer=customer["id"], subtotal=subtotal, currency=subscription["currency"]
    )  # fmt: skip
    made = [coupons.give(books, one, customer=customer["id"], subscription=subscription["id"]) for one in named]
    subscription["discounts"] = [discount["id"] for discount in made]


def end_with_period(subscription: Doc, moment: int, now: int) -> None:
    subscription |= {"cancel_at_period_end": True, "cancel_at": moment, "canceled_at": now}
    subscription["cancellation_details"]["reason"] = "cancellation_requested"


def period_invoice(
    books: Books, subscription: Doc, *, reason: str, extra: list[Doc] | None = None, period: tuple[int, int] | None = None
) -> Doc:
    """A draft for the period that has just begun, together with all that was waiting for the next invoice."""
    customer = books.get(subscription["customer"], "customer")
    trial = subscription["status"] == "trialing"
    rows = [lines.of_pending(books, pending) for pending in claim_pending(books, subscription)]
    rows += extra or []
    for item in subscription["items"]["data"]:
        start, end = item["current_period_start"], item["current_period_end"]
        rows.append(lines.of_item(books, item, subscription=subscription, start=start, end=end, trial=trial))
    invoice = invoices.raise_invoice(
        books, customer, rows, currency=subscription["currency"], reason=reason, subscription=subscription, period=period
    )  # fmt: skip
    bind_pending(books, invoice)
    books.tell("invoice.created", invoice)
    return invoice


def upcoming_lines(books: Books, subscription: Doc) -> list[Doc]:
    """What the next period will cost, with what waits for its invoice."""
    rows = [lines.of_pending(books, pending) for pending in claim_pending(books, subscription)]
    for item in subscription["items"]["data"]:
        start, anchor = item["current_period_end"], subscription["billing_cycle_anchor"]
        end = period_end(anchor=anchor, start=start, recurring=item["price"]["recurring"])
        rows.append(lines.of_item(books, item, subscription=subscription, start=start, end=end))
    return rows


def claim_pending(books: Books, subscription: Doc) -> list[Doc]:
    return [pending for pending in books.all("invoiceitem", parent=subscription["id"]) if pending["invoice"] is None]


def bind_pending(books: Books, invoice: Doc) -> None:
    for row in invoice["lines"]["data"]:
        parent = row["parent"] or {}
        details = parent.get("subscription_item_details") or parent.get("invoice_item_details") or {}
        if pending := books.find(details.get("invoice_item")):
            pending["invoice"] = invoice["id"]
            books.save(pending)


def first_payment(books: Books, subscription: Doc, *, behaviour: str, method: Doc | None = None) -> Doc:
    """The first invoice, finalised at once, and charged unless `default_incomplete` leaves that to the customer."""
    invoice = period_invoice(books, subscription, reason="subscription_create")
    invoices.finalise(books, invoice)
    if invoice["status"] == "open" and behaviour != "default_incomplete":
        invoices.collect(books, invoice, method)
    if subscription["status"] == "incomplete" and behaviour == "error_if_incomplete":
        intent = books.get(invoice["_intent"], "payment_intent")
        error = intent["last_payment_error"] or cards.error_of("authentication_required")
        raise declined(error, keeps=False)
    return invoice
