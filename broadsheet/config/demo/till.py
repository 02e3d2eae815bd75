"""The demo's till: where its readers pay with test cards, what it has sold before today, and its part in moving the clock.

It stands in the same server below /v1/ (for Stripe's SDK) and /till/ (for people). No money moves.
"""

from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django_tasks import task

from broadsheet.billing import actions
from broadsheet.billing.models import Checkout, Plan, Price, SellingRules, Subscription
from broadsheet.config.demo.cast import GROUP, reader
from broadsheet.kit import clock
from broadsheet.membership.actions import empty_group, forget_term
from broadsheet.membership.models import Reader, Term
from broadsheet.membership.seating import Group
from broadsheet.till import endpoints
from broadsheet.till.client import InProcess
from broadsheet.till.till import Till

MOUNTED = ("/v1/", "/till/")
PAYS = "4242424242424242"
DAY = timedelta(days=1)

EVERYTHING = "Every article, on the day it appears\nEvery special report, feature and country report\nThe whole library"
PLANS = [
    ("All-Access", "all-access", Plan.Kind.PERSONAL, "For one reader, on every device.", EVERYTHING, 1),
    ("Student", "student", Plan.Kind.STUDENT, "The same, for whoever studies.", "All of All-Access\nFor as long as you study", 1),
    (
        "Team",
        "team",
        Plan.Kind.TEAM,
        "For an office, a newsroom, a mission.",
        "All-Access for each seat\nOne bill a year",
        3,
    ),
]
PRICES = [
    ("all-access", Price.Every.MONTH, {"EUR": 9_00, "GBP": 8_00, "USD": 10_00}),
    ("all-access", Price.Every.QUARTER, {"EUR": 25_00, "GBP": 22_00, "USD": 28_00}),
    ("all-access", Price.Every.YEAR, {"EUR": 90_00, "GBP": 80_00, "USD": 100_00}),
    ("student", Price.Every.YEAR, {"EUR": 45_00, "GBP": 40_00, "USD": 50_00}),
    ("team", Price.Every.YEAR, {"EUR": 70_00, "GBP": 62_00, "USD": 78_00}),
]


SELLER = "The Broadsheet Demo Press (an invention)\n1 Nowhere Quay\n00000 Port Somewhere\nNeverland\nTax number XX 000 000 000"


@cache
def the_till() -> Till:
    place = str(settings.STATE / "till.sqlite3")
    back = {"account_name": settings.PUBLICATION_NAME, "account_url": f"{settings.BASE_URL}/account/subscription/"}
    return Till(place, clock=clock.timestamp, public_url=settings.BASE_URL, **back)


@task()
def turn() -> None:
    """What time brings at the till, and the notices that follow from it."""
    the_till().run_due()
    the_till().deliver_due()


def open_the_till(at: datetime) -> None:
    """The plans, the endpoint that hears of everything, and what Sada, Pasha, Lena and Gus bought."""
    _offer()
    _listen()
    settings.STRIPE_HTTP_CLIENT = InProcess(the_till())  # nothing is served yet
    try:
        _sell_what_was_sold(at)
    finally:
        settings.STRIPE_HTTP_CLIENT = None


def _offer() -> None:
    for order, (name, slug, kind, standfirst, gives, seats) in enumerate(PLANS):
        Plan.objects.get_or_create(
            slug=slug,
            defaults={
                "name": name,
                "kind": kind,
                "standfirst": standfirst,
                "gives": gives,
                "least_seats": seats,
                "order": order,
            },
        )
    rules = SellingRules.load()
    rules.seller = rules.seller or SELLER
    rules.asks_tax_id = True
    rules.save()
    plans = Plan.objects.in_bulk(field_name="slug")
    for slug, every, amounts in PRICES:
        for currency, amount in amounts.items():
            Price.objects.get_or_create(plan=plans[slug], every=every, currency=currency, defaults={"amount": amount})


def _listen() -> None:
    url = f"{settings.BASE_URL}/billing/notices/"
    with the_till().books(the_till().now()) as books:
        if not any(endpoint["url"] == url for endpoint in books.newest("webhook_endpoint")):
            made = endpoints.create(books, {"url": url, "enabled_events": ["*"]})
            endpoint = books.get(made["id"], "webhook_endpoint")
            endpoint["_secret"] = settings.STRIPE_NOTICE_SECRETS[0]
            books.save(endpoint)


def _sell_what_was_sold(at: datetime) -> None:
    """Each by the till's own clock set back to that day, and then by what time has brought since."""
    if Subscription.objects.exists():
        return
    sada, pasha, lena, gus = (reader(slug, at) for slug in ("sada", "pasha", "lena", "gus"))
    _sold(lena, at - 395 * DAY, ends=True)
    _sold(pasha, at - 368 * DAY, fails=True)
    _sold(sada, at - 40 * DAY)
    _sold(gus, at - 20 * DAY, plan="team", seats=3)
    the_till().run_due()
    actions.sweep(at=at)
    for term in Term.objects.filter(reader__in=(sada, pasha, lena), reference=""):  # as the cast has it where there is no till
        forget_term(term, at=at)
    for group in Group.objects.filter(reference=GROUP):
        empty_group(GROUP, at=at)
        group.delete()


def _sold(
    buyer: Reader, day: datetime, *, plan: str = "all-access", seats: int = 1, ends: bool = False, fails: bool = False
) -> None:
    till = the_till()
    till.clock = day.timestamp
    try:
        price = Price.objects.get(plan__slug=plan, every=Price.Every.YEAR, currency="EUR")
        _pay(actions.begin_checkout(buyer, price, quantity=seats, next_path="/", at=day))
        _, held = actions.end_checkout(Checkout.objects.get(reader=buyer).reference, reader=buyer, at=day)
        assert held is not None
        if ends:
            actions.end_with_its_period(held, at=day)
        if fails:
            actions.use_card(held, "pm_card_chargeCustomerFail", at=day)
    finally:
        till.clock = clock.timestamp


def _pay(url: str) -> None:
    card = {"number": PAYS, "expiry": "12/40", "cvc": "123"}
    body = urlencode({**card, "line1": "Quay 1", "postal_code": "00000", "city": "Port Somewhere", "country": "DE"}).encode()
    environ: dict[str, Any] = {"REQUEST_METHOD": "POST", "PATH_INFO": urlsplit(url).path, "QUERY_STRING": ""}
    environ |= {"CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body)}
    b"".join(the_till().wsgi(environ, lambda status, headers: None))
