"""Coupons, the codes that customers type, and discounts: a coupon given to one subscription or session."""

from fractions import Fraction

from broadsheet.till.books import Books, Doc
from broadsheet.till.catalog import deleted
from broadsheet.till.forms import need, take
from broadsheet.till.periods import months_from, rounded
from broadsheet.till.refusals import Refusal, invalid

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def create_coupon(books: Books, given: Doc) -> Doc:
    if (given.get("percent_off") is None) == (given.get("amount_off") is None):
        raise invalid("Must provide either `percent_off` or `amount_off`, and not both.")
    if given.get("percent_off") is not None and not 0 < given["percent_off"] <= 100:
        raise invalid("Invalid percent_off: must be greater than 0 and at most 100.", "percent_off")
    if given.get("amount_off") is not None:
        need(given, "currency")
    if (given.get("duration") == "repeating") != (given.get("duration_in_months") is not None):
        raise invalid("`duration_in_months` goes with the duration `repeating`.", "duration_in_months")
    if (ident := given.get("id")) and books.find(ident):
        raise invalid("Coupon already exists.", "id", "resource_already_exists")
    if given.get("redeem_by") is not None and given["redeem_by"] <= books.now:
        raise invalid("The `redeem_by` must be in the future.", "redeem_by")
    made = books.add("coupon", id=ident, duration=given.get("duration", "once"), valid=True)
    take(made, given, "name", "amount_off", "percent_off", "duration_in_months", "max_redemptions", "redeem_by")
    made["currency"] = given["currency"].lower() if given.get("currency") else None
    made["_products"] = (given.get("applies_to") or {}).get("products") or []
    books.tell("coupon.created", made)
    return made


def update_coupon(books: Books, given: Doc, ident: str) -> Doc:
    coupon = books.get(ident, "coupon", param="coupon")
    take(coupon, given, "name")
    books.tell("coupon.updated", books.save(coupon))
    return coupon


def delete_coupon(books: Books, given: Doc, ident: str) -> Doc:
    """What has been given keeps its discount: the coupon's terms are kept in each."""
    coupon = books.get(ident, "coupon", param="coupon")
    books.tell("coupon.deleted", coupon)
    return deleted(books, coupon)


def expire_coupon(books: Books, coupon: Doc) -> None:
    coupon["valid"] = False
    books.tell("coupon.updated", books.save(coupon))


def create_code(books: Books, given: Doc) -> Doc:
    coupon = books.get(need(need(given, "promotion"), "coupon"), "coupon", param="promotion[coupon]")
    if not coupon["valid"]:
        raise invalid("This coupon is no longer valid.", "promotion[coupon]")
    code = given.get("code") or "".join(LETTERS[ord(letter) % len(LETTERS)] for letter in books.new_id("promotion_code")[-8:])
    _refuse_second(books, code, given.get("customer"))
    if given.get("expires_at") is not None and given["expires_at"] <= books.now:
        raise invalid("The `expires_at` must be in the future.", "expires_at")
    made = books.add("promotion_code", code=code, active=given.get("active", True), _typed=code.lower())
    made["promotion"] = {"type": "coupon", "coupon": coupon["id"]}
    take(made, given, "customer", "expires_at", "max_redemptions")
    made["restrictions"] |= given.get("restrictions") or {}
    books.tell("promotion_code.created", made)
    return made


def _refuse_second(books: Books, code: str, customer: str | None) -> None:
    same = [other for other in books.all("promotion_code", parent=code.lower()) if other["active"]]
    if any(other["customer"] in (None, customer) or customer is None for other in same):
        raise invalid("An active promotion code with that code already exists.", "code")


def update_code(books: Books, given: Doc, ident: str) -> Doc:
    code = books.get(ident, "promotion_code")
    if given.get("active") and _is_used_up(code, books.now):
        raise invalid("This promotion code cannot be made active again: it has expired or is used up.", "active")
    take(code, given, "active")
    books.tell("promotion_code.updated", books.save(code))
    return code


def _is_used_up(code: Doc, now: int) -> bool:
    spent = code["max_redemptions"] is not None and code["times_redeemed"] >= code["max_redemptions"]
    return spent or (code["expires_at"] is not None and code["expires_at"] <= now)


def expire_code(books: Books, code: Doc) -> None:
    code["active"] = False
    books.tell("promotion_code.updated", books.save(code))


def code_typed(books: Books, text: str) -> Doc | None:
    """The active code that a customer has typed; None where there is none."""
    codes = [code for code in books.newest("promotion_code", parent=text.strip().lower() or "-") if code["active"]]
    return codes[0] if codes else None


