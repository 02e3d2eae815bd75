"""Coupons by the real SDK at the till: made there, redeemed there, counted there, withdrawn."""

import re
from datetime import timedelta
from io import BytesIO
from urllib.parse import urlencode, urlsplit

import pytest
import time_machine
from django.core.exceptions import ValidationError

from broadsheet.billing import actions, offers, plans, stripe_api
from broadsheet.billing.actions import writing
from broadsheet.billing.desk import CouponForm, PriceForm
from broadsheet.billing.models import Coupon, Invoice, Subscription
from broadsheet.mailroom.models import Dispatch
from tests import cast
from tests.billing.counter import BEGAN, DAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_the_counter():
    with time_machine.travel(BEGAN, tick=False):
        yield


def coupon(**stated):
    made = Coupon.objects.create(**({"name": "Spring", "code": "SPRING", "percent": 50} | stated))
    actions.settle_coupons(at=BEGAN)
    made.refresh_from_db()
    return made


def introduced(counter, **stated):
    price = counter.price()
    price.introduction = coupon(**({"code": "", "percent": None, "amount": 800, "currency": "EUR"} | stated))
    price.save()
    return price


def type_code(counter, url, code):
    """At the till's page; whether something is off by it."""
    parts, body = urlsplit(url), urlencode({"use_code": "yes", "code": code}).encode()
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": parts.path, "QUERY_STRING": parts.query}
    environ |= {"CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body)}
    b"".join(counter.till.wsgi(environ, lambda status, headers: None))
    return stripe_api.checkout(parts.path.rpartition("/")[2])["total_details"]["amount_discount"] > 0


def bought_with(counter, reader, code, price=None):
    url = counter.begin(reader, price or counter.price())
    taken = type_code(counter, url, code)
    counter.pay(url)
    counter.come_back(reader)
    return taken


def test_a_code_takes_off_what_it_says(counter):
    coupon()

    assert bought_with(counter, cast.fay(BEGAN), "SPRING")
    assert Invoice.objects.get().paid == 450


def test_a_code_is_made_once(counter):
    made = coupon()
    actions.settle_coupons(at=BEGAN)

    assert (made.reference, made.code_reference) == tuple(Coupon.objects.values_list("reference", "code_reference").get())
    assert actions.settle_coupons(at=BEGAN) == 0


def test_the_last_redemption_goes_to_one(counter):
    coupon(most=1)
    price = counter.price()
    bought_with(counter, cast.fay(BEGAN), "SPRING", price)

    assert not bought_with(counter, cast.rex(BEGAN), "SPRING", price)
    assert sorted(Invoice.objects.values_list("paid", flat=True)) == [450, 900]


def test_a_coupon_for_new_subscribers_is_not_for_those_who_paid_before(counter):
    coupon()
    fay, price = cast.fay(BEGAN), counter.price()
    first = counter.subscribe(fay, price)
    actions.end_now(first, actions.farewell_of(first, at=counter.at), promised="900", at=counter.at)

    assert not bought_with(counter, fay, "SPRING", price)


def test_a_coupon_for_another_plan_takes_nothing_off(counter):
    other, price = counter.price(), counter.price()
    made = Coupon.objects.create(name="Spring", code="SPRING", percent=50)
    made.plans.add(other.plan)
    actions.settle_coupons(at=BEGAN)

    bought_with(counter, cast.fay(BEGAN), "SPRING", price)

    assert Invoice.objects.get().paid == 900


def test_one_that_was_withdrawn_is_taken_no_more(counter):
    made = coupon()
    made.withdrawn_at = BEGAN
    made.save()
    actions.settle_coupons(at=BEGAN)

    assert not bought_with(counter, cast.fay(BEGAN), "SPRING")
    assert actions.settle_coupons(at=BEGAN) == 0


def test_one_that_has_ended_is_withdrawn_by_the_sweep(counter):
    made = coupon(ends_at=BEGAN + DAY)

    actions.settle_coupons(at=BEGAN + DAY)

    made.refresh_from_db()
    assert (made.withdrawn_at, made.code_closed) == (BEGAN + DAY, True)


# Introductory offers


def test_an_introduction_takes_off_by_itself_and_once(counter):
    price = introduced(counter)
    subscription = counter.subscribe(cast.fay(BEGAN), price)
    counter.wait(subscription.period_ends_at - counter.at + timedelta(hours=2))
    counter.tell_what_is_new()

    assert sorted(Invoice.objects.values_list("paid", flat=True)) == [100, 900]


def test_the_page_of_plans_says_what_it_is_and_what_follows(counter):
    introduced(counter)

    (plan,) = plans.on_offer(at=BEGAN)

    assert (plan.offers[0].first, plan.offers[0].money) == ("€1 for the first month, then", "€9")


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ({"lasts": "repeating", "months": 3}, "€1 for the first 3 months, then"),
        ({"lasts": "forever"}, "€1 for as long as you stay, instead of"),
        ({"amount": None, "currency": "", "percent": 33}, "€6.03 for the first month, then"),
        ({"currency": "USD"}, ""),
        ({"withdrawn_at": BEGAN}, ""),
        ({"ends_at": BEGAN}, ""),
    ],
)
def test_an_introduction_in_words(counter, stated, words):
    price = counter.price()
    made = {"name": "Spring", "amount": 800, "currency": "EUR"} | stated
    price.introduction = Coupon.objects.create(**made)
    price.save()

    assert plans.on_offer(at=BEGAN)[0].offers[0].first == words


