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


def why_no_pause(held: Subscription) -> str:
    """For its reader; "" where it can be."""
    every, most = held.price.months if held.price else 0, SellingRules.load().pause_months
    if not most or held.price is None:
        return "It cannot be paused."
    if held.price.plan.kind == Plan.Kind.TEAM:
        return "A team’s plan cannot be paused."
    if held.status == Status.TRIALING:
        return "A trial cannot be paused."
    if held.cancel_at:
        return "It ends. Keep it first, and then pause it."
    if held.status != Status.ACTIVE or held.invoices.filter(status__in=("draft", "open"), due__gt=0).exists():
        return "A charge is not paid yet. See to the payment first, and then pause it."
    if every > most:
        longest = "1 month" if most == 1 else f"{most} months"
        return f"A pause lasts {longest} at most and whole periods, and yours is paid by the {held.price.every}."
    return why_not_now(held)


def pauses_for(held: Subscription, said: stripe_api.Doc | None = None) -> dict[int, datetime]:
    """For how many months it can be paused, and when each pause ends; none where it cannot."""
    if held.price is None or why_no_pause(held):
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
