"""A stranger chooses a plan, registers, and is still at that plan: on to Stripe's page, without a script."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine

from broadsheet.billing.models import Checkout
from broadsheet.mailroom.models import Dispatch
from tests import cast
from tests.billing.counter import ASKS, BEGAN, DAY
from tests.billing.test_closing import Failing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(BEGAN, tick=False) as clock:
        yield clock


def fields_of(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


def registered(stranger, answer):
    """From the page that asks for an address to the one that the code leads to."""
    page = stranger.get(answer["Location"]).content.decode()
    asked = stranger.post("/join/", {**fields_of(page), "email": "nova@example.org"})
    page = stranger.get(asked["Location"]).content.decode()
    code = re.search(r"\b[A-Z]{3}-[A-Z]{3}\b", Dispatch.objects.latest("pk").text)[0]
    return stranger.post("/join/code/", {**fields_of(page), "code": code})


def test_a_stranger_who_chose_a_plan_is_at_it_after_registering_and_pays_for_it(counter):
    price = counter.price(every="year", amount=7_950, kind="team", least_seats=3)
    stranger = cast.vera()
    stranger.get("/subscribe/from/?next=/briefings/the-dam/")

    led = registered(stranger, stranger.post("/subscribe/confirm/", {"price": price.pk, "seats": "4"}))
    page = stranger.get(led["Location"]).content.decode()
    to_stripe = stranger.post("/subscribe/confirm/", {**fields_of(page), "pay": "yes"})
    back = urlsplit(counter.pay(to_stripe["Location"]))
    home = stranger.get(f"{back.path}?{back.query}")

    assert "4 seats, a year" in page
    assert (Checkout.objects.get().price, Checkout.objects.get().quantity) == (price, 4)
    assert home["Location"].startswith("/briefings/the-dam/")


def test_whoever_must_register_first_sees_what_they_chose(counter):
    price, gone = counter.price(every="year", amount=7_950, kind="team"), counter.price()
    type(gone).objects.filter(pk=gone.pk).update(withdrawn_at=BEGAN)

    page = cast.vera().get(f"/join/?next=/subscribe/confirm/{price.pk}/4/").content.decode()
    none = cast.vera().get(f"/join/?next=/subscribe/confirm/{gone.pk}/1/").content.decode()

    assert "You chose All-Access, 4 seats, €318 a year.</b> First an account, then the payment." in page
    assert "Choose another plan" in page
    assert "You chose" not in none


@pytest.mark.parametrize(("path", "says"), [("redeem", "You were given a year."), ("gift", "You give a year to somebody else.")])
def test_whoever_must_register_for_a_gift_sees_that_it_is_one(path, says):
    page = cast.vera().get(f"/join/?next=/subscribe/{path}/").content.decode()

    assert f"<b>{says}</b> First an account, then" in page
    assert "three articles" not in page
    assert "Rather read everything?" not in page


def test_whoever_answers_the_mail_in_another_browser_is_at_the_plan_too(counter):
    price = counter.price()
    stranger, phone = cast.vera(), cast.vera()
    asked = stranger.post("/subscribe/confirm/", {"price": price.pk})
    fields = fields_of(stranger.get(asked["Location"]).content.decode())
    stranger.post("/join/", {**fields, "email": "nova@example.org"})
    link = re.search(r"/join/link/\S+/", Dispatch.objects.latest("pk").text)[0]

    answer = phone.post(link)

    assert answer["Location"] == f"/subscribe/confirm/{price.pk}/1/"
    assert "Go to the payment" in phone.get(answer["Location"]).content.decode()


def test_whoever_comes_back_from_paying_and_must_log_in_again_reads_all_the_same(counter):
    fay = cast.fay(BEGAN)
    back = urlsplit(counter.pay(counter.begin(fay, counter.price())))
    logged_out = cast.vera()

    sent = logged_out.get(f"{back.path}?{back.query}")["Location"]
    home = cast.log_in(fay, logged_out).get(sent.partition("next=")[2])

    assert sent == "/join/?next=/subscribe/done/"
    assert home["Location"].startswith("/briefings/the-dam/")
    assert counter.reads_until(fay) is not None


def test_whoever_left_a_page_of_payment_finds_it_on_the_account_until_it_is_over(counter, clock):
    """A bank that was not answered too: nothing was charged."""
    fay = cast.fay(BEGAN)
    here, price = cast.log_in(fay), counter.price()
    counter.pay(counter.begin(fay, price), ASKS)

    page = here.get("/account/subscription/").content.decode()
    assert "You chose All-Access, €9 a month, and did not finish paying. Nothing was charged." in page
    assert f'href="/subscribe/confirm/{price.pk}/1/">Try again' in page

    clock.shift(DAY)
    assert "Try again" not in cast.log_in(fay).get("/account/subscription/").content.decode()


def test_whoever_paid_there_and_never_came_back_is_not_asked_to_pay_again(counter):
    fay = cast.fay(BEGAN)
    counter.pay(counter.begin(fay, counter.price()))

    page = cast.log_in(fay).get("/account/subscription/").content.decode()

    assert "Try again" not in page
    assert "It renews on 2 April 2026." in page


def test_while_nobody_says_whether_it_was_paid_nobody_is_told_that_nothing_was_charged(counter):
    fay = cast.fay(BEGAN)
    here, price = cast.log_in(fay), counter.price()
    counter.pay(counter.begin(fay, price))
    counter.till.outage.refused = 2

    page = here.get("/account/subscription/").content.decode()

    assert "does not say just now whether you have paid" in page
    assert not any(words in page for words in ("Nothing was charged", "Try again", "You hold no"))


@pytest.mark.parametrize(("away", "waits", "says"), [(0, 6, "Nothing was charged"), (2, 31, "does not say just now")])
def test_a_page_of_payment_that_was_left_is_asked_about_once_in_a_while(counter, clock, settings, away, waits, says):
    fay = cast.fay(BEGAN)
    here, stripe = cast.log_in(fay), Failing(counter.till)
    address = counter.begin(fay, counter.price())
    settings.STRIPE_HTTP_CLIENT = stripe
    counter.till.outage.refused = away

    pages = [here.get("/account/subscription/").content.decode() for _ in range(3)]
    assert all(says in page for page in pages)
    assert stripe.answers == Failing.answers - 1

    counter.pay(address)
    counter.till.outage.refused = 0
    clock.shift(timedelta(seconds=waits))
    assert "It renews on 2 April 2026." in here.get("/account/subscription/").content.decode()
