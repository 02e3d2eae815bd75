"""Paying for a Checkout session: a card is typed, perhaps a code by 3-D Secure, and the session is complete; or it stays open."""

from broadsheet.till import cards, checkout, coupons, customers, invoices, payments, subscriptions
from broadsheet.till.books import Books, Doc
from broadsheet.till.refusals import declined, invalid

TAX_IDS = {"CH": "ch_vat", "GB": "gb_vat", "NO": "no_vat", "US": "us_ein"}


def submit(books: Books, session: Doc, *, email: str, method: Doc | None, details: Doc | None = None) -> Doc | None:
    """Pay. None where the session is complete; the intent where the customer has first to go to its 3-D Secure page."""
    if session["status"] != "open":
        raise invalid("This session is over.")
    customer = _customer_of(books, session, email, details or {})
    if method is None and needs_card(session):
        raise invalid("A card is needed.", "number")
    if session["mode"] == "setup" or (method and session["amount_total"] == 0 and customer):
        return _save_card(books, session, customer, method)
    if session["mode"] == "payment":
        return _pay_once(books, session, customer, method)
    return _subscribe(books, session, customer, method)


def needs_card(session: Doc) -> bool:
    return session["amount_total"] != 0 or session["payment_method_collection"] == "always"


def _customer_of(books: Books, session: Doc, email: str, details: Doc) -> Doc | None:
    """The session's customer; made on the way where the mode needs one."""
    address = cards.full_address(details.get("address"))
    session["customer_details"] = {
        "address": address,
        "email": email,
        "name": details.get("name"),
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
        "business_name": None,
        "individual_name": None,
    }
    session["collected_information"] = {"business_name": None, "individual_name": None, "shipping_details": None}
    held = session["customer"] or session.get("_customer")
    if held:
        customer = books.get(held, "customer")
        for name in ("address", "name"):
            if session["_customer_update"].get(name) == "auto" and session["customer_details"][name]:
                customer[name] = session["customer_details"][name]
                books.save(customer)
        session["customer_details"]["email"] = customer["email"] or email
        _keep_tax_id(books, session, customer, details)
        return customer
    if (
        session["mode"] == "payment"
        and session["customer_creation"] != "always"
        and not session["_data"].get("setup_future_usage")
    ):
        return None
    made = books.add("customer", balance=0, delinquent=False, metadata={}, tax_exempt="none", preferred_locales=[], email=email)
    made |= {
        "name": details.get("name"),
        "address": address,
        "invoice_prefix": made["id"][-8:].upper(),
        "next_invoice_sequence": 1,
    }
    made["invoice_settings"] = {"custom_fields": None, "default_payment_method": None, "footer": None, "rendering_options": None}
    books.tell("customer.created", made)
    session["_customer"] = made["id"]
    _keep_tax_id(books, session, made, details)
    return made


def _keep_tax_id(books: Books, session: Doc, customer: Doc, details: Doc) -> None:
    """Of the kind that the country has; a number that is known already is not kept twice."""
    if not (value := details.get("tax_id")):
        return
    country = ((details.get("address") or {}).get("country") or "").upper()
    given = {"type": TAX_IDS.get(country, "eu_vat"), "value": value}
    session["customer_details"]["tax_ids"] = [given]
    if given not in invoices.tax_ids_of(books, customer):
        customers.create_tax_id(books, given, customer["id"])


def _save_card(books: Books, session: Doc, customer: Doc | None, method: Doc | None) -> Doc | None:
    """Nothing to pay today: the card is set up for later."""
    if method is None or customer is None:
        raise invalid("A card is needed.", "number")
    if method["_behaviour"] in cards.CANNOT_BE_SAVED:
        raise declined(cards.error_of(method["_behaviour"]), keeps=True)
    made = books.add("setup_intent", customer=customer["id"], payment_method=method["id"], usage="off_session", metadata={})
    made |= {"payment_method_types": ["card"], "client_secret": f"{made['id']}_secret_{books.salt}", "_session": session["id"]}
    made |= {"metadata": session["_data"].get("metadata") or {} if session["mode"] == "setup" else {}}
    made["status"] = "requires_action" if method["_behaviour"] in cards.ASKS else "succeeded"
    books.tell("setup_intent.created", made)
    session["_setup"] = made["id"]
    books.save(session)
    if made["status"] == "requires_action":
        url = f"{books.house.public_url}/till/3ds/{made['id']}"
        made["next_action"] = {"type": "redirect_to_url", "redirect_to_url": {"return_url": None, "url": url}}
        books.tell("setup_intent.requires_action", books.save(made))
        return made
    _was_set_up(books, session, made)
    return None


def _was_set_up(books: Books, session: Doc, setup: Doc) -> None:
    setup |= {"status": "succeeded", "next_action": None}
    method = books.get(setup["payment_method"], "payment_method")
    payments.keep(books, method, setup["customer"])
    books.tell("setup_intent.succeeded", books.save(setup))
    if session["mode"] == "setup":
        session["setup_intent"] = setup["id"]
        complete(books, session, setup["customer"])
        return
    if session["mode"] == "payment":
        complete(books, session, setup["customer"])
        return
    subscription = _begin(books, session, books.get(setup["customer"], "customer"), method)
    subscriptions.first_payment(books, subscription, behaviour="allow_incomplete", method=method)
    complete(books, session, setup["customer"])


