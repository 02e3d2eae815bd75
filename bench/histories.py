"""What each process of `bench.standing` does: live through worlds of histories, and say which ended wrong.

`python -m bench.histories FIRST END STEP FAULT THREADS`, the numbers of the worlds, under settings that name a
database of its own. Each line that it prints is JSON: a history that ended wrong, or at the end what occurred how often.
"""

import json
import random
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any

import django

django.setup()

import stripe  # noqa: E402 - models exist only after Django's set-up
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import OperationalError, connection  # noqa: E402
from django_tasks_db.models import DBTaskResult  # noqa: E402

from bench import planted, right_standing  # noqa: E402
from bench.deeds import DEEDS, NothingThere, sitting, terms  # noqa: E402
from broadsheet.billing import actions, models, stripe_api  # noqa: E402
from broadsheet.kit.models import Counter as Cursor  # noqa: E402
from broadsheet.mailroom.models import Dispatch  # noqa: E402
from broadsheet.membership.actions import engage  # noqa: E402
from broadsheet.membership.actions.groups import GroupEnded, NoSeatLeft  # noqa: E402
from broadsheet.membership.models import Reader, Revocation, Term  # noqa: E402
from broadsheet.membership.queries import held_by, rules  # noqa: E402
from broadsheet.membership.seating import Group, Seat  # noqa: E402
from broadsheet.till.client import InProcess  # noqa: E402
from broadsheet.till.refusals import Refusal  # noqa: E402
from broadsheet.till.till import Till  # noqa: E402

Doc = dict[str, Any]
Expected = tuple[list[tuple[str, int, str]], list[int | None]]  # the terms, and until when the buyer reads at some moments
HOUR, DAY = 3_600, 86_400
BEGAN = int(datetime(2026, 1, 5, 9, tzinfo=UTC).timestamp())
STRIPE_KEEPS = 30 * DAY  # its events
LIVES = 10  # in one world: one clock, one till and one sweep serve them all
WAITS = (HOUR, 5 * HOUR, DAY, 4 * DAY, 9 * DAY, 20 * DAY, 35 * DAY)
STEPS = (3, 11)
ACTS, TOLD, SWEPT = 0.75, 0.5, 0.12  # how often in a step
LOST = (0.0, 0.4, 0.7, 0.9, 1.0)  # of what Stripe tells: one of these in each world
LATE, DOUBLED, UNHEEDED = 0.25, 0.25, (0.0, 0.4)
KILLED, BETWEEN, AWAY = 0.12, 0.2, 0.05
CARDS = (*["visa"] * 10, "chargeCustomerFail", "authenticationRequired", None)
REFUSED = (stripe.StripeError, Refusal, stripe_api.Refused, actions.Changed, NothingThere, NoSeatLeft, GroupEnded)
SAYS_EVERY = 5.0  # seconds


def main(seeds: range, fault: str, threads: int) -> None:
    call_command("migrate", verbosity=0)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")
    seen, wrong, said_at, began = Counter[str](), 0, time.monotonic(), time.process_time()
    with ExitStack() as stack:
        stack.enter_context(planted.FAULTS[fault]() if fault else ExitStack())
        workers = stack.enter_context(ThreadPoolExecutor(threads)) if threads else None
        people = [engage(address=f"reader{n}@example.org", at=datetime.fromtimestamp(BEGAN, UTC)) for n in range(LIVES + 3)]
        for done, seed in enumerate(seeds, start=1):
            world = World(seed, people, seen, workers)
            world.live()
            for life in world.lives:
                wrong += life.judge()
            _forget()
            if fault and wrong:
                break
            if time.monotonic() - said_at > SAYS_EVERY or done == len(seeds):
                said_at, each = time.monotonic(), (time.process_time() - began) / done / LIVES
                print(
                    f"{done * LIVES:,} of {len(seeds) * LIVES:,}: {wrong} wrong, {each:.3f} s each", file=sys.stderr, flush=True
                )
    print(json.dumps({"seen": seen, "lived": done * LIVES, "wrong": wrong}), flush=True)


class Killed(BaseException):
    """A worker died here."""


