"""What whoever pays is written to: each charge, each that failed, before a renewal, and the end; each once."""

from datetime import timedelta

import pytest

from broadsheet.billing import actions, stripe_api
from broadsheet.billing.actions import writing
from broadsheet.billing.actions.lapsing import tell_whose_grace_is_over
from broadsheet.billing.models import Invoice, Subscription
from broadsheet.mailroom.models import Dispatch
from broadsheet.membership.models import Reader
from broadsheet.till.client import client_for
from tests import cast
from tests.billing.counter import ASKS, BEGAN, DAY, DECLINED

pytestmark = pytest.mark.django_db


@pytest.fixture
def fay() -> Reader:
    return cast.fay(BEGAN)


def mails(kind: str) -> list[Dispatch]:
    return list(Dispatch.objects.filter(kind=kind).order_by("pk"))


def test_each_charge_is_written_of_once(counter, fay):
    subscription = counter.subscribe(fay, counter.price())
    actions.follow(subscription.reference, at=counter.at)

    (mail,) = mails("charge")
    assert mail.to == fay.email
    assert "€9" in mail.subject
    assert "2 March 2026" in mail.text
    assert "/account/subscription/" in mail.text


def test_a_charge_that_failed_says_until_when_one_reads_on(counter, fay):
    subscription = counter.subscribe(fay, counter.price())
    actions.use_card(subscription, "pm_card_chargeCustomerFail", at=counter.at)
    counter.wait(subscription.period_ends_at - counter.at + timedelta(hours=2))
    counter.tell_what_is_new()

    (mail,) = mails("charge-failed")
    assert "It is tried again on 5 April 2026, and you read on until 9 April 2026." in mail.text  # the 2nd, and seven of grace


def attempts(counter, fay):
    """Four in vain, each heard of at once: on the 2nd, the 5th, the 10th and the 17th of April."""
    subscription = counter.subscribe(fay, counter.price())
    actions.use_card(subscription, "pm_card_chargeCustomerFail", at=counter.at)
    for days in (31, 3, 5, 7):
        counter.wait(days * DAY + timedelta(hours=2))
        counter.tell_what_is_new()
    return [mail.text for mail in mails("charge-failed")]


def test_a_charge_that_fails_after_the_days_of_grace_promises_no_day_that_is_over(counter, fay):
    _, second, third = attempts(counter, fay)

    assert "and you read on until 9 April 2026." in second
    assert "It is tried again on 17 April 2026. Reading by it stopped on 9 April 2026, and goes on as soon as this is" in third
    assert "read on until" not in third
    (end,) = mails("subscription-ends")  # of the last attempt nothing is written besides
    assert "Nothing is charged any more" in end.text


def test_a_charge_that_is_not_tried_again_says_so(counter, fay):
    counter.till.house.after_retries = "past_due"

    assert "It is not tried again by itself. Reading by it stopped on 9 April 2026" in attempts(counter, fay)[-1]


def test_the_end_of_grace_is_written_of_once_and_not_where_it_was_paid(counter, fay):
    rex = cast.rex(BEGAN)
    price = counter.price()
    for reader in (fay, rex):
        actions.use_card(counter.subscribe(reader, price), "pm_card_chargeCustomerFail", at=counter.at)
    counter.wait(31 * DAY + timedelta(hours=2))
    counter.tell_what_is_new()
    assert tell_whose_grace_is_over(at=counter.at) == 0

    counter.wait(7 * DAY)
    counter.pay(actions.open_bill_of(rex))  # of which no notice has come
    assert tell_whose_grace_is_over(at=counter.at) == 1
    assert tell_whose_grace_is_over(at=counter.at + DAY) == 0

    (mail,) = mails("grace-over")
    assert mail.to == fay.email
    assert "A payment of €9" in mail.text
    assert "stopped on 9 April 2026" in mail.text


@pytest.mark.parametrize("card", [DECLINED, ASKS])
def test_a_first_charge_that_failed_promises_nobody_that_they_read_on(counter, fay, card):
    """Nothing was bought yet, and nothing is read."""
    counter.pay(counter.begin(fay, counter.price()), card)
    counter.tell_what_is_new()

    assert Subscription.objects.get().status == "incomplete"
    assert Dispatch.objects.count() == 0


def test_a_renewal_is_written_of_before_it_comes_and_once(counter, fay):
    subscription = counter.subscribe(fay, counter.price())
    writing.remind(at=subscription.period_ends_at - 4 * DAY)
    assert mails("renewal") == []

    writing.remind(at=subscription.period_ends_at - 2 * DAY)
    writing.remind(at=subscription.period_ends_at - DAY)

    (mail,) = mails("renewal")
    assert "renews on 2 April 2026" in mail.subject


