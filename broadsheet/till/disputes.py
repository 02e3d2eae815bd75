"""Disputes: a card holder says that the charge was fraud; evidence wins or loses as Stripe's test words have it."""

from broadsheet.till.books import Books, Doc
from broadsheet.till.due import DAY
from broadsheet.till.forms import take
from broadsheet.till.refusals import invalid

ANSWER_WITHIN = 9 * DAY
FINAL = {"won", "lost"}
WINNING, LOSING = "winning_evidence", "losing_evidence"


def open_for(books: Books, charge: Doc, *, reason: str = "fraudulent") -> Doc:
    if charge["disputed"] or not charge["paid"]:
        raise invalid("This charge cannot be disputed.", code="charge_disputed")
    made = books.add("dispute", amount=charge["amount"], charge=charge["id"], currency=charge["currency"], reason=reason)
    made |= {"payment_intent": charge["payment_intent"], "status": "needs_response", "balance_transactions": []}
    made["evidence_details"] |= {"due_by": books.now + ANSWER_WITHIN, "submission_count": 0}
    brand = charge["payment_method_details"]["card"]["brand"]
    made["payment_method_details"] = {
        "type": "card",
        "card": {"brand": brand, "case_type": "chargeback", "network": brand, "network_reason_code": "83"},
    }
    charge["disputed"] = True
    books.save(charge)
    books.tell("charge.dispute.created", books.save(made))
    books.tell("charge.dispute.funds_withdrawn", made)
    return made


def update(books: Books, given: Doc, ident: str) -> Doc:
    dispute = books.get(ident, "dispute")
    if dispute["status"] in FINAL:
        raise invalid("This dispute is already closed.")
    take(dispute, given)
    if evidence := given.get("evidence"):
        dispute["evidence"] |= evidence
        dispute["evidence_details"]["has_evidence"] = True
    books.tell("charge.dispute.updated", books.save(dispute))
    if given.get("submit", True) and given.get("evidence"):
        dispute["evidence_details"]["submission_count"] += 1
        _submit(books, dispute)
    return dispute


def _submit(books: Books, dispute: Doc) -> None:
    words = dispute["evidence"]["uncategorized_text"]
    if words in {WINNING, LOSING}:
        conclude(books, dispute, won=words == WINNING)
        return
    dispute["status"] = "under_review"
    books.tell("charge.dispute.updated", books.save(dispute))


def close(books: Books, given: Doc, ident: str) -> Doc:
    """Accept that it is lost."""
    dispute = books.get(ident, "dispute")
    if dispute["status"] in FINAL:
        raise invalid("This dispute is already closed.")
    conclude(books, dispute, won=False)
    return dispute


def conclude(books: Books, dispute: Doc, *, won: bool) -> None:
    dispute["status"] = "won" if won else "lost"
    if not won:
        dispute["evidence_details"]["past_due"] = dispute["evidence_details"]["due_by"] <= books.now
    books.tell("charge.dispute.closed", books.save(dispute))
    if won:
        books.tell("charge.dispute.funds_reinstated", dispute)
