"""Checkout, from the session that our server asks for to the reader's return."""

import pytest
import stripe

from tests.till.shop import ASKS_ALWAYS, ASKS_ONCE, BROKE, DAY, DECLINED, DISPUTED, FAILS_LATER, HOUR, Shop, check_events, words


def test_a_test_card_pays_for_a_subscription(shop: Shop):
    session = shop.session(client_reference_id="reader-7", subscription_data={"metadata": {"reader": "7"}})

    status, leads_to, _ = shop.pay(session)

    paid = shop.api.checkout.sessions.retrieve(session.id, {"expand": ["subscription", "line_items", "invoice"]})
    assert (status, leads_to) == (303, f"http://shop.example/thanks?s={session.id}")
    assert (paid.status, paid.payment_status, paid.subscription.status, paid.invoice.status) == (
        "complete",
        "paid",
        "active",
        "paid",
    )
    assert (paid.subscription.metadata["reader"], paid.client_reference_id, paid.url) == ("7", "reader-7", None)
    assert paid.line_items.data[0].price.id == shop.month.id
    check_events(shop)


def test_events_are_told_in_the_order_in_which_things_happened(shop: Shop):
    shop.pay(shop.session())

    heard = ["customer.subscription.created", "charge.succeeded", "invoice.paid", "checkout.session.completed"]
    assert [kind for kind in shop.told() if kind in heard] == heard


@pytest.mark.parametrize(
    ("card", "words_of_it"), [(DECLINED, "was declined"), (BROKE, "insufficient funds"), (FAILS_LATER, "was declined")]
)
def test_a_declined_card_leaves_the_session_open_and_another_pays(shop: Shop, card, words_of_it):
    session = shop.session()

    _, _, page = shop.pay(session, card)
    between = shop.api.subscriptions.list({"status": "all"}).data[0].status
    _, leads_to, _ = shop.pay(session)

    assert words_of_it in words(page)
    assert (between, shop.api.subscriptions.list({"status": "all"}).data[0].status) == ("incomplete", "active")
    assert leads_to.startswith("http://shop.example/thanks")
    assert len(shop.api.subscriptions.list({"status": "all"}).data) == 1
    check_events(shop)


@pytest.mark.parametrize("card", [ASKS_ONCE, ASKS_ALWAYS])
def test_three_d_secure_passed_pays(shop: Shop, card):
    session = shop.session()

    _, challenge, _ = shop.pay(session, card)
    before = shop.api.checkout.sessions.retrieve(session.id)
    _, leads_to, _ = shop.send(challenge, challenge="complete")

    assert (before.status, before.subscription) == ("open", None)
    assert leads_to.startswith("http://shop.example/thanks")
    assert shop.api.subscriptions.list({}).data[0].status == "active"
    check_events(shop)


def test_three_d_secure_failed_leads_back_to_pay(shop: Shop):
    session = shop.session()

    _, challenge, _ = shop.pay(session, ASKS_ALWAYS)
    _, leads_to, _ = shop.send(challenge, challenge="fail")

    assert leads_to == session.url
    assert shop.api.subscriptions.list({"status": "all"}).data[0].status == "incomplete"


def test_three_d_secure_left_unanswered_expires_within_a_day(shop: Shop):
    session = shop.session()
    _, challenge, _ = shop.pay(session, ASKS_ALWAYS)
    shop.send(challenge, challenge="leave")

    shop.wait(25 * HOUR)

    subscription = shop.api.subscriptions.list({"status": "all", "expand": ["data.latest_invoice"]}).data[0]
    assert (subscription.status, subscription.latest_invoice.status) == ("incomplete_expired", "void")
    assert shop.api.checkout.sessions.retrieve(session.id).status == "expired"


def test_a_trial_takes_a_card_and_no_money(shop: Shop):
    session = shop.session(subscription_data={"trial_period_days": 14})

    shop.pay(session)

    paid = shop.api.checkout.sessions.retrieve(session.id, {"expand": ["subscription"]})
    assert (paid.subscription.status, paid.amount_total, paid.payment_status) == ("trialing", 0, "paid")
    assert shop.api.charges.list({}).data == []
    shop.wait(14 * DAY + 2 * HOUR)
    assert (shop.again(paid.subscription).status, shop.api.charges.list({}).data[0].amount) == ("active", 1200)
    check_events(shop)


