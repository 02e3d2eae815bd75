"""Products and prices."""

from broadsheet.till.books import Books, Doc
from broadsheet.till.forms import need, take
from broadsheet.till.refusals import invalid

PRODUCT_FIELDS = ("name", "description", "active", "images", "url", "unit_label", "statement_descriptor", "tax_code")


def create_product(books: Books, given: Doc) -> Doc:
    need(given, "name")
    if (ident := given.get("id")) and books.find(ident):
        raise invalid("Product already exists.", "id", "resource_already_exists")
    made = books.add("product", id=ident, active=True, updated=books.now)
    _fill(made, given)
    if first := given.get("default_price_data"):
        price = create_price(books, first | {"product": made["id"]})
        made["default_price"] = price["id"]
    books.tell("product.created", made)
    return made


def _fill(product: Doc, given: Doc) -> None:
    take(product, given, *PRODUCT_FIELDS)
    if "marketing_features" in given:
        product["marketing_features"] = given["marketing_features"]


def update_product(books: Books, given: Doc, ident: str) -> Doc:
    product = books.get(ident, "product")
    _fill(product, given)
    if "default_price" in given:
        price = books.get(given["default_price"], "price", param="default_price")
        if price["product"] != ident:
            raise invalid("The price specified is for another product.", "default_price")
        product["default_price"] = price["id"]
    product["updated"] = books.now
    books.tell("product.updated", books.save(product))
    return product


def create_price(books: Books, given: Doc) -> Doc:
    currency = need(given, "currency").lower()
    if given.get("unit_amount") is None:
        raise invalid("You must specify `unit_amount`.", "unit_amount")
    if given["unit_amount"] < 0:
        raise invalid("This value must be greater than or equal to 0.", "unit_amount", "parameter_invalid_integer")
    product = _product_of(books, given)
    recurring = _recurring(given["recurring"]) if given.get("recurring") else None
    made = books.add(
        "price", active=True, billing_scheme="per_unit", currency=currency, product=product["id"], recurring=recurring
    )
    made |= {"unit_amount": given["unit_amount"], "unit_amount_decimal": str(given["unit_amount"])}
    made |= {"type": "recurring" if recurring else "one_time", "tax_behavior": given.get("tax_behavior", "unspecified")}
    made["_currencies"] = _currencies(currency, given)
    _take_lookup_key(books, made, given)
    take(made, given, "active", "nickname")
    books.tell("price.created", made)
    return made


def _product_of(books: Books, given: Doc) -> Doc:
    if data := given.get("product_data"):
        return create_product(books, data)
    return books.get(need(given, "product"), "product", param="product")


def _recurring(given: Doc) -> Doc:
    interval, count = need(given, "interval"), given.get("interval_count", 1)
    longest = {"day": 1095, "week": 156, "month": 36, "year": 3}[interval]
    if not 1 <= count <= longest:
        raise invalid(f"The interval count must be between 1 and {longest}.", "recurring[interval_count]")
    return {"interval": interval, "interval_count": count, "meter": None, "usage_type": "licensed"}


def _currencies(currency: str, given: Doc) -> Doc:
    own = {currency: {"unit_amount": given["unit_amount"], "tax_behavior": given.get("tax_behavior", "unspecified")}}
    options: Doc = own | (given.get("currency_options") or {})
    return {code: _option(option) for code, option in options.items()}


def _option(given: Doc) -> Doc:
    amount = given["unit_amount"]
    return {"custom_unit_amount": None, "tax_behavior": given.get("tax_behavior", "unspecified"), "unit_amount": amount,
            "unit_amount_decimal": str(amount)}  # fmt: skip


def _take_lookup_key(books: Books, price: Doc, given: Doc) -> None:
    if "lookup_key" not in given:
        return
    wanted = given["lookup_key"]
    holders = [other for other in books.all("price") if wanted and other["lookup_key"] == wanted and other["id"] != price["id"]]
    for holder in holders:
        if not given.get("transfer_lookup_key"):
            raise invalid(f"A price (`{holder['id']}`) already uses that lookup key.", "lookup_key")
        holder["lookup_key"] = None
        books.save(holder)
    price["lookup_key"] = wanted or None


def update_price(books: Books, given: Doc, ident: str) -> Doc:
    price = books.get(ident, "price")
    take(price, given, "active", "nickname", "tax_behavior")
    _take_lookup_key(books, price, given)
    books.tell("price.updated", books.save(price))
    return price


def amount_in(books: Books, price: Doc, currency: str, *, param: str = "currency") -> int:
    """What one unit costs in a currency; refused where the price does not have it."""
    option = books.get(price["id"], "price")["_currencies"].get(currency)
    if option is None:
        raise invalid(f"The price specified only supports `{price['currency']}`.", param)
    return int(option["unit_amount"])


def delete_product(books: Books, given: Doc, ident: str) -> Doc:
    product = books.get(ident, "product")
    if books.all("price", parent=ident):
        raise invalid("This product cannot be deleted because it has one or more user-created prices.", "id")
    books.tell("product.deleted", product)
    return deleted(books, product)


def deleted(books: Books, doc: Doc) -> Doc:
    """A tombstone in place of the document: it is still found, as deleted."""
    grave = {"id": doc["id"], "object": doc["object"], "deleted": True}
    return books.save(grave)