def test_the_page_before_paying_says_what_this_reader_pays_first(counter):
    price = introduced(counter)

    page = cast.log_in(cast.fay(BEGAN)).get(f"/subscribe/confirm/{price.pk}/1/").content.decode()

    assert "<dt>For the first month</dt><dd>€1</dd>" in page


@pytest.mark.parametrize(
    ("stated", "trial", "said"),
    [
        ({}, 0, ["<dt>Today</dt><dd>€1</dd>", "<dt>First renewal, on 2 April 2026</dt><dd>€9</dd>"]),
        (
            {"lasts": "repeating", "months": 2},
            14,
            [
                "<dt>Today</dt><dd>nothing, for 14 days</dd>",
                "<dt>First charge, on 16 March 2026</dt><dd>€1</dd>",
                "<dt>First renewal, on 16 April 2026</dt><dd>€1</dd>",
            ],
        ),
        ({"lasts": "repeating", "months": 1}, 0, ["<dt>First renewal, on 2 April 2026</dt><dd>€9</dd>"]),
    ],
)
def test_the_page_before_paying_says_when_it_renews_and_for_how_much(counter, stated, trial, said):
    price = counter.price(trial_days=trial)
    price.introduction = Coupon.objects.create(name="Spring", amount=800, currency="EUR", **stated)
    price.save()

    with time_machine.travel(BEGAN, tick=False):
        page = cast.log_in(cast.fay(BEGAN)).get(f"/subscribe/confirm/{price.pk}/1/").content.decode()

    assert [words for words in said if words not in page] == []
    assert 'Within 14 days you may <a href="/subscribe/withdrawal/">withdraw' in page


def test_what_the_page_before_paying_says_is_what_the_till_charges(counter):
    price = counter.price(trial_days=14)
    price.introduction = Coupon.objects.create(name="Spring", amount=800, currency="EUR", lasts="repeating", months=2)
    price.save()
    fay = cast.fay(BEGAN)
    coming = offers.coming(price, 1, price.introduction, tries=True, at=counter.at)

    held = counter.subscribe(fay, price)
    assert held.trial_ends_at == coming.trial_ends_at
    counter.wait(15 * DAY)
    held = actions.follow(held.reference, at=counter.at)

    assert held.invoices.latest("made_at").due == coming.first
    assert held.period_ends_at == coming.renews_at
    assert stripe_api.preview_renewal(held.reference)["amount_due"] == coming.renews


@pytest.mark.parametrize(("lasts", "renews"), [("once", "€9"), ("forever", "€7.20")])
def test_a_trial_with_a_coupon_says_what_is_charged_first_and_then(counter, lasts, renews):
    fay, given = cast.fay(BEGAN), coupon(percent=20, lasts=lasts)

    bought_with(counter, fay, "SPRING", counter.price(trial_days=14))

    mail = Dispatch.objects.get(kind="trial").text
    assert f"on that day €7.20 is charged, and on 16 April 2026 it renews by itself for {renews}, unless you end it." in mail
    here = cast.log_in(fay)
    for path in ("/account/", "/account/subscription/"):
        assert "Your trial runs until 16 March 2026; €7.20 is charged then." in here.get(path).content.decode()
    assert Subscription.objects.get().coupon == given


def test_whoever_has_subscribed_before_is_introduced_to_nothing(counter):
    price, fay = introduced(counter), cast.fay(BEGAN)
    first = counter.subscribe(fay, price)
    actions.end_now(first, actions.farewell_of(first, at=counter.at), promised="100", at=counter.at)

    assert offers.introduction_for(fay, price, at=counter.at) is None
    counter.subscribe(fay, price)
    assert sorted(Invoice.objects.values_list("paid", flat=True)) == [100, 900]


def test_nobody_is_led_to_another_price_than_was_shown(counter):
    price = introduced(counter, most=1)
    counter.subscribe(cast.fay(BEGAN), price)

    with pytest.raises(actions.NotOnOffer):
        counter.begin(cast.rex(BEGAN), price)

    assert plans.on_offer(at=BEGAN)[0].offers[0].first == ""
    price.refresh_from_db()
    assert counter.begin(cast.rex(BEGAN), price)