def test_whose_sum_stripe_does_not_say_now_is_written_to_later_and_nobody_else_waits(counter, fay):
    """Stripe is asked where a coupon took something off; and never again once the mail is posted."""
    price = counter.price()
    with_coupon, rex = counter.subscribe(fay, price), cast.rex(BEGAN)
    Invoice.objects.filter(subscription=with_coupon).update(discount=100)
    counter.subscribe(rex, price)
    at = with_coupon.period_ends_at - DAY

    counter.till.outage.refused = 10
    assert writing.remind(at=at) == 1
    assert [mail.to for mail in mails("renewal")] == [rex.email]

    counter.till.outage.refused = 0
    assert writing.remind(at=at) == 1
    counter.till.outage.refused = 10
    assert writing.remind(at=at) == 0
    assert counter.till.outage.refused == 10  # nothing was asked
    assert {mail.to for mail in mails("renewal")} == {fay.email, rex.email}


def test_however_many_renew_all_are_written_to(counter, fay, monkeypatch):
    monkeypatch.setattr(writing, "AT_A_TIME", 2)
    held = counter.subscribe(fay, counter.price())
    for number in range(4):
        held.pk, held.reference = None, f"sub_{number}"
        held.save()

    assert writing.remind(at=held.period_ends_at - DAY) == Subscription.objects.count() == 5


def test_a_trial_is_written_of_before_its_first_charge(counter, fay):
    subscription = counter.subscribe(fay, counter.price(trial_days=14))

    writing.remind(at=subscription.period_ends_at - 2 * DAY)

    (mail,) = mails("renewal")
    assert "trial" in mail.subject
    assert "€9 is charged then" in mail.text


def test_a_trial_that_begins_is_written_of_with_its_end_its_first_charge_and_the_right_to_withdraw(counter, fay):
    actions.follow(counter.subscribe(fay, counter.price(trial_days=14)).reference, at=counter.at)

    (mail,) = mails("trial")
    assert "runs until 16 March 2026" in mail.text
    assert "on that day €9 is" in mail.text
    assert "Until 16 March 2026 you can also withdraw" in mail.text


def test_whoever_ends_it_is_reminded_of_nothing_and_told_the_day(counter, fay):
    subscription = actions.end_with_its_period(counter.subscribe(fay, counter.price()), at=counter.at)

    writing.remind(at=subscription.period_ends_at - DAY)
    actions.follow(subscription.reference, at=counter.at)

    assert mails("renewal") == []
    (mail,) = mails("subscription-ends")
    assert "ends on 2 April 2026" in mail.subject


def test_what_happened_years_ago_is_not_written_of(counter, fay):
    subscription = counter.subscribe(fay, counter.price())
    Dispatch.objects.all().delete()

    actions.follow(subscription.reference, at=counter.at + 10 * DAY)

    assert mails("charge") == []


def test_whoever_keeps_it_after_all_is_told_what_is_charged_next_and_of_another_end_again(counter, fay):
    held = actions.end_with_its_period(counter.subscribe(fay, counter.price()), at=counter.at)
    held = actions.keep(held, at=counter.at)
    actions.follow(held.reference, at=counter.at)

    (mail,) = mails("subscription-kept")
    assert "All-Access: it goes on. On 2 April 2026 €9 is charged." in mail.text

    actions.end_with_its_period(held, at=counter.at)
    assert len(mails("subscription-ends")) == 2


def test_a_pause_that_is_kept_is_charged_when_it_ends(counter, fay):
    held = actions.pause(counter.subscribe(fay, counter.price()), months=1, at=counter.at)
    actions.keep(actions.end_with_its_period(held, at=counter.at), at=counter.at)

    assert "On 2 May 2026 €9 is charged." in mails("subscription-kept")[0].text


def test_an_end_that_is_taken_back_while_it_rests_without_a_card_is_written_down(counter, fay):
    """Stripe says of none that rests what is charged next."""
    held = counter.subscribe(fay, counter.price(trial_days=14))
    rests = {"trial_settings": {"end_behavior": {"missing_payment_method": "pause"}}}
    stripe_api.change_subscription(held.reference, rests, key="rests")
    card = stripe_api.card_of(stripe_api.subscription(held.reference))
    client_for(counter.till).v1.payment_methods.detach(card)
    counter.wait(15 * DAY)
    ends_at = int((counter.at + DAY).timestamp())
    stripe_api.change_subscription(held.reference, {"cancel_at": ends_at}, key="ends")
    held = actions.follow(held.reference, at=counter.at)
    assert (held.status, held.cancel_at) == ("paused", counter.at + DAY)

    held = actions.keep(held, at=counter.at)

    assert held.cancel_at is None
    assert "All-Access: it goes on.\n" in mails("subscription-kept")[0].text


def test_the_mail_of_a_charge_leads_to_its_receipt(counter, fay):
    counter.subscribe(fay, counter.price())

    assert f"/account/subscription/receipts/{Invoice.objects.get().pk}/" in mails("charge")[0].text
