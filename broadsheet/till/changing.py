"""Changes to a running subscription: price, quantity, trial, pause, and an end that is set or taken back."""

from broadsheet.till import coupons, invoices, lines, proration, standing
from broadsheet.till import subscriptions as beginning
from broadsheet.till.books import Books, Doc, told_of
from broadsheet.till.catalog import amount_in
from broadsheet.till.periods import period_end
from broadsheet.till.refusals import declined, invalid

OF_THE_ENDED = {"metadata", "cancellation_details"}
OF_THE_INCOMPLETE = {"metadata", "default_payment_method", "description", "cancellation_details"}


def update(books: Books, given: Doc, ident: str) -> Doc:
    subscription = books.get(ident, "subscription")
    books.go_by(subscription)
    _refuse_what_the_status_forbids(subscription, given)
    status_before = subscription["status"]
    customer = books.get(subscription["customer"], "customer")
    beginning.fill(books, subscription, given, customer)
    for name, apply in (("discounts", choose_discounts), ("pause_collection", _pause), ("cancellation_details", _details)):
        if name in given:
            apply(books, subscription, given)
    _end(books, subscription, given)
    change(books, subscription, given)
    books.tell("customer.subscription.updated", books.save(subscription))
    if given.get("payment_behavior") == "error_if_incomplete" and (status_before, subscription["status"]) == (
        "active",
        "past_due",
    ):
        intent = books.get(books.get(subscription["latest_invoice"], "invoice")["_intent"], "payment_intent")
        raise declined(intent["last_payment_error"] or {"message": "The payment needs authentication."}, keeps=False)
    return subscription


def _refuse_what_the_status_forbids(subscription: Doc, given: Doc) -> None:
    if subscription["status"] in standing.ENDED and set(given) - OF_THE_ENDED:
        raise invalid("A canceled subscription can only update its cancellation_details and metadata.")
    if subscription["status"] == "incomplete" and set(given) - OF_THE_INCOMPLETE:
        message = "This subscription is incomplete: only metadata and the default payment method may be changed."
        raise invalid(message, code="subscription_payment_intent_requires_action")


def choose_discounts(books: Books, subscription: Doc, given: Doc) -> None:
    kept = {one["discount"] for one in given["discounts"] or [] if one.get("discount")}
    for ident in [ident for ident in subscription["discounts"] if ident not in kept]:
        discount = books.get(ident, "discount")
        discount["end"] = books.now
        books.tell("customer.discount.deleted", books.save(discount))
    subtotal = sum(
        amount_in(books, item["price"], subscription["currency"]) * item["quantity"] for item in subscription["items"]["data"]
    )
    customer = subscription["customer"]
    new = [one for one in given["discounts"] or [] if not one.get("discount")]
    named = coupons.chosen(books, new, customer=customer, subtotal=subtotal, currency=subscription["currency"])
    made = [coupons.give(books, one, customer=customer, subscription=subscription["id"]) for one in named]
    subscription["discounts"] = [ident for ident in subscription["discounts"] if ident in kept] + [one["id"] for one in made]


def _pause(books: Books, subscription: Doc, given: Doc) -> None:
    paused = given["pause_collection"]
    if not paused:
        subscription["pause_collection"] = None
        return
    if not paused.get("behavior"):
        raise invalid("Missing required param: pause_collection[behavior].", "pause_collection[behavior]")
    subscription["pause_collection"] = {"behavior": paused["behavior"], "resumes_at": paused.get("resumes_at")}


def _details(books: Books, subscription: Doc, given: Doc) -> None:
    subscription["cancellation_details"] |= given["cancellation_details"] or {}


