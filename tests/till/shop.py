"""A shop at the till: products and customers at hand, a clock to move, and a browser without a window."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from urllib.parse import urlencode, urlsplit

import stripe

from broadsheet.till.till import Till
from tests.till.contract import Contract

MONDAY = int(datetime(2026, 3, 2, 8, tzinfo=UTC).timestamp())
HOUR, DAY = 3600, 86_400
PAYS, DECLINED, BROKE = "4242424242424242", "4000000000000002", "4000000000009995"
FAILS_LATER, ASKS_ONCE, ASKS_ALWAYS, DISPUTED = "4000000000000341", "4000002500003155", "4000002760003184", "4000000000000259"


@dataclass
class Shop:
    place: str = ":memory:"
    house: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.now = MONDAY
        self.till = Till(self.place, clock=lambda: self.now, public_url="http://till.example", **self.house)
        self.api = stripe.StripeClient("sk_test_of_the_shop", http_client=Contract(self.till), max_network_retries=0).v1
        self.product = self.api.products.create({"name": "The Meridian"})
        self.month = self.price(1200, interval="month")
        self.year = self.price(12_000, interval="year")

    def price(self, amount: int, *, interval: str | None = None, currency: str = "eur", **more: Any) -> stripe.Price:
        recurring = {"recurring": {"interval": interval}} if interval else {}
        return self.api.prices.create(
            {"product": self.product.id, "currency": currency, "unit_amount": amount, **recurring, **more}
        )

    def customer(self, card: str | None = "visa", **more: Any) -> stripe.Customer:
        """A customer who has a card, by the name of Stripe's token for it."""
        made = self.api.customers.create({"email": "sada@reader.example", **more})
        return self.give_card(made, card) if card else made

    def give_card(self, customer: stripe.Customer, card: str) -> stripe.Customer:
        method = self.api.payment_methods.attach(f"pm_card_{card}", {"customer": customer.id})
        settings = {"invoice_settings": {"default_payment_method": method.id}}
        return self.api.customers.update(customer.id, settings)

    def subscribe(self, customer: stripe.Customer | None = None, **more: Any) -> stripe.Subscription:
        customer = customer or self.customer()
        return self.api.subscriptions.create({"customer": customer.id, "items": [{"price": self.month.id}], **more})

    def session(self, **more: Any) -> stripe.checkout.Session:
        wanted = {"mode": "subscription", "line_items": [{"price": self.month.id, "quantity": 1}],
                  "success_url": "http://shop.example/thanks?s={CHECKOUT_SESSION_ID}", "cancel_url": "http://shop.example/plans",
                  "customer_email": "sada@reader.example"}  # fmt: skip
        return self.api.checkout.sessions.create(wanted | more)

    def wait(self, seconds: int) -> None:
        self.now += seconds
        self.till.run_due()

    def again(self, subscription: stripe.Subscription, **more: Any) -> stripe.Subscription:
        return self.api.subscriptions.retrieve(subscription.id, more)

    def invoices(self, subscription: stripe.Subscription) -> list[stripe.Invoice]:
        """The newest first."""
        return self.api.invoices.list({"subscription": subscription.id, "limit": 100}).data

    def told(self, *, since: str | None = None) -> list[str]:
        """The kinds of all events, the oldest first."""
        events = self.api.events.list({"limit": 100, **({"ending_before": since} if since else {})})
        return [event.type for event in events.data][::-1]

    # The browser

    def look(self, url: str) -> tuple[int, str, str]:
        return self._ask("GET", url, "")

    def send(self, url: str, **fields: str) -> tuple[int, str, str]:
        """Send a page's form: the status, where it leads, and what it shows."""
        return self._ask("POST", url, urlencode(fields))

    def _ask(self, method: str, url: str, body: str) -> tuple[int, str, str]:
        parts, got = urlsplit(url), {}

        def start(status: str, headers: list[tuple[str, str]]) -> None:
            got.update({name.lower(): value for name, value in headers}, status=status)

        environ = {"REQUEST_METHOD": method, "PATH_INFO": parts.path, "QUERY_STRING": parts.query,
                   "CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body.encode())}  # fmt: skip
        page = b"".join(self.till.wsgi(environ, start)).decode()
        return int(got["status"].split()[0]), got.get("location", ""), page

    def pay(self, session: stripe.checkout.Session, card: str = PAYS, **more: str) -> tuple[int, str, str]:
        return self.send(session.url or "", number=card, expiry="12/34", cvc="123", **more)


def words(page: str) -> str:
    """What a page says, without its markup."""
    return " ".join(re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL).split())


def check_events(shop: Shop) -> None:
    """Read all events, so that what each carries is held against its schema too."""
    for _ in shop.api.events.list({"limit": 100}).auto_paging_iter():
        pass