def refusal_of(books: Books, code: Doc | None, *, customer: str | None, subtotal: int, currency: str) -> Refusal | None:
    """Why a code may not be used here; None where it may."""
    coupon = books.find(code["promotion"]["coupon"]) if code else None
    if code is None or not code["active"] or coupon is None or coupon.get("deleted") or not coupon["valid"]:
        return invalid("This code is invalid.", "promotion_code")
    if code["customer"] and code["customer"] != customer:
        return invalid("This code is for another customer.", "promotion_code")
    limits = code["restrictions"]
    if limits["first_time_transaction"] and customer and _has_paid(books, customer):
        message = "This promotion code cannot be redeemed because the associated customer has prior transactions."
        return invalid(message, "promotion_code", "promotion_code_customer_not_first_time")
    if limits["minimum_amount"] and (limits["minimum_amount_currency"], subtotal >= limits["minimum_amount"]) != (currency, True):
        return invalid("The amount is below what this promotion code asks for.", "promotion_code")
    return None


def _has_paid(books: Books, customer: str) -> bool:
    return any(charge["paid"] for charge in books.newest("charge", customer=customer))


def chosen(books: Books, given: list[Doc], *, customer: str | None, subtotal: int, currency: str) -> list[Doc]:
    """The coupons and codes named in a `discounts` parameter, each checked: dictionaries with `coupon` and `promotion_code`."""
    found = []
    for at, discount in enumerate(given):
        if code_id := discount.get("promotion_code"):
            code = books.get(code_id, "promotion_code", param=f"discounts[{at}][promotion_code]")
            if refusal := refusal_of(books, code, customer=customer, subtotal=subtotal, currency=currency):
                raise refusal
            found.append({"coupon": code["promotion"]["coupon"], "promotion_code": code_id})
        elif coupon_id := discount.get("coupon"):
            coupon = books.get(coupon_id, "coupon", param=f"discounts[{at}][coupon]")
            if not coupon["valid"]:
                raise invalid(
                    f"Coupon {coupon_id} is used up and cannot be redeemed.", f"discounts[{at}][coupon]", "coupon_expired"
                )
            found.append({"coupon": coupon_id, "promotion_code": None})
    for discount in found:
        fixed = books.get(discount["coupon"], "coupon")["currency"]
        if fixed and fixed != currency:
            raise invalid(f"The coupon is in {fixed}, and this is in {currency}.", "discounts")
    return found


def give(books: Books, named: Doc, *, customer: str, subscription: str | None) -> Doc:
    """Redeem: a discount out of what `chosen` has found. The last redemption closes coupon and code."""
    coupon = books.get(named["coupon"], "coupon")
    _count(books, coupon, "valid", "coupon.updated")
    if named["promotion_code"]:
        _count(books, books.get(named["promotion_code"], "promotion_code"), "active", "promotion_code.updated")
    made = books.add("discount", customer=customer, subscription=subscription, promotion_code=named["promotion_code"])
    made |= {"start": books.now, "source": {"type": "coupon", "coupon": coupon["id"]}}
    if coupon["duration"] == "repeating":
        made["end"] = months_from(books.now, coupon["duration_in_months"])
    made["_terms"] = {name: coupon[name] for name in ("percent_off", "amount_off", "duration", "_products")}
    made["_of"] = subscription
    if subscription:
        books.tell("customer.discount.created", made)
    return made


def _count(books: Books, doc: Doc, open_field: str, event: str) -> None:
    doc["times_redeemed"] += 1
    if doc["max_redemptions"] is not None and doc["times_redeemed"] >= doc["max_redemptions"]:
        doc[open_field] = False
    books.tell(event, books.save(doc))


def runs(discount: Doc, at: int) -> bool:
    return discount["end"] is None or at < discount["end"]


def taken_off(terms: Doc, amounts: list[tuple[str, int]]) -> list[int]:
    """What a discount takes off each amount, given as (product, amount); an amount off is shared out over all of them."""
    falls_on = [amount if amount > 0 and product in (terms["_products"] or [product]) else 0 for product, amount in amounts]
    if terms["percent_off"] is not None:
        return [rounded(Fraction(amount) * Fraction(str(terms["percent_off"])) / 100) for amount in falls_on]
    total = sum(falls_on)
    left, shares = min(int(terms["amount_off"]), total), []
    whole = left
    for amount in falls_on:
        part = min(left, rounded(Fraction(whole * amount, total))) if total else 0
        left -= part
        shares.append(part)
    if left and shares:
        shares[falls_on.index(max(falls_on))] += left
    return shares
