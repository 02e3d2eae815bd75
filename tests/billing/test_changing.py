"""Another price, other seats: what is shown is what is charged, or nothing is changed. By the real SDK at the till."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from broadsheet.billing import actions, stripe_api
from broadsheet.billing.actions import changing
from broadsheet.billing.models import Ending, Invoice, Plan, PlanChange, Price, Subscription
from broadsheet.mailroom.models import Dispatch
from broadsheet.membership.actions import erasing
from broadsheet.membership.models import Reader
from broadsheet.membership.seating import Group
from broadsheet.till import disputes
from broadsheet.till.client import InProcess
from tests import cast
from tests.billing.counter import BEGAN, DAY

pytestmark = pytest.mark.django_db
PAGE = "/account/subscription/change/"
HALF = timedelta(days=15, hours=12)  # of March


@pytest.fixture
def fay() -> Reader:
    return cast.fay(BEGAN)


def other(price, *, every="year", amount=9_000, currency="EUR") -> Price:
    return Price.objects.create(plan=price.plan, every=every, currency=currency, amount=amount)


def change(counter, held, price, *, quantity=1) -> PlanChange:
    shown = actions.show_change(held, price, quantity=quantity, at=counter.at)
    actions.change_plan(held, shown.pk, at=counter.at)
    shown.refresh_from_db()
    return shown


def newest_bill() -> Invoice:
    return Invoice.objects.latest("made_at", "pk")


def post(here: Client, counter, **typed):
    with time_machine.travel(counter.at, tick=False):
        return here.post(PAGE, typed, **cast.OURS)


def test_from_month_to_year_the_days_that_are_left_are_taken_off(counter, fay):
    held = counter.subscribe(fay, counter.price(amount=3_100))
    counter.wait(HALF)

    shown = change(counter, held, other(held.price, amount=30_000))

    assert (shown.due, shown.kept) == (28_450, 0)
    assert newest_bill().paid == 28_450
    now = Subscription.objects.get()
    assert now.price.every == "year"
    assert now.period_ends_at == shown.renews_at == counter.at.replace(year=2027)
    assert counter.reads_until(fay) == now.period_ends_at + DAY
    assert Dispatch.objects.filter(kind="charge").count() == 2


def test_the_mail_of_a_charge_for_a_change_names_it_and_the_right_to_withdraw_while_it_holds(counter, fay):
    held = counter.subscribe(fay, counter.price(amount=3_100))
    year, two = other(held.price, amount=30_000), other(held.price, every="quarter", amount=40_000)
    change(counter, held, year)
    counter.wait(HALF)
    change(counter, Subscription.objects.get(), two)

    _, early, late = (mail.text for mail in Dispatch.objects.filter(kind="charge").order_by("pk"))
    assert "was changed from All-Access, €31 a month, to All-Access, €300 a year. €269 was charged for that on 2 March" in early
    assert "Until 16 March 2026 you can also withdraw from the contract, and all of the money goes back" in early
    assert "from All-Access, €300 a year, to All-Access, €400 a quarter." in late
    assert "withdraw" not in late


def test_from_year_to_month_what_is_left_pays_the_months_to_come(counter, fay):
    held = counter.subscribe(fay, counter.price(every="year", amount=36_500))
    counter.wait(65 * DAY)

    shown = change(counter, held, other(held.price, every="month", amount=3_000))
    assert (shown.due, shown.kept) == (0, 27_000)
    assert Subscription.objects.get().period_ends_at == shown.renews_at
    counter.wait(33 * DAY)
    counter.tell_what_is_new()

    assert (newest_bill().due, newest_bill().status) == (0, "paid")
    assert stripe_api._v1().customers.retrieve(held.customer.reference).balance == -24_000
    assert counter.reads_until(fay) > shown.renews_at + DAY


@pytest.mark.parametrize(("seats", "due", "kept"), [(5, 3_100, 0), (1, 0, 3_100)])
def test_seats_are_charged_and_left_over_for_what_is_left_of_the_period(counter, fay, seats, due, kept):
    held = counter.subscribe(fay, counter.price(amount=3_100, kind=Plan.Kind.TEAM), quantity=3)
    counter.wait(HALF)

    shown = change(counter, held, held.price, quantity=seats)

    assert (shown.due, shown.kept) == (due, kept)
    assert Group.objects.get().bought == seats
    assert Subscription.objects.get().period_ends_at == held.period_ends_at == shown.renews_at


def test_on_a_trial_nothing_is_due_before_it_ends(counter, fay):
    held = counter.subscribe(fay, counter.price(trial_days=14))

    shown = change(counter, held, other(held.price))

    assert (shown.due, shown.kept, shown.renews_at) == (0, 0, BEGAN + 14 * DAY)
    counter.wait(15 * DAY)
    counter.tell_what_is_new()
    assert newest_bill().paid == 9_000


def test_it_costs_what_was_shown_minutes_before(counter, fay):
    held = counter.subscribe(fay, counter.price(amount=3_100, kind=Plan.Kind.TEAM))
    counter.wait(HALF)
    shown = actions.show_change(held, held.price, quantity=200, at=counter.at)
    counter.wait(timedelta(minutes=29))

    actions.change_plan(held, shown.pk, at=counter.at)

    assert newest_bill().paid == shown.due


def test_the_page_shows_it_first_and_the_button_makes_it(counter, fay):
    held = counter.subscribe(fay, counter.price(amount=3_100))
    price, here = other(held.price, amount=30_000), cast.log_in(fay)
    counter.wait(HALF)
    assert "All-Access, €300 a year" in here.get(PAGE).content.decode()

    page = post(here, counter, price=price.pk).content.decode()
    assert "€284.50" in page
    assert "17 March 2027" in page
    assert Subscription.objects.get().price == held.price
    answer = post(here, counter, price=price.pk, change=PlanChange.objects.get().pk)

    assert answer["Location"] == "/account/subscription/"
    assert Subscription.objects.get().price == price


@pytest.mark.parametrize("meanwhile", ["half an hour went by", "it was renewed", "somebody else changed it"])
def test_what_is_not_as_it_was_shown_is_shown_anew(counter, fay, meanwhile):
    held = counter.subscribe(fay, counter.price(amount=3_100, kind=Plan.Kind.TEAM), quantity=3)
    here = cast.log_in(fay)
    counter.wait(held.period_ends_at - counter.at - timedelta(minutes=5))
    shown = actions.show_change(held, held.price, quantity=5, at=counter.at)
    match meanwhile:
        case "half an hour went by":
            counter.wait(timedelta(minutes=31))
        case "it was renewed":
            counter.wait(timedelta(minutes=6))
        case _:
            item = stripe_api.subscription(held.reference)["items"]["data"][0]["id"]
            stripe_api.change_subscription(held.reference, {"items": [{"id": item, "quantity": 4}]}, key="at Stripe")

    answer = post(here, counter, price=held.price.pk, seats=5, change=shown.pk)

    assert answer.status_code == 409
    assert "nothing was changed" in answer.content.decode()
    assert stripe_api.subscription(held.reference)["items"]["data"][0]["quantity"] in (3, 4)
    again = PlanChange.objects.latest("pk")
    assert (again.pk != shown.pk, again.wanted_at) == (True, None)
    post(here, counter, price=held.price.pk, seats=5, change=again.pk)
    assert Subscription.objects.get().quantity == 5


@pytest.mark.parametrize("wrong", ["currency", "kind", "withdrawn", "same", "seats"])
def test_nothing_is_shown_that_is_not_for_them(counter, fay, wrong):
    held = counter.subscribe(fay, counter.price())
    price, quantity = other(held.price), 1
    match wrong:
        case "currency":
            price = other(held.price, currency="USD")
        case "kind":
            price = counter.price(kind=Plan.Kind.TEAM)
        case "withdrawn":
            Price.objects.filter(pk=price.pk).update(withdrawn_at=BEGAN)
        case "same":
            price = held.price
        case "seats":
            quantity = 2

    with pytest.raises(actions.NotOnOffer):
        actions.show_change(held, price, quantity=quantity, at=counter.at)

    assert not PlanChange.objects.exists()


def test_a_price_that_was_withdrawn_meanwhile_is_not_changed_to(counter, fay):
    held = counter.subscribe(fay, counter.price())
    shown = actions.show_change(held, other(held.price), quantity=1, at=counter.at)
    Price.objects.filter(pk=shown.price_id).update(withdrawn_at=BEGAN)

    answer = post(cast.log_in(fay), counter, price=shown.price_id, change=shown.pk)

    assert answer.status_code == 422
    assert "not on offer any more" in answer.content.decode()
    assert Subscription.objects.get().price == held.price


def test_nobody_confirms_what_was_shown_to_another(counter, fay):
    rex = cast.rex(BEGAN)
    theirs, held = counter.subscribe(rex, counter.price()), counter.subscribe(fay, counter.price())
    shown = actions.show_change(theirs, other(theirs.price), quantity=1, at=counter.at)

    with pytest.raises(actions.Changed):
        actions.change_plan(held, shown.pk, at=counter.at)

    assert not PlanChange.objects.under_way().exists()


@pytest.mark.parametrize("card", ["pm_card_chargeCustomerFail", "pm_card_authenticationRequired"])
def test_a_card_that_is_not_charged_changes_nothing_and_the_page_says_how_to_mend_it(counter, fay, card):
    held = counter.subscribe(fay, counter.price())
    here, until = cast.log_in(fay), counter.reads_until(fay)
    _pays_by(held, card)
    shown = actions.show_change(held, other(held.price), quantity=1, at=counter.at)

    leads_to = post(here, counter, price=shown.price_id, change=shown.pk)["Location"]
    with time_machine.travel(counter.at, tick=False):
        page = here.get(leads_to).content.decode()

    assert "The card was not charged, and nothing was changed." in page
    assert "Card, address and bills" in page
    actions.sweep(at=counter.at)
    assert (Subscription.objects.get().price, Subscription.objects.get().status) == (held.price, "active")
    assert counter.reads_until(fay) == until


@pytest.mark.parametrize("stripe_did_it", [True, False])
def test_a_change_whose_answer_was_lost_is_settled_as_stripe_has_it(counter, fay, stripe_did_it):
    held = counter.subscribe(fay, counter.price())
    shown = actions.show_change(held, other(held.price), quantity=1, at=counter.at)
    if stripe_did_it:
        actions.change_plan(held, shown.pk, at=counter.at)
    PlanChange.objects.update(wanted_at=counter.at, done_at=None)
    Subscription.objects.update(price=held.price)
    assert actions.settle_changes(at=counter.at) == 0

    counter.wait(timedelta(minutes=11))
    actions.settle_changes(at=counter.at)

    shown.refresh_from_db()
    assert (shown.done_at is not None, shown.dropped_at is not None) == (stripe_did_it, not stripe_did_it)
    assert (Subscription.objects.get().price == shown.price) == stripe_did_it


def test_away_in_the_midst_it_promises_nothing_and_tells_later(counter, fay, settings):
    held = counter.subscribe(fay, counter.price())
    shown = actions.show_change(held, other(held.price), quantity=1, at=counter.at)
    settings.STRIPE_HTTP_CLIENT = Deaf(counter.till)

    answer = post(cast.log_in(fay), counter, price=shown.price_id, change=shown.pk)
    assert answer.status_code == 503
    assert "did not answer in time" in answer.content.decode()
    settings.STRIPE_HTTP_CLIENT = InProcess(counter.till)
    assert actions.why_not_now(held) == changing.UNDER_WAY
    counter.wait(timedelta(minutes=11))
    actions.sweep(at=counter.at)

    assert Subscription.objects.get().price == shown.price
    assert Invoice.objects.filter(paid__gt=900).count() == 1


class Deaf(InProcess):
    """Changes are made, and their answer is lost."""

    def request(self, method, url, *args, **kwargs):
        said = super().request(method, url, *args, **kwargs)
        return said if method == "get" or "/subscriptions/" not in url else ("{}", 500, {"Stripe-Should-Retry": "false"})


def test_while_a_change_is_under_way_nothing_is_ended_or_erased(counter, fay):
    held = counter.subscribe(fay, counter.price())
    actions.show_change(held, other(held.price), quantity=1, at=counter.at)
    PlanChange.objects.update(wanted_at=counter.at)

    farewell = actions.farewell_of(held, at=counter.at)
    with pytest.raises(actions.Changed):
        actions.end_now(held, farewell, promised=str(farewell.refund), at=counter.at)
    with pytest.raises(erasing.NotYet):
        erasing.want_erased(fay, at=counter.at)

    assert not Ending.objects.exists()
    counter.wait(timedelta(minutes=11))
    erasing.finish_erasures(at=counter.at)
    assert Subscription.objects.get().status == "canceled"


def test_an_end_at_once_after_a_dearer_plan_gives_back_what_is_left_of_that(counter, fay):
    held = counter.subscribe(fay, counter.price(amount=3_100))
    change(counter, held, other(held.price, amount=36_500))

    assert actions.farewell_of(Subscription.objects.get(), at=counter.at).refund == 36_500


def _pays_by(held, method):
    v1 = stripe_api._v1()
    card = v1.payment_methods.attach(method, {"customer": held.customer.reference})
    v1.subscriptions.update(held.reference, {"default_payment_method": card.id})


def to_credit(counter, reader) -> Subscription:
    """Months that what was left of a year pays for."""
    held = counter.subscribe(reader, counter.price(every="year", amount=36_500))
    counter.wait(10 * DAY)
    change(counter, held, other(held.price, every="month", amount=900))
    counter.wait(40 * DAY)
    return actions.follow(held.reference, at=counter.at)


def charge_of_the_year() -> stripe_api.Doc:
    (charge,) = stripe_api.charges(invoice=Invoice.objects.get(paid__gt=0).reference)
    return charge


def test_months_paid_by_a_credit_go_with_the_charge_behind_it(counter, fay):
    held = to_credit(counter, fay)
    assert counter.reads_until(fay) == held.period_ends_at + DAY

    charge = charge_of_the_year()
    stripe_api.refund(charge=charge["id"], amount=100, key="a part")
    counter.tell_what_is_new()
    assert counter.reads_until(fay) == held.period_ends_at + DAY

    counter.wait(DAY)
    stripe_api.refund(charge=charge["id"], amount=charge["amount"] - 100, key="the rest")
    counter.tell_what_is_new()
    assert counter.reads_until(fay) is None


def test_a_dispute_of_the_year_takes_its_months_and_a_won_one_gives_them_back(counter, fay):
    held, charge = to_credit(counter, fay), charge_of_the_year()["id"]
    with counter.till.books(int(counter.at.timestamp())) as books:
        dispute = disputes.open_for(books, books.get(charge, "charge"))["id"]
    counter.tell_what_is_new()
    assert counter.reads_until(fay) is None

    with counter.till.books(int(counter.at.timestamp())) as books:
        disputes.conclude(books, books.get(dispute, "dispute"), won=True)
    counter.tell_what_is_new()
    assert counter.reads_until(fay) == held.period_ends_at + DAY


def test_the_way_to_another_kind_of_plan_is_said(counter, fay):
    counter.subscribe(fay, counter.price())
    Price.objects.create(plan=Plan.objects.create(name="Team", slug="t", kind="team"), every="year", currency="EUR", amount=7_000)

    with time_machine.travel(counter.at, tick=False):
        page = cast.log_in(fay).get("/account/subscription/change/").content.decode()

    assert "Team is another contract" in page
    assert "end this one" in page