def _end(books: Books, subscription: Doc, given: Doc) -> None:
    end = min(item["current_period_end"] for item in subscription["items"]["data"])
    if given.get("cancel_at_period_end"):
        beginning.end_with_period(subscription, end, books.now)
    elif given.get("cancel_at"):
        if not isinstance(given["cancel_at"], int) or given["cancel_at"] <= books.now:
            raise invalid("`cancel_at` must be a moment in the future.", "cancel_at")
        beginning.end_with_period(subscription, given["cancel_at"], books.now)
        subscription["cancel_at_period_end"] = False
    elif given.get("cancel_at_period_end") is False or ("cancel_at" in given and not given["cancel_at"]):
        subscription |= {"cancel_at_period_end": False, "cancel_at": None, "canceled_at": None}
        subscription["cancellation_details"] |= {"reason": None, "comment": None, "feedback": None}


def change(books: Books, subscription: Doc, given: Doc) -> Doc | None:
    """Change items, trial or anchor, prorate as asked; the invoice that this raised at once, if any."""
    asked = given.get("items") or []
    trial, anchor = given.get("trial_end"), given.get("billing_cycle_anchor")
    if not asked and trial is None and anchor != "now":
        return None
    at = _proration_date(books, subscription, given)
    how = given.get("proration_behavior", "create_prorations")
    before = [dict(item) for item in subscription["items"]["data"]]
    after = _items_after(books, subscription, asked)
    if not after:
        raise invalid("A subscription must have at least one item. To end it, cancel it.", "items")
    restarts = _restarts(books, before, after, subscription["currency"]) or anchor == "now"
    if how != "none":
        _credit(books, subscription, before, after, at=at, all_of_them=restarts or trial is not None)
    subscription["items"]["data"] = after
    if trial is not None:
        return _move_trial(books, subscription, trial)
    if restarts and subscription["status"] != "trialing":
        return restart(books, subscription)
    if subscription["status"] == "trialing":
        return None
    if how != "none":
        _debit(books, subscription, before, after, at=at)
    return _invoice_pending(books, subscription) if how == "always_invoice" else None


def _proration_date(books: Books, subscription: Doc, given: Doc) -> int:
    item = subscription["items"]["data"][0]
    at = given.get("proration_date") or min(books.now, item["current_period_end"])
    if not item["current_period_start"] <= at <= item["current_period_end"]:
        raise invalid("The proration date must be within the current period.", "proration_date")
    return int(at)


def _items_after(books: Books, subscription: Doc, asked: list[Doc]) -> list[Doc]:
    after = [dict(item) for item in subscription["items"]["data"]]
    for at, wanted in enumerate(asked):
        if not wanted.get("id"):
            price = beginning.active_price(books, wanted, f"items[{at}]")
            if any(item["price"]["id"] == price["id"] for item in after):
                raise invalid(f"Cannot add multiple subscription items with the same price: {price['id']}.", f"items[{at}]")
            made = beginning.new_item(books, subscription, price, wanted)
            if after and price["recurring"] == after[0]["price"]["recurring"]:
                made |= {name: after[0][name] for name in ("current_period_start", "current_period_end")}
            after.append(made)
            continue
        item = next((item for item in after if item["id"] == wanted["id"]), None)
        if item is None:
            raise invalid(f"No such subscription item: '{wanted['id']}'", f"items[{at}][id]", "resource_missing")
        if wanted.get("deleted"):
            after.remove(item)
            continue
        _alter(books, subscription, item, wanted, at)
    return after


def _alter(books: Books, subscription: Doc, item: Doc, wanted: Doc, at: int) -> None:
    if wanted.get("price") and wanted["price"] != item["price"]["id"]:
        price = beginning.active_price(books, wanted, f"items[{at}]")
        amount_in(books, price, subscription["currency"], param=f"items[{at}][price]")
        item["price"] = told_of(price)
    if wanted.get("quantity") is not None:
        if wanted["quantity"] < 0:
            raise invalid("This value must be greater than or equal to 0.", f"items[{at}][quantity]")
        item["quantity"] = wanted["quantity"]
    if wanted.get("metadata"):
        item["metadata"] = {**item["metadata"], **wanted["metadata"]}


