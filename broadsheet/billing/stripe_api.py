"""Stripe, through its own SDK: the only module that talks to it. What comes back is plain dictionaries, in Stripe's words.

Every call that makes something carries an idempotency key, so that a call whose answer was lost can be made again.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any
from urllib.parse import quote

import stripe
from django.conf import settings

Doc = dict[str, Any]
MOST_INVOICES = 100
MOST_COUPONS = 300
PATIENCE = 10  # seconds for an answer, where the SDK has 80: somebody waits before a page, or an errand behind this one
TOLERANCE = 300  # seconds that a notice's signature is good for


class NotConfigured(Exception):
    """No secret key is set: nothing is sold here."""


class Unreachable(Exception):
    """Stripe did not answer, or not yet; the same call may be made again."""


class Refused(Exception):
    """Stripe will not do it; its words are for whoever asked."""


class Declined(Refused):
    """A card was not charged: declined, or its bank asks for 3-D Secure."""


class NoEvent(Exception):
    """A body that is none of Stripe's events."""


class NotSigned(Exception):
    """A notice that Stripe did not sign, or not with a secret that we know, or too long ago."""


def is_configured() -> bool:
    return bool(settings.STRIPE_SECRET_KEY)


def hears() -> bool:
    """Whether a notice can be believed: nothing is, without a secret to prove it by."""
    return is_configured() and bool(settings.STRIPE_NOTICE_SECRETS)


def is_live() -> bool:
    return bool(settings.STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_")))


@lru_cache(maxsize=4)
def _client(key: str, api_base: str, http_client: stripe.HTTPClient | None) -> stripe.StripeClient:
    places: Any = {"base_addresses": {"api": api_base}} if api_base else {}
    sends = http_client or stripe.new_default_http_client(timeout=PATIENCE)
    return stripe.StripeClient(key, max_network_retries=1, http_client=sends, **places)


def _sdk() -> stripe.StripeClient:
    """STRIPE_HTTP_CLIENT is how the SDK sends; None, as everywhere but in tests and benchmarks, leaves that to the SDK."""
    if not is_configured():
        raise NotConfigured("BROADSHEET_STRIPE_KEY is not set.")
    return _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE, settings.STRIPE_HTTP_CLIENT)


def _v1() -> Any:
    return _sdk().v1


def _said(call: Any, *args: Any, **kwargs: Any) -> Doc:
    """What Stripe answers, as a dictionary; its errors in three sorts."""
    with _in_our_words():
        answer: Doc = call(*args, **kwargs).to_dict()
    return answer


def _read(*path: str, **about: Any) -> Doc:
    """What is there, as the SDK gets it: the sweep reads whole lists, and an object of each part would cost ten times as much."""
    url = "/".join(("", "v1", *(quote(part, safe="") for part in path)))
    with _in_our_words():
        return dict(_sdk().raw_request("get", url, **about).data)


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except stripe.CardError as trouble:
        raise Declined(trouble.user_message or str(trouble)) from trouble
    except (stripe.InvalidRequestError, stripe.IdempotencyError) as trouble:
        if trouble.code == "idempotency_key_in_use":
            raise Unreachable("The same call is just being answered.") from trouble
        raise Refused(trouble.user_message or str(trouble)) from trouble
    except stripe.StripeError as trouble:
        raise Unreachable(f"{type(trouble).__name__}: {trouble.user_message or trouble}") from trouble


def _once(key: str) -> Doc:
    return {"idempotency_key": f"broadsheet-{key}"}


# What is there now


def subscription(reference: str) -> Doc:
    return _read("subscriptions", reference, expand=["discounts"])


def invoices(subscription: str) -> list[Doc]:
    """The newest hundred, newest first."""
    return list(_read("invoices", subscription=subscription, limit=MOST_INVOICES, expand=["data.discounts"])["data"])


def card_of(said: Doc) -> str:
    """By which a subscription, as Stripe told it, is paid; "" where it has none."""
    own = said.get("default_payment_method")
    return str(own or _read("customers", said["customer"])["invoice_settings"]["default_payment_method"] or "")


