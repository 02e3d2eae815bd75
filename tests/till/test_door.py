"""The API's manners: keys, idempotency, lists, expanding, and refusals in Stripe's words."""

import json
import threading
from io import BytesIO
from typing import Any

import pytest
import stripe

from broadsheet.till.client import client_for
from tests.till.shop import DAY, MONDAY, Shop


def ask(shop: Shop, method: str, path: str, body: str = "", **headers: str) -> tuple[int, dict[str, Any], dict[str, str]]:
    """A call as curl would make it."""
    got: dict[str, Any] = {}
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body.encode()),
        "HTTP_AUTHORIZATION": "Bearer sk_test_of_curl",
    }
    environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    answer = shop.till.wsgi(environ, lambda status, heads: got.update(status=int(status[:3]), heads=dict(heads)))
    return got["status"], json.loads(b"".join(answer)), got["heads"]


@pytest.mark.parametrize("key", ["", "sk_live_1234567890", "pk_test_1234567890", "rk_test_1234567890", "sk_test_"])
def test_only_a_secret_test_key_is_let_in(shop: Shop, key):
    status, body, _ = ask(shop, "GET", "/v1/customers", authorization=f"Bearer {key}" if key else "")

    assert (status, body["error"]["type"]) == (401, "invalid_request_error")
    assert key[9:] not in json.dumps(body) or not key[9:]


def test_the_same_key_and_body_is_answered_again_without_being_done_again(shop: Shop):
    first = ask(shop, "POST", "/v1/customers", "email=una%40reader.example", idempotency_key="k1")
    again = ask(shop, "POST", "/v1/customers", "email=una%40reader.example", idempotency_key="k1")

    assert (again[1], again[2]["Idempotent-Replayed"], "Idempotent-Replayed" in first[2]) == (first[1], "true", False)
    assert len(shop.api.customers.list({}).data) == 1


def test_the_same_key_with_another_body_is_refused(shop: Shop):
    ask(shop, "POST", "/v1/customers", "email=una%40reader.example", idempotency_key="k1")

    status, body, _ = ask(shop, "POST", "/v1/customers", "email=fay%40reader.example", idempotency_key="k1")

    assert (status, body["error"]["type"]) == (400, "idempotency_error")


def test_a_declined_charge_is_answered_again_as_declined(shop: Shop):
    customer = shop.customer()
    invoice = shop.api.invoices.create({"customer": customer.id, "currency": "eur"})
    shop.api.invoice_items.create({"customer": customer.id, "invoice": invoice.id, "amount": 900, "currency": "eur"})
    path, body = f"/v1/invoices/{invoice.id}/pay", "payment_method=pm_card_chargeDeclinedInsufficientFunds"

    first = ask(shop, "POST", path, body, idempotency_key="k2")
    again = ask(shop, "POST", path, body, idempotency_key="k2")

    assert (first[0], first[1]["error"]["decline_code"]) == (402, "insufficient_funds")
    assert (again[0], again[1]) == (402, first[1])
    assert len(shop.api.charges.list({}).data) == 1


def test_a_call_in_flight_under_the_same_key_is_a_conflict(shop: Shop):
    shop.till.wsgi._in_flight.add("k3")

    status, body, _ = ask(shop, "POST", "/v1/customers", "", idempotency_key="k3")

    assert (status, body["error"]["code"]) == (409, "idempotency_key_in_use")


