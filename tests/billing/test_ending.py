"""Ends that must not pay back twice, nor too little, whatever has happened since they were asked for."""

from datetime import timedelta

import pytest
import time_machine

from broadsheet.billing import actions, reckoning, stripe_api
from broadsheet.billing.actions import writing
from broadsheet.billing.models import Ending, Invoice, Notice, Plan, Price, Subscription
from broadsheet.mailroom.models import Dispatch
from tests import cast
from tests.billing.counter import BEGAN, DAY, DISPUTED

pytestmark = pytest.mark.django_db


@pytest.fixture
def fay():
    return cast.fay(BEGAN)


def refunds():
    (charge,) = stripe_api.charges(invoice=Invoice.objects.get().reference)
    return [made["amount"] for made in charge["refunds"]]


def test_killed_after_the_refund_and_finished_two_days_later_it_is_paid_back_once(counter, fay):
    held = counter.subscribe(fay, counter.price(amount=3_100))
    counter.wait(11 * DAY)
    farewell = actions.farewell_of(held, at=counter.at)
    actions.end_now(held, farewell, promised="2000", at=counter.at)
    Ending.objects.update(done_at=None)

    counter.wait(2 * DAY)
    actions.sweep(at=counter.at)

    assert refunds() == [2_000]
    assert Ending.objects.get().done_at == counter.at


def test_an_end_that_stripe_refuses_holds_up_no_other(counter, fay):
    refused, sound = (counter.subscribe(reader, counter.price(amount=3_100)) for reader in (fay, cast.rex(BEGAN)))
    _wants_to_end(counter, refused, parts={"ch_of_nobody": 5})
    _wants_to_end(counter, sound)

    assert actions.finish_endings(at=counter.at) == 1
    assert Ending.objects.get(done_at=None).subscription == refused


def test_whoever_ends_it_with_its_period_may_still_end_it_at_once(counter, fay):
    held = actions.end_with_its_period(counter.subscribe(fay, counter.price(amount=3_100)), at=counter.at)

    with time_machine.travel(counter.at, tick=False):
        here = cast.log_in(fay)
        page, screen = (here.get(f"/account/subscription/{more}").content.decode() for more in ("", "cancel/"))

    assert '<a href="/account/subscription/cancel/">End it at once</a>' in page
    assert "It ends on 2 April 2026 by itself." in screen
    assert "End it now and pay back €31" in screen
    assert 'name="later"' not in screen
    assert held.cancel_at is not None


def test_where_staff_paid_back_meanwhile_no_more_than_the_rest_goes_back(counter, fay):
    held = counter.subscribe(fay, counter.price(amount=3_100))
    _wants_to_end(counter, held)
    (charge,) = Ending.objects.get().parts
    stripe_api.refund(charge=charge, amount=3_000, key="by staff")

    assert actions.finish_endings(at=counter.at) == 1
    assert sorted(refunds()) == [100, 3_000]


def test_of_what_a_bank_may_take_back_nothing_is_promised_nor_given(counter, fay):
    """Disputed before the reader looks, or between that and the end."""
    held = counter.subscribe(fay, counter.price(amount=3_100), card=DISPUTED)
    _wants_to_end(counter, held, parts=actions.farewell_of(held, at=counter.at).parts)
    counter.wait(DAY)

    assert actions.farewell_of(held, at=counter.at).refund == 0
    assert actions.finish_endings(at=counter.at) == 1
    assert refunds() == []
    assert Subscription.objects.get().status == "canceled"


def _wants_to_end(counter, held, *, parts=None):
    parts = actions.farewell_of(held, at=counter.at).parts if parts is None else parts
    Ending.objects.create(subscription=held, refund=sum(parts.values()), parts=parts, wanted_at=counter.at)


def test_what_a_dearer_seat_cost_is_given_back_too(counter, fay):
    held = counter.subscribe(fay, counter.price(amount=3_100, kind=Plan.Kind.TEAM))
    counter.wait(11 * DAY)
    item = stripe_api.subscription(held.reference)["items"]["data"][0]["id"]
    about = {"items": [{"id": item, "quantity": 2}], "proration_behavior": "always_invoice"}
    stripe_api.change_subscription(held.reference, about, key="two")

    farewell = actions.farewell_of(held, at=counter.at)

    assert farewell.refund == 4_000
    assert sorted(farewell.parts.values()) == [2_000, 2_000]


def test_a_price_of_a_product_that_is_not_sold_here_carries_nobody_and_the_desk_says_so(counter, fay):
    held = counter.subscribe(fay, counter.price())
    Plan.objects.update(product="")
    Subscription.objects.get().price.__class__.objects.update(reference="")

    counter.tell_what_is_new()

    assert counter.reads_until(fay) is None
    assert held.reference in Notice.objects.exclude(trouble="").first().trouble


