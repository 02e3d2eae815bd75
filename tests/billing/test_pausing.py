"""A reader's own pause: nothing charged and nothing read beyond what was paid; and back, by itself or earlier."""

from datetime import datetime, timedelta

import pytest
import time_machine

from broadsheet.billing import actions, policy, stripe_api
from broadsheet.billing.actions import writing
from broadsheet.billing.models import Invoice, Plan, SellingRules, Subscription
from broadsheet.billing.policy import LEEWAY
from broadsheet.mailroom.models import Dispatch
from broadsheet.membership.models import Reader
from tests import cast
from tests.billing.counter import BEGAN, DAY

pytestmark = pytest.mark.django_db
PAGE = "/account/subscription/pause/"
HOUR = timedelta(hours=1)


@pytest.fixture
def fay() -> Reader:
    return cast.fay(BEGAN)


def paid() -> list[int]:
    return sorted(Invoice.objects.filter(status="paid").values_list("paid", flat=True))


def goes_by(counter, time):
    counter.wait(time)
    counter.tell_what_is_new()


def test_nothing_is_charged_and_nothing_read_until_it_goes_on_by_itself(counter, fay):
    held = counter.subscribe(fay, counter.price())

    paused = actions.pause(held, months=2, at=counter.at)
    assert paused.resumes_at == datetime(2026, 6, 2, 7, tzinfo=BEGAN.tzinfo)
    assert counter.reads_until(fay) == held.period_ends_at
    goes_by(counter, 40 * DAY)
    assert (counter.reads_until(fay), paid()) == (None, [900])

    goes_by(counter, paused.resumes_at - counter.at + 3 * HOUR)
    assert paid() == [900, 900]
    assert counter.reads_until(fay) == datetime(2026, 7, 2, 8, tzinfo=BEGAN.tzinfo) + LEEWAY


def test_the_hour_before_the_renewal_is_all_that_is_read_for_nothing(counter, fay):
    held = actions.pause(counter.subscribe(fay, counter.price()), months=1, at=counter.at)
    goes_by(counter, held.resumes_at - counter.at - HOUR)
    assert counter.reads_until(fay) is None

    writing.remind(at=counter.at)

    assert Dispatch.objects.filter(kind="renewal").exists()


def test_a_second_pause_takes_nothing_of_what_was_paid_since_the_first(counter, fay):
    first = actions.pause(counter.subscribe(fay, counter.price()), months=1, at=counter.at)
    goes_by(counter, first.resumes_at - counter.at + 3 * HOUR)

    again = actions.pause(Subscription.objects.get(), months=1, at=counter.at)

    assert counter.reads_until(fay) == again.period_ends_at == datetime(2026, 6, 2, 8, tzinfo=BEGAN.tzinfo)


def test_whoever_goes_on_while_the_paid_period_runs_pays_nothing(counter, fay):
    held = counter.subscribe(fay, counter.price())
    paused = actions.pause(held, months=1, at=counter.at)
    goes_by(counter, 10 * DAY)

    actions.go_on(paused, promised="0", at=counter.at)

    assert paid() == [900]
    assert counter.reads_until(fay) == held.period_ends_at + LEEWAY


def test_paused_twice_within_a_day_it_goes_on_twice(counter, fay):
    counter.subscribe(fay, counter.price())
    for _ in range(2):
        paused = actions.pause(Subscription.objects.get(), months=1, at=counter.at)
        assert paused.paused

        assert not actions.go_on(paused, promised="0", at=counter.at).paused

    assert stripe_api.subscription(paused.reference)["pause_collection"] is None


