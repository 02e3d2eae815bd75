"""Change the price or the seats of a subscription, for what was shown before, or not at all.

The reader is shown what Stripe says at a moment; the change is made as of that moment, and so costs that. Once wanted it is
a row before Stripe is asked, and Stripe keeps its number with the subscription: whatever dies on the way, the sweep finds out how
it went.
"""

import json
import logging
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import IntegrityError, transaction

from broadsheet.billing import stripe_api, translate
from broadsheet.billing.actions.ending import Changed
from broadsheet.billing.actions.following import follow
from broadsheet.billing.actions.selling import GOING, NotOnOffer, check_on_offer, reference_of
from broadsheet.billing.models import Ending, Plan, PlanChange, Price, Subscription
from broadsheet.billing.policy import Status
from broadsheet.membership.actions.erasing import is_going
from broadsheet.membership.models import Reader

GOOD_FOR = timedelta(minutes=30)  # any longer, and an older moment could be chosen for what it gives back
ANSWERED_WITHIN = timedelta(minutes=10)
UNDER_WAY = "A change is under way. It stands here in a few minutes."
ENDS_ALREADY = "It ends. Keep it first, and then change it."
DECLINED = "The card was not charged, and nothing was changed. See to the card, then choose again."
REFUSED = "Our payment partner refused the change, and nothing was changed."
UNANSWERED = "Our payment partner did not answer, and nothing was changed."

log = logging.getLogger(__name__)


class NotNow(Exception):
    """As it stands it cannot be changed; for whoever asked."""


def why_not_now(held: Subscription) -> str:
    if held.cancel_at or Ending.objects.filter(subscription=held).exists():
        return ENDS_ALREADY
    if held.paused:
        return "It is paused, and can be changed when it goes on."
    if held.status not in (Status.ACTIVE, Status.TRIALING):
        return "See to the payment first, and then change it."
    return UNDER_WAY if held.changes.under_way().exists() else ""


def prices_for(held: Subscription) -> list[Price]:
    """What it can become: of its kind and currency; of a team's plan also the price it has, for other seats."""
    now = held.price
    if now is None:
        return []
    on_offer = Price.objects.filter(withdrawn_at=None, plan__withdrawn_at=None, currency=now.currency, plan__kind=now.plan.kind)
    found = on_offer.select_related("plan").order_by("plan__order", "plan__name", "amount")
    return [price for price in found if price.pk != now.pk or now.plan.kind == Plan.Kind.TEAM]


def show_change(held: Subscription, price: Price, *, quantity: int, at: datetime) -> PlanChange:
    """What it costs as of now. Written down, so that what is confirmed later is what was shown."""
    held = follow(held.reference, at=at)
    if trouble := why_not_now(held):
        raise NotNow(trouble)
    if price not in prices_for(held):
        raise NotOnOffer("That is not on offer for this subscription any more.")
    check_on_offer(price, quantity)
    if (price.pk, quantity) == (held.price_id, held.quantity):
        raise NotOnOffer("That is what you have already.")
    held.changes.filter(wanted_at=None, shown_at__lt=at - GOOD_FOR).delete()
    shown = PlanChange(subscription=held, price=price, quantity=quantity, shown_at=max(at, held.period_starts_at))
    _see(shown, stripe_api.subscription(held.reference))
    shown.save()
    return shown


def change_plan(held: Subscription, number: int, *, at: datetime) -> None:
    """Raises Changed where it would not be what was shown. A second click finds the first, and adds nothing."""
    shown = held.changes.filter(pk=number).select_related("price__plan", "subscription").first()
    if shown is None:
        raise Changed
    if shown.wanted_at is not None:
        return
    if at - shown.shown_at > GOOD_FOR:
        raise Changed
    check_on_offer(shown.price, shown.quantity)
    if _claimed(shown, at=at):
        _make(shown, at=at)


def news_of_change(held: Subscription, *, at: datetime) -> str:
    """What became of one that was wanted just now: of two clicks, only one was told."""
    last = held.changes.exclude(wanted_at=None).order_by("-wanted_at").first()
    if last is None or last.done_at is not None:
        return ""
    if last.dropped_at is None:
        return UNDER_WAY
    return last.trouble if at - last.dropped_at < GOOD_FOR else ""


