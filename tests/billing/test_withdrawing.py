"""Withdrawing from a contract: once, whole, within its days, and finished whatever dies on the way."""

from datetime import timedelta

import pytest
import time_machine

from broadsheet.billing import actions, stripe_api
from broadsheet.billing.actions import refunding
from broadsheet.billing.models import Ending, Invoice, Plan, Price, SellingRules, Subscription
from broadsheet.mailroom.models import Dispatch
from broadsheet.membership.models import Reader
from broadsheet.membership.seating import Group, Seat
from tests import cast
from tests.billing.counter import BEGAN, DAY, DISPUTED
from tests.billing.test_closing import Failing
from tests.threads import at_once

PATH = "/account/subscription/withdraw/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def fay() -> Reader:
    return cast.fay(BEGAN)


def refunds():
    paid = [charge for bill in Invoice.objects.all() for charge in stripe_api.charges(invoice=bill.reference)]
    return [made["amount"] for charge in paid for made in charge["refunds"]]


def confirm(counter, reader, **said):
    with time_machine.travel(counter.at, tick=False):
        return cast.log_in(reader).post(PATH, {"confirm": "yes", **said}, **cast.OURS)


def shown(counter, reader, path=PATH):
    with time_machine.travel(counter.at, tick=False):
        return cast.log_in(reader).get(path).content.decode()


def test_all_of_the_money_goes_back_reading_ends_and_a_mail_is_the_proof(counter, fay):
    counter.subscribe(fay, counter.price(amount=3_100))
    counter.wait(10 * DAY)
    assert PATH in shown(counter, fay, "/account/subscription/")
    page = shown(counter, fay)
    assert "€31" in page
    assert "Confirm withdrawal" in page

    answer = confirm(counter, fay, name="Fay  Doe")

    assert answer["Location"] == PATH
    assert refunds() == [3_100]
    assert counter.reads_until(fay) is None
    assert Subscription.objects.get().status == "canceled"
    assert Ending.objects.get().done_at == counter.at
    assert "came in on 12 March 2026" in shown(counter, fay)
    mail = Dispatch.objects.get(kind="withdrawal")
    for words in ("12 March 2026, ", "for All-Access", "on 2 March 2026", f"Fay Doe, {fay.email}", "€31"):
        assert words in mail.text
    assert not Dispatch.objects.filter(kind="subscription-ends").exists()


def test_confirmed_twice_it_is_paid_back_once(counter, fay):
    counter.subscribe(fay, counter.price())

    assert {confirm(counter, fay)["Location"], confirm(counter, fay).status_code} == {PATH, 200}

    assert refunds() == [900]
    assert Dispatch.objects.filter(kind="withdrawal").count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_confirmed_twice_at_the_same_moment_it_is_paid_back_once(counter):
    fay = cast.fay(BEGAN)
    held = counter.subscribe(fay, counter.price())

    at_once([lambda: actions.withdraw(held, name="Fay", at=counter.at)] * 2)
    actions.sweep(at=counter.at)

    assert refunds() == [900]
    assert Dispatch.objects.filter(kind="withdrawal").count() == 1
    assert Ending.objects.get().done_at is not None


def test_the_last_day_counts_whole_and_the_next_is_too_late(counter, fay):
    counter.subscribe(fay, counter.price(every="year"))
    counter.at = BEGAN + timedelta(days=14, hours=10)
    assert "Until 16 March 2026 you can withdraw" in shown(counter, fay)

    counter.at = BEGAN + timedelta(days=15)

    assert "You could withdraw until 16 March 2026" in shown(counter, fay)
    assert PATH not in shown(counter, fay, "/account/subscription/")
    assert confirm(counter, fay).status_code == 409
    assert refunds() == []
    assert counter.reads_until(fay) is not None


def test_a_renewal_opens_no_new_days(counter, fay):
    held = counter.subscribe(fay, counter.price())
    counter.wait(held.period_ends_at - counter.at + timedelta(hours=2))
    counter.tell_what_is_new()

    assert confirm(counter, fay).status_code == 409
    assert "withdraw" in Dispatch.objects.filter(kind="charge").earliest("pk").text
    assert "withdraw" not in Dispatch.objects.filter(kind="charge").latest("pk").text