def invoice(reference: str) -> Doc:
    return _read("invoices", reference)


def charges(*, invoice: str) -> list[Doc]:
    """By which an invoice was paid, each with `refunds` and `disputes` as plain lists."""
    paid = _read("invoice_payments", invoice=invoice, limit=20)["data"]
    intents = [payment["payment"].get("payment_intent") for payment in paid if payment["payment"]["type"] == "payment_intent"]
    return [_with_what_befell(charge) for intent in intents for charge in _charges_of(intent)]


def charge(reference: str) -> Doc:
    return _with_what_befell(_read("charges", reference))


def charges_of_payment(intent: str) -> list[Doc]:
    return [_with_what_befell(charge) for charge in _charges_of(intent)]


def _charges_of(intent: str) -> list[Doc]:
    return list(_read("charges", payment_intent=intent, limit=20)["data"])


def _with_what_befell(charge: Doc) -> Doc:
    refunds = _read("refunds", charge=charge["id"], limit=20)["data"] if charge["amount_refunded"] else []
    disputes = _read("disputes", charge=charge["id"], limit=20)["data"] if charge["disputed"] else []
    return {**charge, "refunds": refunds, "disputes": disputes}


def refunds(*, charge: str) -> list[Doc]:
    return list(_said(_v1().refunds.list, {"charge": charge, "limit": 100})["data"])


def subscriptions() -> Iterator[Doc]:
    """All of them, ended ones too, newest first: what the sweep compares with."""
    return _all("subscriptions", status="all")


def customers() -> Iterator[Doc]:
    return _all("customers")


def events(*, since: datetime | None) -> Iterator[Doc]:
    """What was told, newest first, of the thirty days that Stripe keeps."""
    return _all("events", **({"created": {"gte": int(since.timestamp())}} if since else {}))


def customer_of(kind: str, reference: str) -> str:
    """Whose an object is that says so only through its charge; "" of others."""
    if not kind.startswith(("charge.dispute.", "refund.")):
        return ""
    charge = _read("disputes" if kind.startswith("charge.dispute.") else "refunds", reference).get("charge")
    return str(_read("charges", charge).get("customer") or "") if charge else ""


def _all(*path: str, **about: Any) -> Iterator[Doc]:
    after: Doc = {}
    while True:
        found = _read(*path, **about, limit=100, **after)
        yield from found["data"]
        if not found["has_more"]:
            return
        after = {"starting_after": found["data"][-1]["id"]}


def customer(reference: str) -> Doc:
    return _read("customers", reference)


def credit_of(customer: str) -> int:
    """What would pay their next bills; nothing of one who was deleted there."""
    return max(0, -_read("customers", customer).get("balance", 0))


def movements(*, customer: str) -> Iterator[Doc]:
    """Of that credit, newest first: below zero where it grew."""
    return _all("customers", customer, "balance_transactions")


def coupon(reference: str) -> Doc:
    return _read("coupons", reference)


def redemptions() -> dict[str, int]:
    """Of each coupon by its name, of those made last: an account at Stripe may have many that are not ours."""
    return {one["id"]: one["times_redeemed"] for one in islice(_all("coupons"), MOST_COUPONS)}


def checkout(reference: str) -> Doc:
    return _read("checkout", "sessions", reference)


def checkout_with_taxes(reference: str) -> Doc:
    """And with how its sum is made up, which Stripe says only where it is asked for."""
    return _read("checkout", "sessions", reference, expand=["total_details.breakdown"])


# What is made


def make_customer(*, address: str, name: str, reader: int, key: str) -> Doc:
    about = {"email": address, "metadata": {"reader": str(reader)}, **({"name": name} if name else {})}
    return _said(_v1().customers.create, about, _once(key))


def change_address(reference: str, address: str) -> Doc:
    return _said(_v1().customers.update, reference, {"email": address})


def is_forgotten(reference: str) -> bool:
    """Whether a customer was deleted there."""
    try:
        return bool(_read("customers", reference).get("deleted"))
    except Refused:
        return True