# The desk

STATED = {"name": "Spring", "code": "SPRING", "percent": "50", "lasts": "once", "new_only": "on"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"percent": ""},
        {"percent": "101"},
        {"amount": "100", "currency": "EUR"},
        {"percent": "", "amount": "100"},
        {"percent": "", "amount": "100", "currency": "XXY"},
        {"lasts": "repeating"},
        {"months": "3"},
        {"code": "zwei Wörter"},
        {"currency": "EUR"},
    ],
)
def test_a_coupon_that_stripe_would_refuse_is_refused_on_the_desk(wrong):
    assert CouponForm(STATED).is_valid()
    assert not CouponForm(STATED | wrong).is_valid()


def test_a_code_is_one_coupon_s():
    Coupon.objects.create(name="Spring", code="spring", percent=10)

    with pytest.raises(ValidationError):
        Coupon(name="Again", code="SPRING", percent=20).full_clean()


def test_what_stripe_has_is_only_withdrawn(counter):
    form = CouponForm(STATED | {"percent": "90", "withdrawn_at": "2026-03-02 08:00"}, instance=coupon())

    assert form.is_valid()
    assert (form.save().percent, Coupon.objects.get().withdrawn_at is None) == (50, False)


def test_a_price_is_not_introduced_in_another_currency(counter):
    price = counter.price()
    dollars = Coupon.objects.create(name="Spring", amount=100, currency="USD")

    form = PriceForm(
        {"plan": price.plan_id, "every": "month", "currency": "EUR", "amount": "9", "introduction": dollars.pk}, instance=price
    )

    assert "introduction" in form.errors


def test_without_a_key_nothing_is_asked_of_stripe(settings):
    settings.STRIPE_SECRET_KEY = ""
    Coupon.objects.create(name="Spring", code="SPRING", percent=50)

    assert actions.settle_coupons(at=BEGAN) == 0
    assert not stripe_api.is_configured()


@pytest.mark.parametrize(("lasts", "sum_named"), [("forever", "for €4.50.\n"), ("once", "for €9.\n")])
def test_a_renewal_is_written_of_with_what_a_coupon_takes_off_then(counter, lasts, sum_named):
    fay = cast.fay(BEGAN)
    coupon(lasts=lasts)
    bought_with(counter, fay, "SPRING")

    writing.remind(at=Subscription.objects.get().period_ends_at - DAY)

    assert sum_named in Dispatch.objects.get(kind="renewal").text


def test_the_desk_says_how_often_each_was_redeemed_and_that_it_does_not_know_while_stripe_is_away(counter):
    coupon(most=3)
    coupon(name="Autumn", code="AUTUMN")
    bought_with(counter, cast.fay(BEGAN), "SPRING")
    desk = cast.log_in(cast.petra(BEGAN))

    page = desk.get("/admin/coupons/").content.decode()
    assert "1 of 3" in page
    assert re.search(r">\s*0\s*<", page)

    Coupon.objects.filter(code="SPRING").update(reference="gone there")
    page = desk.get("/admin/coupons/").content.decode()
    assert "of 3" not in page
    assert page.count("not known") == 1

    counter.till.outage.refused = 10
    assert desk.get("/admin/coupons/").content.decode().count("not known") == 2


def test_how_often_a_coupon_was_redeemed_leads_to_whom_used_up_or_not(counter):
    spring, autumn = coupon(lasts="once"), coupon(name="Autumn", code="AUTUMN")
    fay, rex = cast.fay(BEGAN), cast.rex(BEGAN)
    bought_with(counter, fay, "SPRING")
    bought_with(counter, rex, "AUTUMN")
    desk = cast.log_in(cast.petra(BEGAN))

    way = f"/admin/figures/redeemed/?coupon={spring.pk}"
    assert way in desk.get("/admin/coupons/").content.decode()
    assert way in desk.get(f"/admin/coupons/edit/{spring.pk}/").content.decode()
    named = desk.get(way).content.decode()
    assert (fay.email in named, rex.email in named) == (True, False)
    assert "the coupon Spring (SPRING)" in named
    assert Subscription.objects.get(customer__reader=rex).coupon == autumn


def test_of_many_coupons_the_desk_asks_for_those_made_last(counter, monkeypatch):
    monkeypatch.setattr(stripe_api, "MOST_COUPONS", 1)
    coupon(most=3)
    bought_with(counter, cast.fay(BEGAN), "SPRING")
    counter.at += DAY
    coupon(name="Autumn", code="AUTUMN", most=5)

    page = cast.log_in(cast.petra(BEGAN)).get("/admin/coupons/").content.decode()

    assert "0 of 5" in page
    assert "of 3" not in page