def test_another_price_of_a_product_that_is_sold_here_carries_as_its_plan_does(counter, fay):
    held = counter.subscribe(fay, counter.price())
    held.price.__class__.objects.update(reference="")

    counter.tell_what_is_new()

    assert counter.reads_until(fay) is not None


def test_a_pause_at_stripe_is_said_on_the_page_and_no_renewal_is_announced(counter, fay):
    held = counter.subscribe(fay, counter.price())
    about = {"pause_collection": {"behavior": "void", "resumes_at": int((held.period_ends_at + 30 * DAY).timestamp())}}
    stripe_api.change_subscription(held.reference, about, key="pause")
    actions.sweep(at=counter.at)

    writing.remind(at=held.period_ends_at - DAY)

    assert "2 May 2026" in cast.log_in(fay).get("/account/subscription/").content.decode()
    assert not Dispatch.objects.filter(kind="renewal").exists()


def test_what_goes_back_is_told_by_mail_and_stands_beside_its_bill(counter, fay):
    held = counter.subscribe(fay, counter.price())
    farewell = actions.farewell_of(held, at=counter.at)

    actions.end_now(held, farewell, promised=str(farewell.refund), at=counter.at)

    assert Invoice.objects.get().refunded == farewell.refund == 900
    assert "€9 for the days that were left goes back" in Dispatch.objects.get(kind="subscription-ends").text
    assert "31 of 31 days of the €9 paid: +€9\nGoes back: €9" in Dispatch.objects.get(kind="subscription-ends").text
    assert "paid; €9 went back" in cast.log_in(fay).get("/account/subscription/").content.decode()


def test_what_staff_pay_back_at_stripe_s_own_desk_stands_beside_its_bill_too(counter, fay):
    held = counter.subscribe(fay, counter.price())
    charge = stripe_api.charges(invoice=Invoice.objects.get().reference)[0]["id"]

    stripe_api.refund(charge=charge, amount=200, key="at Stripe's own desk")
    actions.follow(held.reference, at=counter.at)

    assert Invoice.objects.get().refunded == 200


def test_what_would_go_back_is_reckoned_for_whoever_decides(counter, fay):
    held = counter.subscribe(fay, counter.price())
    counter.wait(10 * DAY)

    farewell = actions.farewell_of(held, at=counter.at)

    assert farewell.reckoned == "21 of 31 days of the €9 paid\t+€6.09"
    with time_machine.travel(counter.at, tick=False):
        page = cast.log_in(fay).get("/account/subscription/cancel/").content.decode()
    assert "<dt>21 of 31 days of the €9 paid</dt><dd>+€6.09</dd>" in page
    assert actions.end_now(held, farewell, promised=str(farewell.refund), at=counter.at).ending.reckoned == farewell.reckoned


def test_what_staff_have_given_back_is_taken_off_in_words_too(counter, fay):
    held = counter.subscribe(fay, counter.price())
    charge = stripe_api.charges(invoice=Invoice.objects.get().reference)[0]["id"]
    stripe_api.refund(charge=charge, amount=310, key="by staff")

    assert actions.farewell_of(held, at=counter.at).reckoned.endswith("+€9\nWent back already\t−€3.10")


def test_after_a_change_to_something_cheaper_the_rows_add_up_and_the_credit_is_named(counter, fay):
    month = counter.price()
    year = Price.objects.create(plan=month.plan, every="year", currency="EUR", amount=9_000)
    shown = actions.show_change(counter.subscribe(fay, year), month, quantity=1, at=counter.at)
    actions.change_plan(shown.subscription, shown.pk, at=counter.at)
    held = actions.held_by(fay)

    with time_machine.travel(counter.at, tick=False):
        here = cast.log_in(fay)
        pages = [here.get(f"/account/subscription/{page}").content.decode() for page in ("cancel/", "")]
    farewell = actions.farewell_of(held, at=counter.at)
    actions.end_now(held, farewell, promised="900", at=counter.at)

    assert reckoning.rows(farewell.reckoned) == [("31 of 31 days of the €9 paid", "+€9")]  # of the year all was set off
    assert all("€81" in page for page in pages)
    assert "31 of 31 days of the €9 paid: +€9" in Dispatch.objects.get(kind="subscription-ends").text


