"""One reader on the desk, as far as money and standing go, and what staff may do there. Each deed is written down."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q

from broadsheet.billing import currencies, plans
from broadsheet.billing.models import GivenYear, Invoice, Subscription
from broadsheet.billing.policy import Status
from broadsheet.billing.telling import STRIPE, going_on
from broadsheet.membership.models import Deed, Reader, Term

MOST_DAYS = 3660
MOST_SHOWN = 36


class CompForm(forms.Form):
    days = forms.IntegerField(min_value=1, max_value=MOST_DAYS, initial=30)
    note = forms.CharField(max_length=200, required=False)


class ExtendForm(forms.Form):
    days = forms.IntegerField(min_value=1, max_value=MOST_DAYS, initial=14)
    shown = forms.DateTimeField(widget=forms.HiddenInput)


class RefundForm(forms.Form):
    """The amount in whole units of the currency, as it is read."""

    amount = forms.DecimalField(min_value=Decimal("0.001"), max_digits=12)
    why = forms.CharField(max_length=120, required=False, label="Why")
    shown_back = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        self.fields["amount"].label = f"Amount, in {currency}"

    def clean_amount(self) -> int:
        try:
            return currencies.smallest(self.cleaned_data["amount"], self.currency)
        except currencies.NotInUnits as trouble:
            raise forms.ValidationError(str(trouble)) from None


def shown_of(reader: Reader, *, at: datetime) -> dict[str, Any]:
    """What stands on the page of one reader."""
    bills = Invoice.objects.filter(customer__reader=reader, due__gt=0).order_by("-made_at")
    held = list(Subscription.objects.filter(customer__reader=reader).select_related("price__plan").order_by("-starts_at"))
    years = GivenYear.objects.filter(Q(giver=reader) | Q(recipient=reader)).exclude(paid_at=None)
    return {
        "reader": reader,
        "terms": [
            (
                term,
                _paid(term, held),
                ExtendForm(initial={"shown": term.ends_at.isoformat()}) if term.ends_at else None,
                _more(term, at),
            )
            for term in reader.terms.order_by("-starts_at")
        ],
        "subscriptions": held,
        "bills": [
            (
                bill,
                plans.money(bill.due, bill.currency),
                plans.money(bill.refunded, bill.currency) if bill.refunded else "",
                bill.paid > bill.refunded,
            )
            for bill in bills[:MOST_SHOWN]
        ],
        "years": [
            (year, plans.money(year.price.amount, year.price.currency), year.giver_id == reader.pk)
            for year in years.select_related("price", "giver", "recipient").order_by("-paid_at")[:MOST_SHOWN]
        ],
        "deeds": Deed.objects.filter(reader=reader).order_by("-done_at", "-pk")[:MOST_SHOWN],
        "comp_form": CompForm(),
        "at": at,
    }


def _paid(term: Term, held: list[Subscription]) -> str:
    """What a trial carries was not paid for."""
    row = next((one for one in held if f"{STRIPE}{one.reference}" == term.reference), None)
    end = row.ended_at if row else None
    on_trial = row is not None and (row.status == Status.TRIALING or bool(end and row.trial_ends_at and end <= row.trial_ends_at))
    return "On trial, nothing was paid" if on_trial and term.payment == Term.Payment.PAID else term.get_payment_display()


def _more(term: Term, at: datetime) -> str:
    """Where days more do not move this term's own end."""
    if not term.reference or term.ends_at is None or term.ends_at <= at:
        return ""
    if going_on(term):
        return "It renews, and is billed as before. The days are free ones behind its end, and wait there while it renews."
    return "Its own end stays. The days are free ones behind it."