def settle_changes(*, at: datetime) -> int:
    """Of changes whose answer never came: made or not, as Stripe has it. How many were settled."""
    waiting = PlanChange.objects.under_way().filter(wanted_at__lt=at - ANSWERED_WITHIN).select_related("subscription")
    return sum(_settled(change, at=at) for change in waiting)


def _claimed(shown: PlanChange, *, at: datetime) -> bool:
    """False: another click was quicker."""
    reader, reference = shown.subscription.customer.reader_id, shown.subscription_id
    try:
        with transaction.atomic():
            # As an end does, and an erasing: each finds what came first.
            if is_going(Reader.objects.select_for_update().get(pk=reader)):
                raise NotOnOffer(GOING)
            Subscription.objects.select_for_update().get(pk=reference)
            if Ending.objects.filter(subscription=reference).exists():
                raise NotNow(ENDS_ALREADY)
            return bool(PlanChange.objects.filter(pk=shown.pk, wanted_at=None).update(wanted_at=at))
    except IntegrityError:
        raise NotNow(UNDER_WAY) from None


def _make(shown: PlanChange, *, at: datetime) -> None:
    try:
        said = stripe_api.subscription(shown.subscription.reference)
        same = _state_of(said) == shown.state and _costs_the_same(shown, said)
    except (stripe_api.Unreachable, stripe_api.Refused):
        _drop(shown, UNANSWERED, at=at)
        raise
    if not same:
        _drop(shown, "", at=at)
        raise Changed
    about = {**_order(shown, said), "payment_behavior": "error_if_incomplete", "metadata": {"change": str(shown.pk)}}
    try:
        stripe_api.change_subscription(shown.subscription.reference, about, key=f"change-{shown.pk}")
    except stripe_api.Refused as refused:
        _drop(shown, DECLINED if isinstance(refused, stripe_api.Declined) else REFUSED, at=at)
        raise
    _done(shown, at=at)


def _costs_the_same(shown: PlanChange, said: stripe_api.Doc) -> bool:
    now = PlanChange(subscription=shown.subscription, price=shown.price, quantity=shown.quantity, shown_at=shown.shown_at)
    _see(now, said)
    return (now.due, now.kept) == (shown.due, shown.kept)


def _see(change: PlanChange, said: stripe_api.Doc) -> None:
    """Stripe's figures, as of the moment that the change states."""
    held, bill = change.subscription, stripe_api.preview_change(change.subscription.reference, _order(change, said))
    restarts = held.price is None or held.price.every != change.price.every
    change.due, change.kept = bill["amount_due"], max(0, -(bill["total"] + bill["starting_balance"]))
    change.renews_at = translate.renewal_after(said, bill, restarts=restarts)
    change.state = _state_of(said)
    change.with_coupon = bool(said["discounts"])


def _order(change: PlanChange, said: stripe_api.Doc) -> stripe_api.Doc:
    item = said["items"]["data"][0]["id"]
    return {
        "items": [{"id": item, "price": reference_of(change.price), "quantity": change.quantity}],
        "proration_behavior": "always_invoice",
        "proration_date": int(change.shown_at.timestamp()),
    }


def _state_of(said: stripe_api.Doc) -> str:
    about = [said[name] for name in ("status", "cancel_at", "trial_end", "discounts")]
    about += [translate.price_of(said), translate.quantity_of(said), *map(str, translate.period_of(said))]
    return sha256(json.dumps([*about, said.get("pause_collection")]).encode()).hexdigest()


def _drop(change: PlanChange, trouble: str, *, at: datetime) -> None:
    PlanChange.objects.filter(pk=change.pk, done_at=None).update(dropped_at=at, trouble=trouble)


def _done(change: PlanChange, *, at: datetime) -> None:
    """Under way until what is held says it too: an end that came between the two would be reckoned of what was held before."""
    follow(change.subscription.reference, at=at)
    PlanChange.objects.filter(pk=change.pk).update(done_at=at, dropped_at=None, trouble="")


def _settled(change: PlanChange, *, at: datetime) -> bool:
    try:
        if stripe_api.subscription(change.subscription.reference)["metadata"].get("change") == str(change.pk):
            _done(change, at=at)
        else:
            _drop(change, UNANSWERED, at=at)
    except (stripe_api.Unreachable, stripe_api.Refused) as trouble:
        log.error("A change of %s, asked for on %s, waits: %s", change.subscription, change.wanted_at, trouble)
        return False
    return True
