"""Receipts as PDF, set by Typst out of what Stripe has: the bill, its charges, and what was paid back of them.

Values reach the template as JSON and stay text, cut to a length, so that nothing on a bill is code or takes long to set.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import formats, timezone

from broadsheet.billing import currencies, stripe_api, translate
from broadsheet.billing.models import GivenYear, Invoice, Plan, Price, SellingRules
from broadsheet.membership import seats
from broadsheet.membership.models import Reader
from broadsheet.membership.policy import ERASED

Doc = Mapping[str, Any]
Row = dict[str, str]
HERE = Path(__file__).parent
MOST_ROWS = 60
MOST_LETTERS = 160
GONE_BACK = ("succeeded", "pending")
LABELS = {
    "heading": "Receipt",
    "from_label": "From",
    "to_label": "To",
    "number_label": "Number",
    "paid_label": "Paid on",
    "what_label": "What",
    "sum_label": "Sum",
}


def bills_of(reader: Reader) -> "QuerySet[Invoice]":
    """Theirs, and those of the groups that they manage."""
    managed = [group.reference.removeprefix("stripe ") for group in seats.managed_by(reader)]
    return Invoice.objects.filter(Q(customer__reader=reader) | Q(subscription__reference__in=managed)).select_related("customer")


def has_receipt(bill: Invoice) -> bool:
    return bill.status == "paid" and (bill.paid > 0 or bill.credit > 0) and bill.customer.live == stripe_api.is_live()


def receipt_of(bill: Invoice) -> bytes:
    """A PDF. Stripe is asked, since what was paid back and how is told there alone."""
    said = stripe_api.invoice(bill.reference)
    if not (said.get("customer_address") or {}).get("line1"):  # it may be older than what was typed at Checkout
        said = {**said, **_address_now(bill)}
    charges = [charge for charge in stripe_api.charges(invoice=bill.reference) if charge["paid"]]
    return printed(told_by(said, charges, bill.customer.reader))


def has_receipt_of_year(year: GivenYear) -> bool:
    return bool(year.payment) and year.live == stripe_api.is_live()


def receipt_of_year(year: GivenYear, giver: Reader) -> bytes:
    """Of a year that was given there is no bill: what stood on its page of payment is read as one."""
    said = stripe_api.checkout_with_taxes(year.reference)
    charges = [charge for charge in stripe_api.charges_of_payment(year.payment) if charge["paid"]]
    return printed(told_by(_as_bill(year, said, paid_at=charges[0]["created"]), charges, giver))


def _as_bill(year: GivenYear, said: Doc, *, paid_at: int) -> Doc:
    total, details = said["amount_total"], said["customer_details"] or {}
    return {
        "number": _number_of(year),
        "created": paid_at,
        "currency": said["currency"],
        "customer_name": details.get("name"),
        "customer_address": details.get("address"),
        "customer_tax_ids": details.get("tax_ids"),
        "lines": {"data": [_line_of(year, said)]},
        "total": total,
        "amount_due": total,
        "total_excluding_tax": total - said["total_details"]["amount_tax"],
        "total_taxes": [{**tax, "tax_behavior": "inclusive"} for tax in said["total_details"]["breakdown"]["taxes"]],
    }


def _line_of(year: GivenYear, said: Doc) -> Doc:
    """Its year begins when its code is redeemed, so that it names no period."""
    what = f"{year.price.plan.name}, a year as a gift"
    return {"description": what, "amount": said["amount_total"], "currency": said["currency"], "period": {"start": 0, "end": 0}}


def _number_of(year: GivenYear) -> str:
    return f"YEAR-{year.pk:04}"


def filename_of_year(year: GivenYear) -> str:
    return f"receipt-{_number_of(year).lower()}.pdf"


def _address_now(bill: Invoice) -> Doc:
    """As Stripe has it of the customer; nothing of one who was deleted there."""
    said = stripe_api.customer(bill.customer.reference)
    known = {"customer_address": said.get("address"), "customer_name": said.get("name")}
    return {name: value for name, value in known.items() if value}


def filename_of(bill: Invoice) -> str:
    name = "".join(letter for letter in bill.number if letter.isascii() and (letter.isalnum() or letter == "-"))
    return f"receipt-{name or bill.pk}.pdf"


def printed(told: Doc) -> bytes:
    handed = {"receipt": json.dumps(told)}
    page = HERE / "receipt.typ"
    return typst.compile(page, root=HERE, font_paths=_faces(), ignore_system_fonts=True, sys_inputs=handed, format="pdf")


@lru_cache(maxsize=1)
def _faces() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[HERE / "faces"])


def told_by(said: Doc, charges: Sequence[Doc], reader: Reader) -> dict[str, Any]:
    """What stands on it."""
    number, currency = said.get("number") or said["id"], said["currency"]
    paid_at = (said.get("status_transitions") or {}).get("paid_at") or said["created"]
    publication = _text(settings.PUBLICATION_NAME)
    return {
        **LABELS,
        "language": settings.LANGUAGE_CODE.partition("-")[0],
        "title": _text(f"Receipt {number}, {publication}"),
        "publication": publication,
        "seller": seller(),
        "to": _recipient(said, reader),
        "number": _text(number),
        "paid_on": _day(paid_at),
        "rows": [_row(line) for line in said["lines"]["data"][:MOST_ROWS]],
        "sums": list(_sums(said)),
        "total": [{"what": f"Total, {currency.upper()}", "sum": _money(said["total"], currency)}],
        "after": list(_after(said, charges)),
        "sentences": [_text(sentence) for sentence in _sentences(said, charges)],
    }


def seller() -> list[str]:
    return _lines(SellingRules.load().seller) or [_text(settings.PUBLICATION_NAME), settings.BASE_URL.partition("//")[2]]


def _recipient(said: Doc, reader: Reader) -> list[str]:
    """An account that is erased bears no name here either."""
    address = said.get("customer_address") or {}
    place = " ".join(address.get(name) or "" for name in ("postal_code", "city"))
    lines = [
        said.get("customer_name") or reader.get_full_name(),
        *(address.get(name) for name in ("line1", "line2")),
        place.strip(),
        address.get("state"),
        address.get("country"),
        *(tax_id["value"] for tax_id in said.get("customer_tax_ids") or ()),
    ]
    erased = reader.email.endswith(f"@{ERASED}")
    return [_text(line) for line in lines if line and not erased] + ["An erased account" if erased else _text(reader.email)]


def _row(line: Doc) -> Row:
    begins, ends = line["period"]["start"], line["period"]["end"]
    period = f"{_day(begins)} to {_day(ends)}" if ends > begins else ""
    return {"what": _text(_what(line)), "period": period, "sum": _money(line["amount"], line["currency"])}


def _what(line: Doc) -> str:
    """A plan by our name for it; whatever else is billed, as Stripe describes it."""
    named = ((line.get("pricing") or {}).get("price_details") or {}).get("price")
    price = Price.objects.filter(reference=named).select_related("plan").first() if named else None
    if price is None or not line["amount"]:
        return str(line.get("description") or "Subscription")
    seats_bought = f", {line['quantity']} seats" if price.plan.kind == Plan.Kind.TEAM else ""
    named = f"{price.plan.name}, by the {price.every}{seats_bought}"
    if line["amount"] < 0:
        return f"Not used of {named}"
    return f"{named}, for the days left" if translate.is_proration(line) else named


def _sums(said: Doc) -> Iterator[Row]:
    """What comes off, and the tax where it is added."""
    currency = said["currency"]
    if off := sum(part["amount"] for part in said.get("total_discount_amounts") or ()):
        yield {"what": "Discount", "sum": _money(-off, currency)}
    taxes = _taxes(said, included=False)
    if taxes:
        yield {"what": "Net", "sum": _money(said["total_excluding_tax"], currency)}
    for tax in taxes:
        yield {"what": f"Tax{_taxed(tax, currency)}", "sum": _money(tax["amount"], currency)}


def _after(said: Doc, charges: Sequence[Doc]) -> Iterator[Row]:
    currency = said["currency"]
    for tax in _taxes(said, included=True):
        yield {"what": f"Tax in it{_taxed(tax, currency)}", "sum": _money(tax["amount"], currency)}
    if credit := said["amount_due"] - said["total"]:
        yield {"what": "Credit from before" if credit < 0 else "Carried over", "sum": _money(credit, currency)}
        yield {"what": "Paid", "sum": _money(said["amount_paid"], currency)}
    for refund in sorted((one for charge in charges for one in charge["refunds"]), key=lambda one: int(one["created"])):
        if refund["status"] in GONE_BACK:
            yield {"what": f"Paid back on {_day(refund['created'])}", "sum": _money(-refund["amount"], currency)}


def _taxes(said: Doc, *, included: bool) -> list[Doc]:
    return [tax for tax in said.get("total_taxes") or () if (tax.get("tax_behavior") == "inclusive") is included]


def _taxed(tax: Doc, currency: str) -> str:
    return f", on {_money(tax['taxable_amount'], currency)}" if tax.get("taxable_amount") else ""


def _sentences(said: Doc, charges: Sequence[Doc]) -> Iterator[str]:
    ways = dict.fromkeys(way for charge in charges if (way := _way(charge)))
    if ways:
        yield f"Paid with {' and '.join(ways)}."
    if any(tax.get("taxability_reason") == "reverse_charge" for tax in said.get("total_taxes") or ()):
        yield "Reverse charge: whoever receives this owes the tax."


def _way(charge: Doc) -> str:
    """As much of how it was paid as Stripe says."""
    details = charge.get("payment_method_details") or {}
    kind = str(details.get("type") or "")
    about = details.get(kind) or {}
    name = f"a {str(about.get('brand') or '').title()} card".replace("  ", " ") if kind == "card" else kind.replace("_", " ")
    return f"{name} ending {about['last4']}" if about.get("last4") else name


def _money(amount: int, currency: str) -> str:
    return currencies.written(amount, currency).replace("-", "−")


def _day(seconds: int) -> str:
    moment: datetime = translate.moment(seconds)
    return formats.date_format(timezone.localtime(moment), "j F Y")


def _lines(text: str) -> list[str]:
    return [_text(line) for line in text.splitlines() if line.strip()]


def _text(words: str) -> str:
    plain = "".join(letter if letter.isprintable() else " " for letter in words)
    return " ".join(plain.split())[:MOST_LETTERS]
