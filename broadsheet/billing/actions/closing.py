"""Before an account is erased: nothing is charged to it any more, and Stripe forgets the customer."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from broadsheet.billing import plans, reckoning, stripe_api
from broadsheet.billing.actions.changing import settle_changes
from broadsheet.billing.actions.ending import farewell_of, finish
from broadsheet.billing.actions.following import follow
from broadsheet.billing.actions.given_years import look_at_payment
from broadsheet.billing.actions.selling import HOLDS
from broadsheet.billing.models import Checkout, Customer, Ending, GivenYear, PlanChange, Subscription
from broadsheet.membership.actions.erasing import NotYet
from broadsheet.membership.models import Reader

OPENING = timedelta(minutes=10)
AWAY = (stripe_api.Unreachable, stripe_api.Refused, stripe_api.NotConfigured)

log = logging.getLogger(__name__)


def what_ends(reader: Reader, at: datetime) -> str:
    """What a subscription's end gives back, as on the page on which one is ended at once."""
    held = _held(reader)
    if not held:
        return ""
    try:
        farewells = [farewell_of(each, at=at) for each in held]
    except AWAY:
        return "Your subscription ends at once, and what was paid for the days that are left goes back to your card."
    sums = [plans.money(each.refund, each.currency) for each in farewells if each.refund]
    if not sums:
        return "Your subscription ends at once. Nothing is left to be paid back."
    return f"Your subscription ends at once, and {' and '.join(sums)} for the days that are left goes back to your card."


def what_ended(reader: Reader, wanted_at: datetime) -> str:
    """What went back by it; "" where nothing ran."""
    ended = Ending.objects.filter(subscription__customer__reader=reader, wanted_at__gte=wanted_at)
    rows = list(ended.select_related("subscription"))
    sums = [money for row in rows if (money := reckoning.goes_back(row))]
    if not sums:
        return "Your subscription has ended. Nothing was left to be paid back." if rows else ""
    return f"Your subscription has ended, and {' and '.join(sums)} goes back to your card, within some days."


def close_account(reader: Reader, wanted_at: datetime, at: datetime) -> None:
    """Raises NotYet. Each step is written down before Stripe is asked, or may be taken twice."""
    try:
        _close(reader, wanted_at, at=at)
    except AWAY as away:
        raise NotYet(f"Stripe: {away}") from away


def _close(reader: Reader, wanted_at: datetime, *, at: datetime) -> None:
    customers = list(Customer.objects.filter(reader=reader))
    if any(customer.live for customer in customers) and not stripe_api.is_live():
        raise stripe_api.NotConfigured("There are charges in Stripe's live mode, and our key is not for it.")
    for checkout in Checkout.objects.filter(reader=reader, ended_at=None):
        _shut(checkout, at=at)
    for year in GivenYear.objects.filter(giver=reader, paid_at=None, ended_at=None):
        _shut_gift(year, at=at)
    _wait_for_changes(reader, at=at)
    for held in _held(reader):
        ending = Ending.objects.filter(subscription=held).first() or _ending_of(held, wanted_at)
        finish(ending, at=at)
    for customer in customers:
        if customer.live == stripe_api.is_live():
            stripe_api.forget_customer(customer.reference)
            for reference in customer.subscriptions.filter(ended_at=None).values_list("reference", flat=True):
                follow(reference, at=at)
    Checkout.objects.filter(reader=reader, bought_at=None).delete()


def _shut(checkout: Checkout, *, at: datetime) -> None:
    """What was paid there meanwhile is written down, and ends with the rest."""
    if not checkout.reference:
        _wait_for(checkout.began_at, at=at)
        return
    said = stripe_api.checkout(checkout.reference)
    if said["status"] == "open":
        said = stripe_api.close_checkout(checkout.reference)
    if said["status"] == "complete" and said["subscription"]:
        follow(said["subscription"], at=at)
    Checkout.objects.filter(pk=checkout.pk).update(ended_at=at)


def _shut_gift(year: GivenYear, *, at: datetime) -> None:
    """One that was paid meanwhile stays given."""
    if not year.reference:
        _wait_for(year.began_at, at=at)
        return
    if stripe_api.checkout(year.reference)["status"] == "open":
        stripe_api.close_checkout(year.reference)
    look_at_payment(year, at=at)


def _wait_for_changes(reader: Reader, *, at: datetime) -> None:
    """One may cost more, which is given back too once that is known."""
    settle_changes(at=at)
    if PlanChange.objects.under_way().filter(subscription__customer__reader=reader).exists():
        raise NotYet("A change of plan is under way.")


def _wait_for(began_at: datetime, *, at: datetime) -> None:
    """Another process is just asking Stripe for a page to pay on, or died doing so; then nobody was led to that page."""
    if at - began_at < OPENING:
        raise NotYet("A payment page is just being opened.")


def end_what_erased_readers_hold(*, at: datetime) -> int:
    """There should be nothing. Whatever there is all the same, by whatever way, is billed to nobody."""
    if not stripe_api.is_configured():
        return 0
    gone = Reader.objects.filter(erasure__done_at__isnull=False)
    held = Subscription.objects.filter(customer__reader__in=gone, live=stripe_api.is_live(), status__in=HOLDS)
    found = list(held.select_related("price"))
    for each in found:
        log.error("Subscription %s runs, and its reader is erased: it is ended, and the days left are paid back.", each.reference)
        try:
            finish(Ending.objects.filter(subscription=each).first() or _ending_of(each, at), at=at)
        except AWAY as away:
            log.error("Subscription %s: %s", each.reference, away)
    return len(found)


def _ending_of(held: Subscription, wanted_at: datetime) -> Ending:
    """What is given back is as on the day on which it was asked for, however long Stripe was away."""
    farewell = farewell_of(held, at=wanted_at)
    about = {"refund": farewell.refund, "parts": farewell.parts, "wanted_at": wanted_at}
    with transaction.atomic():
        Subscription.objects.select_for_update().get(pk=held.pk)  # as `withdraw` does, which may be just writing its own
        return Ending.objects.get_or_create(subscription=held, defaults=about)[0]


def _held(reader: Reader) -> list[Subscription]:
    if not stripe_api.is_configured():
        return []
    rows = Subscription.objects.filter(customer__reader=reader, live=stripe_api.is_live(), status__in=HOLDS)
    return list(rows.select_related("price"))
