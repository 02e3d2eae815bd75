"""What a change in the middle of a period costs or gives back."""

from broadsheet.till import coupons, lines
from broadsheet.till.books import Books, Doc
from broadsheet.till.catalog import amount_in
from broadsheet.till.invoices import running_discounts
from broadsheet.till.periods import share


def net_amount(books: Books, subscription: Doc, item: Doc) -> int:
    """An item's price for a whole period, after the discounts that run."""
    amount = amount_in(books, item["price"], subscription["currency"]) * item["quantity"]
    for discount in running_discounts(books, subscription):
        amount -= coupons.taken_off(discount["_terms"], [(item["price"]["product"], amount)])[0]
    return amount


def credit(books: Books, subscription: Doc, item: Doc, *, at: int) -> Doc:
    """The unused time of an item, as an invoice item that waits."""
    amount = -share(
        credited(books, subscription, item), at=at, start=item["current_period_start"], end=item["current_period_end"]
    )
    return pending(books, subscription, item, amount, at, f"Unused time on {_words(books, item)}")


def credited(books: Books, subscription: Doc, item: Doc) -> int:
    """The period's price, or zero where the period was a trial or has been given for nothing."""
    return 0 if subscription["status"] == "trialing" else net_amount(books, subscription, item)


def debit(books: Books, subscription: Doc, item: Doc, *, at: int) -> Doc:
    whole = 0 if subscription["status"] == "trialing" else net_amount(books, subscription, item)
    amount = share(whole, at=at, start=item["current_period_start"], end=item["current_period_end"])
    return pending(books, subscription, item, amount, at, f"Remaining time on {_words(books, item)}")


def _words(books: Books, item: Doc) -> str:
    return f"{item['quantity']} × {lines.named(books, item['price'])}"


def pending(books: Books, subscription: Doc, item: Doc, amount: int, at: int, words: str) -> Doc:
    made = books.add("invoiceitem", customer=subscription["customer"], amount=amount, currency=subscription["currency"], date=at)
    made |= {
        "description": words,
        "discountable": False,
        "period": {"start": at, "end": item["current_period_end"]},
        "proration": True,
    }
    made |= {"quantity": item["quantity"], "quantity_decimal": str(item["quantity"]), "net_amount": amount, "metadata": {}}
    made |= {"pricing": lines.pricing(books, item["price"], subscription["currency"]), "discounts": [], "tax_rates": []}
    made["parent"] = {"type": "subscription_details", "subscription_details": {
        "subscription": subscription["id"], "subscription_item": item["id"]}}  # fmt: skip
    made |= {"_subscription": subscription["id"], "_item": item["id"], "proration_details": {"discount_amounts": []}}
    made["test_clock"] = subscription["test_clock"]
    books.tell("invoiceitem.created", books.save(made))
    return made
