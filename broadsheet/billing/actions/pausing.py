"""Pause a subscription for whole periods: nothing is charged, and nothing read, from the end of what was paid for."""

from dataclasses import dataclass
from datetime import datetime

from broadsheet.billing import policy, stripe_api, translate
from broadsheet.billing.actions.changing import NotNow, why_not_now
from broadsheet.billing.actions.ending import Changed
from broadsheet.billing.actions.following import follow
from broadsheet.billing.models import Plan, SellingRules, Subscription
from broadsheet.billing.policy import Status


@dataclass(frozen=True, slots=True)
class GoingOn:
    """What it costs to go on now: `due` where what was paid for is over, and a new period begins."""

    due: int
    restarts: bool


def pauses_for(held: Subscription, said: stripe_api.Doc | None = None) -> dict[int, datetime]:
    """For how many months it can be paused, and when each pause ends; none where it cannot."""
    if held.price is None or held.price.plan.kind == Plan.Kind.TEAM or held.status != Status.ACTIVE or why_not_now(held):
        return {}
    if held.invoices.filter(status__in=("draft", "open"), due__gt=0).exists():
        return {}
    anchor = translate.moment(said["billing_cycle_anchor"]) if said else held.period_ends_at
    every, most = held.price.months, SellingRules.load().pause_months
    return policy.pauses(anchor, held.period_ends_at, every=every, most=most)


def pause(held: Subscription, *, months: int, at: datetime) -> Subscription:
    held = follow(held.reference, at=at)
    ends_at = pauses_for(held, stripe_api.subscription(held.reference)).get(months)
    if ends_at is None:
        raise NotNow("It cannot be paused for so long, or not just now.")
    wanted = {"pause_collection": {"behavior": "void", "resumes_at": int(ends_at.timestamp())}}
    stripe_api.change_subscription(held.reference, wanted, key=f"pause-{held.reference}-{held.version}")
    return follow(held.reference, at=at)


def going_on_of(held: Subscription, *, at: datetime) -> GoingOn:
    said = stripe_api.subscription(held.reference)
    owed_from = translate.owed_from(said, stripe_api.invoices(held.reference))
    if owed_from is None or owed_from > at:
        return GoingOn(0, restarts=False)
    bill = stripe_api.preview_change(held.reference, {"billing_cycle_anchor": "now", "proration_behavior": "none"})
    return GoingOn(bill["amount_due"], restarts=True)


def go_on(held: Subscription, *, promised: str, at: datetime) -> Subscription:
    """Where what was paid for is over a new period begins and is charged: else they would read for nothing until the next one."""
    said = stripe_api.subscription(held.reference)
    if said["pause_collection"] is None:
        return follow(held.reference, at=at)
    going_on = going_on_of(held, at=at)
    if promised != str(going_on.due):
        if stripe_api.subscription(held.reference)["pause_collection"] is None:  # the other click was quicker
            return follow(held.reference, at=at)
        raise Changed
    wanted: stripe_api.Doc = {"pause_collection": ""}
    if going_on.restarts:
        wanted |= {"billing_cycle_anchor": "now", "proration_behavior": "none", "payment_behavior": "error_if_incomplete"}
    # By pause and card: a second click charges nothing more, and another card is tried anew. Where nothing is charged, by what we
    # knew: of two pauses with the same end each is gone on from.
    which = "charged" if going_on.restarts else held.version
    key = f"go-on-{held.reference}-{said['pause_collection']['resumes_at']}-{which}-{stripe_api.card_of(said)}"
    stripe_api.change_subscription(held.reference, wanted, key=key)
    return follow(held.reference, at=at)
