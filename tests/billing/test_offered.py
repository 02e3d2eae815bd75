"""What is on offer, on the desk: withdrawn, never deleted, and once sold of the kind that it was."""

import pytest
from django.urls import reverse

from broadsheet.billing.desk import CouponForm, PlanForm, PriceForm
from broadsheet.billing.models import Coupon, Plan, Price
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    return Plan.objects.create(name="All-Access", slug="all-access", product="prod_sold")


def test_nothing_on_offer_can_be_deleted_not_even_by_publishers(plan, at):
    price = Price.objects.create(plan=plan, every="month", currency="EUR", amount=900)
    coupon = Coupon.objects.create(name="Spring", code="SPRING", percent=20)
    desk = cast.log_in(cast.petra(at))

    for name, row in (("plans", plan), ("prices", price), ("coupons", coupon)):
        assert desk.get(reverse(f"{name}:edit", args=(row.pk,))).status_code == 200
        desk.post(reverse(f"{name}:delete", args=(row.pk,)))

    assert [Plan.objects.count(), Price.objects.count(), Coupon.objects.count()] == [1, 1, 1]


def test_a_plan_that_was_sold_keeps_its_kind(plan):
    stated = {"name": "All", "slug": "all-access", "kind": "team", "trial_days": 0, "least_seats": 1, "order": 0}
    form = PlanForm(stated, instance=plan)

    assert form.is_valid(), form.errors
    assert form.save().kind == Plan.Kind.PERSONAL


def test_a_plan_needs_no_slug_typed(plan):
    stated = {"name": "All-Access", "slug": "", "kind": "personal", "trial_days": 0, "least_seats": 1, "order": 0}
    form = PlanForm(stated)

    assert form.is_valid(), form.errors
    assert form.save().slug == "all-access-2"


def test_a_plan_that_was_never_sold_may_change_its_kind():
    unsold = Plan.objects.create(name="Team", slug="team")
    stated = {"name": "Team", "slug": "team", "kind": "team", "trial_days": 0, "least_seats": 3, "order": 0}

    assert PlanForm(stated, instance=unsold).save().kind == Plan.Kind.TEAM


@pytest.mark.parametrize(
    ("typed", "currency", "kept"),
    [
        ("9.90", "EUR", 990),
        ("9", "EUR", 900),
        ("1200", "JPY", 1_200),
        ("2.750", "KWD", 2_750),
        ("0.05", "usd", 5),
    ],
)
def test_a_price_is_typed_as_it_is_read(typed, currency, kept, plan):
    form = PriceForm({"plan": plan.pk, "every": "month", "currency": currency, "amount": typed})

    assert form.is_valid(), form.errors
    assert form.save().amount == kept
    assert float(PriceForm(instance=form.instance).initial["amount"]) == float(typed)


@pytest.mark.parametrize(
    ("typed", "currency", "says"),
    [
        ("9.905", "EUR", "EUR has 2 decimals: write it like 12.34."),
        ("9.90", "JPY", "JPY has no decimals: write it like 1200."),
        ("9,90", "EUR", "Write the amount in digits, with a point before the decimals: 9.90."),
        ("nine", "EUR", "Write the amount in digits, with a point before the decimals: 9.90."),
        ("0", "EUR", "It is more than nothing. For free reading give a comp, under Terms."),
        ("-5", "EUR", "It is more than nothing. For free reading give a comp, under Terms."),
        ("9000000", "EUR", "Stripe takes no amount as high as this."),
    ],
)
def test_an_amount_that_cannot_be_is_refused_in_words(typed, currency, says, plan):
    form = PriceForm({"plan": plan.pk, "every": "month", "currency": currency, "amount": typed})

    assert form.errors == {"amount": [says]}


def test_a_price_that_was_sold_keeps_its_amount(plan):
    sold = Price.objects.create(plan=plan, every="month", currency="EUR", amount=990, reference="price_sold")
    form = PriceForm({"amount": "1.00"}, instance=sold)

    assert form.is_valid(), form.errors
    assert form.save().amount == 990


def test_what_a_coupon_takes_off_is_typed_as_it_is_read():
    form = CouponForm({"name": "Spring", "amount": "8.50", "currency": "eur", "lasts": "once"})

    assert form.is_valid(), form.errors
    assert form.save().amount == 850


def test_the_list_of_prices_shows_money(plan, at):
    Price.objects.create(plan=plan, every="month", currency="EUR", amount=990)

    assert "€9.90" in cast.log_in(cast.petra(at)).get(reverse("prices:index")).content.decode()
