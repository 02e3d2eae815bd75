"""What is left over with Stripe, of a dearer plan or by staff, and pays the next bills."""

import logging
from dataclasses import dataclass

from broadsheet.billing import plans, stripe_api
from broadsheet.billing.models import Invoice, PlanChange
from broadsheet.membership.models import Reader

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Credit:
    amount: int
    currency: str

    @property
    def money(self) -> str:
        return plans.money(self.amount, self.currency)


def credit_of(reader: Reader) -> Credit | None:
    """Asked of Stripe, and only for whoever had one once: a change left it over, or it paid of a bill, as one by staff does too,
    which a withdrawal credits again. None where nothing is left, or nobody says so."""
    bills = Invoice.objects.filter(customer__reader=reader, customer__live=stripe_api.is_live())
    last = bills.select_related("customer").order_by("-made_at").first()
    if last is None:
        return None
    kept = PlanChange.objects.filter(subscription__customer=last.customer, kept__gt=0).exclude(done_at=None)
    if not kept.exists() and not bills.filter(credit__gt=0).exists():
        return None
    try:
        left = stripe_api.credit_of(last.customer.reference)
    except (stripe_api.NotConfigured, stripe_api.Unreachable, stripe_api.Refused) as trouble:
        log.warning("What is left over of the credit of %s is not known just now: %s", last.customer.reference, trouble)
        return None
    return Credit(left, last.currency) if left else None
