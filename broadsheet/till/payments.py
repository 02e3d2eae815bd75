"""Payment intents and the charges that come of them: a card is asked, pays, or is declined."""

from broadsheet.till import cards, disputes
from broadsheet.till.books import Books, Doc
from broadsheet.till.forms import need, take
from broadsheet.till.refusals import declined, invalid

LEAST = 50  # in the currency's smallest unit
OPEN = {"requires_payment_method", "requires_confirmation", "requires_action"}


def open_intent(
    books: Books, *, amount: int, currency: str, customer: str | None, invoice: str | None = None, **more: object
) -> Doc:
    made = books.add("payment_intent", customer=customer, status="requires_payment_method", metadata={}, _invoice=invoice)
    made |= {"amount": amount, "amount_capturable": 0, "amount_received": 0, "amount_details": {"tip": {}}, "currency": currency}
    made |= {"capture_method": "automatic", "confirmation_method": "automatic", "payment_method_types": ["card"]}
    made |= {"client_secret": f"{made['id']}_secret_{books.salt}", **more}
    made["payment_method_options"] = {
        "card": {"installments": None, "mandate_options": None, "network": None, "request_three_d_secure": "automatic"}
    }
    books.tell("payment_intent.created", made)
    return made


def attempt(books: Books, intent: Doc, method: Doc, *, authenticated: bool = False) -> str:
    """Charge the card: `succeeded`, `requires_action`, or `requires_payment_method` where it was declined."""
    intent |= {"payment_method": method["id"], "next_action": None, "last_payment_error": None}
    behaviour = method["_behaviour"]
    if _asks(method) and not authenticated:
        return _ask(books, intent)
    if behaviour in cards.DECLINES:
        return _decline(books, intent, method, behaviour)
    if behaviour == "fails_later":
        return _decline(books, intent, method, "generic_decline")
    return _pay(books, intent, method)


def _asks(method: Doc) -> bool:
    return method["_behaviour"] == "asks_always" or (method["_behaviour"] == "asks_once" and not method.get("_set_up"))


def _ask(books: Books, intent: Doc) -> str:
    url = f"{books.house.public_url}/till/3ds/{intent['id']}"
    intent["status"] = "requires_action"
    intent["next_action"] = {"type": "redirect_to_url", "redirect_to_url": {"return_url": intent.get("_return_url"), "url": url}}
    books.tell("payment_intent.requires_action", books.save(intent))
    return "requires_action"


def _charge(books: Books, intent: Doc, method: Doc) -> Doc:
    made = books.add("charge", amount=intent["amount"], currency=intent["currency"], customer=intent["customer"])
    made |= {"payment_intent": intent["id"], "payment_method": method["id"], "billing_details": method["billing_details"]}
    made |= {"description": intent["description"], "metadata": dict(intent["metadata"]), "receipt_email": intent["receipt_email"]}
    card = {
        name: method["card"][name] for name in ("brand", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4")
    }
    checks = method["card"]["checks"]
    made["payment_method_details"] = {
        "type": "card",
        "card": card
        | {
            "amount_authorized": intent["amount"],
            "authorization_code": None,
            "checks": checks,
            "installments": None,
            "mandate": None,
            "network": method["card"]["brand"],
            "network_token": {"used": False},
            "network_transaction_id": None,
            "regulated_status": "unregulated",
            "three_d_secure": None,
            "wallet": None,
        },
    }
    intent["latest_charge"] = made["id"]
    return made


def _decline(books: Books, intent: Doc, method: Doc, decline_code: str) -> str:
    charge = _charge(books, intent, method)
    error = cards.error_of(decline_code, method["id"])
    charge |= {"status": "failed", "failure_code": error["code"], "failure_message": error["message"]}
    charge["outcome"] = _outcome("declined_by_network", decline_code, "The bank did not accept the payment.", "issuer_declined")
    intent["last_payment_error"] = error | {"charge": charge["id"], "payment_method": told_method(method)}
    intent |= {"status": "requires_payment_method", "payment_method": None}
    books.tell("charge.failed", charge)
    books.tell("payment_intent.payment_failed", books.save(intent))
    return "requires_payment_method"


def told_method(method: Doc) -> Doc:
    return {name: value for name, value in method.items() if name[0] != "_"}


def _outcome(status: str, reason: str | None, message: str, kind: str) -> Doc:
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": status,
        "reason": reason,
        "risk_level": "normal",
        "seller_message": message,
        "type": kind,
    }


