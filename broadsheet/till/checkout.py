"""Checkout sessions: what is to be bought, what it comes to, and when the session is over. Paying is in `paying.py`."""

from broadsheet.till import catalog, coupons, ending, payments
from broadsheet.till.blanks import blank
from broadsheet.till.books import Books, Doc, told_of
from broadsheet.till.due import DAY
from broadsheet.till.forms import need, take
from broadsheet.till.lines import described
from broadsheet.till.refusals import invalid

SHORTEST, LONGEST = 1800, DAY
MOST_LINES = 100
PLACEHOLDER = "{CHECKOUT_SESSION_ID}"


def create(books: Books, given: Doc) -> Doc:
    mode = need(given, "mode")
    customer = books.get(given["customer"], "customer", param="customer") if given.get("customer") else None
    if customer and given.get("customer_email"):
        raise invalid("You may only specify one of these parameters: customer, customer_email.", "customer_email")
    if customer:
        books.go_by(customer)
    _refuse_what_does_not_fit(given, mode)
    made = books.add("checkout.session", mode=mode, status="open", customer=customer["id"] if customer else None, metadata={})
    made |= {"success_url": need(given, "success_url"), "expires_at": _expiry(books, given), "ui_mode": "hosted_page"}
    take(made, given, "cancel_url", "client_reference_id", "customer_email", "locale", "allow_promotion_codes",
         "billing_address_collection", "submit_type", "payment_method_collection", "customer_creation")  # fmt: skip
    made["url"] = f"{books.house.public_url}/till/checkout/{made['id']}"
    made["payment_method_types"] = given.get("payment_method_types") or ["card"]
    made["payment_method_collection"] = given.get("payment_method_collection", "always") if mode == "subscription" else None
    made["payment_method_options"] = {"card": {"request_three_d_secure": "automatic"}}
    made["payment_method_collection"] = made["payment_method_collection"] or "if_required"
    if mode == "setup":
        made["payment_method_collection"] = "always"
    _settings(made, given)
    made["_data"] = given.get(f"{mode if mode != 'payment' else 'payment_intent'}_data") or given.get("setup_intent_data") or {}
    made["_customer_update"] = given.get("customer_update") or {}
    made |= {"_lines": [], "_discounts": [], "_intent": None, "_subscription": None}
    if mode != "setup":
        _fill_basket(books, made, given, customer)
    add_up(books, made)
    return books.save(made)


def _refuse_what_does_not_fit(given: Doc, mode: str) -> None:
    if mode != "setup" and not given.get("line_items"):
        raise invalid(f"You must pass `line_items` in `{mode}` mode.", "line_items", "parameter_missing")
    if len(given.get("line_items") or []) > MOST_LINES:
        raise invalid("You may have at most 100 line items.", "line_items")
    if given.get("discounts") and given.get("allow_promotion_codes") is not None:
        raise invalid("You may only specify one of these parameters: allow_promotion_codes, discounts.", "allow_promotion_codes")
    asks = given.get("customer") and (given.get("tax_id_collection") or {}).get("enabled")
    if asks and (given.get("customer_update") or {}).get("name") != "auto":
        message = "Tax ID collection requires updating business name on the customer. Set `customer_update[name]` to `auto`."
        raise invalid(message, "customer_update[name]")
    for name, wanted in (
        ("subscription_data", "subscription"),
        ("payment_intent_data", "payment"),
        ("setup_intent_data", "setup"),
    ):
        if given.get(name) and mode != wanted:
            raise invalid(f"You can not pass `{name}` in `{mode}` mode.", name)
    if mode == "setup" and not given.get("customer") and not given.get("currency"):
        raise invalid("You must pass `currency` in `setup` mode.", "currency", "parameter_missing")


def _expiry(books: Books, given: Doc) -> int:
    end = given.get("expires_at")
    if end is None:
        return books.now + LONGEST
    if not books.now + SHORTEST <= end <= books.now + LONGEST:
        raise invalid(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.", "expires_at"
        )
    return int(end)


def _settings(session: Doc, given: Doc) -> None:
    enabled = (given.get("automatic_tax") or {}).get("enabled", False)
    liability = {"type": "self"} if enabled else None
    session["automatic_tax"] = {"enabled": enabled, "liability": liability, "provider": "stripe" if enabled else None,
                                "status": "complete" if enabled else None}  # fmt: skip
    session["tax_id_collection"] = {"enabled": (given.get("tax_id_collection") or {}).get("enabled", False), "required": "never"}
    session["phone_number_collection"] = {"enabled": False}
    consent = (given.get("consent_collection") or {}).get("terms_of_service")
    if consent:
        session["consent_collection"] = {"payment_method_reuse_agreement": None, "promotions": None, "terms_of_service": consent}
    for name, text in (given.get("custom_text") or {}).items():
        session["custom_text"][name] = text


def _fill_basket(books: Books, session: Doc, given: Doc, customer: Doc | None) -> None:
    mode = session["mode"]
    for at, wanted in enumerate(given["line_items"]):
        price = _price_of(books, wanted, f"line_items[{at}]")
        if mode == "payment" and price["recurring"]:
            raise invalid("You specified `payment` mode but passed a recurring price.", f"line_items[{at}]")
        session["currency"] = session["currency"] or (given.get("currency") or price["currency"]).lower()
        session["_lines"].append(_line(books, session, price, wanted, at))
    if mode == "subscription" and not any(line["price"]["recurring"] for line in session["_lines"]):
        raise invalid("You must provide at least one recurring price in `subscription` mode.", "line_items")
    if mode == "subscription" and not all(line["price"]["recurring"] for line in session["_lines"]):
        raise invalid("The till does not sell one-time prices together with a subscription.", "line_items")
    subtotal = sum(line["amount_subtotal"] for line in session["_lines"])
    ident, currency = customer["id"] if customer else None, session["currency"]
    session["_discounts"] = coupons.chosen(
        books, given.get("discounts") or [], customer=ident, subtotal=subtotal, currency=currency
    )
    if customer and mode == "subscription" and customer["currency"] not in (None, currency):
        message = (
            f"You cannot combine currencies on a single customer. This customer has had a subscription in {customer['currency']}"
        )
        raise invalid(message, "currency")


