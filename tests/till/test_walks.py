"""Random walks: whatever is done in whatever order, each answer fits its schema, and money adds up."""

import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import stripe

from tests.till.shop import ASKS_ALWAYS, ASKS_ONCE, DAY, DECLINED, DISPUTED, FAILS_LATER, HOUR, PAYS, Shop, check_events

STEPS = 30
TOKENS = [None, "visa", "chargeCustomerFail", "authenticationRequired", "createDispute"]
NUMBERS = [PAYS, DECLINED, FAILS_LATER, ASKS_ONCE, ASKS_ALWAYS, DISPUTED]
ENDED = {"canceled", "incomplete_expired"}


class NothingThere(Exception):
    """There is nothing yet that this could be done to."""


class Walk:
    """One shop, and a hand that does what the dice say."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.shop = Shop(house={"after_retries": self.dice.choice(["cancel", "unpaid", "past_due"])})
        self.prices = [
            self.shop.month,
            self.shop.year,
            self.shop.price(300, interval="week"),
            self.shop.price(0, interval="month"),
        ]
        self.coupon = self.shop.api.coupons.create({"percent_off": 33.3, "duration": "once"})
        self.customers = [self.shop.customer(self.dice.choice(TOKENS)) for _ in range(2)]

    def one_of(self, found: Sequence[Any]) -> Any:
        if not found:
            raise NothingThere
        return self.dice.choice(found)

    def subscription(self) -> stripe.Subscription:
        return self.one_of(self.shop.api.subscriptions.list({"status": "all"}).data)

    def invoice(self) -> stripe.Invoice:
        return self.one_of(self.shop.api.invoices.list({"limit": 30}).data)

    def begin(self) -> None:
        more = self.dice.choice([{}, {"trial_period_days": 5}, {"discounts": [{"coupon": self.coupon.id}]}])
        items = [{"price": self.dice.choice(self.prices).id, "quantity": self.dice.randint(0, 3)}]
        self.shop.subscribe(self.dice.choice(self.customers), items=items, **more)

    def pay(self) -> None:
        _, leads_to, _ = self.shop.pay(self.shop.session(), self.dice.choice(NUMBERS))
        if "/3ds/" in leads_to:
            self.shop.send(leads_to, challenge=self.dice.choice(["complete", "fail", "leave"]))

    def wait(self) -> None:
        self.shop.wait(self.dice.choice([HOUR, DAY, 4 * DAY, 31 * DAY]))

    def change(self) -> None:
        held = self.subscription()
        item = {
            "id": held["items"].data[0].id,
            **self.dice.choice([{"price": self.dice.choice(self.prices).id}, {"quantity": 2}]),
        }
        how = self.dice.choice(["none", "create_prorations", "always_invoice"])
        self.shop.api.subscriptions.update(held.id, {"items": [item], "proration_behavior": how})

    def end(self) -> None:
        held = self.subscription()
        if self.dice.random() < 0.5:
            self.shop.api.subscriptions.update(held.id, {"cancel_at_period_end": self.dice.random() < 0.7})
        else:
            self.shop.api.subscriptions.cancel(held.id, {"prorate": True, "invoice_now": self.dice.random() < 0.5})

    def pause(self) -> None:
        behaviour = self.dice.choice(["void", "mark_uncollectible", "keep_as_draft"])
        wanted = self.dice.choice(["", {"behavior": behaviour}])
        self.shop.api.subscriptions.update(self.subscription().id, {"pause_collection": wanted})

    def settle(self) -> None:
        invoices = self.shop.api.invoices
        self.dice.choice([invoices.pay, invoices.void_invoice, invoices.mark_uncollectible])(self.invoice().id)

    def refund(self) -> None:
        charge = self.one_of(self.shop.api.charges.list({}).data)
        self.shop.api.refunds.create({"charge": charge.id, "amount": self.dice.randint(1, 2000)})

    def card(self) -> None:
        self.shop.give_card(self.dice.choice(self.customers), self.dice.choice(TOKENS[1:]))

    def preview(self) -> None:
        self.shop.api.invoices.create_preview({"subscription": self.subscription().id})


@pytest.mark.parametrize("seed", range(8))
def test_wherever_a_walk_leads_answers_fit_and_money_adds_up(seed):
    walk = Walk(seed)
    acts: list[Callable[[], None]] = [
        walk.begin, walk.begin, walk.pay, walk.wait, walk.wait, walk.wait, walk.change, walk.change, walk.end, walk.pause,
        walk.settle, walk.refund, walk.card, walk.preview,
    ]  # fmt: skip
    done = 0

    for _ in range(STEPS):
        try:
            walk.dice.choice(acts)()
        except (stripe.StripeError, NothingThere):
            continue
        done += 1

    assert done > STEPS / 3
    assert owed_wrongly(walk.shop) == []
    check_events(walk.shop)


def owed_wrongly(shop: Shop) -> list[str]:
    """Invoices whose sums do not add up, that are still asked for after the end, and charges refunded beyond what was paid."""
    ended = {held.id for held in shop.api.subscriptions.list({"status": "all", "limit": 100}).data if held.status in ENDED}
    found = []
    for invoice in shop.api.invoices.list({"limit": 100}).data:
        paid = invoice.amount_paid + invoice.amount_paid_off_stripe
        sums = invoice.amount_due == paid + invoice.amount_remaining
        total = invoice.subtotal - sum(part.amount for part in invoice.total_discount_amounts or [])
        asked = invoice.auto_advance and invoice.parent is not None and invoice.parent.subscription_details.subscription in ended
        found += [invoice.id] if not sums or total != invoice.total or (asked and invoice.status in {"draft", "open"}) else []
    return found + [charge.id for charge in shop.api.charges.list({"limit": 100}).data if charge.amount_refunded > charge.amount]
