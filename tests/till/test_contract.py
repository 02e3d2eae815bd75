"""The till against Stripe's published contract: one version, doors that exist, and parameters that are Stripe's."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import stripe

from broadsheet.till.blanks import API_VERSION
from broadsheet.till.routes import DOORS, Door
from tests.till.contract import schemas, wrong
from tests.till.shop import Shop

TAKEN = json.loads(gzip.decompress((Path(__file__).with_name("stripe") / "parameters.json.gz").read_bytes()))
TYPES = {
    "text": {"string"},
    "int": {"integer"},
    "bool": {"boolean"},
    "number": {"number"},
    "moment": {"integer"},
    "map": {"object"},
}


def named(shape: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each path of a shape, and what it says of it."""
    if path:
        yield path, shape
    if isinstance(shape, dict):
        for name, inner in shape.items():
            yield from named(inner, f"{path}.{name}" if path else name)
    elif isinstance(shape, list):
        yield from named(shape[0], f"{path}[]")


def fits(shape: Any, types: list[str]) -> bool:
    words = {one[1:] for one in types if one.startswith("=")}
    if isinstance(shape, frozenset):
        return not words or shape <= words
    if isinstance(shape, dict | list):
        return ("object" if isinstance(shape, dict) else "array") in types
    return bool(TYPES[shape] & set(types)) or (shape == "text" and bool(words))


@pytest.mark.parametrize("door", DOORS, ids=lambda door: f"{door.method} {door.path}")
def test_what_a_door_takes_stripe_takes_too(door: Door):
    taken = TAKEN[f"{door.method} {door.path}"]
    strange = {
        path: shape for path, shape in named(door.shape) if not fits(shape, taken.get(path) or taken.get(any_key(path), []))
    }

    assert strange == {}


def any_key(path: str) -> str:
    """Currencies stand for themselves in a shape, and for any key in Stripe's."""
    head, found, rest = path.partition("currency_options.")
    return f"{head}{found}*{rest[3:]}"


def test_sdk_schemas_and_till_speak_one_version():
    assert stripe.api_version == schemas()["version"] == API_VERSION


def test_the_schemas_are_closed_and_know_what_is_missing():
    customer = Shop().api.customers.create({}).to_dict()
    short = {name: value for name, value in customer.items() if name != "created"}

    assert wrong("customer", customer) == []
    assert "'created' is a required property" in wrong("customer", short)[0]
    assert "'shoe_size' was unexpected" in wrong("customer", customer | {"shoe_size": 42})[0]
    assert wrong("customer", customer | {"balance": "much"}) != []


def test_every_kind_that_the_till_has_was_held_against_its_schema():
    """A list of each kind, however short, and one of each that a full life leaves behind."""
    shop = Shop()
    coupon = shop.api.coupons.create({"percent_off": 20, "duration": "forever"})
    shop.api.promotion_codes.create({"promotion": {"type": "coupon", "coupon": coupon.id}})
    customer = shop.customer(
        tax_id_data=[{"type": "eu_vat", "value": "DE123456789"}], address={"country": "DE", "line1": "Quay 1"}
    )
    subscription = shop.subscribe(customer, discounts=[{"coupon": coupon.id}], automatic_tax={"enabled": True})
    shop.api.customers.balance_transactions.create(customer.id, {"amount": -100, "currency": "eur"})
    shop.api.invoice_items.create({"customer": customer.id, "amount": 300, "currency": "eur", "description": "Binder"})
    shop.api.billing_portal.sessions.create({"customer": customer.id})
    shop.api.test_helpers.test_clocks.create({"frozen_time": shop.now})
    invoice = shop.invoices(subscription)[0]
    shop.api.credit_notes.create({"invoice": invoice.id, "amount": 100, "refund_amount": 100})

    for door in DOORS:
        if door.kind:
            path = door.path.replace("*", customer.id)
            listed = shop.api.subscriptions._request("get", f"/v1/{path}", base_address="api", params={"limit": 5})
            for one in listed.data:
                shop.api.subscriptions._request("get", f"/v1/{path}/{one.id}", base_address="api", params={})
    whole = [
        "customer.tax_ids",
        "customer.tax",
        "latest_invoice.payments",
        "latest_invoice.discounts.source.coupon",
        "discounts.promotion_code",
    ]
    found = shop.again(subscription, expand=whole)

    assert found.customer.tax_ids.data[0].value == "DE123456789"
    assert found.latest_invoice.discounts[0].source.coupon.id == coupon.id
    assert found.customer.tax.automatic_tax == "supported"