def test_where_the_house_rule_is_none_nobody_can(counter, fay):
    SellingRules.objects.create(withdrawal_days=0)
    counter.subscribe(fay, counter.price())

    assert confirm(counter, fay)["Location"] == "/account/subscription/"
    assert PATH not in shown(counter, fay, "/account/subscription/cancel/")
    assert "withdraw" not in Dispatch.objects.get(kind="charge").text
    assert counter.reads_until(fay) is not None


def test_on_a_trial_nothing_was_paid_and_it_ends_as_well(counter, fay):
    counter.subscribe(fay, counter.price(trial_days=14))
    assert "Nothing was charged for it" in shown(counter, fay)

    confirm(counter, fay)

    assert counter.reads_until(fay) is None
    assert "Nothing was charged for it" in Dispatch.objects.get(kind="withdrawal").text


def test_what_staff_paid_back_before_does_not_go_back_again(counter, fay):
    counter.subscribe(fay, counter.price(amount=3_100))
    bill, petra = Invoice.objects.get(), cast.petra(BEGAN)
    refunding.pay_back(bill, amount=1_000, shown_back="0", why="", by=petra, at=counter.at)
    assert "<b>€21</b>, what is left of all that you paid for it" in shown(counter, fay)

    confirm(counter, fay)

    assert sorted(refunds()) == [1_000, 2_100]
    assert "€21, what is left of all that you paid for it" in Dispatch.objects.get(kind="withdrawal").text


def test_where_all_went_back_before_the_proof_does_not_say_that_nothing_was_charged(counter, fay):
    counter.subscribe(fay, counter.price())
    refunding.pay_back(Invoice.objects.get(), amount=900, shown_back="0", why="", by=cast.petra(BEGAN), at=counter.at)
    page = shown(counter, fay)

    confirm(counter, fay)

    for words in (page, Dispatch.objects.get(kind="withdrawal").text):
        assert "Nothing is left to be paid back: what you paid for it has gone back already" in words
        assert "Nothing was charged" not in words


def test_what_the_bank_took_back_does_not_go_back_again(counter, fay):
    held = counter.subscribe(fay, counter.price(), card=DISPUTED)
    counter.wait(timedelta(hours=1))

    actions.withdraw(held, name="Fay", at=counter.at)

    assert refunds() == []
    assert Ending.objects.get().done_at == counter.at


def test_a_dearer_plan_of_the_same_days_goes_back_too(counter, fay):
    held = counter.subscribe(fay, counter.price(amount=3_100, kind=Plan.Kind.TEAM))
    item = stripe_api.subscription(held.reference)["items"]["data"][0]["id"]
    about = {"items": [{"id": item, "quantity": 2}], "proration_behavior": "always_invoice"}
    stripe_api.change_subscription(held.reference, about, key="two")
    actions.follow(held.reference, at=counter.at)

    confirm(counter, fay)

    assert refunds() == [3_100, 3_100]


def to_months(counter, fay) -> Subscription:
    """A year, and on its second day by the month instead: what is left of the year is a credit."""
    held = counter.subscribe(fay, counter.price(every="year", amount=36_500))
    by_month = Price.objects.create(plan=held.price.plan, every="month", currency="EUR", amount=900)
    counter.wait(2 * DAY)
    shown = actions.show_change(held, by_month, quantity=1, at=counter.at)
    actions.change_plan(held, shown.pk, at=counter.at)
    return Subscription.objects.get()


def test_the_credit_of_a_cheaper_plan_is_taken_back_with_the_money_that_it_stood_for(counter, fay):
    held = to_months(counter, fay)
    assert stripe_api.credit_of(held.customer.reference) == 36_300 - 900

    actions.withdraw(held, name="Fay", at=counter.at)
    Ending.objects.update(done_at=None)  # as if killed before that was written
    counter.wait(2 * DAY)
    actions.sweep(at=counter.at)

    assert refunds() == [36_500]
    assert stripe_api.credit_of(held.customer.reference) == 0
    counter.subscribe(fay, counter.price())
    assert Invoice.objects.latest("pk").paid == 900


def test_a_credit_from_elsewhere_stays(counter, fay):
    held = to_months(counter, fay)
    customer = held.customer.reference
    stripe_api.move_credit(customer=customer, amount=-500, currency="eur", key="by staff", marks={})

    actions.withdraw(held, name="Fay", at=counter.at)

    assert stripe_api.credit_of(customer) == 500


