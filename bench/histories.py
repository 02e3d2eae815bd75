"""What each process of `bench.standing` does: live through histories, and print those that ended wrong, a JSON line each.

`python -m bench.histories FIRST END STEP`, under settings that name a database of its own.
"""

import json
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import django

django.setup()

import stripe  # noqa: E402 - models exist only after Django's set-up
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from bench.right_standing import Doc, right  # noqa: E402
from broadsheet.billing import actions, models  # noqa: E402
from broadsheet.membership.actions import engage  # noqa: E402
from broadsheet.membership.models import Term  # noqa: E402
from broadsheet.till import disputes  # noqa: E402
from broadsheet.till.client import InProcess  # noqa: E402
from broadsheet.till.refusals import Refusal  # noqa: E402
from broadsheet.till.till import Till  # noqa: E402

HOUR, DAY = 3_600, 86_400
BEGAN = int(datetime(2026, 1, 5, 9, tzinfo=UTC).timestamp())
WAITS = (HOUR, 5 * HOUR, DAY, 4 * DAY, 9 * DAY, 20 * DAY, 35 * DAY)
STEPS = (3, 11)
HEEDED = 4  # of what was told in one go
LOST, DOUBLED, KILLED, BETWEEN = 0.35, 0.25, 0.12, 0.15


def main(seeds: range) -> None:
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
    for done, seed in enumerate(seeds, start=1):
        history = History(seed)
        history.live()
        expected, found = history.expected(), history.found()
        if expected != found:
            print(json.dumps({"seed": seed, "story": history.story, "right": expected, "found": found}), flush=True)
        _forget()
        if done % 500 == 0:
            print(f"{done:,} of {len(seeds):,}", file=sys.stderr, flush=True)


class Killed(BaseException):
    """A worker died here."""


class History:
    """One reader's subscription, from a seed."""

    def __init__(self, seed: int) -> None:

        self.chance, self.now, self.story = random.Random(seed), BEGAN, list[str]()
        house = {"after_retries": self.chance.choice(["cancel", "unpaid", "past_due"])}
        self.till = Till(":memory:", clock=lambda: self.now, public_url="http://till.example", **house)
        self.api = stripe.StripeClient("sk_test_of_the_publisher", http_client=InProcess(self.till), max_network_retries=0).v1
        self.between: Callable[[], None] | None = None
        settings.STRIPE_HTTP_CLIENT = Watched(self)
        self.reader = engage(address=f"reader{seed}@example.org", at=self.at)
        product = self.api.products.create({"name": "All-Access"}).id
        self.prices = [
            self.api.prices.create(
                {"product": product, "currency": "eur", "unit_amount": amount, "recurring": {"interval": every}}
            ).id
            for every, amount in (("month", 900), ("month", 1_900), ("year", 9_000))
        ]

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(self.now, UTC)

    def live(self) -> None:
        self._begin()
        for _ in range(self.chance.randint(*STEPS)):
            self._happen()
            self._wait()
            if self.chance.random() < 0.5:
                self._tell()
        self._tell()
        self._sweep()

    def _begin(self) -> None:
        marks = {"metadata": {"reader": str(self.reader.pk)}}
        self.customer = self.api.customers.create({"email": self.reader.email, **marks}).id
        card = self.chance.choice(["visa", "visa", "visa", "chargeCustomerFail"])
        self._card(card)
        trial = {"trial_period_days": 14} if self.chance.random() < 0.25 else {}
        behaviour = {"payment_behavior": "allow_incomplete"}
        items = [{"price": self.chance.choice(self.prices), "quantity": self.chance.choice([1, 1, 3])}]
        made = self.api.subscriptions.create({"customer": self.customer, "items": items, **trial, **behaviour, **marks})
        self.subscription = made.id
        self.story.append(f"begun with {card}{' on trial' if trial else ''}: {made.status}")

    def _happen(self) -> None:

        deed = self.chance.choice(DEEDS)
        try:
            deed(self)
        except (stripe.StripeError, Refusal) as refused:
            self.story.append(f"{deed.__name__} refused ({str(refused)[:40]})")
        else:
            self.story.append(deed.__name__)

    def _wait(self) -> None:
        seconds = self.chance.choice(WAITS)
        self.now += seconds
        self.till.run_due()
        self.story.append(f"{seconds // HOUR} h")

    def _card(self, card: str) -> None:
        method = self.api.payment_methods.attach(f"pm_card_{card}", {"customer": self.customer}).id
        self.api.customers.update(self.customer, {"invoice_settings": {"default_payment_method": method}})

    def _tell(self) -> None:
        """What Stripe has told so far, in any order, some of it never and some of it twice."""
        with self.till.books(self.now) as books:  # as the SDK would give them, without the half of a history that it takes to
            events = [dict(event) for event in books.newest("event")]
        told = [event for event in events if self.chance.random() > LOST]
        told += [event for event in told if self.chance.random() < DOUBLED]
        self.chance.shuffle(told)
        for event in told[:HEEDED]:
            self._heed(event)

    def _heed(self, event: Doc) -> None:

        def heed() -> None:
            notice, _ = actions.take_notice(event, at=self.at)
            actions.heed(notice, at=self.at)

        if self.chance.random() < BETWEEN:
            self.between = self._come_between
        try:
            with dying(self.chance.randint(1, 40) if self.chance.random() < KILLED else None):
                heed()
        except Killed:
            self.story.append("killed")
        finally:
            self.between = None

    def _come_between(self) -> None:
        """While a worker waits for Stripe's answer: something happens there, or another worker is quicker."""

        if self.chance.random() < 0.4:
            self._happen()
        actions.follow(self.subscription, at=self.at)

    def _sweep(self) -> None:

        try:
            with dying(self.chance.randint(1, 60) if self.chance.random() < KILLED else None):
                actions.sweep(at=self.at)
        except Killed:
            self.story.append("killed in the sweep")
            actions.sweep(at=self.at)

    def found(self) -> tuple[int | None, str]:

        term = Term.objects.filter(reader=self.reader).first()
        return (int(term.ends_at.timestamp()), str(term.payment)) if term and term.ends_at else (None, "")

    def expected(self) -> tuple[int | None, str]:
        def all_of(listed: Any, **about: Any) -> list[Doc]:
            return [one.to_dict() for one in listed({"limit": 100, **about}).data]

        invoices = all_of(self.api.invoices.list, subscription=self.subscription)
        charges = []
        for invoice in invoices:
            for payment in all_of(self.api.invoice_payments.list, invoice=invoice["id"]):
                intent = payment["payment"].get("payment_intent")
                charges += (
                    [one | {"_invoice": invoice["id"]} for one in all_of(self.api.charges.list, payment_intent=intent)]
                    if intent
                    else []
                )
        subscription = self.api.subscriptions.retrieve(self.subscription).to_dict()
        return right(subscription, invoices, charges, all_of(self.api.refunds.list), all_of(self.api.disputes.list))


