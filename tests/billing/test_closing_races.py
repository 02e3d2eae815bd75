"""Erasing while a payment page is being opened: whichever comes first, nobody is billed without an account."""

from contextlib import suppress
from datetime import timedelta

import pytest

from broadsheet.billing import actions, stripe_api
from broadsheet.billing.actions import given_years
from broadsheet.billing.actions.closing import OPENING, end_what_erased_readers_hold
from broadsheet.billing.models import Checkout, GivenYear, Subscription
from broadsheet.membership.actions import erasing
from broadsheet.membership.models import Erasure, Reader
from broadsheet.till.client import InProcess
from tests import cast
from tests.billing.counter import BEGAN, DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def fay() -> Reader:
    return cast.fay(BEGAN)


class Between(InProcess):
    """Stripe, with something done by another process before its n-th call is answered, or after it."""

    calls, before, after, act = 0, 0, 0, staticmethod(lambda: None)

    def request(self, *args, **kwargs):
        self.calls += 1
        now = self.calls
        if now == self.before:
            self.act()
        said = super().request(*args, **kwargs)
        if now == self.after:
            self.act()
        return said


@pytest.fixture
def stripe(counter, settings) -> Between:
    settings.STRIPE_HTTP_CLIENT = Between(counter.till)
    return settings.STRIPE_HTTP_CLIENT


def wants_to_go(reader, counter):
    with suppress(erasing.NotYet):
        erasing.want_erased(Reader.objects.get(pk=reader.pk), at=counter.at)


def erased(reader):
    return Reader.objects.get(pk=reader.pk).email.endswith("@erased.invalid")


def goes_on(counter):
    counter.wait(OPENING + timedelta(seconds=1))
    erasing.finish_erasures(at=counter.at)
    actions.sweep(at=counter.at)
    end_what_erased_readers_hold(at=counter.at)


def opened_pages():
    return [each["url"] for each in stripe_api._v1().checkout.sessions.list().to_dict()["data"] if each["url"]]


def held():
    return [each["status"] for each in stripe_api.subscriptions() if each["status"] != "canceled"]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", range(1, 6))
def test_whenever_they_ask_to_go_while_a_page_is_opened_nothing_can_be_paid_there(counter, fay, stripe, call, when):
    price = counter.price()
    stripe.calls, stripe.act = 0, lambda: wants_to_go(fay, counter)
    setattr(stripe, when, call)
    with suppress(actions.NotOnOffer):
        counter.pay(counter.begin(fay, price))
    if not Erasure.objects.exists():  # fewer calls than that were made
        wants_to_go(fay, counter)
    stripe.before = stripe.after = 0

    for url in opened_pages():
        counter.pay(url)
    goes_on(counter)

    assert erased(fay)
    assert held() == []
    assert not Checkout.objects.exclude(reader=None).exists()


def test_a_page_that_is_just_being_opened_is_waited_for(counter, fay):
    Checkout.objects.create(reader=fay, price=counter.price(), next_path="/", began_at=counter.at)

    with pytest.raises(erasing.NotYet):
        erasing.want_erased(fay, at=counter.at)
    assert not erased(fay)

    goes_on(counter)
    assert erased(fay)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", range(1, 4))
def test_nor_on_the_page_of_a_gift(counter, fay, stripe, call, when):
    price = counter.price(every="year")
    stripe.calls, stripe.act = 0, lambda: wants_to_go(fay, counter)
    setattr(stripe, when, call)
    words = {"to_address": "nia@example.org", "from_name": "Fay", "message": ""}
    with pytest.raises(actions.NotOnOffer):
        given_years.begin_giving(giver=fay, price=price, deliver_at=counter.at, at=counter.at, **words)
    stripe.before = stripe.after = 0

    for url in opened_pages():
        counter.pay(url)
    goes_on(counter)
    given_years.settle_years(at=counter.at + 2 * DAY)

    assert erased(fay)
    assert not GivenYear.objects.filter(paid_at__isnull=False).exists()


def test_what_runs_for_an_erased_reader_all_the_same_is_ended_by_the_sweep(counter, fay):
    held_one = counter.subscribe(fay, counter.price(amount=3_100))
    Erasure.objects.create(reader=fay, wanted_at=counter.at, done_at=counter.at)

    assert [end_what_erased_readers_hold(at=counter.at) for _ in range(2)] == [1, 0]

    assert Subscription.objects.get().status == "canceled"
    assert stripe_api.subscription(held_one.reference)["status"] == "canceled"
