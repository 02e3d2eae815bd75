"""A subscription's whole life, by the real SDK at the till: bought, renewed, failed, mended, ended."""

from datetime import timedelta
from io import BytesIO
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import time_machine
from django.conf import settings

from broadsheet.access.passes import parse, pass_signer
from broadsheet.billing import actions, stripe_api
from broadsheet.billing.models import Checkout, Customer, Ending, Invoice, Notice, Subscription
from broadsheet.billing.policy import LEEWAY
from broadsheet.membership.actions import engage
from broadsheet.membership.models import Reader, Revocation, Term
from broadsheet.till.client import InProcess
from tests import cast
from tests.billing.counter import ASKS, BEGAN, DAY, DECLINED, DISPUTED, PAYS

pytestmark = pytest.mark.django_db
GRACE = 7 * DAY


class Between(InProcess):
    """The way to the till; something happens once while it opens a page to pay on."""

    meanwhile = None

    def request(self, method, url, *args, **kwargs):
        if url.endswith("/checkout/sessions") and (deed := self.meanwhile):
            self.meanwhile = None
            deed()
        return super().request(method, url, *args, **kwargs)


@pytest.fixture
def fay() -> Reader:
    return cast.fay(BEGAN)


def test_whoever_has_paid_reads_at_once_and_is_waited_for_by_no_notice(counter, fay):
    leads_to = counter.pay(counter.begin(fay, counter.price()))
    assert counter.reads_until(fay) is None

    subscription = counter.come_back(fay)

    assert parse_qs(urlsplit(leads_to).query)["session"] == [Checkout.objects.get().reference]
    assert subscription.status == "active"
    assert counter.reads_until(fay) == subscription.period_ends_at + LEEWAY
    assert not Notice.objects.exists()
    assert Invoice.objects.get().paid == 900


def test_whoever_comes_back_from_paying_brings_a_pass_that_opens_everything(counter, fay):
    """The gate hears of it a moment later, and they are there at once."""
    counter.pay(counter.begin(fay, counter.price()))
    here = cast.log_in(fay)

    with time_machine.travel(BEGAN, tick=False):
        here.get(f"/subscribe/done/?session={Checkout.objects.get().reference}")
    brought = parse(here.cookies["pass"].value, pass_signer((settings.SECRET_KEY,)))

    assert brought is not None
    assert brought.entitled_until == int(counter.reads_until(fay).timestamp())


def test_a_card_that_is_declined_opens_nothing(counter, fay):
    counter.pay(counter.begin(fay, counter.price()), DECLINED)

    assert counter.come_back(fay) is None
    assert counter.reads_until(fay) is None


def test_a_doubled_click_leads_to_one_payment(counter, fay):
    price = counter.price()

    assert counter.begin(fay, price) == counter.begin(fay, price)
    assert Checkout.objects.count() == 1


def test_another_choice_ends_the_first_so_that_nobody_pays_twice(counter, fay):
    first, second = counter.begin(fay, counter.price()), counter.begin(fay, counter.price(amount=1_900))
    counter.pay(first)
    counter.pay(second)

    assert [each["status"] for each in stripe_api.subscriptions()] == ["active"]
    assert counter.come_back(fay).price.amount == 1_900


def test_of_two_choices_at_once_one_page_can_be_paid(counter, fay, settings):
    first, second = counter.price(), counter.price(amount=1_900)
    settings.STRIPE_HTTP_CLIENT = way = Between(counter.till)
    way.meanwhile = lambda: counter.begin(fay, second)

    with pytest.raises(actions.NotOnOffer, match="something else"):
        counter.begin(fay, first)

    sessions = stripe_api._v1().checkout.sessions.list({"status": "open"})["data"]
    assert [session["amount_total"] for session in sessions] == [1_900]


def test_whoever_holds_one_is_not_sold_another(counter, fay):
    counter.subscribe(fay, counter.price())

    with pytest.raises(actions.HeldAlready):
        counter.begin(fay, counter.price())


def test_a_paid_checkout_whose_reader_never_came_back_is_found_when_they_choose_again(counter, fay):
    counter.pay(counter.begin(fay, counter.price()))

    with pytest.raises(actions.HeldAlready):
        counter.begin(fay, counter.price(amount=1_900))

    assert counter.reads_until(fay) is not None


