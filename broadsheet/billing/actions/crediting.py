"""What a cheaper plan left over with Stripe, and pays the next bills."""

import logging
from dataclasses import dataclass

from broadsheet.billing import plans, stripe_api
from broadsheet.billing.models import PlanChange
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
    """Asked of Stripe, and only for whoever changed to something cheaper once; None where nothing is left, or nobody says so."""
    changed = PlanChange.objects.filter(subscription__customer__reader=reader, kept__gt=0).exclude(done_at=None)
    changed = changed.filter(subscription__live=stripe_api.is_live())
    last = changed.select_related("subscription__customer", "price").order_by("-done_at").first()
    if last is None:
        return None
    try:
        left = stripe_api.credit_of(last.subscription.customer.reference)
    except (stripe_api.NotConfigured, stripe_api.Unreachable, stripe_api.Refused) as trouble:
        log.warning("What is left over of %s is not known just now: %s", last, trouble)
        return None
    return Credit(left, last.price.currency) if left else None
