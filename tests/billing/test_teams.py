"""A team's plan, by the real SDK at the till: it carries a group's seats, and nobody by itself."""

from datetime import timedelta

import pytest
import time_machine
from django_tasks_db.models import DBTaskResult

from broadsheet.billing import actions, stripe_api
from broadsheet.billing.models import Plan, Subscription
from broadsheet.billing.policy import LEEWAY
from broadsheet.mailroom.models import Dispatch
from broadsheet.membership import partings, seats
from broadsheet.membership.actions import groups, take_seat
from broadsheet.membership.models import Reader, Term
from broadsheet.membership.seating import Group, Seat
from tests import cast
from tests.billing.counter import BEGAN, DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def fay() -> Reader:
    return cast.fay(BEGAN)


@pytest.fixture
def rex() -> Reader:
    return cast.rex(BEGAN)


def team(counter, **plan):
    return counter.price(kind=Plan.Kind.TEAM, **plan)


def seated(counter, reader):
    group = Group.objects.get()
    groups.open_link(group, at=counter.at)
    group.refresh_from_db()
    return take_seat(seats.token_of_link(group), reader=reader, at=counter.at)


def test_a_team_s_plan_makes_a_group_whose_manager_is_the_buyer(counter, fay):
    subscription = counter.subscribe(fay, team(counter), quantity=3)

    group = Group.objects.get()
    assert group.bought == 3
    assert list(seats.managed_by(fay)) == [group]
    assert counter.reads_until(fay) == subscription.period_ends_at + LEEWAY
    assert [term.source for term in Term.objects.all()] == ["seat"]


def test_whoever_pays_for_a_team_is_told_once_and_of_no_leaving(counter, fay, rex):
    counter.subscribe(fay, team(counter), quantity=3)
    seated(counter, rex)

    with time_machine.travel(counter.at, tick=False):
        pages = [cast.log_in(fay).get(path).content.decode() for path in ("/account/subscription/", "/account/")]
        member = cast.log_in(rex).get("/account/").content.decode()

    assert pages[0].count("renews on") == 1
    assert "which you pay for" in pages[1]
    assert 'name="leave"' not in pages[1]
    assert "If you leave it, you no longer do." in member


def test_whoever_takes_a_group_over_is_told_who_pays(counter, fay, rex):
    counter.subscribe(fay, team(counter), quantity=3)
    seated(counter, rex)

    groups.make_manager(Seat.objects.get(reader=rex), at=counter.at)
    groups.end_management(Seat.objects.get(reader=fay), at=counter.at)

    (told, over) = Dispatch.objects.filter(kind="group-manager").order_by("pk")
    assert f"{fay.email} pays for it" in told.text
    assert "You still pay for it" in over.text
    with time_machine.travel(counter.at, tick=False):
        page = cast.log_in(rex).get("/account/group/").content.decode()
    assert f"{fay.email} pays for it" in page
    assert "/account/subscription/" not in page.partition("<main")[2]


def test_a_renewal_carries_every_seat_on(counter, fay, rex):
    subscription = counter.subscribe(fay, team(counter), quantity=3)
    seated(counter, rex)
    counter.wait(subscription.period_ends_at - counter.at + timedelta(hours=2))

    counter.tell_what_is_new()

    assert counter.reads_until(rex) == counter.reads_until(fay) > subscription.period_ends_at + LEEWAY


def test_whoever_ends_a_team_is_told_before_that_its_seats_go(counter, fay):
    counter.subscribe(fay, team(counter), quantity=3)

    with time_machine.travel(counter.at, tick=False):
        page = cast.log_in(fay).get("/account/subscription/cancel/").content.decode()

    assert "Your team loses its seats now: nobody reads by one any more." in page
    assert "Your team reads everything until 2 April 2026." in page


def test_a_team_that_ends_at_once_carries_nobody(counter, fay, rex):
    subscription = counter.subscribe(fay, team(counter), quantity=3)
    seated(counter, rex)
    counter.at += DAY

    actions.end_now(
        subscription,
        farewell := actions.farewell_of(subscription, at=counter.at),
        promised=str(farewell.refund),
        at=counter.at,
    )

    assert [counter.reads_until(reader) for reader in (fay, rex)] == [None, None]


def test_seats_given_back_at_stripe_rest_the_newest_and_come_back_with_it(counter, fay, rex):
    subscription = counter.subscribe(fay, team(counter), quantity=2)
    counter.at += DAY
    seated(counter, rex)

    _buy_seats(subscription, 1)
    actions.follow(subscription.reference, at=counter.at)
    assert counter.reads_until(fay) is not None
    assert counter.reads_until(rex) is None

    _buy_seats(subscription, 2)
    actions.follow(subscription.reference, at=counter.at)
    assert counter.reads_until(rex) is not None


