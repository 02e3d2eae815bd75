"""Customers, their tax ids, and the balance that credits wait in."""

from broadsheet.till import cards
from broadsheet.till.books import Books, Doc
from broadsheet.till.catalog import deleted
from broadsheet.till.forms import need, take
from broadsheet.till.refusals import invalid


def create(books: Books, given: Doc) -> Doc:
    clock = books.get(given["test_clock"], "test_helpers.test_clock", param="test_clock") if given.get("test_clock") else None
    if clock:
        books.now = clock["frozen_time"]
    made = books.add("customer", balance=0, delinquent=False, metadata={}, tax_exempt="none", preferred_locales=[])
    made["test_clock"] = clock["id"] if clock else None
    made["invoice_settings"] = {"custom_fields": None, "default_payment_method": None, "footer": None, "rendering_options": None}
    made |= {"invoice_prefix": made["id"][-8:].upper(), "next_invoice_sequence": 1}
    if method := given.get("payment_method"):
        cards.attach_to(books, cards.method_for(books, method), made["id"])
    _fill(books, made, given)
    books.tell("customer.created", made)
    for tax_id in given.get("tax_id_data") or []:
        create_tax_id(books, tax_id, made["id"])
    return made


def _fill(books: Books, customer: Doc, given: Doc) -> None:
    take(customer, given, "email", "name", "description", "phone", "preferred_locales", "tax_exempt", "balance", "invoice_prefix")
    if "address" in given:
        customer["address"] = cards.full_address(given["address"])
    if shipping := given.get("shipping"):
        customer["shipping"] = {"address": cards.full_address(shipping.get("address")), "name": shipping.get("name")}
    settings = given.get("invoice_settings") or {}
    take(customer["invoice_settings"], settings, "footer", "default_payment_method")
    if method := settings.get("default_payment_method"):
        found = cards.method_for(books, method, param="invoice_settings[default_payment_method]")
        if found["customer"] != customer["id"]:
            raise invalid("The customer does not have a payment method with that ID.", "invoice_settings[default_payment_method]")


def update(books: Books, given: Doc, ident: str) -> Doc:
    customer = books.get(ident, "customer")
    _fill(books, customer, given)
    books.tell("customer.updated", books.save(customer))
    return customer


def methods_of(books: Books, given: Doc, ident: str) -> list[Doc]:
    books.get(ident, "customer")
    return books.all("payment_method", customer=ident)


def create_tax_id(books: Books, given: Doc, ident: str) -> Doc:
    made = books.add("tax_id", customer=ident, type=need(given, "type"), value=need(given, "value"))
    made |= {"owner": {"type": "customer", "customer": ident, "account": None, "application": None, "customer_account": None}}
    made |= {
        "country": made["type"][:2].upper(),
        "verification": {"status": "pending", "verified_address": None, "verified_name": None},
    }
    del made["owner"]["account"], made["owner"]["application"]
    books.tell("customer.tax_id.created", books.save(made))
    return made


def delete_tax_id(books: Books, given: Doc, ident: str, tax_id: str) -> Doc:
    found = books.get(tax_id, "tax_id")
    books.tell("customer.tax_id.deleted", found)
    return deleted(books, found)


def create_balance(books: Books, given: Doc, ident: str) -> Doc:
    customer = books.get(ident, "customer")
    if given.get("amount") is None:
        need(given, "amount")
    made = move_balance(books, customer, given["amount"], need(given, "currency"), kind="adjustment")
    take(made, given, "description")
    return books.save(made)


def move_balance(books: Books, customer: Doc, amount: int, currency: str, *, kind: str, invoice: str | None = None) -> Doc:
    """Add to what the customer owes: a credit is negative."""
    customer["balance"] += amount
    customer["currency"] = customer["currency"] or currency
    made = books.add("customer_balance_transaction", customer=customer["id"], amount=amount, currency=currency, type=kind)
    made |= {"ending_balance": customer["balance"], "invoice": invoice, "metadata": {}}
    books.tell("customer.updated", books.save(customer))
    return made
