"""What the sweep finds out by itself, whatever was told meanwhile."""

from datetime import timedelta

import pytest

from broadsheet.billing import actions, stripe_api
from broadsheet.billing.models import Invoice, Notice
from broadsheet.membership.models import Reader
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


@pytest.fixture
def fay() -> Reader:
    return cast.fay(at=BEGAN)


def _refunded(invoice: Invoice) -> None:
    (charge,) = stripe_api.charges(invoice=invoice.reference)
    stripe_api.refund(charge=charge["id"], amount=charge["amount"], key="of a test")


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
    with counter.till.books(counter.till.now()) as books:
        books.rows.execute("DELETE FROM documents WHERE kind = 'event'")
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