class World:
    """Some readers at one till, by one clock, from a seed."""

    def __init__(self, seed: int, people: list[Reader], seen: Counter[str], workers: ThreadPoolExecutor | None = None) -> None:
        self.seed, self.seen, self.workers = seed, seen, workers
        self.chance, self.now, self.told_until = random.Random(seed), BEGAN, 0
        self.late: list[Doc] = []
        self.loses, self.leaves = self.chance.choice(LOST), self.chance.choice(UNHEEDED)
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

    def live(self) -> None:
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
        self._tell()
        if not self._sweep(between=False):
            self._all_of(lambda: actions.sweep(at=self.at))

    def _wait(self) -> None:
        seconds = self.chance.choice(WAITS)
        self.now += seconds
        self.till.run_due()
        with self.till.books(self.now) as books:
            forgotten = "DELETE FROM documents WHERE kind = 'event' AND json_extract(body, '$.created') < ?"
            books.rows.execute(forgotten, (self.now - STRIPE_KEEPS,))
        for life in self.lives:
            life.story.append(f"{seconds // HOUR} h")

    def _tell(self) -> None:
        """What Stripe says since the last time: in any order, some of it late, some of it twice and much of it never."""
        told, self.late = self.late, []
        for event in self._said_since():
            self._see(event)
            if self.chance.random() < self.loses:
                self.seen["mischief: lost"] += 1
            elif self.chance.random() < LATE:
                self.seen["mischief: late"] += 1
                self.late.append(event)
            else:
                told.append(event)
        told += (twice := [event for event in told if self.chance.random() < DOUBLED])
        self.seen["mischief: doubled"] += len(twice)
        if told != sorted(told, key=lambda event: event["created"]):
            self.seen["mischief: out of order"] += 1
        self.chance.shuffle(told)
        if self.workers is None:
            for event in told:
                self._heed(event)
        else:
            list(self.workers.map(self._heed_at_once, told))

    def _said_since(self) -> list[Doc]:
        with self.till.store.reading() as rows:
            found = rows.execute(
                "SELECT seq, body FROM documents WHERE kind = 'event' AND seq > ?", (self.told_until,)
            ).fetchall()
        self.told_until = found[-1][0] if found else self.told_until
        return [json.loads(body) for _, body in found]

    def _see(self, event: Doc) -> None:
        self.seen[f"event: {event['type']}"] += 1
        if event["data"]["object"]["object"] == "subscription":
            self.seen[f"status: {event['data']['object']['status']}"] += 1

    def _heed(self, event: Doc) -> None:
        """A worker takes a notice and heeds it, or dies; meanwhile others may come in between."""
        if self.chance.random() < BETWEEN:
            self.between.append(self._come_between)
        if self.chance.random() < AWAY:
            self._stripe_fails()
        with self._dying(40):
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

    def _come_between(self) -> None:
        """While a worker waits for Stripe's answer: something happens there, or another worker is quicker."""
        life = self.chance.choice(self.lives)
        if self.chance.random() < 0.5:
            life.happen()
            self.seen["mischief: changed in between"] += 1
        if self.chance.random() < 0.7:
            self._all_of(lambda: actions.follow(life.subscription, at=self.at))
            self.seen["mischief: another worker in between"] += 1

    def _sweep(self, *, between: bool = True) -> bool:
        """Whether it came to its end."""
        if between and self.chance.random() < BETWEEN:
            self.between.append(self._come_between)
        if self.chance.random() < AWAY:
            self._stripe_fails()
        ended = False
        with self._dying(20 * LIVES):
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
    def _dying(self, within: int) -> Iterator[None]:
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


