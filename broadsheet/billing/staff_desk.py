"""One reader on the desk, as far as money and standing go, and what staff may do there. Each deed is written down."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms

from broadsheet.billing import currencies, plans
from broadsheet.billing.models import Invoice, Subscription
from broadsheet.membership.models import Deed, Reader

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
    held = Subscription.objects.filter(customer__reader=reader).select_related("price__plan")
    return {
        "reader": reader,
        "terms": [
            (term, ExtendForm(initial={"shown": term.ends_at.isoformat()}) if term.ends_at else None)
            for term in reader.terms.order_by("-starts_at")
        ],
        "subscriptions": held.order_by("-starts_at"),
        "bills": [
            (
                bill,
                plans.money(bill.due, bill.currency),
                plans.money(bill.refunded, bill.currency) if bill.refunded else "",
                bill.paid > bill.refunded,
            )
            for bill in bills[:MOST_SHOWN]
        ],
        "deeds": Deed.objects.filter(reader=reader).order_by("-done_at", "-pk")[:MOST_SHOWN],
        "comp_form": CompForm(),
        "at": at,
    }
