"""`expand`: ids replaced by the objects that they name, and parts put in that are left out unless they are asked for."""

from collections.abc import Callable
from typing import Any

from broadsheet.till.blanks import listing
from broadsheet.till.books import Books, Doc, told_of
from broadsheet.till.refusals import invalid

DEEPEST = 4


def expanded(books: Books, answer: Doc, paths: list[str]) -> Doc:
    for path in paths:
        steps = path.split(".")
        if len(steps) - steps.count("data") > DEEPEST:
            raise invalid("You cannot expand more than 4 levels of a property.", "expand")
        answer = _walk(books, answer, steps, path)
    return answer


def _walk(books: Books, doc: Doc, steps: list[str], path: str) -> Doc:
    """A copy of the document with what the steps lead to put in."""
    name, rest = steps[0], steps[1:]
    asked = ASKED_FOR.get((doc.get("object", ""), name))
    if asked and name not in doc:
        doc = doc | {name: asked(books, doc)}
    if name not in doc:
        raise invalid(f"This property cannot be expanded ({path}).", "expand", "property_cannot_be_expanded")
    return doc | {name: _opened(books, doc[name], rest, path)}


def _opened(books: Books, value: Any, rest: list[str], path: str) -> Any:
    if value is None:
        return None
    if isinstance(value, list):
        return [_opened(books, part, rest, path) for part in value]
    if isinstance(value, str):
        found = books.find(value)
        if found is None:
            raise invalid(f"This property cannot be expanded ({path}).", "expand", "property_cannot_be_expanded")
        value = told_of(found)
    if not isinstance(value, dict):
        raise invalid(f"This property cannot be expanded ({path}).", "expand", "property_cannot_be_expanded")
    value = told_of(value)
    return _walk(books, value, rest, path) if rest else value


def _all(kind: str, by: str, url: str) -> Callable[[Books, Doc], Doc]:
    def asked(books: Books, doc: Doc) -> Doc:
        found = books.all(kind, **{by: doc["id"]})[::-1]
        live = [
            told_of(one) for one in found if one.get("status") not in {"canceled", "incomplete_expired"} or kind != "subscription"
        ]
        return listing(live[:10], url.format(doc["id"]), has_more=len(live) > 10)

    return asked


def _line_items(books: Books, session: Doc) -> Doc:
    lines = books.get(session["id"], "checkout.session")["_lines"]
    return listing(lines, f"/v1/checkout/sessions/{session['id']}/line_items")


def _currencies(books: Books, price: Doc) -> Doc:
    return dict(books.get(price["id"], "price")["_currencies"])


ASKED_FOR: dict[tuple[str, str], Callable[[Books, Doc], Any]] = {
    ("checkout.session", "line_items"): _line_items,
    ("price", "currency_options"): _currencies,
    ("invoice", "payments"): _all("invoice_payment", "parent", "/v1/invoice_payments?invoice={}"),
    ("customer", "subscriptions"): _all("subscription", "customer", "/v1/customers/{}/subscriptions"),
    ("customer", "tax_ids"): _all("tax_id", "customer", "/v1/customers/{}/tax_ids"),
    ("customer", "tax"): lambda books, customer: {
        "automatic_tax": "supported" if customer["address"] else "unrecognized_location", "ip_address": None, "location": None,
        "provider": "stripe"},
    ("", "breakdown"): lambda books, total_details: {"discounts": [], "taxes": []},
    ("coupon", "applies_to"): lambda books, coupon: {"products": books.get(coupon["id"], "coupon")["_products"]},
}  # fmt: skip
