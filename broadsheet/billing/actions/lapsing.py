"""Write to whoever pays for what is read no more: nothing else happens when the days of grace after a failed charge are over."""

import logging
from datetime import datetime, timedelta

from django.db.models import Min, Q

from broadsheet.billing import stripe_api
from broadsheet.billing.actions import writing
from broadsheet.billing.actions.following import OtherMode, follow
from broadsheet.billing.models import Subscription
from broadsheet.billing.policy import Status
from broadsheet.mailroom.queries import posted_among
from broadsheet.membership.queries import rules

log = logging.getLogger(__name__)


def tell_whose_grace_is_over(*, at: datetime) -> int:
    """How many are written to now. Stripe is asked first: nobody is told so who has paid or ended it meanwhile."""
    until = at - timedelta(days=rules().grace_days)
    oldest = Min("invoices__made_at", filter=Q(invoices__status="open", invoices__due__gt=0))
    owing = Subscription.objects.filter(status=Status.PAST_DUE, live=stripe_api.is_live()).annotate(oldest=oldest)
    rows = list(owing.filter(oldest__lte=until, oldest__gt=until - writing.OLD_NEWS).order_by("pk"))
    keys = {row.pk: f"grace over {row.reference} {row.oldest:%Y-%m-%d}" for row in rows}
    posted = posted_among(keys.values())
    return sum(_tell(row, key=keys[row.pk], at=at) for row in rows if keys[row.pk] not in posted)


def _tell(row: Subscription, *, key: str, at: datetime) -> bool:
    """Whether it was: where Stripe is away, the next run asks again."""
    try:
        now = follow(row.reference, at=at)
    except (stripe_api.NotConfigured, stripe_api.Unreachable, stripe_api.Refused, OtherMode) as trouble:
        log.error("Whether %s was paid meanwhile is not known: %s", row.reference, trouble)
        return False
    return writing.of_grace_over(now, key=key, at=at)