def test_whoever_goes_on_later_begins_a_new_period_shown_before_and_charged_once(counter, fay):
    actions.pause(counter.subscribe(fay, counter.price()), months=3, at=counter.at)
    goes_by(counter, 45 * DAY)
    paused, here = Subscription.objects.get(), cast.log_in(fay)

    with time_machine.travel(counter.at, tick=False):
        assert "Go on now and pay €9" in here.get(PAGE).content.decode()
        assert here.post(PAGE, {"due": "800"}, **cast.OURS).status_code == 409
        answer = here.post(PAGE, {"due": "900"}, **cast.OURS)
    actions.go_on(paused, promised="900", at=counter.at)

    assert answer["Location"] == "/account/subscription/"
    assert paid() == [900, 900]
    now = Subscription.objects.get()
    assert (now.paused, now.period_starts_at) == (False, counter.at)
    assert counter.reads_until(fay) == now.period_ends_at + LEEWAY


def test_a_card_that_is_not_charged_leaves_the_pause_as_it_was(counter, fay):
    held = actions.pause(counter.subscribe(fay, counter.price()), months=3, at=counter.at)
    goes_by(counter, 45 * DAY)
    _pays_by(held, "pm_card_chargeCustomerFail")
    here = cast.log_in(fay)

    with time_machine.travel(counter.at, tick=False):
        refused = here.post(PAGE, {"due": "900"}, **cast.OURS)
    actions.sweep(at=counter.at)

    assert (refused.status_code, "was not charged" in refused.content.decode()) == (422, True)
    assert (Subscription.objects.get().paused, counter.reads_until(fay), paid()) == (True, None, [900])
    _pays_by(held, "pm_card_visa")
    assert not actions.go_on(held, promised="900", at=counter.at).paused


def test_the_page_offers_what_the_house_rule_allows(counter, fay):
    counter.subscribe(fay, counter.price())
    here = cast.log_in(fay)
    assert "Pause it" in here.get("/account/subscription/").content.decode()
    assert "2 months, until 2 June 2026" in here.get(PAGE).content.decode()

    with time_machine.travel(counter.at, tick=False):
        assert here.post(PAGE, {"months": "4"}, **cast.OURS).status_code == 422
        assert here.post(PAGE, {"months": "3"}, **cast.OURS)["Location"] == "/account/subscription/"

    assert "It goes on by itself on 2 July 2026." in here.get("/account/subscription/").content.decode()


@pytest.mark.parametrize("why", ["rule", "year", "team", "trial", "ends"])
def test_what_cannot_be_paused_is_not(counter, fay, why):
    more = {"team": {"kind": Plan.Kind.TEAM}, "trial": {"trial_days": 14}, "year": {"every": "year"}}.get(why, {})
    held = counter.subscribe(fay, counter.price(**more))
    if why == "rule":
        SellingRules.objects.update_or_create(defaults={"pause_months": 0})
    if why == "ends":
        held = actions.end_with_its_period(held, at=counter.at)

    for months in (1, 12):
        with pytest.raises(actions.NotNow):
            actions.pause(held, months=months, at=counter.at)

    assert stripe_api.subscription(held.reference)["pause_collection"] is None


@pytest.mark.parametrize(
    ("plan", "fails", "why"),
    [
        ({"every": "year"}, False, "A pause lasts 3 months at most and whole periods, and yours is paid by the year."),
        ({}, True, "A charge is not paid yet. See to the payment first, and then pause it."),
    ],
)
def test_the_page_says_why_it_cannot_be_paused(counter, fay, plan, fails, why):
    held = counter.subscribe(fay, counter.price(**plan))
    if fails:
        actions.use_card(held, "pm_card_chargeCustomerFail", at=counter.at)
    goes_by(counter, 32 * DAY)

    with time_machine.travel(counter.at, tick=False):
        page = cast.log_in(fay).get(PAGE).content.decode()

    assert why in page


def test_pauses_are_counted_from_the_day_on_which_stripe_counts():
    anchor, ends = datetime(2026, 1, 31, 8, tzinfo=BEGAN.tzinfo), datetime(2026, 2, 28, 8, tzinfo=BEGAN.tzinfo)

    found = policy.pauses(anchor, ends, every=1, most=3)

    assert [(moment.month, moment.day, moment.hour) for moment in found.values()] == [(3, 31, 7), (4, 30, 7), (5, 31, 7)]
    assert policy.pauses(anchor, ends, every=12, most=3) == {}


