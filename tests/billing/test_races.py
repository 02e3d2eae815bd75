"""Two at once: at the last coupon, at a button clicked twice, at an end that meets a renewal. Each in a thread of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
import time_machine
from django.db import connection, connections

from broadsheet.billing import actions, stripe_api
from broadsheet.billing.models import Checkout, Customer, Invoice, Subscription
from broadsheet.membership.models import Term
from tests import cast
from tests.billing.counter import BEGAN, DAY
from tests.billing.test_coupons import coupon, type_code

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture(autouse=True)
def at_the_counter():
    with time_machine.travel(BEGAN, tick=False):
        yield


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    def alone(deed: Callable[[], Any]) -> Any:
        try:
            return deed()
        finally:
            connections.close_all()

    connection.close()
    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(alone, deeds))


def test_the_last_redemption_goes_to_one_of_two_who_pay_at_once(counter):
    coupon(most=1)
    fay, rex, price = cast.fay(BEGAN), cast.rex(BEGAN), counter.price()
    urls = [counter.begin(reader, price) for reader in (fay, rex)]
    assert [type_code(counter, url, "SPRING") for url in urls] == [True, True]  # neither has redeemed it yet

    at_once(*[partial(counter.pay, url) for url in urls])
    for reader in (fay, rex):
        counter.come_back(reader)

    assert list(Invoice.objects.values_list("paid", flat=True)).count(450) == 1


def test_a_button_clicked_four_times_at_once_leads_to_one_page(counter):
    fay, price = cast.fay(BEGAN), counter.price()

    urls = at_once(*[lambda: counter.begin(fay, price)] * 4)

    assert len(set(urls)) == 1
    assert (Checkout.objects.count(), Customer.objects.count()) == (1, 1)


def test_an_end_that_meets_its_renewal_leaves_what_stripe_has(counter):
    fay = cast.fay(BEGAN)
    held = counter.subscribe(fay, counter.price())
    counter.at = held.period_ends_at - DAY / 24

    def renew() -> None:
        counter.wait(DAY / 6)
        actions.follow(held.reference, at=counter.at)

    def end() -> None:
        farewell = actions.farewell_of(held, at=counter.at)
        actions.end_now(held, farewell, promised=str(farewell.refund), at=counter.at)

    at_once(renew, end)

    row, term, said = Subscription.objects.get(), Term.objects.get(), stripe_api.subscription(held.reference)
    assert (row.status, said["status"]) == ("canceled", "canceled")
    actions.sweep(at=counter.at)
    assert Term.objects.get().ends_at == term.ends_at
    assert counter.reads_until(fay) is None
