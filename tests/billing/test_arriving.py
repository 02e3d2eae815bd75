"""Back from Stripe's pages: what is said then, and that nobody is asked again for what they have just paid."""

from datetime import timedelta

import pytest
import time_machine

from broadsheet.billing import actions
from broadsheet.billing.models import Checkout, Invoice, Subscription
from broadsheet.mailroom.models import Dispatch
from broadsheet.membership.papers import ARRIVED_COOKIE, arrival_in
from tests import cast
from tests.billing.counter import ASKS, BEGAN, DAY

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(BEGAN, tick=False) as clock:
        yield clock


def come_home(counter, here, way="/briefings/the-dam/"):
    checkout = Checkout.objects.get()
    Checkout.objects.update(next_path=way)
    return here.get(f"/subscribe/done/?session={checkout.reference}")


def said(here):
    return arrival_in({ARRIVED_COOKIE: here.cookies[ARRIVED_COOKIE].value})


def test_whoever_has_paid_is_told_until_when_and_that_a_receipt_comes(counter):
    fay = cast.fay(BEGAN)
    here = cast.log_in(fay)
    counter.pay(counter.begin(fay, counter.price()))

    come_home(counter, here)

    words = "Thank you. You are a subscriber now: it renews on 2 April 2026 for €9. A receipt is on its way to your address."
    assert said(here) == (words, "")
    assert words in here.get("/account/subscription/").content.decode()
    assert words not in here.get("/account/subscription/").content.decode()


def test_what_was_done_is_said_once_and_thanks_do_not_outlive_what_was_bought(counter):
    fay = cast.fay(BEGAN)
    here = cast.log_in(fay)
    counter.pay(counter.begin(fay, counter.price()))
    come_home(counter, here)

    here.post("/account/subscription/cancel/", {"later": "yes"}, **cast.OURS)
    ends = here.get("/account/subscription/").content.decode()
    here.post("/account/subscription/", {"keep": "yes"}, **cast.OURS)
    goes_on = here.get("/account/subscription/").content.decode()
    here.post("/account/subscription/cancel/", {"now": "yes", "refund": "900"}, **cast.OURS)
    over, later = (here.get("/account/subscription/").content.decode() for _ in range(2))

    assert "It ends on 2 April 2026. Until then you can take that back." in ends
    assert "It goes on. It renews on 2 April 2026" in goes_on
    assert "Your subscription has ended. €9 goes back to your card." in over
    assert not any("Thank you" in page for page in (ends, goes_on, over, later))
    assert "Your subscription has ended." not in later


def test_whoever_leaves_the_payment_is_told_that_nothing_was_charged_and_how_to_try_again(counter):
    fay, price = cast.fay(BEGAN), counter.price()
    here = cast.log_in(fay)
    counter.pay(counter.begin(fay, price), ASKS)
    counter.tell_what_is_new()

    page = here.get("/subscribe/done/?left=yes").content.decode()
    account = here.get("/account/subscription/").content.decode()

    assert "Nothing was charged. You chose All-Access, €9 a month." in page
    assert f'href="/subscribe/confirm/{price.pk}/1/"' in page
    assert "not paid yet" not in account


def test_whoever_tries_is_told_that_nothing_was_charged(counter):
    fay = cast.fay(BEGAN)
    here = cast.log_in(fay)
    counter.pay(counter.begin(fay, counter.price(trial_days=14)))

    come_home(counter, here)

    assert said(here) == ("Thank you. Your trial runs until 16 March 2026, and nothing was charged yet.", "")


def test_whoever_bought_for_a_team_is_shown_where_to_invite(counter):
    fay = cast.fay(BEGAN)
    here = cast.log_in(fay)
    counter.pay(counter.begin(fay, counter.price(kind="team"), quantity=4))

    come_home(counter, here)

    assert said(here)[1] == "Invite your colleagues"
    assert "/account/group/" in Dispatch.objects.get(kind="charge").text