def test_whoever_paid_never_came_back_and_has_ended_it_is_led_to_a_new_page(counter, fay):
    price = counter.price()
    paid = counter.begin(fay, price)
    counter.pay(paid)
    counter.tell_what_is_new()
    held = Subscription.objects.get()
    farewell = actions.farewell_of(held, at=counter.at)
    actions.end_now(held, farewell, promised=str(farewell.refund), at=counter.at)

    again = counter.begin(fay, price)

    assert again != paid
    counter.pay(again)
    assert counter.come_back(fay).status == "active"


def test_a_card_that_is_declined_leaves_the_page_to_pay_on_as_it_was(counter, fay):
    price = counter.price()
    page = counter.begin(fay, price)
    counter.pay(page, ASKS)
    counter.tell_what_is_new()

    assert counter.begin(fay, price) == page


def test_whose_customer_was_deleted_at_stripe_subscribes_again_by_a_new_one(counter, fay):
    price = counter.price()
    before = counter.subscribe(fay, price)
    gone = before.customer.reference
    stripe_api.forget_customer(gone)
    counter.tell_what_is_new()
    assert counter.reads_until(fay) is None

    again = counter.subscribe(fay, price)
    actions.sweep(at=counter.at)

    assert again.status == "active"
    assert again.customer.reference != gone
    assert {held.customer.reader for held in Subscription.objects.all()} == {fay}
    assert counter.reads_until(fay) == again.period_ends_at + LEEWAY
    assert actions.portal_of(fay).startswith("http://till.example/")


def test_nobody_ends_another_s_checkout(counter, fay):
    counter.pay(counter.begin(fay, counter.price()))
    reference = Checkout.objects.get().reference

    with pytest.raises(actions.NotTheirs):
        actions.end_checkout(reference, reader=cast.rex(BEGAN), at=counter.at)


@pytest.mark.parametrize("quantity", [0, 2, -1, 10_000])
def test_a_plan_for_one_is_sold_to_one(counter, fay, quantity):
    with pytest.raises(actions.NotOnOffer):
        counter.begin(fay, counter.price(), quantity=quantity)


def test_what_was_withdrawn_is_not_sold(counter, fay):
    price = counter.price()
    price.withdrawn_at = BEGAN
    price.save()

    with pytest.raises(actions.NotOnOffer):
        counter.begin(fay, price)


def test_a_trial_is_given_once(counter, fay):
    price = counter.price(trial_days=14)
    trial = counter.subscribe(fay, price)
    assert counter.reads_until(fay) == BEGAN + 14 * DAY == trial.trial_ends_at
    actions.end_now(trial, actions.farewell_of(trial, at=counter.at), promised="0", at=counter.at)
    assert counter.reads_until(fay) is None

    with time_machine.travel(counter.at, tick=False):
        told = cast.log_in(fay).get(f"/subscribe/confirm/{price.pk}/1/").content.decode()
    again = counter.subscribe(fay, price)

    assert "You have subscribed before, so today’s sum is charged at once." in told
    assert again.trial_ends_at is None
    assert again.status == "active"


def test_a_renewal_carries_on_and_each_charge_is_a_bill(counter, fay):
    subscription = counter.subscribe(fay, counter.price())
    counter.wait(subscription.period_ends_at - counter.at + timedelta(hours=2))

    counter.tell_what_is_new()

    assert counter.reads_until(fay) > subscription.period_ends_at + LEEWAY
    assert [bill.status for bill in Invoice.objects.all()] == ["paid", "paid"]


def test_a_renewal_that_nobody_told_is_found_by_the_sweep(counter, fay):
    subscription = counter.subscribe(fay, counter.price())
    counter.wait(subscription.period_ends_at - counter.at + timedelta(hours=2))

    actions.sweep(at=counter.at)

    assert counter.reads_until(fay) > subscription.period_ends_at + LEEWAY