def test_a_discount_for_once_waits_until_a_trial_is_over(shop: Shop):
    coupon = shop.api.coupons.create({"percent_off": 50, "duration": "once"})
    shop.pay(shop.session(subscription_data={"trial_period_days": 7}, discounts=[{"coupon": coupon.id}]))

    shop.wait(45 * DAY)

    assert [invoice.total for invoice in shop.api.invoices.list({}).data] == [1200, 600, 0]


def test_a_code_takes_off_what_its_coupon_says(shop: Shop):
    coupon = shop.api.coupons.create({"percent_off": 50, "duration": "once"})
    shop.api.promotion_codes.create({"promotion": {"type": "coupon", "coupon": coupon.id}, "code": "SPRING"})
    session = shop.session(allow_promotion_codes=True)

    _, _, page = shop.send(session.url or "", use_code="yes", code="spring")
    shop.pay(session)

    paid = shop.api.checkout.sessions.retrieve(session.id, {"expand": ["invoice", "subscription"]})
    assert "To pay today 6.00 EUR" in words(page)
    assert (paid.amount_subtotal, paid.amount_total, paid.invoice.total) == (1200, 600, 600)
    shop.wait(32 * DAY)
    assert [invoice.total for invoice in shop.invoices(paid.subscription)] == [1200, 600]


def test_a_try_whose_invoice_was_voided_is_begun_anew(shop: Shop):
    session = shop.session()
    shop.pay(session, DECLINED)
    shop.api.invoices.void_invoice(shop.api.invoices.list({}).data[0].id)

    shop.pay(session)

    paid = shop.api.checkout.sessions.retrieve(session.id, {"expand": ["subscription"]})
    assert (paid.status, paid.subscription.status) == ("complete", "active")


def test_a_code_typed_after_a_declined_card_still_takes_off(shop: Shop):
    coupon = shop.api.coupons.create({"percent_off": 50, "duration": "once"})
    shop.api.promotion_codes.create({"promotion": {"type": "coupon", "coupon": coupon.id}, "code": "SPRING"})
    session = shop.session(allow_promotion_codes=True)
    shop.pay(session, DECLINED)

    shop.send(session.url or "", use_code="yes", code="SPRING")
    shop.pay(session)

    held = shop.api.subscriptions.list({"status": "all", "expand": ["data.latest_invoice"]}).data
    assert [(one.status, one.latest_invoice.total) for one in held] == [("active", 600), ("incomplete_expired", 1200)]
    check_events(shop)


@pytest.mark.parametrize("mode", ["payment", "subscription"])
def test_what_costs_nothing_is_had_for_nothing(shop: Shop, mode):
    coupon = shop.api.coupons.create({"percent_off": 100, "duration": "once"})
    price = shop.month if mode == "subscription" else shop.price(5000)
    session = shop.session(mode=mode, line_items=[{"price": price.id, "quantity": 1}], discounts=[{"coupon": coupon.id}])

    _, leads_to, _ = shop.pay(session)

    assert leads_to.startswith("http://shop.example/thanks")
    assert shop.api.charges.list({}).data == []


def test_the_last_redemption_closes_a_code(shop: Shop):
    coupon = shop.api.coupons.create({"amount_off": 300, "currency": "eur", "duration": "forever"})
    promotion = {"type": "coupon", "coupon": coupon.id}
    code = shop.api.promotion_codes.create({"promotion": promotion, "code": "ONE", "max_redemptions": 1})
    first, second = shop.session(allow_promotion_codes=True), shop.session(allow_promotion_codes=True)
    for session in (first, second):
        shop.send(session.url or "", use_code="yes", code="ONE")

    shop.pay(first)
    _, _, page = shop.pay(second)

    assert shop.api.promotion_codes.retrieve(code.id).active is False
    assert "invalid" in words(page)
    assert len(shop.api.subscriptions.list({}).data) == 1