def test_during_a_pause_the_account_says_so_and_leads_to_going_on(counter, fay):
    held = actions.pause(counter.subscribe(fay, counter.price()), months=2, at=counter.at)
    goes_by(counter, 40 * DAY)

    with time_machine.travel(counter.at, tick=False):
        here = cast.log_in(fay)
        account = here.get("/account/").content.decode()
        choice = here.get(f"/subscribe/confirm/{held.price_id}/1/").content.decode()

    assert "You paused your subscription until 2 June 2026: what" in account
    assert all('href="/account/subscription/pause/"' in page for page in (account, choice))
    assert "Read everything</a>" not in account
    assert "Go to the payment" not in choice


def test_a_pause_is_written_of_once_with_both_days(counter, fay):
    held = actions.pause(counter.subscribe(fay, counter.price()), months=2, at=counter.at)
    actions.follow(held.reference, at=counter.at)
    goes_by(counter, 40 * DAY)

    mail = Dispatch.objects.get(kind="subscription-paused").text
    assert "All-Access, is paused: you read until 2 April 2026, which you paid for." in mail
    assert "It goes on by itself on 2 June 2026, and is charged then" in mail


def test_during_a_pause_the_pages_name_the_day_that_was_paid_for(counter, fay):
    actions.pause(counter.subscribe(fay, counter.price()), months=2, at=counter.at)
    paths = ("/account/", "/account/subscription/", "/account/subscription/pause/", "/account/subscription/cancel/")
    here = cast.log_in(fay)

    def say(words):
        with time_machine.travel(counter.at, tick=False):
            return [words in here.get(path).content.decode() for path in paths]

    assert all(say(": you read until 2 April 2026, which you paid for."))
    goes_by(counter, 40 * DAY)
    assert all(say(": what you paid for was over on 2 April 2026."))


@pytest.mark.parametrize("behaviour", ["void", "mark_uncollectible", "keep_as_draft"])
def test_what_a_pause_left_unpaid_takes_nothing_from_a_later_period_that_was_paid(counter, fay, behaviour):
    """Set and taken off at Stripe's own desk."""
    held = counter.subscribe(fay, counter.price())
    _set_at_stripe(held, {"behavior": behaviour})
    goes_by(counter, 40 * DAY)
    assert counter.reads_until(fay) is None
    _set_at_stripe(held, "")

    goes_by(counter, 30 * DAY)

    now = Subscription.objects.get()
    assert (now.status, paid()) == ("active", [900, 900])
    assert counter.reads_until(fay) == now.period_ends_at + LEEWAY > counter.at


@pytest.mark.parametrize("card", ["pm_card_visa", "pm_card_chargeCustomerFail"])
def test_a_bill_that_was_written_off_takes_nothing_from_what_was_paid_since_nor_its_grace(counter, fay, card):
    held = counter.subscribe(fay, counter.price())
    _set_at_stripe(held, {"behavior": "mark_uncollectible"})
    goes_by(counter, 40 * DAY)
    _set_at_stripe(held, "")
    goes_by(counter, 30 * DAY)
    paid_until = Subscription.objects.get().period_ends_at
    _pays_by(held, card)

    goes_by(counter, paid_until - counter.at + 3 * HOUR)

    now = Subscription.objects.get()
    ends_at = now.period_ends_at + LEEWAY if now.status == "active" else paid_until + 7 * DAY
    assert now.status == ("active" if card == "pm_card_visa" else "past_due")
    assert counter.reads_until(fay) == ends_at


def _pays_by(held, method):
    v1 = stripe_api._v1()
    card = v1.payment_methods.attach(method, {"customer": held.customer.reference})
    v1.subscriptions.update(held.reference, {"default_payment_method": card.id})


def _set_at_stripe(held, pause):
    stripe_api._v1().subscriptions.update(held.reference, {"pause_collection": pause})