def test_a_month_that_a_credit_paid_is_written_of_listed_and_has_a_receipt(counter, fay):
    month = counter.price()
    year = Price.objects.create(plan=month.plan, every="year", currency="EUR", amount=9_000)
    shown = actions.show_change(counter.subscribe(fay, year), month, quantity=1, at=counter.at)
    actions.change_plan(shown.subscription, shown.pk, at=counter.at)
    counter.wait(32 * DAY)
    counter.tell_what_is_new()

    bill = Invoice.objects.get(credit__gt=0)
    with time_machine.travel(counter.at, tick=False):
        here = cast.log_in(fay)
        page = here.get("/account/subscription/").content.decode()
        receipt = here.get(f"/account/subscription/receipts/{bill.pk}/")

    assert (bill.due, bill.credit) == (0, 900)
    assert "€9 for your subscription" in Dispatch.objects.filter(kind="charge").latest("pk").text
    assert "<td>€9</td><td>paid from your credit</td>" in page
    assert receipt["Content-Type"] == "application/pdf"

    held = actions.held_by(fay)
    farewell = actions.farewell_of(held, at=counter.at)
    actions.end_now(held, farewell, promised=str(farewell.refund), at=counter.at)
    with time_machine.travel(counter.at, tick=False):
        again = cast.log_in(fay).get(f"/subscribe/confirm/{month.pk}/1/").content.decode()
    assert "<dt>Set off from your credit</dt><dd>−€9</dd>" in again
    assert "<dt>Today</dt><dd>€0</dd>" in again


@pytest.fixture
def owing(counter, fay):
    """Her second month was not charged."""
    held = actions.use_card(counter.subscribe(fay, counter.price()), "pm_card_chargeCustomerFail", at=counter.at)
    counter.wait(held.period_ends_at - counter.at + timedelta(hours=2))
    held = actions.follow(held.reference, at=counter.at)
    assert actions.open_bill_of(fay)
    return held


def test_the_bill_of_a_subscription_that_was_ended_is_void_and_asked_for_no_more(counter, fay, owing):
    actions.end_now(owing, actions.farewell_of(owing, at=counter.at), promised="0", at=counter.at)
    counter.subscribe(fay, counter.price())

    assert sorted(Invoice.objects.values_list("status", flat=True)) == ["paid", "paid", "void"]
    assert actions.open_bill_of(fay) == ""


def test_the_card_that_pays_what_is_open_is_charged_from_then_on(counter, fay, owing):
    counter.pay(actions.open_bill_of(fay))
    counter.wait(owing.period_ends_at - counter.at + timedelta(hours=2))
    counter.tell_what_is_new()

    assert Subscription.objects.get().status == "active"
    assert list(Invoice.objects.values_list("status", flat=True)) == ["paid"] * 3


def test_whoever_ends_what_they_owe_for_is_told_what_is_open_and_promised_nothing_unpaid(counter, fay, owing):
    with time_machine.travel(counter.at, tick=False):
        here = cast.log_in(fay)
        page = here.get("/account/subscription/cancel/").content.decode()
        here.post("/account/subscription/cancel/", {"later": "yes"}, **cast.OURS)
        account = here.get("/account/subscription/").content.decode()
    mail = Dispatch.objects.get(kind="subscription-ends").text

    for said in (page, account, mail):
        assert "€9 of 2 April 2026 could not be charged and is open. Until it is paid you read on until 9 April 2026" in said
        assert "You read everything until" not in said
    assert "What is open, €9, is cancelled" in page


def test_the_bill_of_a_subscription_that_stripe_gave_up_is_asked_for_no_more(counter, fay, owing):
    counter.wait(16 * DAY)
    counter.tell_what_is_new()
    assert Invoice.objects.filter(status="open").exists()

    counter.subscribe(fay, counter.price())

    assert actions.open_bill_of(fay) == ""
    with time_machine.travel(counter.at, tick=False):
        page = cast.log_in(fay).get("/account/subscription/").content.decode()
    assert "Pay what is open" not in page
    assert "<td>not collected</td>" in page


def test_no_seats_left_at_stripe_carry_nobody(counter, fay):
    held = counter.subscribe(fay, counter.price(kind=Plan.Kind.TEAM), quantity=2)
    item = stripe_api.subscription(held.reference)["items"]["data"][0]["id"]

    stripe_api.change_subscription(held.reference, {"items": [{"id": item, "quantity": 0}]}, key="none")

    assert actions.follow(held.reference, at=counter.at).quantity == 0
    assert counter.reads_until(fay) is None
    with time_machine.travel(counter.at, tick=False):
        assert cast.log_in(fay).get("/account/subscription/").status_code == 200


@pytest.mark.parametrize("path", ["", "cancel/", "pause/"])
def test_nobody_is_told_that_nothing_was_changed_once_stripe_was_asked_to(counter, fay, path):
    counter.subscribe(fay, counter.price())
    if not path:
        actions.end_with_its_period(Subscription.objects.get(), at=counter.at)
    with time_machine.travel(counter.at, tick=False):
        here = cast.log_in(fay)
        counter.till.outage.lost = 2
        page = here.post(f"/account/subscription/{path}", {"keep": "yes", "later": "yes", "months": "1"}, **cast.OURS)

    assert page.status_code == 503
    assert "did not answer in time" in page.content.decode()
