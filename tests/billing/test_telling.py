"""What readers are told of what they hold: by what they read, until when, and no leeway."""

from datetime import timedelta

import pytest
import time_machine

from broadsheet.billing import actions
from broadsheet.billing.models import Invoice, Subscription
from broadsheet.membership.actions import give_comp, record_term
from broadsheet.membership.models import Term
from broadsheet.membership.seating import Group
from broadsheet.membership.telling import carriers_of
from tests import cast
from tests.billing.counter import BEGAN, DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def fay():
    return cast.fay(BEGAN)


def shown(counter, reader, path="/account/"):
    with time_machine.travel(counter.at, tick=False):
        return cast.log_in(reader).get(path).content.decode()


def test_the_account_says_the_day_on_which_the_subscription_renews(counter, fay):
    held = counter.subscribe(fay, counter.price())

    assert counter.reads_until(fay) > held.period_ends_at
    assert carriers_of(fay, at=counter.at)[0].until == held.period_ends_at
    assert "You read everything. Your subscription renews on 2 April 2026 (€9)." in shown(counter, fay)
    assert "It renews on 2 April 2026." in shown(counter, fay, "/account/subscription/")


def test_the_account_leads_to_a_subscription_whoever_holds_or_held_one(counter, fay):
    way = "Your subscription, and what was billed"
    assert way not in shown(counter, fay)
    held = counter.subscribe(fay, counter.price())
    assert way in shown(counter, fay)
    Subscription.objects.filter(pk=held.pk).update(status="canceled", ended_at=counter.at)

    assert way in shown(counter, fay)


def test_what_a_coupon_takes_off_is_not_told_as_if_it_did_not(counter, fay):
    counter.subscribe(fay, counter.price())
    Invoice.objects.update(discount=100)

    assert "Your subscription renews on 2 April 2026." in shown(counter, fay)


def test_a_trial_names_its_end_and_what_follows(counter, fay):
    counter.subscribe(fay, counter.price(trial_days=14))

    assert "You read everything. Your trial runs until 16 March 2026; €9 is charged then." in shown(counter, fay)


def test_whoever_sits_on_a_seat_is_told_that_it_goes_on_and_no_sum(counter, fay):
    rex = cast.rex(BEGAN)
    held = counter.subscribe(rex, counter.price(kind="team"), quantity=3)
    Group.objects.get(reference=f"stripe {held.reference}").seats.create(reader=fay, taken_at=counter.at)
    actions.follow(held.reference, at=counter.at)

    words = "The subscription that pays for your seat renews on 2 April 2026."
    assert words in shown(counter, fay)
    assert words in shown(counter, fay, "/account/subscription/")
    assert "Your subscription renews on 2 April 2026 (€27)." in shown(counter, rex)


def test_what_is_to_end_or_rests_does_not_renew(counter, fay):
    held = counter.subscribe(fay, counter.price())
    actions.pause(held, months=1, at=counter.at)
    assert "renews" not in shown(counter, fay)

    actions.go_on(held, promised="0", at=counter.at)
    actions.end_with_its_period(held, at=counter.at)
    assert "You read everything until 2 April 2026." in shown(counter, fay)


def test_a_seat_is_told_of_as_its_subscription_is(counter, fay):
    held = counter.subscribe(fay, counter.price(kind="team", every="year"), quantity=3)

    assert carriers_of(fay, at=counter.at)[0].until == held.period_ends_at


def test_while_a_renewal_is_charged_no_day_that_is_over_is_named(counter, fay):
    held = counter.subscribe(fay, counter.price())
    counter.at = held.period_ends_at + timedelta(hours=2)

    assert "You read everything. Your subscription is being renewed just now." in shown(counter, fay)


def test_an_end_that_is_set_is_told_to_the_day(counter, fay):
    held = actions.end_with_its_period(counter.subscribe(fay, counter.price()), at=counter.at)

    assert carriers_of(fay, at=counter.at)[0].until == held.cancel_at


def test_grace_is_told_to_its_end(counter, fay):
    held = counter.subscribe(fay, counter.price())
    actions.use_card(held, "pm_card_chargeCustomerFail", at=counter.at)
    counter.wait(32 * DAY)
    counter.tell_what_is_new()

    assert Subscription.objects.get().status == "past_due"
    assert carriers_of(fay, at=counter.at)[0].until == counter.reads_until(fay)


def test_a_pause_ends_on_the_day_on_which_it_is_charged_again(counter, fay, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    counter.at = BEGAN.replace(
        hour=22, minute=30
    )  # half past eleven at night in Berlin; the hour before is another day's for none
    held = counter.subscribe(fay, counter.price())
    held = actions.pause(held, months=1, at=counter.at)

    assert held.resumes_at < held.period_ends_at + 31 * DAY
    assert "It goes on by itself on 3 May 2026." in shown(counter, fay, "/account/subscription/")


@pytest.mark.parametrize(
    ("source", "ends_at", "words"),
    [
        (Term.Source.GIFT, BEGAN + 365 * DAY, "You read everything by a gift, until 2 March 2027."),
        (Term.Source.COMP, None, "You read everything by our invitation, without an end."),
    ],
)
def test_whoever_is_carried_by_something_else_is_told_by_what(counter, fay, source, ends_at, words):
    record_term(reader=fay, source=source, starts_at=BEGAN, ends_at=ends_at, at=BEGAN)

    page = shown(counter, fay, "/account/subscription/")

    assert words in page
    assert "You hold no subscription" not in page


def test_whoever_has_a_seat_is_told_in_which_group(counter, fay):
    held = counter.subscribe(cast.sada(BEGAN), counter.price(kind="team"), quantity=3)
    group = Group.objects.get()
    seat = group.seats.create(reader=fay, taken_at=counter.at)
    actions.follow(held.reference, at=counter.at)

    assert f"by your seat in {group.name}" in shown(counter, fay, "/account/subscription/").replace("&#x27;", "'")
    assert seat.reader == fay


def test_the_longest_carries_and_what_is_over_does_not(counter, fay):
    give_comp(reader=fay, ends_at=BEGAN + DAY, at=BEGAN)
    counter.subscribe(fay, counter.price())
    assert [one.source for one in carriers_of(fay, at=counter.at)] == ["subscription", "comp"]

    counter.at += 2 * DAY

    assert [one.source for one in carriers_of(fay, at=counter.at)] == ["subscription"]
