"""What the sweep finds out by itself, whatever was told meanwhile."""

from datetime import timedelta

import pytest

from broadsheet.billing import actions, stripe_api
from broadsheet.billing.actions.addressing import tell_addresses
from broadsheet.billing.models import Invoice, Notice, Subscription
from broadsheet.membership.models import Erasure, Reader
from broadsheet.till.client import InProcess
from tests import cast
from tests.billing.counter import BEGAN

pytestmark = pytest.mark.django_db


class Counted(InProcess):
    """The way to the till, with what was asked for on it."""

    def __init__(self, till) -> None:
        super().__init__(till)
        self.asked: list[str] = []

    def request(self, method, url, *args, **kwargs):
        self.asked.append(url)
        return super().request(method, url, *args, **kwargs)


class AwayFor(InProcess):
    """The way to the till; of whatever has this in its address Stripe says nothing."""

    of = "nothing"

    def request(self, method, url, *args, **kwargs):
        if self.of in url:
            return '{"error": {"type": "invalid_request_error", "code": "rate_limit"}}', 429, {}
        return super().request(method, url, *args, **kwargs)


@pytest.fixture
def fay() -> Reader:
    return cast.fay(at=BEGAN)


def _refunded(invoice: Invoice) -> None:
    (charge,) = stripe_api.charges(invoice=invoice.reference)
    stripe_api.refund(charge=charge["id"], amount=charge["amount"], key=f"of a test {charge['id']}")


def test_what_was_never_told_is_found_though_others_notices_came_since(counter, fay):
    price = counter.price()
    counter.subscribe(fay, price)
    actions.sweep(at=counter.at)
    counter.wait(timedelta(days=1))
    _refunded(Invoice.objects.get())
    lost = {event["id"] for event in counter.events()}
    counter.wait(timedelta(days=1))
    counter.subscribe(cast.rex(BEGAN), price)
    counter.tell(event for event in counter.events() if event["id"] not in lost)
    assert counter.reads_until(fay) is not None

    actions.sweep(at=counter.at)

    assert counter.reads_until(fay) is None


def test_however_long_stripe_was_away_the_next_sweep_heeds_what_waits(counter, fay):
    counter.subscribe(fay, counter.price())
    actions.sweep(at=counter.at)
    _refunded(Invoice.objects.get())
    for event in counter.events():
        actions.take_notice(event, at=counter.at)
    counter.till.outage.limited = 10_000
    for _ in range(25):
        assert actions.heed_waiting(at=counter.at) == 0
    counter.till.outage.limited = 0

    actions.sweep(at=counter.at)

    assert counter.reads_until(fay) is None
    assert not Notice.objects.filter(heeded_at=None).exists()


def test_after_longer_than_stripe_keeps_its_events_everything_is_compared(counter, fay):
    counter.subscribe(fay, counter.price(every="year"))
    actions.sweep(at=counter.at)
    _refunded(Invoice.objects.get())
    _forget_events(counter)
    counter.wait(timedelta(days=40))

    actions.sweep(at=counter.at)

    assert counter.reads_until(fay) is None


def test_what_many_notices_name_is_looked_at_once(counter, fay, settings):
    subscription = counter.subscribe(fay, counter.price())
    for event in counter.events():
        actions.take_notice(event, at=counter.at)
    waiting = Notice.objects.filter(heeded_at=None, subscription=subscription.reference).count()
    settings.STRIPE_HTTP_CLIENT = counted = Counted(counter.till)

    actions.heed_waiting(at=counter.at)

    assert waiting > 1
    assert not Notice.objects.filter(heeded_at=None).exists()
    looks = [url for url in counted.asked if url.endswith(f"/subscriptions/{subscription.reference}")]
    assert len(looks) < waiting


@pytest.mark.parametrize("asked", ["subscriptions/", "events"])
def test_what_stripe_does_not_answer_holds_up_nothing_else_and_is_asked_again(counter, fay, settings, asked):
    rex, price = cast.rex(BEGAN), counter.price(every="year")
    for reader in (rex, fay):
        counter.subscribe(reader, price)
    for invoice in Invoice.objects.all():
        _refunded(invoice)
    _forget_events(counter)
    settings.STRIPE_HTTP_CLIENT = way = AwayFor(counter.till)
    way.of = f"subscriptions/{Subscription.objects.get(customer__reader=fay).reference}" if "/" in asked else asked

    with pytest.raises(stripe_api.Unreachable):
        actions.sweep(at=counter.at)
    assert counter.reads_until(rex) is None
    way.of = "nothing"
    actions.sweep(at=counter.at)

    assert counter.reads_until(fay) is None


def test_while_stripe_is_away_it_is_asked_once_and_not_for_each_notice(counter, fay, settings):
    price = counter.price()
    for reader in (fay, cast.rex(BEGAN)):
        counter.subscribe(reader, price)
    for event in counter.events():
        actions.take_notice(event, at=counter.at)
    settings.STRIPE_HTTP_CLIENT = counted = Counted(counter.till)
    counter.till.outage.limited = 100

    assert actions.heed_waiting(at=counter.at) == 0

    assert len(counted.asked) == 1


def test_stripe_is_told_of_a_reader_s_new_address_and_of_none_that_goes(counter, fay):
    counter.subscribe(fay, counter.price())
    Reader.objects.filter(pk=fay.pk).update(email="fay.new@example.org")

    assert [tell_addresses(), tell_addresses()] == [1, 0]

    assert [said["email"] for said in stripe_api.customers()] == ["fay.new@example.org"]
    Erasure.objects.create(reader=fay, wanted_at=counter.at)
    Reader.objects.filter(pk=fay.pk).update(email="gone@example.org")
    assert tell_addresses() == 0


def _forget_events(counter):
    with counter.till.books(counter.till.now()) as books:
        books.rows.execute("DELETE FROM documents WHERE kind = 'event'")