def test_a_team_that_becomes_a_plan_for_one_carries_its_holder_only(counter, fay, rex):
    subscription = counter.subscribe(fay, team(counter), quantity=2)
    seated(counter, rex)
    other = actions.selling.reference_of(counter.price(amount=900))

    said = stripe_api.subscription(subscription.reference)
    items = [{"id": said["items"]["data"][0]["id"], "price": other, "quantity": 1}]
    stripe_api._v1().subscriptions.update(subscription.reference, {"items": items})
    actions.follow(subscription.reference, at=counter.at)

    assert counter.reads_until(fay) is not None
    assert counter.reads_until(rex) is None
    assert [term.source for term in Term.objects.all()] == ["subscription"]


def test_following_again_changes_nothing(counter, fay):
    subscription = counter.subscribe(fay, team(counter), quantity=3)
    before = list(Term.objects.values())

    actions.follow(subscription.reference, at=counter.at + DAY)

    assert list(Term.objects.values()) == before
    assert Subscription.objects.count() == Group.objects.count() == 1


def _buy_seats(subscription, number):
    said = stripe_api.subscription(subscription.reference)
    items = [{"id": said["items"]["data"][0]["id"], "quantity": number}]
    stripe_api._v1().subscriptions.update(subscription.reference, {"items": items})


def told(reader):
    """When the worker has been there; twice, which is as once."""
    for errand in [*DBTaskResult.objects.filter(task_path=partings.write.module_path)] * 2:
        partings.write.call(*errand.args_kwargs["args"])
    return [mail.text for mail in Dispatch.objects.filter(kind="seat-ends", to=reader.email)]


def test_whoever_sat_in_a_team_that_ended_is_told_once_and_their_account_says_one_thing(counter, fay, rex):
    held = actions.end_with_its_period(counter.subscribe(fay, team(counter), quantity=3), at=counter.at)
    seated(counter, rex)
    assert told(rex) == []

    counter.wait(held.period_ends_at - counter.at + timedelta(hours=1))
    counter.tell_what_is_new()
    actions.follow(held.reference, at=counter.at + DAY)

    assert ["has ended: since 2 April 2026" in text for text in told(rex)] == [True]
    assert told(fay) == []  # the buyer had a mail of the subscription's end
    with time_machine.travel(counter.at, tick=False):
        page = cast.log_in(rex).get("/account/").content.decode()
    assert "You read with a free account." in page
    assert "You read by the subscription of" not in page


def test_members_of_a_team_without_a_seat_left_are_told_once(counter, fay, rex):
    held = counter.subscribe(fay, team(counter), quantity=3)
    seated(counter, rex)

    _buy_seats(held, 0)
    for day in range(3):
        actions.follow(held.reference, at=counter.at + day * DAY)

    assert len(told(rex)) == 1


def test_members_of_a_team_that_is_not_paid_for_are_told_when_they_no_longer_read(counter, fay, rex):
    held = counter.subscribe(fay, team(counter), quantity=3)
    seated(counter, rex)
    actions.use_card(held, "pm_card_chargeCustomerFail", at=counter.at)
    counter.wait(held.period_ends_at - counter.at + timedelta(hours=2))
    counter.tell_what_is_new()

    def hour_by_hour(until):
        while counter.at < until:
            groups.tell_whose_grace_is_over(at=counter.at)
            counter.wait(timedelta(hours=20))
            counter.tell_what_is_new()

    hour_by_hour(held.period_ends_at + 7 * DAY)
    assert told(rex) == []

    hour_by_hour(held.period_ends_at + 30 * DAY)
    assert Subscription.objects.get().status == "canceled"
    (text,) = told(rex)
    assert "was not paid for" in text
    assert "since 9 April 2026 you no longer read" in text
    assert counter.reads_until(rex) is None


def test_whoever_is_removed_or_rests_is_told_and_whoever_leaves_is_not(counter, fay, rex):
    held = counter.subscribe(fay, team(counter), quantity=3)
    counter.at += DAY
    seated(counter, rex)
    lena = cast.lena(BEGAN)
    counter.at += DAY
    seated(counter, lena)
    _buy_seats(held, 2)
    actions.follow(held.reference, at=counter.at)

    groups.end_seat(Seat.objects.get(reader=rex), removed=True, at=counter.at)
    groups.end_seat(Seat.objects.get(reader=lena), removed=False, at=counter.at)

    assert ["has fewer seats now" in text for text in told(lena)] == [True]
    assert ["ended your seat there on 4 March 2026" in text for text in told(rex)] == [True]