def test_an_old_address_to_come_back_to_says_nothing(counter, clock):
    fay = cast.fay(BEGAN)
    counter.subscribe(fay, counter.price())
    clock.move_to(BEGAN + 2 * DAY)
    here = cast.log_in(fay)

    come_home(counter, here)

    assert ARRIVED_COOKIE not in here.cookies


def test_whoever_asks_for_the_page_again_and_again_asks_stripe_once(counter, clock):
    fay = cast.fay(BEGAN)
    counter.subscribe(fay, counter.price())
    here = cast.log_in(fay)
    clock.move_to(BEGAN + 10 * SECOND)

    for seconds in (10, 12, 15):
        clock.move_to(BEGAN + seconds * SECOND)
        here.get("/account/subscription/?back=yes")
    assert Subscription.objects.get().asked_at == BEGAN + 10 * SECOND

    clock.move_to(BEGAN + 16 * SECOND)
    here.get("/account/subscription/?back=yes")
    assert Subscription.objects.get().asked_at == BEGAN + 16 * SECOND


def test_whoever_has_just_paid_what_was_open_is_not_asked_for_it_again(counter, clock):
    """No notice has come; the page asks Stripe itself."""
    fay = cast.fay(BEGAN)
    held = counter.subscribe(fay, counter.price())
    actions.use_card(held, "pm_card_chargeCustomerFail", at=counter.at)
    counter.wait(32 * DAY)
    counter.tell_what_is_new()
    clock.move_to(counter.at)
    here = cast.log_in(fay)
    assert "Pay what is open" in here.get("/account/subscription/").content.decode()
    counter.pay(here.post("/account/subscription/pay/", **cast.OURS)["Location"])
    clock.move_to(counter.at + 10 * SECOND)

    page = here.get("/account/subscription/").content.decode()

    assert "Pay what is open" not in page
    assert "It renews on" in page
    assert not Invoice.objects.filter(status="open").exists()


@pytest.fixture
def owing(counter, clock):
    fay = cast.fay(BEGAN)
    actions.use_card(counter.subscribe(fay, counter.price()), "pm_card_chargeCustomerFail", at=counter.at)
    counter.wait(31 * DAY + timedelta(hours=2))
    counter.tell_what_is_new()
    clock.move_to(counter.at)
    return cast.log_in(fay)


def test_whoever_comes_back_from_a_bill_within_seconds_is_not_asked_for_it_again(counter, clock, owing):
    counter.pay(owing.post("/account/subscription/pay/", **cast.OURS)["Location"])
    clock.move_to(counter.at + 2 * SECOND)

    page = owing.get("/account/subscription/").content.decode()

    assert "Pay what is open" not in page
    assert "It renews on" in page


def test_whoever_comes_back_from_a_bill_while_stripe_is_away_is_not_asked_to_pay_it_again(counter, clock, owing):
    counter.pay(owing.post("/account/subscription/pay/", **cast.OURS)["Location"])
    clock.move_to(counter.at + 10 * SECOND)
    counter.till.outage.refused = 10

    page = owing.get("/account/subscription/").content.decode()

    assert "What was open may be paid" in page
    assert "Pay what is open" not in page


def test_a_charge_that_failed_is_told_with_its_sum_and_until_when_one_reads_on(counter, clock, owing):
    in_grace = owing.get("/account/subscription/").content.decode()
    counter.wait(7 * DAY)
    clock.move_to(counter.at)
    after = owing.get("/account/subscription/").content.decode()

    assert "€9 of 2 April 2026 could not be charged and is open. Until it is paid you read on until 9 April 2026" in in_grace
    assert "€9 of 2 April 2026 could not be charged and is open. Until it is paid you read nothing by it." in after


def test_whoever_owes_and_chooses_a_plan_is_led_to_what_is_open(counter, owing):
    price = Subscription.objects.get().price
    for path in (f"/subscribe/confirm/{price.pk}/1/", "/account/subscription/change/"):
        page = owing.get(path)
        assert 'action="/account/subscription/pay/"' in page.content.decode()
        assert "https://billing.stripe.com" in page["Content-Security-Policy"]