def test_what_an_older_credit_paid_is_credited_again_and_once(counter, fay):
    customer = counter.subscribe(fay, counter.price()).customer.reference
    actions.end_now(held := Subscription.objects.get(), actions.farewell_of(held, at=counter.at), promised="900", at=counter.at)
    stripe_api.move_credit(customer=customer, amount=-500, currency="eur", key="from before", marks={})
    held = counter.subscribe(fay, counter.price(amount=800))
    assert (Invoice.objects.latest("pk").paid, stripe_api.credit_of(customer)) == (300, 0)
    assert "credited to you again" in shown(counter, fay)

    actions.withdraw(held, name="Fay", at=counter.at)
    Ending.objects.update(done_at=None)  # as if killed before that was written
    actions.sweep(at=counter.at)

    assert sorted(refunds()) == [300, 900]
    assert stripe_api.credit_of(customer) == 500
    assert "What an earlier credit paid of it is credited to you again." in Dispatch.objects.get(kind="withdrawal").text
    assert "You have a credit of €5: it is taken off your next bills." in shown(counter, fay, "/account/subscription/")
    assert "−€5" in shown(counter, fay, f"/subscribe/confirm/{held.price_id}/1/")


def test_an_end_at_once_gives_back_with_the_credit_no_more_than_was_paid(counter, fay):
    held = to_months(counter, fay)
    farewell = actions.farewell_of(held, at=counter.at)

    actions.end_now(held, farewell, promised=str(farewell.refund), at=counter.at)

    assert sum(refunds()) + stripe_api.credit_of(held.customer.reference) == 36_300


def test_a_team_s_buyer_withdraws_for_all_of_it_and_nobody_else_can(counter, fay):
    counter.subscribe(fay, counter.price(kind=Plan.Kind.TEAM), quantity=3)
    rex = cast.rex(BEGAN)
    Seat.objects.create(group=Group.objects.get(), reader=rex, role=Seat.Role.MANAGER, taken_at=BEGAN)

    assert confirm(counter, rex)["Location"] == "/account/subscription/"
    assert refunds() == []
    assert "All seats" in shown(counter, fay)
    confirm(counter, fay)

    assert refunds() == [2_700]
    assert counter.reads_until(fay) is None
    assert counter.reads_until(rex) is None


def test_whoever_had_asked_for_an_end_that_waits_gets_all_by_withdrawing(counter, fay):
    held = counter.subscribe(fay, counter.price(amount=3_100))
    counter.wait(11 * DAY)
    farewell = actions.farewell_of(held, at=counter.at)
    Ending.objects.create(subscription=held, refund=farewell.refund, parts=farewell.parts, wanted_at=counter.at)

    confirm(counter, fay)

    assert refunds() == [3_100]


@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("answers", range(12))
def test_while_stripe_fails_it_is_taken_all_the_same_and_the_sweep_goes_on_with_it(counter, fay, settings, answers, lost):
    held = counter.subscribe(fay, counter.price())
    stripe = settings.STRIPE_HTTP_CLIENT = Failing(counter.till)
    stripe.answers, stripe.does_it = answers, lost

    actions.withdraw(held, name="Fay", at=counter.at)
    assert Dispatch.objects.filter(kind="withdrawal").count() == 1
    assert "came in on" in shown(counter, fay)

    stripe.answers = 10_000
    counter.wait(2 * DAY)
    actions.sweep(at=counter.at)

    assert refunds() == [900]
    assert counter.reads_until(fay) is None
    assert Ending.objects.get().done_at is not None
    assert Dispatch.objects.filter(kind="withdrawal").count() == 1


def test_the_right_is_told_before_anybody_buys_and_only_where_there_is_one():
    stranger = cast.vera()
    assert "within 14 days" in stranger.get("/subscribe/withdrawal/").content.decode()

    SellingRules.objects.update_or_create(defaults={"withdrawal_days": 0})

    assert "not withdrawn from here" in stranger.get("/subscribe/withdrawal/").content.decode()


def test_a_name_that_is_not_known_is_left_empty_and_never_the_address(counter):
    fay = cast.fay(BEGAN)
    Reader.objects.filter(pk=fay.pk).update(first_name="", last_name="")
    counter.subscribe(fay, counter.price())

    with time_machine.travel(counter.at, tick=False):
        page = cast.log_in(Reader.objects.get(pk=fay.pk)).get("/account/subscription/withdraw/").content.decode()

    assert 'name="name" maxlength="120" value=""' in page
