"""Withdraw from a contract, in the days that the house rule gives: it ends at once, and all that was paid for it goes back."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from broadsheet.billing import plans, stripe_api, withdrawal
from broadsheet.billing.actions import writing
from broadsheet.billing.actions.ending import finish, left_of_all
from broadsheet.billing.models import Ending, Subscription
from broadsheet.membership.models import Reader

AWAY = (stripe_api.Unreachable, stripe_api.Refused, stripe_api.NotConfigured)

log = logging.getLogger(__name__)


class TooLate(Exception):
    """The days are over, or it has ended already."""


def goes_back(held: Subscription) -> int | None:
    """What a withdrawal gives back; None where Stripe does not answer: whoever withdraws waits for nobody."""
    try:
        return sum(left_of_all(held.reference).values())
    except AWAY as trouble:
        log.warning("What was paid for %s is not known just now: %s", held, trouble)
        return None


def withdraw(held: Subscription, *, name: str, at: datetime) -> Ending:
    """Written down and acknowledged before Stripe is asked to change anything: whatever dies, the sweep goes on with it."""
    back = goes_back(held)
    with transaction.atomic():
        Subscription.objects.select_for_update().get(pk=held.pk)
        ending = Ending.objects.filter(subscription=held).first() or Ending(subscription=held)
        if not ending.withdrawn:
            if ending.done_at or not withdrawal.is_open(held, at=at):
                raise TooLate
            ending.withdrawn, ending.wanted_at, ending.refund, ending.parts = True, at, back or 0, {}
            ending.save()
            writing.of_withdrawal(held, told_of(held, back), name=name, at=at)
    try:
        finish(ending, at=at)
    except AWAY as trouble:
        log.error("The withdrawal from %s waits: %s", held, trouble)
    return ending


def in_words(held: Subscription, back: int | None) -> str | None:
    """As money; "" where nothing is left to go back, None where it is not known."""
    if not back:
        return None if back is None else ""
    bill = held.invoices.first()
    return plans.money(back, bill.currency) if bill else None


def told_of(held: Subscription, back: int | None) -> dict[str, object]:
    """For the statement and its proof. `part`: the rest of what was charged has gone back before, or is with a bank."""
    charged = held.invoices.aggregate(all=Sum("paid"))["all"] or 0
    part = back is not None and back < charged
    return {"money": in_words(held, back), "charged": charged > 0, "part": part, "credited": used_credit(held)}


def used_credit(held: Subscription) -> bool:
    """Whether an older credit paid for a part of it, which is credited again."""
    left_over = held.changes.filter(kept__gt=0).exclude(done_at=None).exists()
    return not left_over and held.invoices.filter(credit__gt=0).exists()


def withdrawn_by(reader: Reader) -> Ending | None:
    """The last one."""
    stated = Ending.objects.filter(subscription__customer__reader=reader, withdrawn=True)
    return stated.select_related("subscription__price").order_by("-wanted_at").first()
