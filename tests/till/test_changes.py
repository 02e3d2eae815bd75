"""Changes of plan and quantity, cancelling with money back, refunds, and what they come to."""

import pytest
import stripe

from tests.till.shop import DAY, HOUR, MONDAY, Shop, check_events

HALF = 31 * DAY // 2  # of the first month


def change(
    shop: Shop, subscription: stripe.Subscription, *, how: str = "create_prorations", **item: object
) -> stripe.Subscription:
    wanted = {"items": [{"id": subscription["items"].data[0].id, **item}], "proration_behavior": how}
    return shop.api.subscriptions.update(subscription.id, wanted)


def test_a_dearer_plan_costs_the_difference_for_what_is_left(shop: Shop):
    subscription = shop.subscribe()
    dear = shop.price(3200, interval="month")
    shop.wait(HALF)

    change(shop, subscription, how="always_invoice", price=dear.id)

    invoice = shop.invoices(subscription)[0]
    assert [line.amount for line in invoice.lines.data] == [-600, 1600]
    assert (invoice.total, invoice.status, invoice.billing_reason) == (1000, "paid", "subscription_update")
    assert all(line.parent.subscription_item_details.proration for line in invoice.lines.data)
    check_events(shop)


def test_without_haste_the_difference_waits_for_the_next_invoice(shop: Shop):
    subscription = shop.subscribe()
    dear = shop.price(3200, interval="month")
    shop.wait(HALF)

    change(shop, subscription, price=dear.id)
    between = len(shop.invoices(subscription))
    shop.wait(17 * DAY)

    assert (between, shop.invoices(subscription)[0].total) == (1, 3200 + 1000)


def test_no_proration_changes_only_the_next_invoice(shop: Shop):
    subscription = shop.subscribe()
    shop.wait(HALF)

    change(shop, subscription, how="none", quantity=3)
    shop.wait(17 * DAY)

    assert [invoice.total for invoice in shop.invoices(subscription)] == [3600, 1200]


def test_another_interval_begins_a_new_period_at_once(shop: Shop):
    subscription = shop.subscribe()
    shop.wait(HALF)

    changed = change(shop, subscription, price=shop.year.id)

    item = changed["items"].data[0]
    assert (item.current_period_start, changed.billing_cycle_anchor) == (MONDAY + HALF, MONDAY + HALF)
    assert item.current_period_end == MONDAY + HALF + 365 * DAY
    assert shop.invoices(subscription)[0].total == 12_000 - 600


def test_a_cheaper_plan_leaves_a_credit_that_the_next_invoice_takes(shop: Shop):
    subscription = shop.subscribe()
    cheap = shop.price(400, interval="month")
    shop.wait(HALF)

    change(shop, subscription, how="always_invoice", price=cheap.id)
    balance = shop.api.customers.retrieve(subscription.customer).balance
    shop.wait(17 * DAY)

    renewal = shop.invoices(subscription)[0]
    assert (balance, renewal.total, renewal.amount_due, renewal.starting_balance, renewal.ending_balance) == (
        -400,
        400,
        0,
        -400,
        0,
    )
    assert renewal.status == "paid"


def test_a_preview_says_what_a_change_will_cost_and_changes_nothing(shop: Shop):
    subscription = shop.subscribe()
    shop.wait(HALF)
    details = {"items": [{"id": subscription["items"].data[0].id, "price": shop.year.id}], "proration_behavior": "always_invoice"}
    before = shop.told()

    preview = shop.api.invoices.create_preview({"subscription": subscription.id, "subscription_details": details})
    same = shop.told() == before
    change(shop, subscription, how="always_invoice", price=shop.year.id)

    real = shop.invoices(subscription)[0]
    assert (preview.amount_due, same) == (real.amount_due, True)
    assert [line.amount for line in preview.lines.data] == [line.amount for line in real.lines.data]


def test_a_preview_of_cancelling_now_says_what_is_given_back(shop: Shop):
    subscription = shop.subscribe()
    shop.wait(HALF)

    preview = shop.api.invoices.create_preview({"subscription": subscription.id, "subscription_details": {"cancel_now": True}})

    assert (preview.total, preview.amount_due) == (-600, 0)


def test_a_preview_of_the_next_term_and_of_a_new_subscription(shop: Shop):
    customer = shop.customer()
    subscription = shop.subscribe(customer)

    term = shop.api.invoices.create_preview({"subscription": subscription.id})
    new = shop.api.invoices.create_preview(
        {"customer": customer.id, "subscription_details": {"items": [{"price": shop.year.id}]}}
    )

    assert (term.total, term.lines.data[0].period.start, new.total) == (1200, MONDAY + 31 * DAY, 12_000)
    assert len(shop.api.subscriptions.list({"customer": customer.id}).data) == 1


