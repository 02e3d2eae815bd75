"""What time brings: renewals, failures and retries, trials that end, and the same end by many steps or one."""

import re
import threading

import pytest
import stripe

from broadsheet.till.till import Till
from tests.till.shop import DAY, HOUR, MONDAY, Shop, check_events

CALL = re.compile(r"req_[0-9a-f]{14}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def test_a_month_later_the_subscription_is_renewed_and_paid(shop: Shop):
    subscription = shop.subscribe()

    shop.wait(31 * DAY)
    drafted = shop.invoices(subscription)[0]
    shop.wait(HOUR)

    renewed = shop.again(subscription)
    item = renewed["items"].data[0]
    assert (drafted.status, drafted.billing_reason, shop.invoices(subscription)[0].status) == (
        "draft",
        "subscription_cycle",
        "paid",
    )
    assert (renewed.status, item.current_period_start) == ("active", MONDAY + 31 * DAY)
    check_events(shop)


@pytest.mark.parametrize("setting", ["cancel", "unpaid", "past_due"])
def test_three_retries_and_then_what_the_publisher_has_set(setting):
    shop = Shop(house={"after_retries": setting})
    customer = shop.customer()
    subscription = shop.subscribe(customer)
    shop.give_card(customer, "chargeCustomerFail")

    shop.wait(31 * DAY + HOUR)
    first = shop.again(subscription).status
    shop.wait(16 * DAY)

    last = shop.again(subscription, expand=["latest_invoice"])
    assert (first, last.status) == ("past_due", "canceled" if setting == "cancel" else setting)
    assert (last.latest_invoice.attempt_count, last.latest_invoice.next_payment_attempt) == (4, None)
    assert last.latest_invoice.status == "open"
    if setting == "cancel":
        assert last.cancellation_details.reason == "payment_failed"
    check_events(shop)


def test_a_new_card_mends_a_failed_renewal_at_the_next_retry(shop: Shop):
    customer = shop.customer()
    subscription = shop.subscribe(customer)
    shop.give_card(customer, "chargeCustomerFail")
    shop.wait(31 * DAY + HOUR)
    failed = shop.api.customers.retrieve(customer.id).delinquent

    shop.give_card(customer, "visa")
    shop.wait(3 * DAY)

    assert (failed, shop.api.customers.retrieve(customer.id).delinquent) == (True, False)
    assert (shop.again(subscription).status, shop.invoices(subscription)[0].attempt_count) == ("active", 2)


def test_a_change_while_the_renewal_is_a_draft_hides_no_failure(shop: Shop):
    customer = shop.customer()
    subscription = shop.subscribe(customer)
    shop.wait(31 * DAY)
    item = subscription["items"].data[0].id
    shop.api.subscriptions.update(
        subscription.id, {"items": [{"id": item, "quantity": 2}], "proration_behavior": "always_invoice"}
    )
    shop.give_card(customer, "chargeCustomerFail")

    shop.wait(HOUR)
    failed = shop.again(subscription).status
    shop.give_card(customer, "visa")
    shop.wait(3 * DAY)

    assert (failed, shop.again(subscription).status) == ("past_due", "active")


def test_two_processes_renew_once(tmp_path):
    shop = Shop(place=str(tmp_path / "till.db"))
    subscriptions = [shop.subscribe() for _ in range(6)]
    shop.now += 32 * DAY
    other = Till(shop.till.store.place, clock=shop.till.clock, public_url=shop.till.house.public_url)

    def run() -> None:
        other.run_due()
        other.close()

    thread = threading.Thread(target=run)
    thread.start()
    shop.till.run_due()
    thread.join()

    assert [len(shop.invoices(subscription)) for subscription in subscriptions] == [2] * 6
    assert len(shop.api.charges.list({"limit": 100}).data) == 12
    other.close()
    shop.till.close()


def test_a_reader_pays_a_failed_renewal_on_its_page(shop: Shop):
    customer = shop.customer()
    subscription = shop.subscribe(customer)
    shop.give_card(customer, "chargeCustomerFail")
    shop.wait(31 * DAY + HOUR)
    invoice = shop.invoices(subscription)[0]

    shop.send(invoice.hosted_invoice_url or "", test_card="4242424242424242")

    assert (shop.again(subscription).status, shop.invoices(subscription)[0].status) == ("active", "paid")


def test_a_renewal_that_asks_for_three_d_secure_is_past_due_until_it_is_answered(shop: Shop):
    customer = shop.customer()
    subscription = shop.subscribe(customer)
    shop.give_card(customer, "authenticationRequired")

    shop.wait(31 * DAY + HOUR)
    before = shop.again(subscription, expand=["latest_invoice.payments.data.payment.payment_intent"])
    intent = before.latest_invoice.payments.data[0].payment.payment_intent
    shop.send(intent.next_action.redirect_to_url.url, challenge="complete")

    assert (before.status, intent.status, shop.again(subscription).status) == ("past_due", "requires_action", "active")
    assert "invoice.payment_action_required" in shop.told()


@pytest.mark.parametrize(("what", "becomes"), [("cancel", "canceled"), ("pause", "paused"), ("create_invoice", "past_due")])
def test_a_trial_without_a_card_ends_as_was_asked(shop: Shop, what, becomes):
    settings = {"end_behavior": {"missing_payment_method": what}}
    subscription = shop.subscribe(shop.customer(card=None), trial_period_days=7, trial_settings=settings)

    shop.wait(7 * DAY + 2 * HOUR)

    assert (subscription.status, shop.again(subscription).status) == ("trialing", becomes)
    assert "customer.subscription.trial_will_end" in shop.told()


def test_a_paused_trial_resumes_with_a_card(shop: Shop):
    customer = shop.customer(card=None)
    settings = {"end_behavior": {"missing_payment_method": "pause"}}
    subscription = shop.subscribe(customer, trial_period_days=7, trial_settings=settings)
    shop.wait(8 * DAY)
    with pytest.raises(stripe.InvalidRequestError, match="No upcoming invoices"):
        shop.api.invoices.create_preview({"subscription": subscription.id})
    shop.give_card(customer, "visa")

    resumed = shop.api.subscriptions.resume(subscription.id, {"billing_cycle_anchor": "now"})

    assert (resumed.status, shop.api.charges.list({}).data[0].amount) == ("active", 1200)


def test_what_is_set_to_end_ends_with_its_term(shop: Shop):
    subscription = shop.subscribe()
    ending = shop.api.subscriptions.update(
        subscription.id, {"cancel_at_period_end": True, "cancellation_details": {"feedback": "unused"}}
    )

    shop.wait(31 * DAY)

    ended = shop.again(subscription)
    assert (ending.status, ending.cancel_at, ending.canceled_at) == ("active", MONDAY + 31 * DAY, MONDAY)
    assert (ended.status, ended.ended_at, len(shop.invoices(subscription))) == ("canceled", MONDAY + 31 * DAY, 1)
    assert (ended.cancellation_details.reason, ended.cancellation_details.feedback) == ("cancellation_requested", "unused")


def test_an_end_can_be_taken_back(shop: Shop):
    subscription = shop.subscribe()
    shop.api.subscriptions.update(subscription.id, {"cancel_at_period_end": True})

    kept = shop.api.subscriptions.update(subscription.id, {"cancel_at_period_end": False})
    shop.wait(32 * DAY)

    assert (kept.cancel_at, kept.canceled_at, shop.again(subscription).status) == (None, None, "active")


@pytest.mark.parametrize(
    ("behaviour", "becomes"), [("void", "void"), ("mark_uncollectible", "uncollectible"), ("keep_as_draft", "draft")]
)
def test_a_pause_says_what_becomes_of_invoices(shop: Shop, behaviour, becomes):
    subscription = shop.subscribe()
    until = MONDAY + 40 * DAY
    shop.api.subscriptions.update(subscription.id, {"pause_collection": {"behavior": behaviour, "resumes_at": until}})

    shop.wait(33 * DAY)
    paused = shop.invoices(subscription)[0].status
    shop.wait(30 * DAY)

    assert (paused, shop.invoices(subscription)[0].status) == (becomes, "paid")
    assert (shop.again(subscription).pause_collection, shop.again(subscription).status) == (None, "active")
    check_events(shop)


def test_a_pause_that_voids_invoices_leaves_a_credit_as_it_was(shop: Shop):
    subscription = shop.subscribe()
    credit = {"amount": -5_000, "currency": "eur"}
    shop.api.customers.balance_transactions.create(subscription.customer, credit)
    shop.api.subscriptions.update(subscription.id, {"pause_collection": {"behavior": "void"}})

    shop.wait(33 * DAY)

    assert shop.invoices(subscription)[0].status == "void"
    assert shop.api.customers.retrieve(subscription.customer).balance == -5_000
    check_events(shop)


def test_the_thirty_first_becomes_the_last_day_of_the_month(shop: Shop):
    shop.now += 29 * DAY  # 31 March
    subscription = shop.subscribe()

    ends = []
    for _ in range(3):
        ends.append(shop.again(subscription)["items"].data[0].current_period_end)
        shop.wait(ends[-1] - shop.now)

    assert [(end - MONDAY) // DAY for end in ends] == [59, 90, 120]  # 30 April, 31 May, 30 June


def life(shop: Shop) -> object:
    customer = shop.customer()
    healthy = shop.subscribe(customer)
    shop.give_card(customer, "chargeCustomerFail")
    other = shop.subscribe(shop.customer(), trial_period_days=10)
    shop.session()
    shop.api.coupons.create({"percent_off": 5, "redeem_by": MONDAY + 3 * DAY})
    return healthy, other


@pytest.mark.parametrize("pace", [HOUR, 5 * HOUR, DAY, 9 * DAY])
def test_many_small_waits_come_to_the_same_as_one_long_one(pace):
    long, short = Shop(), Shop()
    for shop in (long, short):
        shop.till.store.salt = "SameSaltHere"
        life(shop)

    long.wait(90 * DAY)
    while short.now < long.now:
        short.wait(min(pace, long.now - short.now))

    assert state(short) == state(long)


def state(shop: Shop) -> list[tuple[object, ...]]:
    """All documents; without what only tells one call from another."""
    first = shop.product.id.removeprefix("prod_")[:12]
    with shop.till.store.reading() as rows:
        found = rows.execute("SELECT kind, due, body FROM documents ORDER BY seq").fetchall()
    return [(kind, due, CALL.sub("", body.replace(first, "SameSaltHere"))) for kind, due, body in found]


def test_a_test_clock_moves_only_its_own_customers(shop: Shop):
    clock = shop.api.test_helpers.test_clocks.create({"frozen_time": MONDAY, "name": "ahead"})
    ahead = shop.subscribe(shop.customer(test_clock=clock.id))
    behind = shop.subscribe()

    moved = shop.api.test_helpers.test_clocks.advance(clock.id, {"frozen_time": MONDAY + 62 * DAY})

    assert (moved.status, len(shop.invoices(ahead)), len(shop.invoices(behind))) == ("ready", 3, 1)
    assert shop.again(ahead)["items"].data[0].current_period_start > MONDAY + 50 * DAY
    check_events(shop)