def test_while_stripe_keeps_a_renewal_s_bill_as_a_draft_for_three_days_it_is_read(counter, fay):
    """As it does where it gets no good answer to its notice of that bill."""
    counter.till.house.drafts_for = 72 * 3_600
    subscription = counter.subscribe(fay, counter.price())
    counter.wait(subscription.period_ends_at - counter.at + 71 * timedelta(hours=1))

    counter.tell_what_is_new()

    assert Invoice.objects.latest("made_at").status == "draft"
    assert counter.reads_until(fay) == subscription.period_ends_at + 4 * DAY
    counter.wait(timedelta(hours=2))
    counter.tell_what_is_new()
    assert counter.reads_until(fay) == Subscription.objects.get().period_ends_at + LEEWAY


def test_a_charge_that_fails_leaves_the_days_of_grace_and_no_more(counter, fay):
    subscription = _failing(counter, fay)
    counter.tell_what_is_new()

    assert Subscription.objects.get().status == "past_due"
    assert counter.reads_until(fay) == subscription.period_ends_at + GRACE
    assert Term.objects.get().payment == "past_due"
    counter.at = subscription.period_ends_at + GRACE
    assert counter.reads_until(fay) is None


def test_a_month_past_due_brings_no_new_grace(counter, fay):
    counter.till.house.after_retries = "past_due"
    subscription = _failing(counter, fay)
    counter.wait(40 * DAY)

    counter.tell_what_is_new()

    assert counter.reads_until(fay) is None
    assert Term.objects.get().ends_at == subscription.period_ends_at


def test_a_bill_that_is_open_is_paid_on_stripe_s_page_and_all_is_well(counter, fay):
    subscription = _failing(counter, fay)
    counter.tell_what_is_new()
    here = cast.log_in(fay)
    assert "Pay what is open" in here.get("/account/subscription/").content.decode()

    leads_to = here.post("/account/subscription/pay/", **cast.OURS)["Location"]
    counter.pay(leads_to)
    counter.tell_what_is_new()

    assert leads_to.startswith("http://till.example/till/invoices/")
    assert Subscription.objects.get().status == "active"
    assert counter.reads_until(fay) > subscription.period_ends_at + 20 * DAY


def test_what_is_cancelled_for_want_of_payment_ends_where_the_paid_period_did(counter, fay):
    subscription = _failing(counter, fay)
    counter.wait(40 * DAY)

    counter.tell_what_is_new()

    assert Subscription.objects.get().status == "canceled"
    assert Term.objects.get().ends_at == subscription.period_ends_at


def test_an_end_with_the_period_can_be_taken_back(counter, fay):
    subscription = counter.subscribe(fay, counter.price())

    ended = actions.end_with_its_period(subscription, at=counter.at)
    assert counter.reads_until(fay) == subscription.period_ends_at == ended.cancel_at
    kept = actions.keep(ended, at=counter.at)

    assert kept.cancel_at is None
    assert counter.reads_until(fay) == subscription.period_ends_at + LEEWAY


def test_an_end_at_once_pays_back_the_days_that_are_left(counter, fay):
    subscription = counter.subscribe(fay, counter.price(amount=3_100))
    counter.wait(11 * DAY)  # of March's 31
    farewell = actions.farewell_of(subscription, at=counter.at)

    actions.end_now(subscription, farewell, promised=str(farewell.refund), at=counter.at)

    assert farewell.refund == 2_000
    assert counter.reads_until(fay) is None
    (charge,) = stripe_api.charges(invoice=Invoice.objects.get().reference)
    assert charge["amount_refunded"] == 2_000


def test_what_is_paid_back_is_what_was_shown(counter, fay):
    subscription = counter.subscribe(fay, counter.price(amount=3_100))
    farewell = actions.farewell_of(subscription, at=counter.at)

    with pytest.raises(actions.Changed):
        actions.end_now(subscription, farewell, promised="99999", at=counter.at)

    assert counter.reads_until(fay) is not None