def _pay(books: Books, intent: Doc, method: Doc) -> str:
    charge = _charge(books, intent, method)
    charge |= {"status": "succeeded", "paid": True, "captured": True, "amount_captured": charge["amount"]}
    charge["outcome"] = _outcome("approved_by_network", None, "Payment complete.", "authorized")
    charge["receipt_url"] = f"{books.house.public_url}/till/receipts/{charge['id']}"
    intent |= {"status": "succeeded", "amount_received": intent["amount"]}
    if intent["customer"] and (intent["_invoice"] or intent["setup_future_usage"]):
        keep(books, method, intent["customer"])
    books.tell("charge.succeeded", charge)
    books.tell("payment_intent.succeeded", books.save(intent))
    if method["_behaviour"] == "disputed":
        disputes.open_for(books, charge)
    return "succeeded"


def keep(books: Books, method: Doc, customer: str) -> None:
    """Save a card that has paid, or was set up, to its customer; it has been authenticated if it asked."""
    method["_set_up"] = True
    if method["customer"] is None and not method.get("_detached"):
        method["customer"] = customer
        books.tell("payment_method.attached", method)
    books.save(method)


def fail_authentication(books: Books, intent: Doc) -> None:
    """The customer did not pass 3-D Secure."""
    message = "The provided payment method has failed authentication. Provide payment_method_data or a new payment method."
    error = {"type": "invalid_request_error", "code": "payment_intent_authentication_failure", "message": message}
    intent |= {"status": "requires_payment_method", "next_action": None, "payment_method": None, "last_payment_error": error}
    books.tell("payment_intent.payment_failed", books.save(intent))


def cancel_intent(books: Books, intent: Doc, reason: str | None) -> None:
    if intent["status"] in OPEN:
        intent |= {"status": "canceled", "canceled_at": books.now, "cancellation_reason": reason, "next_action": None}
        books.tell("payment_intent.canceled", books.save(intent))


# Doors


def create(books: Books, given: Doc) -> Doc:
    amount, currency = need(given, "amount"), need(given, "currency").lower()
    if amount < LEAST:
        raise invalid("Amount must be at least 50 of the currency's smallest unit.", "amount", "amount_too_small")
    customer = books.get(given["customer"], "customer", param="customer")["id"] if given.get("customer") else None
    intent = open_intent(books, amount=amount, currency=currency, customer=customer)
    take(intent, given, "description", "receipt_email", "setup_future_usage")
    if given.get("automatic_payment_methods"):
        intent["automatic_payment_methods"] = {"allow_redirects": "always", **given["automatic_payment_methods"]}
    if given.get("payment_method"):
        _choose(books, intent, given["payment_method"])
    if given.get("confirm"):
        return confirm(books, given, intent["id"])
    return intent


def _choose(books: Books, intent: Doc, ident: str) -> None:
    method = cards.method_for(books, ident)
    if method["customer"] not in (None, intent["customer"]):
        raise invalid("The payment method belongs to another customer.", "payment_method")
    intent |= {"payment_method": method["id"], "status": "requires_confirmation"}
    books.save(intent)


def confirm(books: Books, given: Doc, ident: str) -> Doc:
    intent = books.get(ident, "payment_intent")
    refuse_unless_open(intent)
    if given.get("payment_method") and given["payment_method"] != intent["payment_method"]:
        _choose(books, intent, given["payment_method"])
    if not intent["payment_method"]:
        raise invalid("You cannot confirm this PaymentIntent because it's missing a payment method.", "payment_method")
    intent["_return_url"] = given.get("return_url")
    method = books.get(intent["payment_method"], "payment_method")
    if given.get("off_session") and _asks(method):
        _decline(books, intent, method, "authentication_required")
    else:
        attempt(books, intent, method)
    if intent["status"] == "requires_payment_method":
        raise declined(intent["last_payment_error"] | {"payment_intent": told_method(intent)}, keeps=True)
    return intent


def refuse_unless_open(intent: Doc) -> None:
    if intent["status"] not in OPEN:
        message = f"You cannot do this to this PaymentIntent because it has a status of {intent['status']}."
        raise invalid(message, code="payment_intent_unexpected_state")


def cancel(books: Books, given: Doc, ident: str) -> Doc:
    intent = books.get(ident, "payment_intent")
    if intent["_invoice"]:
        raise invalid("A PaymentIntent of an invoice is canceled by voiding the invoice.")
    refuse_unless_open(intent)
    cancel_intent(books, intent, "requested_by_customer")
    return intent
