"""From Stripe's test mode to the live one and back: nothing of the one counts in the other, and nothing sold stops selling."""

import pytest

from broadsheet.billing import actions
from broadsheet.billing.actions.modes import settle_mode
from broadsheet.billing.models import Checkout, Coupon, GivenYear, Plan, Price
from tests import cast
from tests.billing.counter import BEGAN, DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def fay(at):
    return cast.fay(at)


def names():
    return [
        *Plan.objects.values_list("product", flat=True),
        *Price.objects.values_list("reference", flat=True),
        *Coupon.objects.values_list("reference", "code_reference").get(),
    ]


@pytest.fixture
def sold(counter, fay):
    price = counter.price()
    counter.subscribe(fay, price)
    Coupon.objects.create(name="Spring", code="SPRING", percent=20)
    actions.settle_coupons(at=counter.at)
    return price


def test_live_mode_is_told_anew_of_all_that_was_sold_in_test_and_each_keeps_its_own_names(counter, sold, settings):
    in_test = names()
    settings.STRIPE_SECRET_KEY = "sk_live_of_the_counter"

    assert settle_mode(at=counter.at)
    assert names() == ["", "", "", ""]
    Plan.objects.update(product="prod_live")

    settings.STRIPE_SECRET_KEY = "sk_test_of_the_counter"
    assert settle_mode(at=counter.at)
    assert names() == in_test
    settings.STRIPE_SECRET_KEY = "sk_live_of_the_counter"
    assert settle_mode(at=counter.at)
    assert names() == ["prod_live", "", "", ""]


def test_what_was_bought_in_test_carries_nobody_once_money_is_real(counter, sold, fay, settings):
    assert counter.reads_until(fay) is not None
    settings.STRIPE_SECRET_KEY = "sk_live_of_the_counter"

    settle_mode(at=counter.at)

    assert counter.reads_until(fay) is None


def test_a_page_to_pay_on_of_the_other_mode_is_left_and_a_year_paid_there_redeems_nothing(counter, sold, fay, at, settings):
    counter.begin(cast.rex(at), sold)
    GivenYear.objects.create(
        giver=fay, price=sold, to_address="a@example.org", deliver_at=BEGAN + DAY, began_at=BEGAN, paid_at=BEGAN
    )
    settings.STRIPE_SECRET_KEY = "sk_live_of_the_counter"

    settle_mode(at=counter.at)

    assert not Checkout.objects.filter(ended_at=None).exists()
    assert not GivenYear.objects.filter(ended_at=None).exists()


def test_what_is_paid_stays_paid_when_somebody_tries_the_test_key_in_its_place(counter, sold, fay, settings):
    settings.STRIPE_SECRET_KEY = "sk_live_of_the_counter"
    settle_mode(at=counter.at)
    GivenYear.objects.create(
        giver=fay, price=sold, to_address="a@example.org", deliver_at=BEGAN + DAY, began_at=BEGAN, paid_at=BEGAN
    )
    settings.STRIPE_SECRET_KEY = "sk_test_of_the_counter"

    settle_mode(at=counter.at)

    assert GivenYear.objects.get().ended_at is None


def test_while_the_mode_stays_nothing_is_touched(counter, sold):
    before = names()

    assert not settle_mode(at=counter.at)
    assert names() == before
