"""Pay a charge back, whole or in part, as staff decide: written down before Stripe is asked, and followed afterwards."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from broadsheet.billing import plans, stripe_api
from broadsheet.billing.actions.ending import Changed
from broadsheet.billing.actions.following import follow
from broadsheet.billing.models import Invoice
from broadsheet.membership.actions import record_deed
from broadsheet.membership.models import Deed, Reader

ANSWERED_WITHIN = timedelta(minutes=10)


class UnderWay(Exception):
    """Another sum, or for another reason, was just asked for, and not answered yet."""


class TooMuch(ValueError):
    """More than is left of the charge, or nothing."""


@dataclass(frozen=True, slots=True)
class Charged:
    """What one bill brought in, and how much has gone back, in the smallest unit. `reference` "" where nothing was charged.

    `credit`: what its customer has left over at Stripe besides, for bills to come.
    """

    reference: str
    amount: int
    back: int
    currency: str
    customer: str = ""
    credit: int = 0

    @property
    def left(self) -> int:
        return self.amount - self.back


def charged_for(invoice: Invoice) -> Charged:
    paid = [charge for charge in stripe_api.charges(invoice=invoice.reference) if charge["paid"]]
    if not paid:
        return Charged("", 0, 0, invoice.currency)
    charge = paid[0]
    customer, sums = charge["customer"], (charge["amount"], charge["amount_refunded"], charge["currency"].upper())
    return Charged(charge["id"], *sums, customer, stripe_api.credit_of(customer))


def pay_back(invoice: Invoice, *, amount: int, shown_back: str, why: str, by: Reader, at: datetime) -> None:
    """`shown_back`: how much had gone back when whoever asks looked. A second click is told of the change."""
    charged = charged_for(invoice)
    if shown_back != str(charged.back):
        raise Changed
    if not 0 < amount <= charged.left:
        raise TooMuch
    reference = f"refund {charged.reference} {charged.back}"
    what = f"{plans.money(amount, charged.currency)} of bill {invoice}. {why}".strip()
    deed = _written(what, reference, invoice.customer.reader, by=by, at=at)
    try:
        stripe_api.refund(charge=charged.reference, amount=amount, key=f"{reference} {amount}")
    except stripe_api.Refused:
        Deed.objects.filter(pk=deed.pk).update(what=f"Refused by Stripe: {what}"[:300], reference="")
        raise
    Invoice.objects.filter(pk=invoice.pk).update(refunded=charged.back + amount)
    if invoice.subscription:
        follow(invoice.subscription.reference, at=at)


def _written(what: str, reference: str, reader: Reader, *, by: Reader, at: datetime) -> Deed:
    """One that was asked for before, and not answered, is the same deed: it is gone on with.

    Once no answer can come it gives way to another sum or reason: nothing has gone back, or the reference were another.
    """
    try:
        with transaction.atomic():
            return record_deed(by=by, reader=reader, kind=Deed.Kind.REFUND, what=what, at=at, reference=reference)
    except IntegrityError:
        known = Deed.objects.get(reference=reference)
    if known.what == what[:300]:
        return known
    if at - known.done_at < ANSWERED_WITHIN:
        raise UnderWay
    with transaction.atomic():
        unanswered = Deed.objects.filter(pk=known.pk, reference=reference)
        if not unanswered.update(what=f"Not done, Stripe never answered: {known.what}"[:300], reference=""):
            raise Changed
        return record_deed(by=by, reader=reader, kind=Deed.Kind.REFUND, what=what, at=at, reference=reference)
