"""Refunds of charges, whole or in part, and credit notes for what was invoiced."""

from broadsheet.till import customers
from broadsheet.till.blanks import listing
from broadsheet.till.books import Books, Doc
from broadsheet.till.forms import need, take
from broadsheet.till.refusals import invalid


def create(books: Books, given: Doc) -> Doc:
    charge = _charge_named(books, given)
    left = charge["amount"] - charge["amount_refunded"]
    amount = given["amount"] if given.get("amount") is not None else left
    if not charge["paid"]:
        raise invalid(f"Charge {charge['id']} was not paid.", "charge")
    if charge["disputed"] and not _won(books, charge):
        raise invalid(f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed")
    if left == 0:
        raise invalid(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if not 0 < amount <= left:
        raise invalid(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left}), or not positive.", "amount"
        )
    made = give_back(books, charge, amount, reason=given.get("reason"))
    take(made, given)
    return books.save(made)


def _charge_named(books: Books, given: Doc) -> Doc:
    if given.get("payment_intent"):
        intent = books.get(given["payment_intent"], "payment_intent", param="payment_intent")
        if not intent["latest_charge"]:
            raise invalid(f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.", "payment_intent")
        return books.get(intent["latest_charge"], "charge")
    return books.get(need(given, "charge"), "charge", param="charge")


def _won(books: Books, charge: Doc) -> bool:
    return all(dispute["status"] == "won" for dispute in books.all("dispute", parent=charge["id"]))


def give_back(books: Books, charge: Doc, amount: int, *, reason: str | None) -> Doc:
    made = books.add("refund", amount=amount, charge=charge["id"], currency=charge["currency"], reason=reason, metadata={})
    made |= {"payment_intent": charge["payment_intent"], "status": "succeeded", "payment_method": charge["payment_method"]}
    made["destination_details"] = {
        "type": "card",
        "card": {"type": "refund", "reference_status": "pending", "reference_type": "acquirer_reference_number"},
    }
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    books.tell("refund.created", books.save(made))
    books.tell("charge.refunded", books.save(charge))
    return made


def update(books: Books, given: Doc, ident: str) -> Doc:
    refund = books.get(ident, "refund")
    take(refund, given)
    books.tell("refund.updated", books.save(refund))
    return refund


# Credit notes


def create_note(books: Books, given: Doc) -> Doc:
    """A credit note over a paid invoice: what is neither refunded nor out of band goes to the customer's balance."""
    invoice = books.get(need(given, "invoice"), "invoice", param="invoice")
    if invoice["status"] != "paid":
        raise invalid("The till makes credit notes for paid invoices only.", "invoice")
    amount = given["amount"] if given.get("amount") is not None else _sum(given)
    if not 0 < amount <= invoice["total"] - _credited(invoice):
        raise invalid("The credit note's amount must be positive and at most what is left of the invoice.", "amount")
    made = _note(books, invoice, amount)
    take(made, given, "memo", "reason")
    _pay_out(books, made, invoice, given, amount)
    books.tell("invoice.updated", books.save(invoice))
    books.tell("credit_note.created", books.save(made))
    return made


def _sum(given: Doc) -> int:
    return sum(given.get(name) or 0 for name in ("refund_amount", "credit_amount", "out_of_band_amount"))


def _credited(invoice: Doc) -> int:
    return int(invoice["post_payment_credit_notes_amount"])


def _note(books: Books, invoice: Doc, amount: int) -> Doc:
    number = len(books.all("credit_note", parent=invoice["id"])) + 1
    made = books.add(
        "credit_note", invoice=invoice["id"], customer=invoice["customer"], currency=invoice["currency"], amount=amount
    )
    made |= {
        "number": f"{invoice['number']}-CN-{number:02}",
        "status": "issued",
        "subtotal": amount,
        "total": amount,
        "type": "post_payment",
    }
    made |= {"pdf": f"{invoice['hosted_invoice_url']}/pdf", "effective_at": books.now, "metadata": {}, "total_taxes": []}
    made |= {"subtotal_excluding_tax": amount, "total_excluding_tax": amount}
    line = {
        "id": f"cnli_{made['id'][3:]}",
        "object": "credit_note_line_item",
        "amount": amount,
        "description": "Credit",
        "livemode": False,
        "discount_amount": 0,
        "discount_amounts": [],
        "pretax_credit_amounts": [],
        "quantity": 1,
        "tax_rates": [],
        "taxes": [],
        "type": "custom_line_item",
        "unit_amount": amount,
        "unit_amount_decimal": str(amount),
        "metadata": {},
    }
    made["lines"] = listing([line], f"/v1/credit_notes/{made['id']}/lines")
    return made


def _pay_out(books: Books, note: Doc, invoice: Doc, given: Doc, amount: int) -> None:
    refunded, outside = given.get("refund_amount") or 0, given.get("out_of_band_amount") or 0
    credit = given["credit_amount"] if given.get("credit_amount") is not None else amount - refunded - outside
    if refunded + outside + credit != amount:
        raise invalid("The refund, the credit and what is out of band must add up to the credit note's amount.", "amount")
    note |= {"post_payment_amount": amount, "out_of_band_amount": outside or None}
    invoice["post_payment_credit_notes_amount"] += amount
    if refunded:
        paid = [
            books.get(payment["payment"]["payment_intent"], "payment_intent")
            for payment in books.all("invoice_payment", parent=invoice["id"])
            if payment["status"] == "paid"
        ]
        if not paid:
            raise invalid("This invoice was not paid by card: there is nothing to refund.", "refund_amount")
        refund = create(books, {"payment_intent": paid[0]["id"], "amount": refunded})
        note["refunds"] = [blank_refund(refund)]
    if credit:
        customer = books.get(invoice["customer"], "customer")
        moved = customers.move_balance(books, customer, -credit, invoice["currency"], kind="credit_note", invoice=invoice["id"])
        note["customer_balance_transaction"] = moved["id"]


def blank_refund(refund: Doc) -> Doc:
    return {"amount_refunded": refund["amount"], "payment_record_refund": None, "refund": refund["id"], "type": "refund"}
