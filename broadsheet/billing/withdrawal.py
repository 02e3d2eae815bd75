"""Until when one may withdraw from a contract: so many days after that of the purchase. Renewals begin nothing anew."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from broadsheet.billing.models import SellingRules, Subscription


def last_day(held: Subscription) -> date | None:
    """None: nobody can."""
    return last_day_after(held.starts_at)


def last_day_after(purchase: datetime) -> date | None:
    days: int = SellingRules.load().withdrawal_days
    return timezone.localdate(purchase) + timedelta(days=days) if days else None


def is_open(held: Subscription, *, at: datetime) -> bool:
    last = last_day(held)
    return last is not None and timezone.localdate(at) <= last
