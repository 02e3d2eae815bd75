"""What a coupon takes off, and for whom a price begins lower."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from broadsheet.billing.models import Coupon, Price, Subscription
from broadsheet.billing.policy import months_after
from broadsheet.membership.models import Reader

FIRST = {
    Price.Every.MONTH: "for the first month",
    Price.Every.QUARTER: "for the first quarter",
    Price.Every.YEAR: "for the first year",
}


def introduction_of(price: Price, *, at: datetime) -> Coupon | None:
    """The coupon by which this price begins lower now."""
    coupon = price.introduction
    if coupon is None or coupon.withdrawn_at or (coupon.ends_at and coupon.ends_at <= at) or not fits(coupon, price):
        return None
    return coupon


def introduction_for(reader: Reader, price: Price, *, at: datetime) -> Coupon | None:
    coupon = introduction_of(price, at=at)
    return None if coupon is not None and coupon.new_only and has_had(reader) else coupon


@dataclass(frozen=True, slots=True)
class Coming:
    """What is charged when, for whoever buys now, in the smallest unit: `first` today, or when the trial ends."""

    trial_ends_at: datetime | None
    first: int
    renews_at: datetime
    renews: int


def coming(price: Price, seats: int, introduction: Coupon | None, *, tries: bool, at: datetime) -> Coming:
    """`tries`: whether a trial is theirs. A coupon for months counts them from the purchase, as Stripe does."""
    whole = price.amount * seats
    trial_ends_at = at + timedelta(days=price.plan.trial_days) if tries and price.plan.trial_days else None
    renews_at = months_after(trial_ends_at or at, price.months)
    first = after(introduction, whole) if introduction else whole
    return Coming(trial_ends_at, first, renews_at, renewing(introduction, whole, renews_at=renews_at, at=at))


def renewing(coupon: Coupon | None, whole: int, *, renews_at: datetime, at: datetime) -> int:
    """What the first renewal costs of what was bought at that moment, with this coupon."""
    return after(coupon, whole) if coupon and _still(coupon, renews_at, at) else whole


def _still(coupon: Coupon, renews_at: datetime, at: datetime) -> bool:
    if coupon.lasts == Coupon.Lasts.MONTHS:
        return renews_at < months_after(at, coupon.months or 1)
    return coupon.lasts == Coupon.Lasts.FOREVER


def fits(coupon: Coupon, price: Price) -> bool:
    """An amount is in one currency, and a coupon may be for some plans only."""
    plans = {plan.pk for plan in coupon.plans.all()}
    return coupon.currency in ("", price.currency) and (not plans or price.plan_id in plans)


def has_had(reader: Reader) -> bool:
    """A trial, as most introductions, is for those who never subscribed, by any of the addresses that share an allowance."""
    shares = Q(customer__reader__allowance=reader.allowance_id) if reader.allowance_id else Q()
    return Subscription.objects.filter(Q(customer__reader=reader) | shares).exists()


def after(coupon: Coupon, amount: int) -> int:
    """What is left to pay of an amount, rounded as Stripe does."""
    if coupon.amount:
        return max(0, amount - coupon.amount)
    off = (Decimal(amount) * (coupon.percent or 0) / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return amount - int(off)


def lasting(coupon: Coupon, price: Price) -> str:
    if coupon.lasts == Coupon.Lasts.FOREVER:
        return _("for as long as you stay")
    if coupon.lasts == Coupon.Lasts.MONTHS and (coupon.months or 1) > 1:
        return _("for the first {months} months").format(months=coupon.months)
    return _(FIRST[Price.Every(price.every)])
