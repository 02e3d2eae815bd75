"""A counter at which our code and the till meet: readers who pay, a clock to move, and what Stripe would tell."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlencode, urlsplit

from broadsheet.billing import actions, stripe_api
from broadsheet.billing.models import Checkout, Notice, Plan, Price, Subscription
from broadsheet.membership.models import Reader
from broadsheet.membership.queries import generation, holding_of
from broadsheet.till.till import Till

BEGAN = datetime(2026, 3, 2, 8, tzinfo=UTC)
DAY = timedelta(days=1)
PAYS, DECLINED, FAILS_LATER, ASKS, DISPUTED = (
    "4242424242424242",
    "4000000000000002",
    "4000000000000341",
    "4000002760003184",
    "4000000000000259",
)


@dataclass
class Counter:
    at: datetime = BEGAN
    house: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.till = Till(":memory:", clock=lambda: self.at.timestamp(), public_url="http://till.example", **self.house)

    def price(self, *, every: str = "month", amount: int = 900, **plan: Any) -> Price:
        made = Plan.objects.create(name="All-Access", slug=f"all-access-{Plan.objects.count()}", **plan)
        return Price.objects.create(plan=made, every=every, currency="EUR", amount=amount)

    def begin(self, reader: Reader, price: Price, *, quantity: int = 1) -> str:
        return actions.begin_checkout(reader, price, quantity=quantity, next_path="/briefings/the-dam/", at=self.at)

    def pay(self, url: str, card: str = PAYS, **buyer: str) -> str:
        """At the till's page; where it leads."""
        parts, got = urlsplit(url), {}

        def start(status: str, headers: list[tuple[str, str]]) -> None:
            got.update({name.lower(): value for name, value in headers})

        body = urlencode({"number": card, "expiry": "12/34", "cvc": "123", "country": "DE", **buyer}).encode()
        environ = {"REQUEST_METHOD": "POST", "PATH_INFO": parts.path, "QUERY_STRING": parts.query}
        environ |= {"CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body)}
        b"".join(self.till.wsgi(environ, start))
        return str(got.get("location", ""))

    def come_back(self, reader: Reader) -> Subscription | None:
        reference = Checkout.objects.filter(reader=reader).latest("pk").reference
        return actions.end_checkout(reference, reader=reader, at=self.at)[1]

    def subscribe(self, reader: Reader, price: Price, *, card: str = PAYS, quantity: int = 1) -> Subscription:
        self.pay(self.begin(reader, price, quantity=quantity), card)
        subscription = self.come_back(reader)
        assert subscription is not None
        return subscription

    def wait(self, time: timedelta) -> None:
        self.at += time
        self.till.run_due()

    def events(self) -> list[stripe_api.Doc]:
        """All that Stripe has told, the oldest first."""
        return list(stripe_api.events(since=None))[::-1]

    def tell(self, events: Iterable[stripe_api.Doc]) -> None:
        for event in events:
            notice, _ = actions.take_notice(event, at=self.at)
            actions.heed(notice, at=self.at)

    def tell_what_is_new(self) -> None:
        self.tell(event for event in self.events() if not Notice.objects.filter(reference=event["id"]).exists())

    def reads_until(self, reader: Reader) -> datetime | None:
        fresh = Reader.objects.get(pk=reader.pk)
        return holding_of(fresh, at=self.at, generation=generation()).held.entitled_until