def test_an_end_that_died_half_way_is_gone_on_with(counter, fay):
    subscription = counter.subscribe(fay, counter.price(amount=3_100))
    farewell = actions.farewell_of(subscription, at=counter.at)
    Ending.objects.create(subscription=subscription, refund=farewell.refund, parts=farewell.parts, wanted_at=counter.at)

    actions.sweep(at=counter.at)
    assert actions.finish_endings(at=counter.at) == 0

    (charge,) = stripe_api.charges(invoice=Invoice.objects.get().reference)
    assert charge["amount_refunded"] == farewell.refund
    assert counter.reads_until(fay) is None


def test_a_dispute_ends_the_term_where_it_began_and_a_won_one_gives_it_back(counter, fay):
    subscription = counter.subscribe(fay, counter.price(), card=DISPUTED)
    counter.wait(timedelta(hours=1))
    counter.tell_what_is_new()
    assert counter.reads_until(fay) is None

    (charge,) = stripe_api.charges(invoice=Invoice.objects.get().reference)
    _turn(counter, won=charge["disputes"][0]["id"])
    counter.tell_what_is_new()

    assert counter.reads_until(fay) == subscription.period_ends_at + LEEWAY


def test_whatever_order_notices_come_in_the_state_is_the_last(counter, fay):
    subscription = counter.subscribe(fay, counter.price())
    actions.end_with_its_period(subscription, at=counter.at)
    counter.wait(40 * DAY)
    events = counter.events()

    counter.tell(events[::-1])
    counter.tell(events)

    assert Subscription.objects.get().status == "canceled"
    assert Term.objects.get().ends_at == subscription.period_ends_at
    assert Notice.objects.filter(heeded_at=None).count() == 0


def test_nothing_new_revokes_nothing(counter, fay):
    subscription = counter.subscribe(fay, counter.price())
    before = Revocation.objects.count()

    actions.follow(subscription.reference, at=counter.at)

    assert Revocation.objects.count() == before


def test_a_customer_is_made_once_and_found_by_the_reader_that_was_named(counter, fay):
    subscription = counter.subscribe(fay, counter.price())
    reference = Customer.objects.get().reference
    Term.objects.all().delete()
    Invoice.objects.all().delete()
    Subscription.objects.all().delete()
    Customer.objects.all().delete()  # as if we had died before writing it down

    actions.sweep(at=counter.at)

    assert Customer.objects.get().reader == fay
    assert Customer.objects.get().reference == reference
    assert counter.reads_until(fay) == subscription.period_ends_at + LEEWAY


def test_what_is_live_is_never_taken_for_what_was_tried_out(counter, fay, settings):
    counter.subscribe(fay, counter.price(), card=PAYS)
    reference = Subscription.objects.get().reference
    settings.STRIPE_SECRET_KEY = "sk_live_of_the_counter"

    with pytest.raises((actions.OtherMode, stripe_api.Unreachable, stripe_api.Refused)):
        actions.follow(reference, at=counter.at)


def _failing(counter, reader):
    """Past the moment at which a renewal failed."""
    subscription = counter.subscribe(reader, counter.price())
    _give_failing_card(subscription)
    counter.wait(subscription.period_ends_at - counter.at + timedelta(hours=2))
    return subscription


def _give_failing_card(subscription):
    v1 = stripe_api._v1()
    customer = subscription.customer.reference
    method = v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer})
    v1.subscriptions.update(subscription.reference, {"default_payment_method": method.id})


def _turn(counter, **given):
    body = urlencode(given).encode()
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/till/control", "QUERY_STRING": "", "CONTENT_LENGTH": str(len(body))}
    b"".join(counter.till.wsgi({**environ, "wsgi.input": BytesIO(body)}, lambda status, headers: None))


def test_another_spelling_of_the_same_address_has_no_second_trial(counter, fay, at):
    price = counter.price(trial_days=14)
    counter.subscribe(fay, price)
    again = engage(address="fay+again@example.org", at=at)

    assert counter.subscribe(again, price).trial_ends_at is None


def test_it_is_ended_with_its_period_while_nobody_can_say_what_would_go_back(counter, fay):
    counter.subscribe(fay, counter.price())
    counter.till.outage.refused = 10
    browser = cast.log_in(fay)

    page = browser.get("/account/subscription/cancel/")

    assert page.status_code == 503
    assert "End it on" in page.content.decode()
    assert "At once" not in page.content.decode()