@pytest.mark.parametrize(
    ("path", "body", "param", "code"),
    [
        ("/v1/customers", "mail=x", "mail", "parameter_unknown"),
        ("/v1/customers", "address[town]=x", "address[town]", "parameter_unknown"),
        ("/v1/subscriptions", "", "customer", "parameter_missing"),
        ("/v1/prices", "currency=eur&unit_amount=ten&product=p", "unit_amount", "parameter_invalid_integer"),
        ("/v1/products", "name=x&active=perhaps", "active", None),
        ("/v1/coupons", "percent_off=120", "percent_off", None),
        ("/v1/coupons", "percent_off=10&duration=sometimes", "duration", None),
        ("/v1/checkout/sessions", "mode=subscription&success_url=http://x", "line_items", "parameter_missing"),
        ("/v1/checkout/sessions", "mode=subscription&success_url=http://x&line_items=2", "line_items", None),
        ("/v1/subscriptions", "customer=cus_nobody&items[0][price]=price_x", "customer", "resource_missing"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(shop: Shop, path, body, param, code):
    _, answer, _ = ask(shop, "POST", path, body)

    assert (answer["error"]["param"], answer["error"].get("code")) == (param, code)


def test_an_address_that_is_none_is_refused(shop: Shop):
    status, body, _ = ask(shop, "GET", "/v1/payouts")

    assert (status, "Unrecognized request URL" in body["error"]["message"]) == (404, True)


def test_a_refused_call_leaves_nothing_behind(shop: Shop):
    customer = shop.customer()
    before = len(shop.told())

    shop.give_card(customer, "chargeCustomerFail")
    with pytest.raises(stripe.CardError):
        shop.subscribe(customer, payment_behavior="error_if_incomplete")

    assert shop.api.subscriptions.list({"status": "all"}).data == []
    assert [kind for kind in shop.told()[before:] if kind.startswith(("customer.subscription", "invoice"))] == []


def test_lists_are_paged_both_ways_the_newest_first(shop: Shop):
    made = [shop.api.customers.create({"email": f"{at}@reader.example"}).id for at in range(7)][::-1]

    first = shop.api.customers.list({"limit": 3})
    second = shop.api.customers.list({"limit": 3, "starting_after": first.data[-1].id})
    back = shop.api.customers.list({"limit": 3, "ending_before": second.data[0].id})

    assert [one.id for one in first.data] == made[:3]
    assert ([one.id for one in second.data], first.has_more, second.has_more) == (made[3:6], True, True)
    assert [one.id for one in back.data] == made[:3]
    assert [one.id for one in shop.api.customers.list({"limit": 2}).auto_paging_iter()] == made


def test_lists_are_filtered(shop: Shop):
    early = shop.subscribe()
    shop.wait(2 * DAY)
    late = shop.subscribe()
    shop.api.subscriptions.cancel(late.id)

    assert [one.id for one in shop.api.subscriptions.list({}).data] == [early.id]
    assert [one.id for one in shop.api.subscriptions.list({"status": "canceled"}).data] == [late.id]
    assert [one.id for one in shop.api.subscriptions.list({"status": "all", "created": {"gt": MONDAY}}).data] == [late.id]
    assert [one.customer for one in shop.api.invoices.list({"customer": early.customer}).data] == [early.customer]
    assert shop.api.events.list({"type": "customer.subscription.*"}).data[0].type == "customer.subscription.deleted"


def test_what_is_named_can_be_expanded_and_what_is_not_cannot(shop: Shop):
    subscription = shop.subscribe()

    whole = shop.again(subscription, expand=["customer.subscriptions", "latest_invoice.payments", "items.data.price.product"])

    assert whole.customer.subscriptions.data[0].id == subscription.id
    assert (whole.latest_invoice.payments.data[0].status, whole["items"].data[0].price.product.name) == ("paid", "The Meridian")
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        shop.again(subscription, expand=["status"])


def test_metadata_are_merged_and_taken_away(shop: Shop):
    customer = shop.api.customers.create({"metadata": {"reader": "7", "list": "a"}})

    merged = shop.api.customers.update(customer.id, {"metadata": {"list": "", "seat": "3"}})

    assert merged.metadata.to_dict() == {"reader": "7", "seat": "3"}


def test_an_event_says_what_was_before(shop: Shop):
    subscription = shop.subscribe()
    shop.api.subscriptions.update(subscription.id, {"cancel_at_period_end": True})

    event = shop.api.events.list({"limit": 1}).data[0]

    assert (event.type, event.api_version) == ("customer.subscription.updated", "2026-08-26.dahlia")
    assert event.data.previous_attributes["cancel_at_period_end"] is False
    assert event.data.object["cancel_at_period_end"] is True


def test_a_lookup_key_moves_from_price_to_price(shop: Shop):
    first = shop.price(1000, interval="month", lookup_key="monthly")
    with pytest.raises(stripe.InvalidRequestError, match="already uses that lookup key"):
        shop.price(1100, interval="month", lookup_key="monthly")

    second = shop.price(1100, interval="month", lookup_key="monthly", transfer_lookup_key=True)

    assert [price.id for price in shop.api.prices.list({"lookup_keys": ["monthly"]}).data] == [second.id]
    assert shop.api.prices.retrieve(first.id).lookup_key is None


def test_a_code_for_first_time_customers_is_for_them_alone(shop: Shop):
    coupon = shop.api.coupons.create({"percent_off": 10})
    promotion = {"type": "coupon", "coupon": coupon.id}
    code = shop.api.promotion_codes.create({"promotion": promotion, "restrictions": {"first_time_transaction": True}})
    known = shop.subscribe().customer

    with pytest.raises(stripe.InvalidRequestError, match="prior transactions"):
        shop.session(customer=known, customer_email=None, discounts=[{"promotion_code": code.id}])
    assert shop.session(discounts=[{"promotion_code": code.id}]).amount_total == 1080


def test_several_threads_share_a_file(tmp_path):
    shop = Shop(place=str(tmp_path / "till.db"))

    def work() -> None:
        api = client_for(shop.till).v1
        for _ in range(5):
            api.customers.create({})
        shop.till.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    idents = [customer.id for customer in shop.api.customers.list({"limit": 100}).data]
    assert (len(idents), len(set(idents))) == (20, 20)
    shop.till.close()


def test_on_a_bad_day_calls_fail_with_nothing_done_or_with_all_done(shop: Shop):
    outage = shop.till.outage

    outage.refused = 1
    with pytest.raises(stripe.APIError):
        shop.api.customers.create({})
    nothing = len(shop.api.customers.list({}).data)
    outage.lost = 1
    with pytest.raises(stripe.APIError):
        shop.api.customers.create({})
    done = len(shop.api.customers.list({}).data)
    outage.limited = 1
    with pytest.raises(stripe.RateLimitError):
        shop.api.customers.create({})

    assert (nothing, done) == (0, 1)


def test_a_lost_answer_is_given_again_under_the_same_key(shop: Shop):
    shop.till.outage.lost = 1

    lost, _, _ = ask(shop, "POST", "/v1/customers", "name=Una", idempotency_key="k9")
    status, body, heads = ask(shop, "POST", "/v1/customers", "name=Una", idempotency_key="k9")

    assert (lost, status, body["name"], heads["Idempotent-Replayed"]) == (500, 200, "Una", "true")
    assert len(shop.api.customers.list({}).data) == 1
