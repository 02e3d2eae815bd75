"""A world of `bench.standing`: some readers at one till, by one clock, and all that may go wrong between the till and us."""

import json
import random
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import stripe
from django.conf import settings
from django.db import OperationalError, connection

from bench.deeds import TURNS, UNSEEN
from bench.lives import Life
from bench.planted import ALL_HEEDED, SWEPT_LAST
from broadsheet.billing import actions, models, stripe_api
from broadsheet.billing.actions.notices import MATTERS
from broadsheet.billing.translate import customer_named_by
from broadsheet.membership.models import Reader
from broadsheet.till.client import InProcess
from broadsheet.till.till import Till

Doc = dict[str, Any]
HOUR, DAY = 3_600, 86_400
BEGAN = int(datetime(2026, 1, 5, 9, tzinfo=UTC).timestamp())
STRIPE_KEEPS = 30 * DAY  # its events
LIVES = 10  # in one world: one clock, one till and one sweep serve them all
WAITS = (HOUR, 5 * HOUR, DAY, 4 * DAY, 9 * DAY, 20 * DAY, 35 * DAY)
STEPS = (2, 7)
ACTS, TOLD, SWEPT = 0.75, 0.5, 0.12  # how often in a step
ALL_TOLD = 0.5  # of the worlds: there nothing is lost, and the standing must be right before any sweep
LEFT = 0.8  # of the notices are heeded by the errand, where nothing is lost
LOST, UNHEEDED = (0.4, 0.7, 0.9, 1.0), (0.0, 0.4)  # of what Stripe tells: one of these in each of the other worlds
LATE, LAST, DOUBLED = 0.25, 0.3, 0.25
KILLED, BETWEEN, BETWEEN_LAST, AWAY = 0.12, 0.2, 0.9, 0.05
ITS_OWN = 0.9  # of what comes in between is about what the worker waits for


class Killed(BaseException):
    """A worker died here."""


