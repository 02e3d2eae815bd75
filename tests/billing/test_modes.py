"""From Stripe's test mode to the live one and back: nothing of the one counts in the other, and nothing sold stops selling."""

import pytest

from broadsheet.billing import actions
from broadsheet.billing.actions import given_years
from broadsheet.billing.actions.given import go_on_paying_back
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


def year_of(giver, price, **about):
    moments = {"deliver_at": BEGAN + DAY, "began_at": BEGAN, "paid_at": BEGAN}
    return GivenYear.objects.create(giver=giver, price=price, to_address="a@example.org", **moments, **about)


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
    year_of(fay, sold, live=False)
    settings.STRIPE_SECRET_KEY = "sk_live_of_the_counter"

    settle_mode(at=counter.at)

    assert not Checkout.objects.filter(ended_at=None).exists()
    assert not GivenYear.objects.filter(ended_at=None).exists()


def test_what_is_paid_stays_paid_when_somebody_tries_the_test_key_in_its_place(counter, sold, fay, settings):
    settings.STRIPE_SECRET_KEY = "sk_live_of_the_counter"
    settle_mode(at=counter.at)
    paid = year_of(fay, sold, live=True)
    settings.STRIPE_SECRET_KEY = "sk_test_of_the_counter"

    settle_mode(at=counter.at)
    tried = year_of(fay, sold, live=False)
    settings.STRIPE_SECRET_KEY = "sk_live_of_the_counter"
    settle_mode(at=counter.at)

    assert GivenYear.objects.get(pk=paid.pk).ended_at is None
    assert GivenYear.objects.get(pk=tried.pk).ended_at == counter.at


def test_a_year_that_was_redeemed_in_test_carries_nobody_once_money_is_real(counter, at, fay, settings):
    price = counter.price(every="year")
    words = {"to_address": "a@example.org", "from_name": "Fay", "message": ""}
    counter.pay(given_years.begin_giving(giver=fay, price=price, deliver_at=at, at=counter.at, **words))
    year = given_years.end_giving(GivenYear.objects.get().reference, giver=fay, at=counter.at)
    rex = cast.rex(at)
    given_years.redeem(given_years.code_of(year), reader=rex, at=counter.at)
    assert counter.reads_until(rex) is not None
    settings.STRIPE_SECRET_KEY = "sk_live_of_the_counter"

    settle_mode(at=counter.at)

    assert counter.reads_until(rex) is None


def test_money_asked_back_in_the_other_mode_is_put_by_and_no_trouble(counter, fay, settings, caplog):
    year_of(fay, counter.price(every="year"), live=True, payment="pi_of_the_live_mode", wanted_back_at=BEGAN)

    go_on_paying_back(at=counter.at)

    assert not caplog.records
    assert GivenYear.objects.get().paid_back_at is None


def test_while_the_mode_stays_nothing_is_touched(counter, sold):
    before = names()

    assert not settle_mode(at=counter.at)
    assert names() == before


def test_pages_that_ask_stripe_stand_without_a_key_and_where_it_knows_no_such_checkout(counter, sold, fay, at, settings):
    here = cast.log_in(fay)
    Checkout.objects.create(reader=fay, price=sold, next_path="/", reference="cs_of_the_other_mode", began_at=at + DAY)
    assert here.get("/subscribe/done/")["Location"] == "/account/subscription/"

    settings.STRIPE_SECRET_KEY = ""

    assert here.get("/account/subscription/pause/").status_code == 503
    assert here.post("/account/subscription/change/", {"price": sold.pk}, **cast.OURS).status_code == 503