class Life:
    """One reader's subscription."""

    def __init__(self, world: World, reader: Reader) -> None:
        self.world, self.reader, self.chance, self.ask = world, reader, world.chance, world.ask
        self.story: list[str] = []

    def begin(self) -> None:
        marks = {"metadata": {"reader": str(self.reader.pk)}}
        self.customer = self.ask("post", "customers", email=self.reader.email, **marks)["id"]
        card = self.chance.choice(CARDS)
        trial = self._trial() if self.chance.random() < 0.3 or card is None else {}
        if card:
            self.use_card(card)
        items = [{"price": self.world.a_price(), "quantity": self.chance.choice([1, 1, 3])}]
        about = {"customer": self.customer, "items": items, "payment_behavior": "allow_incomplete", **trial, **marks}
        made = self.ask("post", "subscriptions", **about)
        self.subscription = made["id"]
        self.story.append(f"begun with {card}{' on trial' if trial else ''}: {made['status']}")

    def _trial(self) -> Doc:
        without_card = self.chance.choice(["pause", "pause", "cancel", "create_invoice"])
        return {"trial_period_days": 14, "trial_settings": {"end_behavior": {"missing_payment_method": without_card}}}

    def use_card(self, card: str) -> None:
        method = self.ask("post", f"payment_methods/pm_card_{card}/attach", customer=self.customer)["id"]
        self.ask("post", f"customers/{self.customer}", invoice_settings={"default_payment_method": method})

    def happen(self) -> None:
        deed = self.chance.choices(list(DEEDS), list(DEEDS.values()))[0]
        with self.world._dying(40):
            try:
                deed(self)
            except REFUSED as refused:
                self.story.append(f"{deed.__name__} refused ({str(refused)[:40]})")
            else:
                self.story.append(deed.__name__)
                self.world.seen[f"deed: {deed.__name__}"] += 1

    def judge(self) -> bool:
        """Whether it ended wrong."""
        expected, line = self._right()
        self.world.seen[f"line: {line}"] += 1
        found = (terms(self), [self._reads_until(moment) for moment in self._moments(expected[0])])
        if found == expected:
            return False
        told = {"seed": self.world.seed, "story": self.story, "line": line, "right": expected, "found": found}
        print(json.dumps(told), flush=True)
        return True

    def _right(self) -> tuple[Expected, str]:
        with self.world.till.books(self.world.now) as books:
            subscription = books.get(self.subscription, "subscription")
            invoices = list(books.newest("invoice", parent=self.subscription))
            charges = [
                {**charge, "_invoice": invoice["id"]}
                for invoice in invoices
                for payment in books.newest("invoice_payment", parent=invoice["id"])
                for charge in books.newest("charge", parent=payment["payment"]["payment_intent"])
            ]
            found = right_standing.right(subscription, invoices, charges, books.all("refund"), books.all("dispute"))
        item = subscription["items"]["data"][0]
        team = item["price"]["metadata"]["team"] == "yes"
        carried = right_standing.carried(found, team=team, seats=item["quantity"], sitting=len(sitting(self)))
        begins, moments = subscription["start_date"], self._moments(carried)
        reads = [right_standing.reads_until(found, begins=begins, at=moment) if carried else None for moment in moments]
        return (carried, reads), f"{found.line}{' (team)' if team else ''}"

    def _moments(self, carried: list[tuple[str, int, str]]) -> list[int]:
        """Now, and on both sides of where the term and its grace end."""
        ends = {until for _, until, _ in carried}
        return [self.world.now, *(end + past for end in ends for past in (-1, 0, right_standing.GRACE - 1, right_standing.GRACE))]

    def _reads_until(self, moment: int) -> int | None:
        at = datetime.fromtimestamp(moment, UTC)
        held = held_by(self.reader, at=at, grace_days=rules().grace_days).entitled_until
        return int(held.timestamp()) if held else None


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


def _forget() -> None:
    """The next world stands alone."""
    of_billing = (models.Notice, models.Ending, models.Invoice, models.Subscription, models.Customer, models.Price, models.Plan)
    with connection.cursor() as cursor:
        for model in (*of_billing, Seat, Group, Term, Revocation, Dispatch, DBTaskResult, Cursor):
            cursor.execute(f"DELETE FROM {model._meta.db_table}")


if __name__ == "__main__" and sys.argv[1:] == ["faults"]:
    print(*planted.FAULTS)
elif __name__ == "__main__":
    main(range(*map(int, sys.argv[1:4])), sys.argv[4] if len(sys.argv) > 4 else "", int(sys.argv[5]) if len(sys.argv) > 5 else 0)
