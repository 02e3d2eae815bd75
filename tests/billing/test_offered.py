"""What is on offer, on the desk: withdrawn, never deleted, and once sold of the kind that it was."""

import pytest
from django.urls import reverse

from broadsheet.billing.desk import PlanForm
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


def test_a_plan_that_was_never_sold_may_change_its_kind():
    unsold = Plan.objects.create(name="Team", slug="team")
    stated = {"name": "Team", "slug": "team", "kind": "team", "trial_days": 0, "least_seats": 3, "order": 0}

    assert PlanForm(stated, instance=unsold).save().kind == Plan.Kind.TEAM
