"""Stripe's test cards and payment methods made of them.

A card's number is looked up and forgotten: what is kept is its brand, last four digits, expiry and the name of its behaviour.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from broadsheet.till.books import Books, Doc
from broadsheet.till.forms import need, take
from broadsheet.till.refusals import declined, invalid


@dataclass(frozen=True, slots=True)
class Card:
    """A test card: how it behaves, what Stripe's token for it is called, and what a tester is told of it."""

    behaviour: str
    token: str
    brand: str = "visa"
    told: str = ""


CARDS = {
    "4242424242424242": Card("pays", "visa", told="Pays"),
    "5555555555554444": Card("pays", "mastercard", "mastercard"),
    "378282246310005": Card("pays", "amex", "amex"),
    "4000000000000002": Card("generic_decline", "chargeDeclined", told="Declined"),
    "4000000000009995": Card("insufficient_funds", "chargeDeclinedInsufficientFunds", told="Insufficient funds"),
    "4000000000000069": Card("expired_card", "chargeDeclinedExpiredCard"),
    "4000000000000127": Card("incorrect_cvc", "chargeDeclinedIncorrectCvc"),
    "4000000000000341": Card("fails_later", "chargeCustomerFail", told="Can be saved, fails when charged"),
    "4000002500003155": Card("asks_once", "authenticationRequiredOnSetup", told="3-D Secure, once"),
    "4000002760003184": Card("asks_always", "authenticationRequired", told="3-D Secure, every time"),
    "4000000000000259": Card("disputed", "createDispute", told="Pays, then disputed as fraud"),
}
BY_TOKEN = {card.token: (number, card) for number, card in CARDS.items()}
DECLINES = {
    "generic_decline": ("card_declined", "Your card was declined."),
    "insufficient_funds": ("card_declined", "Your card has insufficient funds."),
    "expired_card": ("expired_card", "Your card has expired."),
    "incorrect_cvc": ("incorrect_cvc", "Your card's security code is incorrect."),
    "authentication_required": (
        "authentication_required",
        "Your card was declined. This transaction requires authentication.",
    ),
}
CANNOT_BE_SAVED = {"generic_decline", "insufficient_funds", "expired_card", "incorrect_cvc"}
ASKS = {"asks_once", "asks_always"}


def card_numbered(number: str) -> tuple[str, Card]:
    """The card of a number as it was typed, and its last four digits."""
    digits = "".join(letter for letter in number if letter.isdigit())
    card = CARDS.get(digits)
    if card is None:
        raise invalid("This is no test card. The till takes only Stripe's test numbers.", "number", "incorrect_number")
    return digits[-4:], card


def error_of(decline_code: str, method: str | None = None) -> Doc:
    code, message = DECLINES[decline_code]
    error: Doc = {"type": "card_error", "code": code, "message": message}
    if code == "card_declined" or decline_code == "authentication_required":
        error["decline_code"] = decline_code
    if method:
        error["doc_url"] = f"https://docs.stripe.com/error-codes/{code.replace('_', '-')}"
    return error


def create_method(books: Books, given: Doc) -> Doc:
    if need(given, "type") != "card":
        raise invalid("The till takes cards only.", "type")
    token = need(need(given, "card"), "token").removeprefix("tok_")
    found = BY_TOKEN.get(token)
    if found is None:
        raise invalid(f"No such token: 'tok_{token}'", "card[token]", "resource_missing")
    number, card = found
    method = made_of(books, card, last4=number[-4:], expiry=_far(books.now))
    _fill(method, given)
    return method


def made_of(books: Books, card: Card, *, last4: str, expiry: tuple[int, int]) -> Doc:
    method = books.add("payment_method", type="card", allow_redisplay="unspecified", metadata={}, _behaviour=card.behaviour)
    method["card"] = {
        "brand": card.brand, "display_brand": card.brand, "country": "US", "exp_month": expiry[0], "exp_year": expiry[1],
        "fingerprint": f"{card.behaviour}{last4}", "funding": "credit", "last4": last4, "generated_from": None, "wallet": None,
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "networks": {"available": [card.brand], "preferred": None}, "three_d_secure_usage": {"supported": True},
        "regulated_status": "unregulated",
    }  # fmt: skip
    return method


def _far(now: int) -> tuple[int, int]:
    return 12, datetime.fromtimestamp(now, UTC).year + 4


def _fill(method: Doc, given: Doc) -> None:
    take(method, given)
    for name, value in (given.get("billing_details") or {}).items():
        method["billing_details"][name] = (full_address(value) if name == "address" else value) or None


def full_address(given: Doc | None) -> Doc | None:
    names = ("city", "country", "line1", "line2", "postal_code", "state")
    return {name: given.get(name) or None for name in names} if given else None


def method_for(books: Books, ident: str, *, param: str = "payment_method") -> Doc:
    """A payment method by its id; Stripe's `pm_card_…` make a new one each time."""
    token = ident.removeprefix("pm_card_")
    if token != ident and token in BY_TOKEN:
        number, card = BY_TOKEN[token]
        return made_of(books, card, last4=number[-4:], expiry=_far(books.now))
    return books.get(ident, "payment_method", param=param)


def attach(books: Books, given: Doc, ident: str) -> Doc:
    method = method_for(books, ident)
    customer = books.get(need(given, "customer"), "customer", param="customer")
    return attach_to(books, method, customer["id"])


def attach_to(books: Books, method: Doc, customer: str) -> Doc:
    if method["customer"] == customer:
        return method
    if method["customer"] or method.get("_detached"):
        raise invalid("The payment method has already been attached to a customer, or was detached.", "payment_method")
    if method["_behaviour"] in CANNOT_BE_SAVED:
        raise declined(error_of(method["_behaviour"]), keeps=False)
    method["customer"] = customer
    books.tell("payment_method.attached", books.save(method))
    return method


def detach(books: Books, given: Doc, ident: str) -> Doc:
    method = books.get(ident, "payment_method")
    if not method["customer"]:
        raise invalid("The payment method you provided is not attached to a customer so detachment is impossible.")
    customer = books.get(method["customer"], "customer")
    method |= {"customer": None, "_detached": True}
    if customer["invoice_settings"]["default_payment_method"] == ident:
        customer["invoice_settings"]["default_payment_method"] = None
        books.tell("customer.updated", books.save(customer))
    for subscription in books.all("subscription", customer=customer["id"]):
        if subscription["default_payment_method"] == ident:
            subscription["default_payment_method"] = None
            books.tell("customer.subscription.updated", books.save(subscription))
    books.tell("payment_method.detached", books.save(method))
    return method


def update_method(books: Books, given: Doc, ident: str) -> Doc:
    method = books.get(ident, "payment_method")
    _fill(method, given)
    method["card"] |= given.get("card") or {}
    books.tell("payment_method.updated", books.save(method))
    return method
