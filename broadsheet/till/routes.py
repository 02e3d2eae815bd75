"""The doors of the till: method, address, what each takes, and who answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from broadsheet.till import (
    billing,
    cards,
    catalog,
    changing,
    checkout,
    clocks,
    coupons,
    customers,
    disputes,
    ending,
    endpoints,
    listing,
    payments,
    portal,
    refunds,
    shapes,
    subscriptions,
)
from broadsheet.till.books import Books, Doc

Answer = Callable[..., Any]  # of the books, what was given, and the ids in the address


@dataclass(frozen=True, slots=True)
class Door:
    """`kind` is set where a list of it is asked for; `old` where a single one is."""

    method: str
    path: str
    shape: Doc
    answer: Answer
    kind: str = ""


def _get(kind: str) -> Answer:
    def answer(books: Books, given: Doc, *idents: str) -> Doc:
        return books.get(idents[-1], kind, deleted=kind == "customer")

    return answer


def _list(kind: str) -> Answer:
    def answer(books: Books, given: Doc, *idents: str) -> list[Doc]:
        if idents:
            books.get(idents[0], "customer")
        return list(books.newest(kind, customer=idents[0] if idents else None))

    return answer


def rest(
    path: str,
    kind: str,
    *,
    new: tuple[Doc, Answer] | None = None,
    change: tuple[Doc, Answer] | None = None,
    delete: Answer | None = None,
) -> list[Door]:
    """The usual five doors of a kind, as far as it has them."""
    doors = [Door("GET", path, listing.shape_of(kind), _list(kind), kind), Door("GET", f"{path}/*", {}, _get(kind))]
    doors += [Door("POST", path, *new)] if new else []
    doors += [Door("POST", f"{path}/*", *change)] if change else []
    return doors + ([Door("DELETE", f"{path}/*", {}, delete)] if delete else [])


def post(path: str, shape: Doc, answer: Answer) -> Door:
    return Door("POST", path, shape, answer)


def _clear_item(books: Books, given: Doc, ident: str) -> list[Doc]:
    return list(books.get(ident, "subscription")["items"]["data"])


def _invoice_lines(books: Books, given: Doc, ident: str) -> list[Doc]:
    return list(books.get(ident, "invoice")["lines"]["data"])


def _items(books: Books, given: Doc) -> list[Doc]:
    return _clear_item(books, given, given.get("subscription") or "")


DOORS: list[Door] = [
    *rest(
        "products",
        "product",
        new=(shapes.PRODUCT_NEW, catalog.create_product),
        delete=catalog.delete_product,
        change=(shapes.PRODUCT_CHANGE, catalog.update_product),
    ),
    *rest("prices", "price", new=(shapes.PRICE_NEW, catalog.create_price), change=(shapes.PRICE, catalog.update_price)),
    *rest(
        "coupons",
        "coupon",
        new=(shapes.COUPON_NEW, coupons.create_coupon),
        delete=coupons.delete_coupon,
        change=(shapes.COUPON, coupons.update_coupon),
    ),
    *rest(
        "promotion_codes",
        "promotion_code",
        new=(shapes.CODE_NEW, coupons.create_code),
        change=(shapes.CODE_CHANGE, coupons.update_code),
    ),
    *rest(
        "customers",
        "customer",
        new=(shapes.CUSTOMER_NEW, customers.create),
        change=(shapes.CUSTOMER, customers.update),
        delete=ending.delete_customer,
    ),
    Door("GET", "customers/*/payment_methods", shapes.LIST | {"type": "text"}, _list("payment_method")),
    Door("GET", "customers/*/payment_methods/*", {}, _get("payment_method")),
    Door("GET", "customers/*/tax_ids", shapes.LIST, _list("tax_id")),
    Door("GET", "customers/*/tax_ids/*", {}, _get("tax_id")),
    post("customers/*/tax_ids", shapes.TAX_ID_NEW, customers.create_tax_id),
    Door("DELETE", "customers/*/tax_ids/*", {}, customers.delete_tax_id),
    Door("GET", "customers/*/balance_transactions", shapes.LIST, _list("customer_balance_transaction")),
    Door("GET", "customers/*/balance_transactions/*", {}, _get("customer_balance_transaction")),
    post("customers/*/balance_transactions", shapes.BALANCE_NEW, customers.create_balance),
    *rest(
        "payment_methods",
        "payment_method",
        new=(shapes.METHOD_NEW, cards.create_method),
        change=(shapes.METHOD_CHANGE, cards.update_method),
    ),
    post("payment_methods/*/attach", {"customer": "text"}, cards.attach),
    post("payment_methods/*/detach", {}, cards.detach),
    *rest(
        "checkout/sessions", "checkout.session", new=(shapes.SESSION_NEW, checkout.create), change=(shapes.META, checkout.update)
    ),
    post("checkout/sessions/*/expire", {}, checkout.expire_by_call),
    Door("GET", "checkout/sessions/*/line_items", shapes.LIST, checkout.line_items),
    *rest(
        "subscriptions",
        "subscription",
        new=(shapes.SUBSCRIPTION_NEW, subscriptions.create),
        change=(shapes.SUBSCRIPTION_CHANGE, changing.update),
    ),
    Door("DELETE", "subscriptions/*", shapes.SUBSCRIPTION_END, ending.cancel),
    post("subscriptions/*/resume", shapes.RESUME, ending.resume),
    Door("GET", "subscription_items", shapes.LIST | {"subscription": "text"}, _items),
    post("invoices/create_preview", shapes.PREVIEW, billing.preview),
    *rest(
        "invoices",
        "invoice",
        new=(shapes.INVOICE_NEW, billing.create),
        change=(shapes.INVOICE_CHANGE, billing.update),
        delete=billing.delete,
    ),
    Door("GET", "invoices/*/lines", shapes.LIST, _invoice_lines),
    post("invoices/*/finalize", {"auto_advance": "bool"}, billing.finalise),
    post("invoices/*/pay", shapes.INVOICE_PAY, billing.pay),
    post("invoices/*/void", {}, billing.void),
    post("invoices/*/mark_uncollectible", {}, billing.write_off),
    *rest("invoiceitems", "invoiceitem", new=(shapes.INVOICE_ITEM, billing.create_item), delete=billing.delete_item),
    *rest("invoice_payments", "invoice_payment"),
    *rest("payment_intents", "payment_intent", new=(shapes.INTENT_NEW, payments.create)),
    post("payment_intents/*/confirm", shapes.INTENT_CONFIRM, payments.confirm),
    post("payment_intents/*/cancel", {}, payments.cancel),
    *rest("setup_intents", "setup_intent"),
    *rest("charges", "charge"),
    *rest("refunds", "refund", new=(shapes.REFUND_NEW, refunds.create), change=(shapes.META, refunds.update)),
    *rest("disputes", "dispute", change=(shapes.DISPUTE_CHANGE, disputes.update)),
    post("disputes/*/close", {}, disputes.close),
    *rest("credit_notes", "credit_note", new=(shapes.NOTE_NEW, refunds.create_note)),
    post("billing_portal/sessions", shapes.PORTAL_NEW, portal.create_session),
    *rest(
        "billing_portal/configurations",
        "billing_portal.configuration",
        new=(shapes.CONFIGURATION, portal.create_configuration),
        change=(shapes.CONFIGURATION_CHANGE, portal.update_configuration),
    ),
    *rest(
        "test_helpers/test_clocks",
        "test_helpers.test_clock",
        delete=clocks.delete,
        new=({"frozen_time": "int", "name": "text"}, clocks.create),
    ),
    post("test_helpers/test_clocks/*/advance", {"frozen_time": "int"}, clocks.advance),
    *rest("events", "event"),
    *rest(
        "webhook_endpoints",
        "webhook_endpoint",
        new=(shapes.ENDPOINT_NEW, endpoints.create),
        delete=endpoints.delete,
        change=(shapes.ENDPOINT_CHANGE, endpoints.update),
    ),
]
EXACT = {(door.method, door.path): door for door in DOORS}


def found(method: str, path: str) -> tuple[Door, list[str]] | None:
    """The door of an address below /v1/, and the ids in it; a word of an address stands before an id."""
    steps = path.split("/")
    if door := EXACT.get((method, path)):
        return door, []
    for door in BY_LENGTH.get((method, len(steps)), ()):
        wanted = door.path.split("/")
        if all(want in ("*", step) for want, step in zip(wanted, steps, strict=True)):
            return door, [step for want, step in zip(wanted, steps, strict=True) if want == "*"]
    return None


BY_LENGTH: dict[tuple[str, int], list[Door]] = {}
for _door in DOORS:
    BY_LENGTH.setdefault((_door.method, _door.path.count("/") + 1), []).append(_door)
