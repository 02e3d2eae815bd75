"""What happens at the same moment, in threads with connections of their own: once is as twice."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db.models.signals import post_save

from broadsheet.billing import actions, stripe_api
from broadsheet.billing.actions import given_years
from broadsheet.billing.models import Checkout, Customer, Ending, GivenYear, Invoice, PlanChange, Price, Subscription
from broadsheet.membership.models import Term
from tests import cast
from tests.billing.counter import BEGAN
from tests.threads import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def fay():
    return cast.fay(BEGAN)


def test_a_checkout_that_is_clicked_twice_leads_to_one_page(counter, fay):
    price = counter.price()
    actions.selling.reference_of(price)
    actions.selling.customer_of(fay)

    pages = at_once([lambda: counter.begin(fay, price)] * 2)

    assert len(set(pages)) == Checkout.objects.count() == Customer.objects.count() == 1


def test_an_end_against_a_renewal_leaves_what_stripe_has(counter, fay):
    held = counter.subscribe(fay, counter.price())
    counter.wait(held.period_ends_at - counter.at + timedelta(hours=2))

    at_once(
        [
            lambda: actions.end_with_its_period(held, at=counter.at),
            lambda: actions.follow(held.reference, at=counter.at),
            counter.tell_what_is_new,
        ]
    )

    said, row = stripe_api.subscription(held.reference), Subscription.objects.get()
    assert row.cancel_at.timestamp() == said["cancel_at"] == row.period_ends_at.timestamp()
    assert row.period_ends_at > held.period_ends_at
    assert counter.reads_until(fay) == row.cancel_at


def test_a_change_of_plan_that_is_clicked_twice_is_made_and_charged_once(counter, fay):
    held, shown = _shown_a_year(counter, fay)

    at_once([lambda: actions.change_plan(held, shown.pk, at=counter.at)] * 2)

    assert PlanChange.objects.get().done_at is not None
    assert Subscription.objects.get().price == shown.price
    assert sorted(Invoice.objects.values_list("paid", flat=True)) == [900, shown.due]


def test_of_a_change_and_an_end_at_the_same_moment_the_second_finds_the_first(counter, fay):
    held, shown = _shown_a_year(counter, fay)
    farewell = actions.farewell_of(held, at=counter.at)

    def one(act):
        with suppress(actions.Changed, actions.NotNow):
            act()

    at_once(
        [
            lambda: one(lambda: actions.change_plan(held, shown.pk, at=counter.at)),
            lambda: one(lambda: actions.end_now(held, farewell, promised=str(farewell.refund), at=counter.at)),
        ]
    )

    changed, ended = PlanChange.objects.filter(done_at__isnull=False).count(), Ending.objects.count()
    paid = sum(Invoice.objects.values_list("paid", flat=True))
    assert (changed, ended, paid) in [(1, 0, 900 + shown.due), (0, 1, 900)]


def test_a_change_is_under_way_until_what_is_held_says_it_too(counter, fay):
    """An end that came between the two would be reckoned of what was held before."""
    held, shown = _shown_a_year(counter, fay)
    found = []

    def look(instance, **_):
        if instance.price_id == shown.price_id:
            found.append(held.changes.under_way().exists())

    post_save.connect(look, sender=Subscription)
    try:
        actions.change_plan(held, shown.pk, at=counter.at)
    finally:
        post_save.disconnect(look, sender=Subscription)

    assert found == [True]
    assert not held.changes.under_way().exists()


def test_an_end_that_was_reckoned_before_a_change_is_asked_for_anew(counter, fay):
    held, shown = _shown_a_year(counter, fay)
    farewell = actions.farewell_of(held, at=counter.at)
    actions.change_plan(Subscription.objects.get(), shown.pk, at=counter.at)

    with pytest.raises(actions.Changed):
        actions.end_now(held, farewell, promised=str(farewell.refund), at=counter.at)

    assert not Ending.objects.exists()


def test_going_on_with_a_paused_subscription_clicked_twice_is_charged_once(counter, fay):
    held = actions.pause(counter.subscribe(fay, counter.price()), months=2, at=counter.at)
    counter.wait(timedelta(days=40))

    at_once([lambda: actions.go_on(held, promised="900", at=counter.at)] * 2)

    assert sorted(Invoice.objects.filter(status="paid").values_list("paid", flat=True)) == [900, 900]
    assert not Subscription.objects.get().paused


def _shown_a_year(counter, reader):
    held = counter.subscribe(reader, counter.price())
    year = Price.objects.create(plan=held.price.plan, every="year", currency="EUR", amount=9_000)
    return held, actions.show_change(held, year, quantity=1, at=counter.at)


def test_a_team_that_becomes_one_reader_s_while_they_redeem_a_year_loses_neither(counter, fay):
    """At Stripe staff change it to another kind of plan: seats go, a term comes, and the year waits behind that."""
    held = counter.subscribe(fay, counter.price(kind="team"), quantity=3)
    prices = [held.price, counter.price()]
    (item,) = stripe_api.subscription(held.reference)["items"]["data"]
    code = given_years.code_of(_year_of(counter, fay))
    for turn in range(4):
        named = {"id": item["id"], "price": actions.selling.reference_of(prices[(turn + 1) % 2]), "quantity": 1}
        stripe_api.change_subscription(held.reference, {"items": [named]}, key=f"turn {turn}")
        GivenYear.objects.update(redeemed_at=None)
        Term.objects.filter(source="gift").delete()

        at_once(
            [lambda: actions.follow(held.reference, at=counter.at), lambda: given_years.redeem(code, reader=fay, at=counter.at)]
        )

        paid, waits = Term.objects.exclude(source="gift").get(), Term.objects.get(source="gift")
        assert waits.starts_at == paid.ends_at


def _year_of(counter, giver):
    price, words = counter.price(every="year", amount=9_000), {"to_address": "nia@example.org", "from_name": "Fay", "message": ""}
    counter.pay(given_years.begin_giving(giver=giver, price=price, deliver_at=counter.at, at=counter.at, **words))
    return given_years.end_giving(GivenYear.objects.get().reference, giver=giver, at=counter.at)