def test_a_gift_is_paid_once(shop: Shop):
    gift = shop.price(5000)
    session = shop.session(
        mode="payment", line_items=[{"price": gift.id, "quantity": 2}], payment_intent_data={"metadata": {"gift": "1"}}
    )

    shop.pay(session)

    paid = shop.api.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})
    assert (paid.payment_status, paid.payment_intent.status, paid.payment_intent.latest_charge.amount) == (
        "paid",
        "succeeded",
        10_000,
    )
    assert paid.payment_intent.metadata["gift"] == "1"
    check_events(shop)


def test_what_is_paid_once_says_to_whom_it_is_billed(shop: Shop):
    """On the session, on the charge, and with the taxes where they are asked for: none, at a till."""
    session = shop.session(
        mode="payment",
        line_items=[{"price": shop.price(900).id, "quantity": 1}],
        customer=shop.customer().id,
        customer_email=None,
        billing_address_collection="required",
        tax_id_collection={"enabled": True},
        customer_update={"address": "auto", "name": "auto"},
    )
    shop.pay(session, name="Meridian Maps", line1="Quay 1", city="Split", country="HR", tax_id="HR12345678901")

    done = shop.api.checkout.sessions.retrieve(session.id, {"expand": ["total_details.breakdown"]})
    (charge,) = shop.api.charges.list({"payment_intent": done.payment_intent}).data
    assert (done.customer_details.name, done.customer_details.tax_ids[0].value) == ("Meridian Maps", "HR12345678901")
    assert done.customer_details.address.line1 == charge.billing_details.address.line1 == "Quay 1"
    assert done.total_details.breakdown.taxes == []


def test_a_card_can_be_saved_without_paying(shop: Shop):
    customer = shop.customer(card=None)
    session = shop.api.checkout.sessions.create(
        {
            "mode": "setup",
            "customer": customer.id,
            "currency": "eur",
            "success_url": "http://shop.example/",
            "cancel_url": "http://shop.example/",
        }
    )

    shop.pay(session)

    saved = shop.api.checkout.sessions.retrieve(session.id, {"expand": ["setup_intent.payment_method"]})
    assert (saved.status, saved.setup_intent.status, saved.setup_intent.payment_method.customer) == (
        "complete",
        "succeeded",
        customer.id,
    )
    check_events(shop)


def test_an_open_session_expires(shop: Shop):
    session = shop.session()

    shop.wait(24 * HOUR)
    status, _, page = shop.look(session.url or "")

    assert (status, "expired" in words(page)) == (200, True)
    assert shop.told()[-1] == "checkout.session.expired"


@pytest.mark.parametrize("fields", [{"number": "4111111111111111"}, {"expiry": "01/20"}, {"expiry": "13/40"}, {"cvc": "1"}])
def test_what_is_no_test_card_is_refused_in_words(shop: Shop, fields):
    session = shop.session()

    _, leads_to, page = shop.send(session.url or "", **{"number": "4242424242424242", "expiry": "12/34", "cvc": "123"} | fields)

    assert (leads_to, 'role="alert"' in page) == ("", True)


def test_a_disputed_card_pays_and_is_then_disputed(shop: Shop):
    shop.pay(shop.session(), DISPUTED)

    dispute = shop.api.disputes.list({}).data[0]
    answered = shop.api.disputes.update(dispute.id, {"evidence": {"uncategorized_text": "winning_evidence"}})

    assert (dispute.status, dispute.reason, answered.status) == ("needs_response", "fraudulent", "won")
    assert "charge.dispute.created" in shop.told()
    check_events(shop)


def test_a_session_for_a_stranger_to_the_house_is_not_there(shop: Shop):
    with pytest.raises(stripe.InvalidRequestError, match="No such session: 'cs_test_nowhere'") as refused:
        shop.api.checkout.sessions.retrieve("cs_test_nowhere")

    assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")


def test_no_number_of_a_card_is_kept(shop: Shop):
    for card in (ASKS_ALWAYS, DECLINED, FAILS_LATER, DISPUTED):
        shop.pay(shop.session(), card)

    with shop.till.store.reading() as rows:
        kept = "\n".join(rows.iterdump())
    assert [card for card in (ASKS_ALWAYS, DECLINED, FAILS_LATER, DISPUTED) if card in kept] == []