class World:
    """Some readers at one till, by one clock, from a seed."""

    def __init__(self, seed: int, people: list[Reader], seen: Counter[str], workers: ThreadPoolExecutor | None = None) -> None:
        self.seed, self.seen, self.workers = seed, seen, workers
        self.chance, self.now, self.told_until = random.Random(seed), BEGAN, 0
        self.untold: list[Doc] = []
        self.late: list[Doc] = []
        self.last: list[Doc] = []
        self.came: list[Doc] = []
        self.all_told = self.chance.random() < ALL_TOLD
        self.moments = {ALL_HEEDED, SWEPT_LAST} if self.all_told else {SWEPT_LAST}
        self.loses, self.leaves = (0.0, LEFT) if self.all_told else (self.chance.choice(LOST), self.chance.choice(UNHEEDED))
        house = {"after_retries": self.chance.choice(["cancel", "unpaid", "past_due"])}
        self.till = Till(":memory:", clock=lambda: self.now, public_url="http://till.example", **house)
        self.api = stripe.StripeClient("sk_test_of_the_publisher", http_client=InProcess(self.till), max_network_retries=0)
        self.between: deque[Callable[[], None]] = deque()
        self.calls_left: int | None = None  # until a worker dies on the way to Stripe
        settings.STRIPE_HTTP_CLIENT = Watched(self)
        self._colleagues = people[LIVES:]
        self.prices = [self._price(*each) for each in (("month", 900, False), ("year", 9_000, False), ("month", 700, True))]
        self.lives = [Life(self, reader) for reader in people[:LIVES]]

    def _price(self, every: str, amount: int, team: bool) -> str:
        product = self.ask("post", "products", name="All-Access")["id"]
        about = {"product": product, "currency": "eur", "unit_amount": amount, "recurring": {"interval": every}}
        reference = str(self.ask("post", "prices", **about, metadata={"team": "yes" if team else "no"})["id"])
        kind = models.Plan.Kind.TEAM if team else models.Plan.Kind.PERSONAL
        plan = models.Plan.objects.create(name="All-Access", slug=f"{every}-{amount}", kind=kind)
        models.Price.objects.create(plan=plan, every=every, currency="EUR", amount=amount, reference=reference)
        return reference

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(self.now, UTC)

    def a_price(self) -> str:
        return self.chance.choice(self.prices)

    def colleague(self) -> Reader:
        return self.chance.choice(self._colleagues)

    def ask(self, method: str, path: str, **about: Any) -> Doc:
        """As somebody at Stripe would: past our code, and past what may go wrong on its way."""
        return dict(self.api.raw_request(method, f"/v1/{path}", **about).data)

    def live(self) -> Iterator[str]:
        """Stops at each moment at which all must be right, and says which."""
        for life in self.lives:
            life.begin()
        for _ in range(self.chance.randint(*STEPS)):
            for life in self.lives:
                if self.chance.random() < ACTS:
                    life.happen()
            self._wait()
            if self.chance.random() < TOLD:
                self._tell()
            if self.chance.random() < SWEPT:
                self._sweep()
        if not self.all_told:
            self._go_unheard()
        self._tell()
        if self.all_told:
            self._tell_the_rest()
            yield ALL_HEEDED
        if not self._sweep(between=False):
            self._all_of(lambda: actions.sweep(at=self.at))
        yield SWEPT_LAST

    def _go_unheard(self) -> None:
        """Last happens what a look at the subscriptions alone misses; then little time passes, or more than Stripe remembers."""
        for life in self.lives:
            if self.chance.random() < ACTS:
                any(life.happen(UNSEEN) for _ in range(3))
        self._wait(self.chance.choice((5 * HOUR, STRIPE_KEEPS + DAY)))
        for life in self.chance.sample(self.lives, LIVES // 3):
            life.happen()

    def _wait(self, seconds: int = 0) -> None:
        seconds = seconds or self.chance.choice(WAITS)
        self.now += seconds
        self.till.run_due()
        self._hear()
        with self.till.books(self.now) as books:
            forgotten = "DELETE FROM documents WHERE kind = 'event' AND json_extract(body, '$.created') < ?"
            books.rows.execute(forgotten, (self.now - STRIPE_KEEPS,))
        for life in self.lives:
            life.story.append(f"{seconds // HOUR} h")

    def _tell(self) -> None:
        """What Stripe says since the last time: in any order, some of it late, some of it twice and much of it never."""
        self._hear()
        told, self.late, untold, self.untold = self.late, [], self.untold, []
        for event in untold:
            if self._is_lost(event):
                continue
            if self.chance.random() < LATE:
                self.seen["mischief: late"] += 1
                self.late.append(event)
            elif self.all_told and _brings_subscription(event) and self.chance.random() < LAST:
                self.seen["mischief: last of all"] += 1
                self.last.append(event)
            else:
                told.append(event)
        told += (twice := [event for event in told if self.chance.random() < DOUBLED])
        self.seen["mischief: doubled"] += len(twice)
        if told != sorted(told, key=lambda event: event["created"]):
            self.seen["mischief: out of order"] += 1
        self.chance.shuffle(told)
        self._heed_all(told)

    def _tell_the_rest(self) -> None:
        """All that is late comes; then one notice about each life, an old one if there is any, while others are quicker.

        What a worker died over is told again by Stripe, or heeded by the errand.
        """
        for life in self.lives:
            if self.chance.random() < ACTS:
                any(life.happen(TURNS) for _ in range(3))
        self._hear()
        late, last = self.last + self.late + self.untold, list[Doc]()
        self.late, self.untold = [], []
        for life in self.lives:
            about = (one for one in late if customer_named_by(one) == life.customer and one["type"].startswith(MATTERS))
            if event := next(about, None):
                late.remove(event)
                last.append(event)
        self.chance.shuffle(late)
        self._heed_all(late)
        self.leaves = 0.0
        self._heed_all(last, BETWEEN_LAST)
        self._leave_to_errand()
        known = set(models.Notice.objects.values_list("reference", flat=True))
        again = [event for event in self.came + self.untold if event["id"] not in known]
        self._all_of(lambda: [actions.heed(actions.take_notice(event, at=self.at)[0], at=self.at) for event in again])
        actions.heed_waiting(at=self.at)

    def _leave_to_errand(self) -> None:
        """Of a few lives more is told, and only written down; then the errand finds Stripe away, or dies."""
        for life in self.chance.sample(self.lives, LIVES // 3):
            any(life.happen(TURNS) for _ in range(3))
        self._hear()
        told, self.untold = self.untold, []
        self.came += told
        self._all_of(lambda: [actions.take_notice(event, at=self.at) for event in told])
        self._stripe_fails()
        with self.dying(20):
            actions.heed_waiting(at=self.at)

    def _heed_all(self, told: list[Doc], between: float = BETWEEN) -> None:
        self.came += told
        if self.workers is None:
            for event in told:
                self._heed(event, between)
        else:
            list(self.workers.map(self._heed_at_once, told))
        if self.all_told:
            with self.dying(20 * LIVES):
                actions.heed_waiting(at=self.at)

    def _hear(self) -> None:
        """What Stripe says now, before it forgets it."""
        with self.till.store.reading() as rows:
            found = rows.execute(
                "SELECT seq, body FROM documents WHERE kind = 'event' AND seq > ?", (self.told_until,)
            ).fetchall()
        self.told_until = found[-1][0] if found else self.told_until
        self.untold += (said := [json.loads(body) for _, body in found])
        for event in said:
            self._see(event)

    def _is_lost(self, event: Doc) -> bool:
        lost = self.chance.random() < self.loses
        self.seen["mischief: lost"] += lost
        return lost

    def _see(self, event: Doc) -> None:
        self.seen[f"event: {event['type']}"] += 1
        if _brings_subscription(event):
            self.seen[f"status: {event['data']['object']['status']}"] += 1

    def _heed(self, event: Doc, between: float) -> None:
        """A worker takes a notice and heeds it, or dies; meanwhile others may come in between."""
        if self.chance.random() < between:
            self.between.append(lambda: self._come_between(self._life_of(event)))
        if self.chance.random() < AWAY:
            self._stripe_fails()
        with self.dying(40):
            notice, _ = actions.take_notice(event, at=self.at)
            if self.chance.random() >= self.leaves:
                actions.heed(notice, at=self.at)
        self.between.clear()

    def _heed_at_once(self, event: Doc) -> None:
        """One of several workers that run at the same time."""
        try:
            notice, _ = actions.take_notice(event, at=self.at)
            actions.heed(notice, at=self.at)
        except OperationalError:  # the database is locked: the errand waits for the sweep
            self.seen["mischief: locked out"] += 1
        finally:
            connection.close()
            self.seen["mischief: at the same time"] += 1

    def _life_of(self, event: Doc) -> "Life":
        """Most often whom a notice is about."""
        customer = customer_named_by(event)
        own = next((life for life in self.lives if life.customer == customer), None)
        return own if own and self.chance.random() < ITS_OWN else self.chance.choice(self.lives)

    def _come_between(self, life: "Life") -> None:
        """While a worker waits for Stripe's answer: something happens there, or another worker is quicker."""
        if self.chance.random() < 0.7:
            any(life.happen(TURNS) for _ in range(5))
            self.seen["mischief: changed in between"] += 1
        if self.chance.random() < 0.8:
            self._all_of(lambda: self._heed_news_of(life))
            self.seen["mischief: another worker in between"] += 1

    def _heed_news_of(self, life: "Life") -> None:
        """The other worker is told at once, or looks for a reason of its own."""
        self._hear()
        new = [event for event in self.untold if customer_named_by(event) == life.customer]
        self.untold = [event for event in self.untold if event not in new]
        self.came += (told := [event for event in new if not self._is_lost(event)])
        for event in told:
            actions.heed(actions.take_notice(event, at=self.at)[0], at=self.at)
        if not told:
            actions.follow(life.subscription, at=self.at)

    def _sweep(self, *, between: bool = True) -> bool:
        """Whether it came to its end."""
        if between and self.chance.random() < BETWEEN:
            self.between.append(lambda: self._come_between(self.chance.choice(self.lives)))
        if self.chance.random() < AWAY:
            self._stripe_fails()
        ended = False
        with self.dying(20 * LIVES):
            actions.sweep(at=self.at)
            ended = True
        self.between.clear()
        self.seen["mischief: sweep on the way"] += between
        return ended

    def _stripe_fails(self) -> None:
        """So often that the SDK gives up; with all done and the answers lost, or nothing done."""
        how = self.chance.choice(["refused", "limited", "lost"])
        setattr(self.till.outage, how, self.chance.randint(1, 9))
        self.seen[f"mischief: Stripe away ({how})"] += 1

    def _all_of(self, work: Callable[[], object]) -> None:
        """Nothing goes wrong now."""
        self.till.outage.refused = self.till.outage.limited = self.till.outage.lost = 0
        self.between.clear()
        work()

    @contextmanager
    def dying(self, within: int) -> Iterator[None]:
        """Now and then the worker is killed at some statement to the database, or on the way to Stripe or back."""
        left = [self.chance.randint(1, within) if self.chance.random() < KILLED else -1]

        def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                raise Killed
            return execute(sql, params, many, context)

        self.calls_left = self.chance.randint(1, 6) if self.chance.random() < KILLED / 2 else None
        try:
            with connection.execute_wrapper(count):
                yield
        except Killed:
            self.seen["mischief: killed"] += 1
        except stripe_api.Unreachable:
            self.seen["mischief: gave up on Stripe"] += 1
        finally:
            self.calls_left = None
            self.till.outage.refused = self.till.outage.limited = self.till.outage.lost = 0


class Watched(InProcess):
    """The way to the till, on which something may come between a call and its answer's arrival."""

    def __init__(self, world: World) -> None:
        super().__init__(world.till)
        self.world = world

    def request(self, *args: Any, **kwargs: Any) -> Any:
        if self.world.calls_left is not None:
            self.world.calls_left -= 1
        if self.world.calls_left == 0:
            raise Killed
        answer = super().request(*args, **kwargs)
        if self.world.between and self.world.chance.random() < 0.5:
            self.world.between.popleft()()
        return answer

    def _sleep_time_seconds(self, num_retries: int) -> float:
        return 0.0


def _brings_subscription(event: Doc) -> bool:
    return bool(event["data"]["object"]["object"] == "subscription")