def _price_of(books: Books, wanted: Doc, param: str) -> Doc:
    if wanted.get("price_data"):
        return catalog.create_price(books, wanted["price_data"])
    price = books.get(need(wanted, "price"), "price", param=f"{param}[price]")
    if not price["active"]:
        raise invalid(f"The price specified is inactive: {price['id']}.", f"{param}[price]")
    return price


def _line(books: Books, session: Doc, price: Doc, wanted: Doc, at: int) -> Doc:
    quantity = wanted.get("quantity")
    if quantity is None or quantity < 1:
        raise invalid("Quantity is required, and at least 1.", f"line_items[{at}][quantity]", "parameter_missing")
    made = blank("item")
    made |= {
        "id": books.new_id("item"),
        "currency": session["currency"],
        "price": told_of(price),
        "quantity": quantity,
        "metadata": None,
    }
    product = books.find(price["product"]) or {}
    amount = catalog.amount_in(books, price, session["currency"], param=f"line_items[{at}]") * quantity
    return made | {"description": product.get("name", ""), "amount_subtotal": amount, "amount_total": amount}


def add_up(books: Books, session: Doc) -> None:
    """What is to be paid today: nothing within a trial."""
    rows = session["_lines"]
    left = [row["amount_subtotal"] for row in rows]
    for named in session["_discounts"]:
        coupon = books.get(named["coupon"], "coupon")
        off = coupons.taken_off(coupon, [(row["price"]["product"], amount) for row, amount in zip(rows, left, strict=True)])
        left = [amount - part for amount, part in zip(left, off, strict=True)]
    for row, amount in zip(rows, left, strict=True):
        row |= {"amount_total": amount, "amount_discount": row["amount_subtotal"] - amount}
    trial = trial_end(books, session) is not None
    subtotal, total = (0, 0) if trial else (sum(row["amount_subtotal"] for row in rows), sum(left))
    session["discounts"] = [dict(named) for named in session["_discounts"]]
    if session["mode"] == "setup":
        session |= {"payment_status": "no_payment_required"}
        return
    session |= {"amount_subtotal": subtotal, "amount_total": total}
    session["total_details"] = {"amount_discount": subtotal - total, "amount_shipping": 0, "amount_tax": 0}
    session["payment_status"] = "unpaid"


def trial_end(books: Books, session: Doc) -> int | None:
    data = session["_data"] if session["mode"] == "subscription" else {}
    if data.get("trial_end"):
        return int(data["trial_end"])
    return books.now + data["trial_period_days"] * DAY if data.get("trial_period_days") else None


def type_code(books: Books, session: Doc, text: str) -> None:
    """Put a code that the customer has typed on the session; refused where it cannot be used."""
    if not session["allow_promotion_codes"] or session["status"] != "open":
        raise invalid("This session takes no codes.", "promotion_code")
    code = coupons.code_typed(books, text)
    subtotal = sum(line["amount_subtotal"] for line in session["_lines"])
    refusal = coupons.refusal_of(books, code, customer=session["customer"], subtotal=subtotal, currency=session["currency"])
    if refusal or code is None:
        raise refusal or invalid("This code is invalid.", "promotion_code")
    coupon = books.get(code["promotion"]["coupon"], "coupon")
    if coupon["currency"] not in (None, session["currency"]):
        raise invalid("This code is for another currency.", "promotion_code")
    session["_discounts"] = [{"coupon": coupon["id"], "promotion_code": code["id"]}]
    _forget_what_was_tried(books, session)
    add_up(books, session)
    books.save(session)


def _forget_what_was_tried(books: Books, session: Doc) -> None:
    """A try before the code was typed was for another amount."""
    subscription, intent = books.find(session["_subscription"]), books.find(session["_intent"])
    if subscription and subscription["status"] == "incomplete":
        ending.expire(books, subscription)
    if intent:
        payments.cancel_intent(books, intent, "abandoned")
    session |= {"_subscription": None, "_intent": None}


def update(books: Books, given: Doc, ident: str) -> Doc:
    session = books.get(ident, "checkout.session")
    take(session, given)
    return books.save(session)


def expire_by_call(books: Books, given: Doc, ident: str) -> Doc:
    session = books.get(ident, "checkout.session")
    if session["status"] != "open":
        raise invalid(f'Only Checkout Sessions with a status in ["open"] can be expired. This one is {session["status"]}.')
    expire(books, session)
    return session


def expire(books: Books, session: Doc) -> None:
    session |= {"status": "expired", "url": None}
    books.tell("checkout.session.expired", books.save(session))


def line_items(books: Books, given: Doc, ident: str) -> list[Doc]:
    return list(books.get(ident, "checkout.session")["_lines"])


def leads_to(session: Doc) -> str:
    return str(session["success_url"]).replace(PLACEHOLDER, session["id"])


def shown(line: Doc, books: Books) -> str:
    return f"{line['quantity']} × {described(books, line['price'])}"