def _pay_once(books: Books, session: Doc, customer: Doc | None, method: Doc | None) -> Doc | None:
    if method is None or session["amount_total"] == 0:
        complete(books, session, customer["id"] if customer else None)
        return None
    intent = books.find(session["_intent"])
    if intent is None:
        data = session["_data"]
        intent = payments.open_intent(
            books,
            amount=session["amount_total"],
            currency=session["currency"],
            customer=customer["id"] if customer else None,
            description=data.get("description"),
            setup_future_usage=data.get("setup_future_usage"),
            receipt_email=data.get("receipt_email"),
            metadata=data.get("metadata") or {},
        )
        intent["_session"] = session["id"]
        session["_intent"] = intent["id"]
        books.save(session)
    return _after(books, session, intent, payments.attempt(books, intent, method))


def _after(books: Books, session: Doc, intent: Doc, outcome: str) -> Doc | None:
    if outcome == "requires_action":
        return intent
    if outcome != "succeeded":
        raise declined(intent["last_payment_error"], keeps=True)
    if session["status"] == "open":
        complete(books, session, intent["customer"])
    return None


def _begin(books: Books, session: Doc, customer: Doc, method: Doc | None) -> Doc:
    data = session["_data"]
    wanted = {name: data[name] for name in ("metadata", "trial_settings", "description", "billing_mode") if data.get(name)}
    wanted["items"] = [{"price": line["price"]["id"], "quantity": line["quantity"]} for line in session["_lines"]]
    wanted |= {
        "currency": session["currency"],
        "discounts": session["_discounts"],
        "trial_end": checkout.trial_end(books, session),
    }
    wanted["automatic_tax"] = {"enabled": session["automatic_tax"]["enabled"]}
    subscription = subscriptions.begin(books, customer, wanted)
    if method:
        # As Stripe does: the card that is typed at Checkout becomes the subscription's own.
        subscription["payment_settings"]["save_default_payment_method"] = "on_subscription"
        subscription["default_payment_method"] = method["id"] if method["customer"] == customer["id"] else None
    if data.get("metadata"):
        subscription["metadata"] = dict(data["metadata"])
    session["_subscription"] = subscription["id"]
    books.save(session)
    return books.save(subscription)


def _subscribe(books: Books, session: Doc, customer: Doc | None, method: Doc | None) -> Doc | None:
    """A first try begins the subscription, as incomplete; every further one pays the same invoice."""
    if customer is None:
        raise invalid("A subscription needs a customer.")
    invoice = _still_to_pay(books, session)
    if invoice is None:
        subscription = _begin(books, session, customer, method)
        invoice = subscriptions.first_payment(books, subscription, behaviour="allow_incomplete", method=method)
    else:
        invoices.collect(books, invoice, method)
    intent = books.find(invoice.get("_intent"))
    if intent is None:
        complete(books, session, customer["id"])
        return None
    intent["_session"] = session["id"]
    books.save(intent)
    return _after(books, session, intent, intent["status"])


def _still_to_pay(books: Books, session: Doc) -> Doc | None:
    """The first invoice of the subscription that an earlier try has begun; None where that is over."""
    subscription = books.find(session["_subscription"])
    if subscription is None or subscription["status"] != "incomplete":
        return None
    invoice = books.get(subscription["latest_invoice"], "invoice")
    return invoice if invoice["status"] == "open" else None


def complete(books: Books, session: Doc, customer: str | None) -> None:
    """Paid, or nothing to pay: the session is over and names what came of it."""
    subscription = books.find(session["_subscription"])
    session |= {"status": "complete", "url": None, "customer": customer}
    if session["mode"] == "payment":
        session["payment_intent"] = session["_intent"]
        for named in session["_discounts"]:
            coupons.give(books, named, customer=customer or "", subscription=None)
    if subscription:
        session |= {"subscription": subscription["id"], "invoice": subscription["latest_invoice"]}
    if session["mode"] != "setup":
        # A trial is `paid` too for Checkout: its first invoice, of nothing, is.
        session["payment_status"] = "paid" if session["amount_total"] or subscription else "no_payment_required"
    books.tell("checkout.session.completed", books.save(session))


def answer_challenge(books: Books, intent: Doc, *, passed: bool) -> Doc | None:
    """The customer has answered 3-D Secure. The session that this was for comes back, where there is one."""
    session = books.find(intent.get("_session"))
    if intent["status"] != "requires_action":
        return session
    if intent["object"] == "setup_intent":
        _answer_setup(books, intent, session, passed=passed)
        return session
    if not passed:
        payments.fail_authentication(books, intent)
    else:
        method = books.get(intent["payment_method"], "payment_method")
        payments.attempt(books, intent, method, authenticated=True)
    if intent["_invoice"]:
        invoices.heed(books, intent)
    if session and session["status"] == "open" and intent["status"] == "succeeded":
        complete(books, session, intent["customer"])
    return session


def _answer_setup(books: Books, setup: Doc, session: Doc | None, *, passed: bool) -> None:
    if not passed:
        message = "The latest attempt to set up the payment method has failed because authentication failed."
        error = {"type": "invalid_request_error", "code": "setup_intent_authentication_failure", "message": message}
        setup |= {"status": "requires_payment_method", "next_action": None, "payment_method": None, "last_setup_error": error}
        books.tell("setup_intent.setup_failed", books.save(setup))
    elif session and session["status"] == "open":
        _was_set_up(books, session, setup)
    else:
        setup |= {"status": "succeeded", "next_action": None}
        payments.keep(books, books.get(setup["payment_method"], "payment_method"), setup["customer"])
        books.tell("setup_intent.succeeded", books.save(setup))