def _restarts(books: Books, before: list[Doc], after: list[Doc], currency: str) -> bool:
    """Another interval, or from free to paid: a new period begins with the change and is asked for at once."""
    intervals = [(item["price"]["recurring"]["interval"], item["price"]["recurring"]["interval_count"]) for item in before]
    other = any(
        (item["price"]["recurring"]["interval"], item["price"]["recurring"]["interval_count"]) not in intervals for item in after
    )
    return other or (_sum(books, before, currency) == 0 < _sum(books, after, currency))


def _sum(books: Books, items: list[Doc], currency: str) -> int:
    return sum(amount_in(books, item["price"], currency) * item["quantity"] for item in items)


def _unlike(before: list[Doc], after: list[Doc]) -> tuple[list[Doc], list[Doc]]:
    """The items that are gone or changed, as they were; and those that are new or changed, as they are."""

    def key(item: Doc) -> tuple[str, str, int]:
        return item["id"], item["price"]["id"], item["quantity"]

    old, new = {key(item) for item in before}, {key(item) for item in after}
    return [item for item in before if key(item) not in new], [item for item in after if key(item) not in old]


def _credit(books: Books, subscription: Doc, before: list[Doc], after: list[Doc], *, at: int, all_of_them: bool) -> None:
    gone = before if all_of_them else _unlike(before, after)[0]
    for item in gone if subscription["status"] != "trialing" else []:
        proration.credit(books, subscription, item, at=at)


def _debit(books: Books, subscription: Doc, before: list[Doc], after: list[Doc], *, at: int) -> None:
    for item in _unlike(before, after)[1]:
        proration.debit(books, subscription, item, at=at)


def _move_trial(books: Books, subscription: Doc, trial: int | str) -> Doc | None:
    """A trial that is begun, moved or ended now: the periods are counted from its end."""
    if trial == "now":
        if subscription["status"] != "trialing":
            return None
        subscription |= {"trial_end": books.now, "status": "active"}
        return restart(books, subscription)
    if not isinstance(trial, int) or trial <= books.now:
        raise invalid("trial_end must be in the future, or `now`.", "trial_end")
    start = subscription["trial_start"] if subscription["status"] == "trialing" else books.now
    subscription |= {"trial_start": start, "trial_end": trial, "billing_cycle_anchor": trial, "status": "trialing"}
    for item in subscription["items"]["data"]:
        item |= {"current_period_start": books.now, "current_period_end": trial}
    return None


def restart(books: Books, subscription: Doc) -> Doc:
    subscription["billing_cycle_anchor"] = books.now
    for item in subscription["items"]["data"]:
        end = period_end(anchor=books.now, start=books.now, recurring=item["price"]["recurring"])
        item |= {"current_period_start": books.now, "current_period_end": end}
    if subscription["cancel_at_period_end"]:
        subscription["cancel_at"] = min(item["current_period_end"] for item in subscription["items"]["data"])
    invoice = beginning.period_invoice(books, subscription, reason="subscription_update")
    return _ask(books, subscription, invoice)


def _invoice_pending(books: Books, subscription: Doc) -> Doc | None:
    rows = [lines.of_pending(books, pending) for pending in beginning.claim_pending(books, subscription)]
    if not rows:
        return None
    customer = books.get(subscription["customer"], "customer")
    invoice = invoices.raise_invoice(
        books, customer, rows, currency=subscription["currency"], reason="subscription_update", subscription=subscription
    )  # fmt: skip
    beginning.bind_pending(books, invoice)
    books.tell("invoice.created", invoice)
    return _ask(books, subscription, invoice)


def _ask(books: Books, subscription: Doc, invoice: Doc) -> Doc:
    books.save(subscription)
    invoices.finalise(books, invoice)
    if invoice["status"] == "open":
        invoices.collect(books, invoice)
    return invoice
