"""Lists, page by page, the newest first; and the filters that each takes."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from broadsheet.till import shapes
from broadsheet.till.blanks import listing
from broadsheet.till.books import Books, Doc, told_of
from broadsheet.till.refusals import invalid, missing

COMPARE: dict[str, Callable[[int, int], bool]] = {
    "gt": lambda value, bound: value > bound,
    "gte": lambda value, bound: value >= bound,
    "lt": lambda value, bound: value < bound,
    "lte": lambda value, bound: value <= bound,
}
# What each kind may be filtered by; "" at the end of a name says that it is a list of texts.
FILTERS: dict[str, Doc] = {
    "product": {"active": "bool", "ids": ["text"]},
    "price": {
        "active": "bool",
        "currency": "text",
        "product": "text",
        "type": shapes.one_of("one_time recurring"),
        "lookup_keys": ["text"],
        "recurring": {"interval": shapes.one_of("day week month year")},
    },
    "coupon": {},
    "promotion_code": {"active": "bool", "code": "text", "coupon": "text", "customer": "text"},
    "customer": {"email": "text", "test_clock": "text"},
    "payment_method": {"customer": "text", "type": shapes.one_of("card")},
    "checkout.session": {
        "customer": "text",
        "payment_intent": "text",
        "subscription": "text",
        "status": shapes.one_of("complete expired open"),
    },
    "subscription": {
        "customer": "text",
        "price": "text",
        "collection_method": "text",
        "test_clock": "text",
        "status": shapes.one_of("active all canceled ended incomplete incomplete_expired past_due paused trialing unpaid"),
    },
    "invoice": {
        "customer": "text",
        "subscription": "text",
        "status": shapes.one_of("draft open paid uncollectible void"),
        "collection_method": "text",
    },
    "invoiceitem": {"customer": "text", "invoice": "text", "pending": "bool"},
    "invoice_payment": {"invoice": "text", "status": "text", "payment": {"type": "text", "payment_intent": "text"}},
    "payment_intent": {"customer": "text"},
    "charge": {"customer": "text", "payment_intent": "text"},
    "refund": {"charge": "text", "payment_intent": "text"},
    "dispute": {"charge": "text", "payment_intent": "text"},
    "credit_note": {"customer": "text", "invoice": "text"},
    "setup_intent": {"customer": "text", "payment_method": "text"},
    "event": {"type": "text", "types": ["text"]},
    "billing_portal.configuration": {"active": "bool", "is_default": "bool"},
    "test_helpers.test_clock": {},
    "webhook_endpoint": {},
    "customer_balance_transaction": {},
    "tax_id": {},
}
# Stripe filters these by no moment.
WITHOUT_CREATED = {"payment_method", "billing_portal.configuration", "test_helpers.test_clock", "webhook_endpoint"}
ENDED = {"canceled", "incomplete_expired"}


def shape_of(kind: str) -> Doc:
    return shapes.LIST | FILTERS[kind] | ({} if kind in WITHOUT_CREATED else shapes.CREATED)


def listed(books: Books, kind: str, given: Doc, url: str) -> Doc:
    parent = {
        "invoice": "subscription",
        "invoice_payment": "invoice",
        "price": "product",
        "charge": "payment_intent",
        "refund": "charge",
        "dispute": "charge",
        "credit_note": "invoice",
    }.get(kind)
    found = books.newest(kind, customer=given.get("customer") or None, parent=given.get(parent) or None if parent else None)
    return page((doc for doc in found if _fits(doc, kind, given)), given, url)


def page(found: Iterable[Doc], given: Doc, url: str) -> Doc:
    """One page of what was found, newest first."""
    limit = given.get("limit", 10)
    if not 1 <= limit <= 100:
        raise invalid("Invalid limit: must be between 1 and 100.", "limit", "parameter_invalid_integer")
    rest = iter(found)
    if given.get("ending_before"):
        newer = _until(rest, given["ending_before"], "ending_before")
        return listing([told_of(doc) for doc in newer[-limit:]], url, has_more=len(newer) > limit)
    if given.get("starting_after"):
        _until(rest, given["starting_after"], "starting_after")
    shown = list(islice(rest, limit + 1))
    return listing([told_of(doc) for doc in shown[:limit]], url, has_more=len(shown) > limit)


def _until(found: Iterator[Doc], ident: str, param: str) -> list[Doc]:
    """What comes before the named one, which is taken out too."""
    before: list[Doc] = []
    for doc in found:
        if doc["id"] == ident:
            return before
        before.append(doc)
    raise missing("object", ident, param)


def _fits(doc: Doc, kind: str, given: Doc) -> bool:
    if "created" in given and not all(COMPARE[how](doc.get("created", 0), bound) for how, bound in given["created"].items()):
        return False
    if kind == "subscription" and not _status_fits(doc, given.get("status")):
        return False
    return all(_is(doc, kind, name, given[name]) for name in FILTERS[kind] if given.get(name) not in (None, ""))


def _status_fits(subscription: Doc, wanted: str | None) -> bool:
    """Without a filter those that are cancelled are left out."""
    if wanted == "ended":
        return subscription["status"] in ENDED
    return wanted == "all" or (subscription["status"] != "canceled" if wanted is None else subscription["status"] == wanted)


def _is(doc: Doc, kind: str, name: str, wanted: Any) -> bool:
    match kind, name:
        case "subscription", "status":
            return True
        case "subscription", "price":
            return any(item["price"]["id"] == wanted for item in doc["items"]["data"])
        case "invoice", "subscription":
            return bool(doc["_subscription"] == wanted)
        case "promotion_code", "coupon":
            return bool(doc["promotion"]["coupon"] == wanted)
        case "promotion_code", "code":
            return bool(doc["code"].lower() == wanted.lower())
        case "price", "recurring":
            return bool(doc["recurring"] and doc["recurring"]["interval"] == wanted.get("interval"))
        case "invoice_payment", "payment":
            return bool(doc["payment"]["payment_intent"] == wanted.get("payment_intent"))
        case "invoiceitem", "pending":
            return bool((doc["invoice"] is None) == wanted)
        case "event", "type":
            return _type_fits(doc["type"], wanted)
        case _, ("lookup_keys" | "ids" | "types"):
            return doc[{"lookup_keys": "lookup_key", "ids": "id", "types": "type"}[name]] in wanted
        case _:
            return bool(doc.get(name) == wanted)


def _type_fits(kind: str, wanted: str) -> bool:
    return kind.startswith(wanted[:-1]) if wanted.endswith("*") else kind == wanted
