"""The till as a server: the SDK as it comes, over a socket, and webhooks that arrive at another one."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import httpx
import pytest
import stripe

from broadsheet.till.till import Till

SECRETS: dict[str, str] = {}


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def serving(app: Any) -> Iterator[str]:
    with make_server("127.0.0.1", 0, app, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def till(tmp_path) -> Iterator[Till]:
    till = Till(str(tmp_path / "till.db"), clock=time.time, public_url="http://127.0.0.1:1")
    with serving(till.wsgi) as url:
        till.house.public_url = url
        yield till
    till.close()


def client(till: Till, key: str = "sk_test_over_a_socket") -> Any:
    return stripe.StripeClient(key, base_addresses={"api": till.house.public_url}, http_client=stripe.UrllibClient()).v1


def test_a_subscription_is_sold_over_a_socket_and_told_to_a_webhook(till):
    heard: list[tuple[bytes, str]] = []

    def endpoint(environ: Any, start: Any) -> list[bytes]:
        heard.append((environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])), environ["HTTP_STRIPE_SIGNATURE"]))
        start("200 OK", [])
        return [b""]

    api = client(till)
    with serving(endpoint) as address:
        hook = api.webhook_endpoints.create({"url": f"{address}/hook/", "enabled_events": ["checkout.session.completed"]})
        price = api.prices.create(
            {"currency": "eur", "unit_amount": 1200, "recurring": {"interval": "month"}, "product_data": {"name": "The Meridian"}}
        )
        session = api.checkout.sessions.create(
            {
                "mode": "subscription",
                "line_items": [{"price": price.id, "quantity": 1}],
                "success_url": "http://shop.example/thanks",
            }
        )
        card = {"number": "4242 4242 4242 4242", "expiry": "12/34", "cvc": "123", "email": "una@reader.example"}
        answer = httpx.post(session.url, data=card)
        delivered = till.deliver_due()

    ((body, signature),) = heard
    event = stripe.Webhook.construct_event(body, signature, hook.secret)
    assert (answer.status_code, answer.headers["location"]) == (303, "http://shop.example/thanks")
    assert (delivered, event.type, event.data.object["id"]) == (1, "checkout.session.completed", session.id)
    assert api.subscriptions.list({}).data[0].status == "active"


def test_a_live_key_is_refused(till):
    with pytest.raises(stripe.AuthenticationError, match="test keys"):
        client(till, "sk_live_never").customers.list({})
