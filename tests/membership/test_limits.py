"""Every limited door: what the operator reads of it, and what is read by whoever comes too often."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from allauth.account import app_settings
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory

from broadsheet.billing.models import Plan, Price
from broadsheet.membership import limits
from broadsheet.membership.actions import record_group
from broadsheet.membership.actions.gifts import give
from broadsheet.membership.adapter import AccountAdapter
from broadsheet.membership.seating import Group
from broadsheet.membership.seats import token_of_link
from broadsheet.membership.views.gifts import link_of
from tests import cast

pytestmark = pytest.mark.django_db

OPERATIONS = Path(__file__).resolve().parents[2] / "docs/operations.md"
LINE = re.compile(r"^\| [^|]+ \| `([\w-]+)` \| (\d+) \| ([\w ]+) \| ([\w ]+) \|$", re.M)
FOR_EACH = {"ip": {"network"}, "user": {"reader"}, "key": {"reader", "address", "address and network", "reader or network"}}

Knock = Callable[[Client], HttpResponse]


@pytest.fixture(autouse=True)
def noon(at):
    with time_machine.travel(at, tick=False) as clock:
        yield clock


def test_the_operator_reads_every_rate_as_it_is():
    told = {(door, int(number), wait) for door, number, _, wait in LINE.findall(OPERATIONS.read_text())}
    ours = {
        (door, rate.amount, limits.WORDS[timedelta(seconds=rate.duration)])
        for door in settings.ACCOUNT_RATE_LIMITS
        for rate in limits.rates_of(door)
    }

    assert told == ours


def test_the_operator_reads_for_whom_each_rate_counts():
    for door, number, each, _ in LINE.findall(OPERATIONS.read_text()):
        (rate,) = (rate for rate in limits.rates_of(door) if rate.amount == int(number))
        assert each in FOR_EACH[rate.per] or (door == "login_failed" and each == "reader")


def test_the_wait_after_wrong_second_factors_is_the_real_one():
    words = limits.WORDS[limits.wait_of("login_failed")]

    assert f"Wait {words}" in AccountAdapter.error_messages["too_many_login_attempts"]
    assert set(settings.ACCOUNT_RATE_LIMITS) <= set(app_settings.RATE_LIMITS)


def asks_for_codes(at: datetime) -> Knock:
    numbers = iter(range(100))
    return lambda browser: browser.post("/join/", {"email": f"u{next(numbers)}@example.org"})


def types_codes(at: datetime) -> Knock:
    def knock(browser: Client) -> HttpResponse:
        if "knock" not in browser.cookies:
            browser.post("/join/", {"email": "u@example.org"})
        return browser.post("/join/code/", {"code": "BBBBBB"})

    return knock


def price(at: datetime) -> Price:
    plan = Plan.objects.create(name="All-Access", slug="all-access")
    return Price.objects.create(plan=plan, every=Price.Every.YEAR, currency="EUR", amount=9_000)


def goes_to_pay(at: datetime) -> Knock:
    stated = {"price": price(at).pk, "pay": "yes"}
    return lambda browser: browser.post("/subscribe/confirm/", stated)


def gives_years(at: datetime) -> Knock:
    stated = {"price": price(at).pk, "to_address": "nia@example.org", "from_name": "Sada", "day": "2026-03-04"}
    return lambda browser: browser.post("/subscribe/gift/", stated)


def opens_gifts(at: datetime) -> Knock:
    gift = give(reader=cast.pasha(at), story="a1", path="/briefings/the-dam/", at=at)
    link = link_of(gift).removeprefix(settings.BASE_URL)
    return lambda browser: browser.post(link)


def group(at: datetime) -> Group:
    term = {"starts_at": at, "ends_at": None, "payment": "paid"}
    return record_group(reference="sub_1", holder=cast.sada(at), bought=9, at=at, **term)


def invites(at: datetime) -> Knock:
    group(at)
    return lambda browser: browser.post("/account/group/", {"invite": "yes", "addresses": "nobody"})


def takes_seats(at: datetime) -> Knock:
    made = group(at)
    made.link_opened_at = at
    made.save()
    return lambda browser: browser.post(f"/group/join/{token_of_link(made)}/")


def posts(path: str, **stated: str) -> Callable[[datetime], Knock]:
    return lambda at: lambda browser: browser.post(path, stated)


def gets(path: str) -> Callable[[datetime], Knock]:
    return lambda at: lambda browser: browser.get(path)


# The door's rate, whether one is logged in there, how one knocks.
DOORS: dict[str, tuple[bool, Callable[[datetime], Knock]]] = {
    "join-from": (False, asks_for_codes),
    "code": (False, types_codes),
    "passkey": (False, gets("/accounts/2fa/webauthn/login/")),
    "checkout": (True, goes_to_pay),
    "give-year": (True, gives_years),
    "gift-code": (True, posts("/subscribe/redeem/", code="1-B")),
    "gift-link": (False, opens_gifts),
    "invite": (True, invites),
    "seat": (True, takes_seats),
    "compare": (False, gets("/countries/nowhere/compare/")),
    "feed": (False, gets("/feeds/alerts/nobody/")),
    "shelf": (True, posts("/account/reading-list/", later="1")),
    "manage_email": (True, posts("/accounts/email/", action_add="", email="nobody")),
}
# What turns nobody away with a page of ours, or has its test where it is: of test_joining (join-here, join, join-beyond,
# code-borrowed), of test_doors (login_failed, reauthenticate), of test_shelves (cite), of test_epub (epub), of test_search_page
# (search, suggest), of research's test_doors (ask, ask-spent), of the newsletters' test_doors (sign-up-from, sign-up-here,
# sign-up), of allauth (confirm_email).
ELSEWHERE = {"join-here", "join", "join-beyond", "code-borrowed", "login_failed", "confirm_email", "reauthenticate", "cite"} | {
    "ask",
    "ask-spent",
    "epub",
    "search",
    "sign-up-from",
    "sign-up-here",
    "sign-up",
    "suggest",
}


def test_every_limited_door_is_walked_past_its_limit():
    assert set(DOORS) | ELSEWHERE == set(settings.ACCOUNT_RATE_LIMITS)


def knocks_from(network: str) -> bool:
    return limits.is_within_here(RequestFactory().get("/search/", REMOTE_ADDR=network), "search")


def test_a_flood_of_networks_takes_no_count_from_those_that_came_last(settings, monkeypatch):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"search": "1/m/ip"}
    monkeypatch.setattr(limits, "MOST_KNOCKING", 3)
    for number in range(9):
        knocks_from(f"198.51.100.{number}")

    assert [knocks_from(f"198.51.100.{number}") for number in (8, 7, 6)] == [False, False, False]
    assert knocks_from("198.51.100.5")


def test_a_network_that_comes_no_more_is_forgotten(noon):
    knocks_from("198.51.100.1")
    noon.shift(timedelta(minutes=1))
    knocks_from("198.51.100.2")

    assert len(limits._KNOCKS) == 1


@pytest.mark.parametrize("door", DOORS)
def test_whoever_comes_too_often_is_told_how_long_to_wait(door, at, settings):
    """Two instead of as many as there are, so that the walk is short."""
    inside, knocking = DOORS[door]
    rate = settings.ACCOUNT_RATE_LIMITS[door]
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {door: f"2/{rate.partition('/')[2]}"}
    knock, browser = knocking(at), cast.vera()
    if inside:
        cast.log_in(cast.sada(at), browser)

    first, second, third = (knock(browser) for _ in range(3))

    assert 429 not in (first.status_code, second.status_code)
    assert third.status_code == 429
    wait = limits.wait_of(door)
    assert third["Retry-After"] == str(int(wait.total_seconds()))
    assert f"Wait {limits.WORDS[wait]}, and try again." in third.content.decode()
