"""Webhooks: signed, tried again, and on demand doubled, lost, late or shuffled."""

import random
from collections.abc import Mapping
from typing import Any

import pytest
import stripe

from broadsheet.till.deliver import BACK_OFF, Mischief
from tests.till.shop import DAY, HOUR, Shop


class Endpoint:
    """Ours, in this process: remembers what it was sent and answers as it is told."""

    def __init__(self, shop: Shop, events: tuple[str, ...] = ("*",)) -> None:
        made = shop.api.webhook_endpoints.create({"url": "https://shop.example/hook/", "enabled_events": list(events)})
        self.secret, self.shop, self.answers = made.secret, shop, 200
        self.heard: list[Any] = []

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        tolerance = 10 * 365 * DAY
        event = stripe.Webhook.construct_event(body, headers["Stripe-Signature"], self.secret, tolerance=tolerance)
        self.heard.append(event)
        return self.answers

    def kinds(self) -> list[str]:
        return [event.type for event in self.heard]


def test_what_happens_is_told_once_in_order_and_signed(shop: Shop):
    endpoint = Endpoint(shop)
    shop.pay(shop.session())

    tried = shop.till.deliver_due(mischief=Mischief(post=endpoint))
    again = shop.till.deliver_due(mischief=Mischief(post=endpoint))

    told = shop.told()
    assert endpoint.kinds() == told[-len(endpoint.heard) :]
    assert (tried, again, endpoint.kinds()[-1]) == (len(endpoint.heard), 0, "checkout.session.completed")
    assert shop.api.events.list({"limit": 1}).data[0].pending_webhooks == 0


def test_an_endpoint_hears_only_what_it_asked_for(shop: Shop):
    endpoint = Endpoint(shop, events=("invoice.paid",))
    shop.subscribe()

    shop.till.deliver_due(mischief=Mischief(post=endpoint))

    assert endpoint.kinds() == ["invoice.paid"]


def test_a_failed_delivery_is_tried_again_later_and_at_last_given_up(shop: Shop):
    endpoint = Endpoint(shop, events=("invoice.paid",))
    endpoint.answers = 500
    shop.subscribe()

    for pause in (0, *BACK_OFF, DAY):
        shop.now += pause
        shop.till.deliver_due(mischief=Mischief(post=endpoint))

    assert len(endpoint.heard) == len(BACK_OFF) + 1
    assert len({event.id for event in endpoint.heard}) == 1


def test_nobody_there_is_a_failure_too(shop: Shop):
    shop.api.webhook_endpoints.create({"url": "http://127.0.0.1:9/", "enabled_events": ["invoice.paid"]})
    shop.subscribe()

    assert (shop.till.deliver_due(), shop.till.deliver_due()) == (1, 0)
    shop.now += BACK_OFF[0]
    assert shop.till.deliver_due() == 1


@pytest.mark.parametrize(
    ("mischief", "times"), [({"double": 1.0}, 2), ({"drop": 1.0}, 0), ({"delay": 1.0}, 0), ({"shuffle": True}, 1)]
)
def test_mischief_is_done_on_demand(shop: Shop, mischief, times):
    endpoint = Endpoint(shop)
    shop.pay(shop.session())

    shop.till.deliver_due(mischief=Mischief(post=endpoint, chance=random.Random(7), **mischief))

    heard = [event.id for event in endpoint.heard]
    assert all(heard.count(ident) == times for ident in heard) if times else heard == []
    if "delay" in mischief:
        shop.now += 2 * HOUR
        assert shop.till.deliver_due(mischief=Mischief(post=endpoint)) == len(endpoint.heard) > 10
    if "shuffle" in mischief:
        assert endpoint.kinds() != shop.told()[-len(heard) :]


def test_a_disabled_endpoint_is_sent_nothing(shop: Shop):
    endpoint = Endpoint(shop)
    shop.subscribe()
    hook = shop.api.webhook_endpoints.list({}).data[0]

    shop.api.webhook_endpoints.update(hook.id, {"disabled": True})
    shop.till.deliver_due(mischief=Mischief(post=endpoint))

    assert (endpoint.heard, getattr(hook, "secret", None)) == ([], None)
