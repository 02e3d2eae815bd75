"""From Stripe's test mode to its live mode, and back: each has names of its own for what is on offer, and no use for the other's.

The rows of plans, prices and coupons hold the names of the mode in use; those of the other one are put by.
"""

import logging
from datetime import datetime
from typing import Any

from django.db import models, transaction

from broadsheet.billing import stripe_api
from broadsheet.billing.actions.carrying import carry, end_year
from broadsheet.billing.models import Checkout, Coupon, GivenYear, Mode, Plan, Price, Subscription

NAMES: dict[type[models.Model], dict[str, Any]] = {
    Plan: {"product": ""},
    Price: {"reference": ""},
    Coupon: {"reference": "", "code_reference": "", "code_closed": False},
}

log = logging.getLogger(__name__)


def settle_mode(*, at: datetime) -> bool:
    """Whether another mode was in use until now. Costs one query where none was."""
    if not stripe_api.is_configured():
        return False
    live = stripe_api.is_live()
    if Mode.objects.filter(live=live).exists():
        return False
    with transaction.atomic():
        mode, is_first = Mode.objects.select_for_update().get_or_create(pk=Mode.ONLY, defaults={"live": live})
        if is_first or mode.live == live:
            return False
        _end_what_is_begun(was_live=mode.live, at=at)
        mode.live, mode.put_by = live, _exchange(mode.put_by)
        mode.save()
    log.warning("Stripe's %s mode is in use from now on.", "live" if live else "test")
    return True


def _exchange(known: dict[str, Any]) -> dict[str, Any]:
    """Put `known` into the rows; what stood there."""
    before: dict[str, Any] = {}
    for model, none in NAMES.items():
        rows = list(model._default_manager.all())
        before[model.__name__] = {str(row.pk): {name: getattr(row, name) for name in none} for row in rows}
        for row in rows:
            for name, value in known.get(model.__name__, {}).get(str(row.pk), none).items():
                setattr(row, name, value)
        model._default_manager.bulk_update(rows, list(none))
    return before


def _end_what_is_begun(*, was_live: bool, at: datetime) -> None:
    """Pages to pay on lead nowhere any more. What was only tried out carries nobody from now on; what was paid stays."""
    Checkout.objects.filter(ended_at=None).update(ended_at=at)
    if was_live:
        return
    for year in GivenYear.objects.filter(live=False, ended_at=None):
        end_year(year, at=at)
    for tried in Subscription.objects.filter(live=False).select_related("customer__reader"):
        carry(tried, None, None, at=at)