def forget_customer(reference: str) -> None:
    """Whatever they still hold there ends too; their invoices stay. Twice is as once."""
    if not _said(_v1().customers.retrieve, reference).get("deleted"):
        _said(_v1().customers.delete, reference)


def make_product(*, name: str, plan: int, key: str) -> Doc:
    return _said(_v1().products.create, {"name": name, "metadata": {"plan": str(plan)}}, _once(key))


def make_price(*, product: str, amount: int, currency: str, recurring: Mapping[str, Any], price: int, key: str) -> Doc:
    about = {
        "product": product,
        "unit_amount": amount,
        "currency": currency.lower(),
        "recurring": recurring,
        "tax_behavior": "inclusive",
        "metadata": {"price": str(price)},
    }
    return _said(_v1().prices.create, about, _once(key))


def make_coupon(about: Doc, *, key: str) -> Doc:
    return _said(_v1().coupons.create, about, _once(key))


def make_code(about: Doc, *, key: str) -> Doc:
    return _said(_v1().promotion_codes.create, about, _once(key))


def close_code(reference: str) -> Doc:
    return _said(_v1().promotion_codes.update, reference, {"active": False})


def open_checkout(about: Doc, *, key: str) -> Doc:
    return _said(_v1().checkout.sessions.create, about, _once(key))


def close_checkout(reference: str) -> Doc:
    return _said(_v1().checkout.sessions.expire, reference)


def open_portal(*, customer: str, return_url: str) -> Doc:
    return _said(_v1().billing_portal.sessions.create, {"customer": customer, "return_url": return_url})


def attach_card(method: str, *, customer: str) -> Doc:
    return _said(_v1().payment_methods.attach, method, {"customer": customer})


def change_subscription(reference: str, about: Doc, *, key: str) -> Doc:
    return _said(_v1().subscriptions.update, reference, about, _once(key))


def preview_renewal(reference: str) -> Doc:
    """The bill to come, as it is now."""
    return _said(_v1().invoices.create_preview, {"subscription": reference})


def preview_change(reference: str, details: Doc) -> Doc:
    """The bill that a change would raise at once."""
    return _said(_v1().invoices.create_preview, {"subscription": reference, "subscription_details": details})


def end_subscription(reference: str, *, key: str) -> Doc:
    return _said(_v1().subscriptions.cancel, reference, {"prorate": False, "invoice_now": False}, _once(key))


def void_invoice(reference: str, *, key: str) -> Doc:
    return _said(_v1().invoices.void_invoice, reference, {}, _once(key))


def refund(*, charge: str, amount: int, key: str, marks: Mapping[str, str] | None = None) -> Doc:
    about = {"charge": charge, "amount": amount, **({"metadata": marks} if marks else {})}
    return _said(_v1().refunds.create, about, _once(key))


def move_credit(*, customer: str, amount: int, currency: str, key: str, marks: Mapping[str, str]) -> Doc:
    """From a customer's balance to us; below zero, to them."""
    about = {"amount": amount, "currency": currency, "metadata": marks}
    return _said(_v1().customers.balance_transactions.create, customer, about, _once(key))


# What it tells


def notice(body: bytes, signature: str) -> Doc:
    """A notice's event, if one of our secrets signed it within the last minutes."""
    for secret in settings.STRIPE_NOTICE_SECRETS:
        try:
            stripe.WebhookSignature.verify_header(body.decode(), signature, secret, TOLERANCE)
        except (stripe.SignatureVerificationError, ValueError):
            continue
        return _event(body)
    raise NotSigned("Not signed by Stripe with a secret known here, or too long ago.")


def _event(body: bytes) -> Doc:
    try:
        event: Doc = json.loads(body)
        if isinstance(event["id"], str) and isinstance(event["type"], str) and isinstance(event["data"]["object"], dict):
            return event
    except (ValueError, KeyError, TypeError):
        pass
    raise NoEvent("Signed, and yet no event.")
