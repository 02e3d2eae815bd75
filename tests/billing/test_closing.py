"""Erasing an account that pays: never billed without an account, never half erased, whatever Stripe answers."""

import json
from contextlib import suppress

import pytest

from broadsheet.billing import actions, stripe_api
from broadsheet.billing.actions.closing import what_ends
from broadsheet.billing.models import Checkout, Customer, Invoice, Price, Subscription
from broadsheet.mailroom.models import Dispatch
from broadsheet.membership.actions import erasing
from broadsheet.membership.models import Erasure, Reader
from broadsheet.till.client import InProcess
from tests import cast
from tests.billing.counter import BEGAN, DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def fay() -> Reader:
    return cast.fay(BEGAN)


class Failing(InProcess):
    """Stripe, which answers so many calls and then no more: with nothing done, or with all done and the answer lost."""

    answers = 10_000
    does_it = False

    def request(self, *args, **kwargs):
        self.answers -= 1
        if self.answers >= 0:
            return super().request(*args, **kwargs)
        if self.does_it:
            super().request(*args, **kwargs)
        return '{"error": {"type": "api_error", "message": "Something is wrong on our side."}}', 500, {}

    def _should_retry(self, *_args, **_kwargs):
        return False  # nor wait for it


@pytest.fixture
def stripe(counter, settings) -> Failing:
    settings.STRIPE_HTTP_CLIENT = Failing(counter.till)
    return settings.STRIPE_HTTP_CLIENT


def erased(reader):
    return Reader.objects.get(pk=reader.pk).email.endswith("@erased.invalid")


def test_billing_ends_first_and_the_days_left_are_paid_back(counter, fay):
    held = counter.subscribe(fay, counter.price(amount=3_100))
    counter.wait(11 * DAY)

    assert "€20" in what_ends(fay, counter.at)
    erasing.want_erased(fay, at=counter.at)

    (charge,) = stripe_api.charges(invoice=Invoice.objects.get().reference)
    assert charge["amount_refunded"] == 2_000
    assert stripe_api.subscription(held.reference)["status"] == "canceled"
    assert stripe_api._v1().customers.retrieve(held.customer.reference).to_dict()["deleted"]
    assert erased(fay)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({}, "has ended, and €20 goes back to your card"),
        ({"trial_days": 14}, "has ended. Nothing was left to be paid back."),
        (None, ""),
    ],
)
def test_the_last_mail_says_what_went_back(counter, fay, more, says):
    if more is not None:
        counter.subscribe(fay, counter.price(amount=3_100, **more))
    counter.wait(11 * DAY)
    erasing.want_erased(fay, at=counter.at)

    mail = Dispatch.objects.get(kind="erased")
    assert says in mail.text
    assert ("Your subscription" in mail.text) == bool(says)


def test_the_last_mail_says_what_went_back_of_a_price_that_is_not_ours(counter, fay):
    held = counter.subscribe(fay, counter.price(amount=3_100))
    Price.objects.update(reference="price_of_another")
    actions.follow(held.reference, at=counter.at)
    counter.wait(11 * DAY)

    erasing.want_erased(fay, at=counter.at)

    assert Subscription.objects.get().price is None
    assert "has ended, and €20 goes back" in Dispatch.objects.get(kind="erased").text


def test_bills_are_kept_and_name_nobody(counter, fay):
    counter.subscribe(fay, counter.price())
    address = fay.email

    erasing.want_erased(fay, at=counter.at)

    assert Invoice.objects.get().paid == 900
    assert address not in json.dumps(list(Invoice.objects.values()), default=str)


@pytest.mark.parametrize("does_it", [False, True])
@pytest.mark.parametrize("answers", range(16))
def test_while_stripe_fails_nothing_is_erased_and_the_sweep_goes_on_with_it(counter, fay, stripe, answers, does_it):
    held = counter.subscribe(fay, counter.price(amount=3_100))
    stripe.answers, stripe.does_it = answers, does_it

    with suppress(erasing.NotYet):
        erasing.want_erased(fay, at=counter.at)
    assert erased(fay) == (Erasure.objects.get().done_at is not None)
    assert not erased(fay) or stripe.answers >= 0

    stripe.answers = 10_000
    counter.wait(2 * DAY)
    erasing.finish_erasures(at=counter.at)

    assert erased(fay)
    assert stripe_api.subscription(held.reference)["status"] == "canceled"
    (charge,) = stripe_api.charges(invoice=Invoice.objects.get().reference)
    assert charge["amount_refunded"] == 3_100  # as on the day on which it was asked for


def test_while_it_waits_the_page_says_so_and_nothing_is_sold(counter, fay, stripe):
    counter.subscribe(fay, counter.price(amount=3_100))
    browser = cast.log_in(fay)
    stripe.answers = 0
    promised = browser.get("/account/erase/").context["promised"]

    answer = browser.post("/account/erase/", {"address": fay.email, "promised": promised})

    assert answer.status_code == 202
    assert "is being erased" in answer.content.decode()
    with pytest.raises(actions.NotOnOffer):
        counter.begin(fay, counter.price())


def test_a_checkout_that_was_begun_can_be_paid_no_more(counter, fay):
    url = counter.begin(fay, counter.price())
    erasing.want_erased(fay, at=counter.at)

    counter.pay(url)
    actions.sweep(at=counter.at)

    assert not list(stripe_api.subscriptions())
    assert not Checkout.objects.exists()


def test_what_was_paid_a_moment_before_ends_too(counter, fay):
    counter.pay(counter.begin(fay, counter.price(amount=3_100)))

    erasing.want_erased(fay, at=counter.at)

    assert [each["status"] for each in stripe_api.subscriptions()] == ["canceled"]
    (charge,) = stripe_api.charges(invoice=Invoice.objects.get().reference)
    assert charge["amount_refunded"] == 3_100


def test_after_it_nothing_is_written_to_anybody(counter, fay):
    counter.subscribe(fay, counter.price())
    erasing.want_erased(fay, at=counter.at)

    actions.follow(Subscription.objects.get().reference, at=counter.at)
    actions.sweep(at=counter.at)

    assert list(Dispatch.objects.values_list("kind", flat=True)) == ["erased"]


def test_what_was_charged_live_waits_for_the_live_key(counter, fay):
    Customer.objects.create(reader=fay, reference="cus_live", live=True)

    with pytest.raises(erasing.NotYet):
        erasing.want_erased(fay, at=counter.at)
