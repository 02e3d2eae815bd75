"""The billing portal, and the other pages that people see."""

import pytest
import stripe

from tests.till.shop import ASKS_ALWAYS, DAY, DECLINED, HOUR, PAYS, Shop, check_events, words

FEATURES = {
    "payment_method_update": {"enabled": True},
    "customer_update": {"enabled": True, "allowed_updates": ["address", "name"]},
    "invoice_history": {"enabled": True},
    "subscription_cancel": {"enabled": True, "mode": "at_period_end"},
}


def portal(shop: Shop, subscription: stripe.Subscription, **more: object) -> str:
    made = shop.api.billing_portal.sessions.create(
        {"customer": subscription.customer, "return_url": "http://shop.example/account", **more}
    )
    return str(made.url)


def test_the_portal_shows_what_one_has_and_the_way_back(shop: Shop):
    subscription = shop.subscribe()

    _, _, page = shop.look(portal(shop, subscription))

    shown = words(page)
    assert "1 × The Meridian (every month) 12.00 EUR" in shown
    assert "visa ending in 4242" in shown
    assert 'href="http://shop.example/account"' in page
    assert "This is a test till" in shown


def test_a_subscription_is_cancelled_and_kept_after_all(shop: Shop):
    subscription = shop.subscribe()
    url = portal(shop, subscription)

    shop.send(url, cancel=subscription.id)
    ending = shop.again(subscription).cancel_at_period_end
    shop.send(url, keep=subscription.id)

    assert (ending, shop.again(subscription).cancel_at_period_end) == (True, False)
    check_events(shop)


def test_cancelling_at_once_gives_the_rest_back_as_credit_where_that_is_set(shop: Shop):
    cancel = {"enabled": True, "mode": "immediately", "proration_behavior": "always_invoice"}
    made = shop.api.billing_portal.configurations.create({"features": FEATURES | {"subscription_cancel": cancel}})
    subscription = shop.subscribe()

    shop.send(portal(shop, subscription, configuration=made.id), cancel=subscription.id)

    assert (shop.again(subscription).status, shop.invoices(subscription)[0].total) == ("canceled", -1200)


@pytest.mark.parametrize("asks", [False, True])
def test_a_new_card_pays_the_failed_renewal(shop: Shop, asks):
    customer = shop.customer()
    subscription = shop.subscribe(customer)
    shop.give_card(customer, "chargeCustomerFail")
    shop.wait(31 * DAY + HOUR)

    _, leads_to, _ = shop.send(portal(shop, subscription), number="4000002500003155" if asks else PAYS, expiry="12/34", cvc="123")
    if asks:
        shop.send(leads_to, challenge="complete")
    shop.wait(3 * DAY)

    assert shop.again(subscription).status == "active"
    check_events(shop)


def test_a_declined_card_is_not_taken(shop: Shop):
    subscription = shop.subscribe()

    status, _, page = shop.send(portal(shop, subscription), test_card=DECLINED)

    assert (status, "Your card was declined" in words(page)) == (200, True)


def test_the_plan_is_changed_where_that_is_offered(shop: Shop):
    products = [{"product": shop.product.id, "prices": [shop.month.id, shop.year.id]}]
    update = {"enabled": True, "default_allowed_updates": ["price"], "products": products, "proration_behavior": "always_invoice"}
    made = shop.api.billing_portal.configurations.create({"features": FEATURES | {"subscription_update": update}})
    subscription = shop.subscribe()
    stranger = shop.price(1, interval="month")

    url = portal(shop, subscription, configuration=made.id)
    _, _, page = shop.send(url, plan=f"{subscription.id}:{stranger.id}")
    shop.send(url, plan=f"{subscription.id}:{shop.year.id}")

    assert "not offered" in words(page)
    assert shop.again(subscription)["items"].data[0].price.id == shop.year.id


def test_nobody_touches_what_is_anothers(shop: Shop):
    mine, yours = shop.subscribe(), shop.subscribe()

    _, _, page = shop.send(portal(shop, mine), cancel=yours.id)

    assert ("not yours" in words(page), shop.again(yours).cancel_at_period_end) == (True, False)


def test_an_address_is_changed(shop: Shop):
    subscription = shop.subscribe()

    shop.send(portal(shop, subscription), name="Sada", line1="Quay 1", city="Split", postal_code="21000", country="HR")

    customer = shop.api.customers.retrieve(subscription.customer)
    assert (customer.name, customer.address.city, customer.address.state) == ("Sada", "Split", None)


def test_the_portal_closes_after_an_hour(shop: Shop):
    url = portal(shop, shop.subscribe())

    shop.wait(2 * HOUR)

    assert "expired" in words(shop.look(url)[2])


def test_a_flow_leads_back_when_it_is_done(shop: Shop):
    subscription = shop.subscribe()
    after = {"type": "redirect", "redirect": {"return_url": "http://shop.example/done"}}
    flow = {"type": "subscription_cancel", "subscription_cancel": {"subscription": subscription.id}, "after_completion": after}

    _, leads_to, _ = shop.send(portal(shop, subscription, flow_data=flow), cancel=subscription.id)

    assert leads_to == "http://shop.example/done"


def test_every_page_says_that_it_is_a_test(shop: Shop):
    session = shop.session()
    _, challenge, _ = shop.pay(shop.session(), ASKS_ALWAYS)
    subscription = shop.subscribe()
    invoice = shop.invoices(subscription)[0]
    charge = shop.api.charges.list({}).data[0]
    pages = [
        session.url,
        challenge,
        portal(shop, subscription),
        invoice.hosted_invoice_url,
        invoice.invoice_pdf,
        charge.receipt_url,
        "http://till.example/till/",
    ]

    for url in pages:
        status, _, page = shop.look(url or "")
        assert (status, "This is a test till. No money moves" in words(page)) == (200, True), url
        assert "<script" not in page


def test_what_happened_is_listed(shop: Shop):
    shop.subscribe()

    assert "customer.subscription.created" in words(shop.look("http://till.example/till/")[2])


@pytest.mark.parametrize("outcome", ["won", "lost"])
def test_the_control_disputes_and_concludes(shop: Shop, outcome):
    shop.subscribe()
    charge = shop.api.charges.list({}).data[0]

    shop.send("http://till.example/till/control", dispute=charge.id)
    dispute = shop.api.disputes.list({}).data[0]
    shop.send("http://till.example/till/control", **{outcome: dispute.id})

    assert (shop.api.charges.retrieve(charge.id).disputed, shop.api.disputes.retrieve(dispute.id).status) == (True, outcome)
    check_events(shop)


@pytest.mark.parametrize("path", ["/", "/till/nowhere", "/till/checkout/cs_test_none", "/till/portal/cus_1", "/till/3ds/../x"])
def test_there_is_nothing_elsewhere(shop: Shop, path):
    assert shop.look(f"http://till.example{path}")[0] == 404


def test_what_a_shop_writes_is_shown_as_text(shop: Shop):
    product = shop.api.products.create({"name": "<script>alert(1)</script>"})
    price = shop.api.prices.create(
        {"product": product.id, "currency": "eur", "unit_amount": 100, "recurring": {"interval": "month"}}
    )
    session = shop.session(line_items=[{"price": price.id, "quantity": 1}], cancel_url='http://x/"><script>')

    assert "<script" not in shop.look(session.url or "")[2]
