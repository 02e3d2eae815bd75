"""The lines of an invoice, and its sums."""

from collections.abc import Iterable

from broadsheet.till import coupons
from broadsheet.till.blanks import blank
from broadsheet.till.books import Books, Doc
from broadsheet.till.catalog import amount_in

LEAST_CHARGE = 50  # below it the amount waits in the customer's balance


def of_item(books: Books, item: Doc, *, subscription: Doc, start: int, end: int, trial: bool = False) -> Doc:
    """What a subscription's item costs for one period."""
    price = item["price"]
    amount = 0 if trial else amount_in(books, price, subscription["currency"]) * item["quantity"]
    words = described(books, price)
    made = line(
        books, amount, subscription["currency"], f"Trial period for {words}" if trial else f"{item['quantity']} × {words}"
    )
    made |= {"period": {"start": start, "end": end}, "quantity": item["quantity"], "quantity_decimal": str(item["quantity"])}
    made |= {"subscription": subscription["id"], "pricing": pricing(books, price, subscription["currency"])}
    made["parent"] = {
        "type": "subscription_item_details",
        "invoice_item_details": None,
        "subscription_item_details": {
            "invoice_item": None,
            "proration": False,
            "proration_details": {"credited_items": None},
            "subscription": subscription["id"],
            "subscription_item": item["id"],
        },
    }
    return made


def described(books: Books, price: Doc) -> str:
    return f"{named(books, price)} ({every(price)})"


def named(books: Books, price: Doc) -> str:
    return str((books.find(price["product"]) or {}).get("name", price["product"]))


def every(price: Doc) -> str:
    recurring = price["recurring"]
    if recurring is None:
        return "once"
    count = recurring["interval_count"]
    return f"every {recurring['interval']}" if count == 1 else f"every {count} {recurring['interval']}s"


def line(books: Books, amount: int, currency: str, description: str) -> Doc:
    made = blank("line_item")
    made |= {
        "id": books.new_id("line_item"),
        "amount": amount,
        "subtotal": amount,
        "currency": currency,
        "description": description,
    }
    made |= {"discountable": True, "discount_amounts": [], "taxes": [], "pretax_credit_amounts": []}
    made |= {"period": {"start": books.now, "end": books.now}, "quantity": 1, "quantity_decimal": "1"}
    return made


def pricing(books: Books, price: Doc, currency: str) -> Doc:
    amount = str(amount_in(books, price, currency))
    return {
        "type": "price_details",
        "price_details": {"price": price["id"], "product": price["product"]},
        "unit_amount_decimal": amount,
    }


def of_pending(books: Books, pending: Doc) -> Doc:
    """The line of an invoice item that has waited for this invoice."""
    made = line(books, pending["amount"], pending["currency"], pending["description"] or "")
    made |= {"period": pending["period"], "quantity": pending["quantity"], "quantity_decimal": pending["quantity_decimal"]}
    made |= {"discountable": pending["discountable"], "pricing": pending["pricing"], "metadata": pending["metadata"]}
    details = {"invoice_item": pending["id"], "proration": pending["proration"], "proration_details": {"credited_items": None}}
    details["subscription"] = pending["_subscription"]
    if pending["proration"]:
        details["subscription_item"] = pending["_item"]
        made["subscription"] = pending["_subscription"]
        parent = {"type": "subscription_item_details", "subscription_item_details": details, "invoice_item_details": None}
    else:
        parent = {"type": "invoice_item_details", "invoice_item_details": details, "subscription_item_details": None}
    made["parent"] = parent
    return made


def add_up(books: Books, invoice: Doc, discounts: Iterable[Doc]) -> None:
    """Subtotal, discounts and total of an invoice from its lines; no tax is ever added."""
    rows = invoice["lines"]["data"]
    invoice["subtotal"] = invoice["subtotal_excluding_tax"] = sum(row["amount"] for row in rows)
    left = [row["amount"] if row["discountable"] else 0 for row in rows]
    taken = []
    for row in rows:
        row |= {"invoice": invoice["id"], "discount_amounts": []}
    for discount in discounts:
        products = [((row["pricing"] or {}).get("price_details") or {}).get("product", "") for row in rows]
        off = coupons.taken_off(discount["_terms"], list(zip(products, left, strict=True)))
        for row, part in zip(rows, off, strict=True):
            if part:
                row["discount_amounts"].append({"amount": part, "discount": discount["id"]})
        left = [amount - part for amount, part in zip(left, off, strict=True)]
        taken.append({"amount": sum(off), "discount": discount["id"]})
    invoice |= {"discounts": [part["discount"] for part in taken], "total_discount_amounts": taken, "total_taxes": []}
    total = invoice["subtotal"] - sum(part["amount"] for part in taken)
    invoice |= {
        "total": total,
        "total_excluding_tax": total,
        "total_pretax_credit_amounts": [
            {"amount": part["amount"], "discount": part["discount"], "type": "discount"} for part in taken
        ],
    }
    invoice["amount_due"] = invoice["amount_remaining"] = max(0, total)


def set_against(invoice: Doc, balance: int) -> int:
    """Set a customer's balance off against the invoice; what is then due is on it, and the balance after it comes back."""
    due = invoice["total"] + balance
    kept = due if due < LEAST_CHARGE else 0
    invoice |= {"starting_balance": balance, "ending_balance": kept}
    invoice["amount_due"] = invoice["amount_remaining"] = due - kept
    return kept