class Watched(InProcess):
    """The way to the till, on which something may come between a call and its answer's arrival."""

    def __init__(self, history: "History") -> None:
        super().__init__(history.till)
        self.history = history

    def request(self, *args: Any, **kwargs: Any) -> Any:
        come, self.history.between = self.history.between, None
        answer = super().request(*args, **kwargs)
        if come:
            come()
        return answer


@contextmanager
def dying(statement: int | None) -> Iterator[None]:
    """At the given statement to the database the worker is killed."""

    if statement is None:
        yield
        return
    left = [statement]

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        left[0] -= 1
        if left[0] <= 0:
            raise Killed
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield


def mend_card(history: History) -> None:
    history._card("visa")


def break_card(history: History) -> None:
    history._card("chargeCustomerFail")


def end_with_period(history: History) -> None:
    history.api.subscriptions.update(history.subscription, {"cancel_at_period_end": True})


def keep(history: History) -> None:
    history.api.subscriptions.update(history.subscription, {"cancel_at_period_end": False})


def end_now(history: History) -> None:
    if history.chance.random() < 0.4:
        history.api.subscriptions.cancel(history.subscription, {"prorate": history.chance.random() < 0.5})


def change_plan(history: History) -> None:
    item = history.api.subscriptions.retrieve(history.subscription).to_dict()["items"]["data"][0]["id"]
    change = {"id": item, "price": history.chance.choice(history.prices), "quantity": history.chance.choice([1, 2, 5])}
    how = history.chance.choice(["create_prorations", "always_invoice", "none"])
    history.api.subscriptions.update(history.subscription, {"items": [change], "proration_behavior": how})


def pause(history: History) -> None:
    how = history.chance.choice(["void", "keep_as_draft", "mark_uncollectible"])
    history.api.subscriptions.update(history.subscription, {"pause_collection": {"behavior": how}})


def go_on(history: History) -> None:
    history.api.subscriptions.update(history.subscription, {"pause_collection": ""})


def pay(history: History) -> None:
    unpaid = history.api.invoices.list({"subscription": history.subscription, "status": "open", "limit": 1}).data
    if unpaid:
        history.api.invoices.pay(unpaid[0].id)


def void(history: History) -> None:
    unpaid = history.api.invoices.list({"subscription": history.subscription, "status": "open", "limit": 1}).data
    if unpaid:
        history.api.invoices.void_invoice(unpaid[0].id)


def _charge(history: History) -> str:
    made = history.api.charges.list({"customer": history.customer, "limit": 10}).data
    return history.chance.choice(made).id if made else ""


def refund(history: History) -> None:
    if charge := _charge(history):
        some = {"amount": 100} if history.chance.random() < 0.5 else {}
        history.api.refunds.create({"charge": charge, **some})


def dispute(history: History) -> None:

    if charge := _charge(history):
        with history.till.books(history.now) as books:
            disputes.open_for(books, books.get(charge, "charge"))


def close_dispute(history: History) -> None:

    for one in history.api.disputes.list({"limit": 10}).data:
        if one.status not in ("won", "lost"):
            with history.till.books(history.now) as books:
                disputes.conclude(books, books.get(one.id, "dispute"), won=history.chance.random() < 0.5)


def nothing(history: History) -> None:
    """Time passes."""


DEEDS: list[Callable[[History], None]] = [
    mend_card, break_card, end_with_period, keep, end_now, change_plan, pause, go_on, pay, void, refund, dispute, close_dispute,
    nothing, nothing, nothing,
]  # fmt: skip


def _forget() -> None:
    """The next history stands alone."""

    for model in (models.Notice, models.Invoice, models.Subscription, models.Customer):
        model.objects.all().delete()


if __name__ == "__main__":
    main(range(*map(int, sys.argv[1:])))