def test_cancelled_at_once_the_unused_part_becomes_credit_and_is_refunded(shop: Shop):
    subscription = shop.subscribe()
    shop.wait(HALF)

    ended = shop.api.subscriptions.cancel(subscription.id, {"prorate": True, "invoice_now": True})
    payment = shop.api.invoice_payments.list({"invoice": shop.invoices(subscription)[-1].id}).data[0]
    refund = shop.api.refunds.create({"payment_intent": payment.payment.payment_intent, "amount": 600})

    charge = shop.api.charges.retrieve(refund.charge)
    assert (ended.status, shop.invoices(subscription)[0].total) == ("canceled", -600)
    assert (shop.api.customers.retrieve(subscription.customer).balance, charge.amount_refunded, charge.refunded) == (
        -600,
        600,
        False,
    )
    check_events(shop)


def test_no_more_is_refunded_than_was_paid(shop: Shop):
    shop.subscribe()
    intent = shop.api.payment_intents.list({}).data[0]
    shop.api.refunds.create({"payment_intent": intent.id, "amount": 700})

    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount"):
        shop.api.refunds.create({"payment_intent": intent.id, "amount": 501})
    shop.api.refunds.create({"payment_intent": intent.id})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.api.refunds.create({"payment_intent": intent.id})

    assert refused.value.code == "charge_already_refunded"


def test_a_credit_note_refunds_a_part_of_an_invoice(shop: Shop):
    subscription = shop.subscribe()
    invoice = shop.invoices(subscription)[0]

    note = shop.api.credit_notes.create({"invoice": invoice.id, "amount": 500, "refund_amount": 500})

    assert (note.total, note.refunds[0].amount_refunded, shop.api.charges.list({}).data[0].amount_refunded) == (500, 500, 500)
    check_events(shop)


def test_a_declined_change_leaves_the_subscription_past_due_or_as_it_was(shop: Shop):
    customer = shop.customer()
    subscription = shop.subscribe(customer)
    shop.give_card(customer, "chargeCustomerFail")
    wanted = {"items": [{"id": subscription["items"].data[0].id, "price": shop.year.id}], "proration_behavior": "always_invoice"}

    with pytest.raises(stripe.CardError):
        shop.api.subscriptions.update(subscription.id, wanted | {"payment_behavior": "error_if_incomplete"})
    untouched = shop.again(subscription)
    changed = shop.api.subscriptions.update(subscription.id, wanted)

    assert (untouched.status, untouched["items"].data[0].price.id) == ("active", shop.month.id)
    assert (changed.status, changed["items"].data[0].price.id) == ("past_due", shop.year.id)


def test_a_subscription_that_has_ended_is_not_changed_and_not_ended_twice(shop: Shop):
    subscription = shop.subscribe()
    shop.api.subscriptions.cancel(subscription.id)

    with pytest.raises(stripe.InvalidRequestError, match="canceled subscription"):
        change(shop, subscription, quantity=2)
    with pytest.raises(stripe.InvalidRequestError) as gone:
        shop.api.subscriptions.cancel(subscription.id)

    assert gone.value.code == "resource_missing"


def test_deleting_a_customer_ends_all_they_have(shop: Shop):
    subscription = shop.subscribe()

    shop.api.customers.delete(subscription.customer)

    assert shop.again(subscription).status == "canceled"
    assert shop.api.customers.retrieve(subscription.customer).deleted is True
    shop.wait(40 * DAY)
    assert len(shop.api.charges.list({}).data) == 1


def test_seats_are_charged_by_their_number(shop: Shop):
    customer = shop.customer()
    team = shop.api.subscriptions.create({"customer": customer.id, "items": [{"price": shop.month.id, "quantity": 5}]})
    shop.wait(HALF)

    change(shop, team, how="always_invoice", quantity=7)

    assert [invoice.total for invoice in shop.invoices(team)] == [1200, 6000]
    shop.wait(16 * DAY + HOUR)
    assert shop.invoices(team)[0].total == 8400


def test_a_discount_for_some_months_ends_with_them(shop: Shop):
    coupon = shop.api.coupons.create({"percent_off": 50, "duration": "repeating", "duration_in_months": 2})
    subscription = shop.subscribe(discounts=[{"coupon": coupon.id}])

    shop.wait(95 * DAY)

    assert [invoice.total for invoice in shop.invoices(subscription)] == [1200, 1200, 600, 600]
    check_events(shop)


@pytest.mark.parametrize(("currency", "amount"), [("eur", 1200), ("usd", 1300), ("chf", 1250)])
def test_a_price_has_its_amount_in_each_currency(shop: Shop, currency, amount):
    options = {"usd": {"unit_amount": 1300}, "chf": {"unit_amount": 1250}}
    price = shop.price(1200, interval="month", currency_options=options)
    subscription = shop.subscribe(items=[{"price": price.id}], currency=currency)

    assert (shop.invoices(subscription)[0].total, subscription.currency) == (amount, currency)
    with pytest.raises(stripe.InvalidRequestError, match="only supports"):
        shop.subscribe(items=[{"price": price.id}], currency="gbp")
