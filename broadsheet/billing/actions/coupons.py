"""Coupons as Stripe has them: made there once with their code, counted there at each Checkout, withdrawn here and there."""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from broadsheet.billing import stripe_api
from broadsheet.billing.actions.modes import settle_mode
from broadsheet.billing.models import Coupon, Plan

log = logging.getLogger(__name__)


def settle_coupons(*, at: datetime) -> int:
    """Make at Stripe what is not there yet, and close the codes of those that were withdrawn or have ended. How many it was."""
    if not stripe_api.is_configured():
        return 0
    settle_mode(at=at)
    for ended in Coupon.objects.filter(withdrawn_at=None, ends_at__lte=at):
        ended.withdrawn_at = ended.ends_at
        ended.save(update_fields=["withdrawn_at"])
    unmade = Coupon.objects.filter(withdrawn_at=None).exclude(~Q(reference=""), Q(code="") | ~Q(code_reference=""))
    unclosed = Coupon.objects.exclude(withdrawn_at=None).exclude(code_reference="").filter(code_closed=False)
    return sum(_settled(coupon) for coupon in (*unmade, *unclosed))


def say_redeemed(coupons: Iterable[Coupon]) -> None:
    """How often each was, of how many times it may be, as Stripe counts; nothing is known of it where Stripe does not answer, nor
    of one that is gone there or was made long ago."""
    try:
        counted = stripe_api.redemptions()
    except (stripe_api.NotConfigured, stripe_api.Unreachable, stripe_api.Refused) as trouble:
        log.warning("How often coupons were redeemed is not known just now: %s", trouble)
        return
    for coupon in coupons:
        count = counted.get(coupon.reference) if coupon.reference else 0
        if count is not None:
            coupon.redeemed = f"{count} of {coupon.most}" if coupon.most else str(count)


def _settled(coupon: Coupon) -> bool:
    try:
        if coupon.withdrawn_at is None:
            coupon_reference(coupon)
        else:
            stripe_api.close_code(coupon.code_reference)
            Coupon.objects.filter(pk=coupon.pk).update(code_closed=True)
    except (stripe_api.Unreachable, stripe_api.Refused) as trouble:
        log.error("Coupon %s: %s", coupon, trouble)
        return False
    return True


def product_of(plan: Plan) -> str:
    if not plan.product:
        plan.product = stripe_api.make_product(name=plan.name, plan=plan.pk, key=f"plan-{plan.pk}")["id"]
        Plan.objects.filter(pk=plan.pk).update(product=plan.product)
    return plan.product


def coupon_reference(coupon: Coupon) -> str:
    """Stripe's name for a coupon, and for its code, made there once."""
    if not coupon.reference:
        coupon.reference = stripe_api.make_coupon(_coupon(coupon), key=f"coupon-{coupon.pk}")["id"]
        coupon.save(update_fields=["reference"])
    if coupon.code and not coupon.code_reference:
        about: stripe_api.Doc = {"promotion": {"type": "coupon", "coupon": coupon.reference}, "code": coupon.code}
        if coupon.new_only:
            about["restrictions"] = {"first_time_transaction": True}
        coupon.code_reference = stripe_api.make_code(about, key=f"code-{coupon.pk}")["id"]
        coupon.save(update_fields=["code_reference"])
    return coupon.reference


def _coupon(coupon: Coupon) -> stripe_api.Doc:
    off: stripe_api.Doc = (
        {"percent_off": coupon.percent} if coupon.percent else {"amount_off": coupon.amount, "currency": coupon.currency.lower()}
    )
    about: stripe_api.Doc = {"name": coupon.name, "duration": coupon.lasts, "metadata": {"coupon": str(coupon.pk)}, **off}
    if coupon.months:
        about["duration_in_months"] = coupon.months
    if coupon.most:
        about["max_redemptions"] = coupon.most
    if coupon.ends_at:
        about["redeem_by"] = int(coupon.ends_at.timestamp())
    if plans := coupon.plans.all():
        about["applies_to"] = {"products": [product_of(plan) for plan in plans]}
    return about
