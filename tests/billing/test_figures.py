"""The publisher's figures: each counted by hand here, each leading to its list, none costing more queries with more rows."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import formats, timezone

from broadsheet.access.terms import Audience
from broadsheet.billing import actions, figures, lists, stripe_api
from broadsheet.billing.models import Checkout, Customer, Invoice, Plan, Price, Subscription
from broadsheet.membership.actions import erasing
from broadsheet.membership.actions.metering import open_first_article
from broadsheet.membership.models import Reader, Reading
from broadsheet.press.models import Slip
from tests import cast, make
from tests.billing.counter import BEGAN, DAY

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def noon(at):
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def desk(at, noon):
    return cast.log_in(cast.petra(at))


@pytest.fixture
def plan():
    return Plan.objects.create(name="All-Access", slug="all-access")


def price(plan, every="month", amount=900, currency="EUR"):
    return Price.objects.create(plan=plan, every=every, amount=amount, currency=currency)


def subscription(name, price, *, status="active", starts_at=BEGAN - 40 * DAY, **fields):
    reader = cast.reader(name, BEGAN)
    customer = Customer.objects.get_or_create(reader=reader, live=False, defaults={"reference": f"cus_{name}"})[0]
    stated = {"quantity": 1, "period_starts_at": BEGAN - 10 * DAY, "period_ends_at": BEGAN + 20 * DAY, "asked_at": BEGAN}
    return Subscription.objects.create(
        customer=customer,
        price=price,
        reference=f"sub_{name}_{Subscription.objects.count()}",
        live=False,
        status=status,
        starts_at=starts_at,
        **stated | fields,
    )


def wall(story, reason="subscribe", *, times=1, at=BEGAN):
    key = Reading.objects.count()
    Reading.objects.bulk_create(Reading(key=f"t:{key + n}", story=story, reason=reason, read_at=at) for n in range(times))


def test_a_week_begins_on_monday_at_midnight_of_the_publication(at):
    weeks = figures.weeks(at, ZoneInfo("America/New_York"))

    assert len(weeks) == 12
    assert weeks[-1].first.isoformat() == "2026-03-02"
    assert weeks[-1].begins.isoformat() == "2026-03-02T05:00:00+00:00"
    assert [one.ends for one in weeks[:-1]] == [one.begins for one in weeks[1:]]


def test_months_go_back_over_the_year(at):
    assert [one.first.isoformat() for one in figures.months(at, LONDON)][::11] == ["2025-04-01", "2026-03-01"]


def test_readers_are_counted_by_the_week_in_which_they_came(at):
    cast.fay(at)
    Reader.objects.create_user("una@example.org", joined_at=at - 7 * DAY)

    counted = figures.readers(figures.weeks(at, LONDON))

    assert (counted.registered, counted.confirmed) == (2, 1)
    assert counted.by_week[-2:] == (1, 1)


@pytest.mark.postgres
def test_a_month_s_money_is_the_sum_of_what_is_paid_by_the_month(plan):
    subscription("sada", price(plan, "month", 900), quantity=3)
    subscription("pasha", price(plan, "year", 12_000), status="past_due")
    subscription("fay", price(plan, "quarter", 3_000, "USD"))
    subscription("lena", price(plan, "month", 700, "USD"), status="trialing")
    subscription("rex", price(plan, "year", 9_900, "GBP"), status="canceled", ended_at=BEGAN - DAY)

    assert figures.monthly_revenue() == {"EUR": 2_700 + 1_000, "USD": 1_000}


def test_what_is_paused_is_counted_by_itself_and_pays_nothing(plan):
    sold = price(plan)
    subscription("sada", sold)
    subscription("pasha", sold, paused=True)
    subscription("lena", sold, status="paused")

    assert (figures.subscribers().count(), figures.paused().count()) == (1, 2)
    assert figures.monthly_revenue() == {"EUR": 900}


def test_a_discount_counts_where_a_bill_of_the_running_period_shows_it(plan):
    held = subscription("sada", price(plan, "year", 12_000))
    bill = {"customer": held.customer, "subscription": held, "status": "paid", "currency": "EUR"}
    Invoice.objects.create(reference="in_now", discount=2_400, made_at=held.period_starts_at, **bill)
    Invoice.objects.create(reference="in_then", discount=6_000, made_at=held.period_starts_at - 365 * DAY, **bill)

    assert figures.monthly_revenue() == {"EUR": 800}


def test_a_coupon_s_discount_is_followed_from_the_bill(counter):
    fay, sold = cast.fay(BEGAN), counter.price(amount=1_000)
    held = counter.subscribe(fay, sold)
    v1 = stripe_api._v1()
    coupon = v1.coupons.create({"percent_off": 20, "duration": "forever"})
    v1.subscriptions.update(held.reference, {"discounts": [{"coupon": coupon.id}]})
    counter.wait(held.period_ends_at - counter.at + timedelta(hours=2))
    counter.tell_what_is_new()

    assert figures.monthly_revenue() == {"EUR": 800}


@pytest.mark.postgres
def test_churn_is_what_ended_by_what_ran_and_trials_are_in_neither(plan, at):
    sold, months = price(plan), figures.months(at, LONDON)  # February is the last but one
    for name in ("sada", "pasha", "fay"):
        subscription(name, sold, starts_at=BEGAN - 90 * DAY)
    subscription("lena", sold, starts_at=BEGAN - 90 * DAY, status="canceled", ended_at=BEGAN - 10 * DAY)
    trial = BEGAN - 10 * DAY
    subscription("rex", sold, starts_at=BEGAN - 90 * DAY, status="canceled", ended_at=trial, trial_ends_at=trial)

    february = figures.churn(months)[-2]

    assert (february.at_beginning, february.ended, february.percent) == (4, 1, 25.0)


def test_who_came_and_went_within_a_month_is_not_lost_of_those_who_were_there(plan, at):
    sold, months = price(plan), figures.months(at, LONDON)
    subscription("sada", sold, starts_at=BEGAN - 90 * DAY, status="canceled", ended_at=BEGAN - 10 * DAY)
    for name in ("pasha", "fay", "rex"):
        subscription(name, sold, starts_at=BEGAN - 20 * DAY, status="canceled", ended_at=BEGAN - 10 * DAY)

    february = figures.churn(months)[-2]
    listed = lists.called("ended", lists.Asked({"month": "2026-02-01"}, at, LONDON)).found

    assert (february.at_beginning, february.ended, february.percent) == (1, 1, 100.0)
    assert [one.customer.reader.email for one in listed] == ["sada@example.org"]


@pytest.mark.postgres
def test_the_wall_is_counted_by_week_and_by_article_with_what_came_of_it(plan, at):
    weeks, dam = figures.weeks(at, LONDON), _printed(make.article("briefing", headline="The Dam"))
    wall(dam.story, "subscribe", times=3)
    wall(dam.story, "register", times=2, at=at - 7 * DAY)
    wall("a999999", "spent", times=1)
    Reading.objects.create(key="full", story=dam.story, reason="entitled", read_at=at)
    fay, sold = cast.fay(at), price(plan)
    open_first_article(reader=fay, story=dam.story, at=at)
    subscription("fay", sold, starts_at=at)
    Checkout.objects.create(reader=fay, price=sold, next_path=dam.address, began_at=at, ended_at=at, bought_at=at)
    subscription("rex", sold, starts_at=at)  # whose browser remembered no article

    last, before = figures.walls_by_week(weeks)[-1], figures.walls_by_week(weeks)[-2]
    first = lists.called("walls", lists.Asked({}, at, LONDON))
    (row, other) = first.rows(list(first.found))

    assert (last.all_shown, last.registrations, last.subscriptions, before.all_shown) == (4, 1, 1, 2)
    assert row.cells == ("The Dam", 5, 2, 0, 0, 0, 3, 0, 1, 1)
    assert other.cells[:2] == ("a999999", 1)


def test_what_was_bought_at_the_wall_stays_counted_whatever_becomes_of_it(counter, noon):
    _printed(make.article("briefing", headline="The Dam"))
    Slip.objects.update(path="/briefings/the-dam/")  # where the counter's readers come from
    fay, una = cast.fay(BEGAN), cast.reader("una", BEGAN)
    held, dearer = counter.subscribe(fay, counter.price()), counter.price(amount=1_500)
    counter.subscribe(una, counter.price())
    actions.change_plan(held, actions.show_change(held, dearer, quantity=1, at=counter.at).pk, at=counter.at)
    erasing.want_erased(una, at=counter.at)
    weeks = figures.weeks(counter.at, LONDON)
    listed = lists.called("sold", lists.Asked({}, counter.at, LONDON))

    assert figures.walls_by_week(weeks)[-1].subscriptions == 2
    assert {row.cells[0] for row in listed.rows(list(listed.found))} == {fay.email, lists.GONE}
    assert una.email not in str(list(Checkout.objects.values()))


def _printed(article):
    Slip.objects.create(
        path=article.address, change=article.pk, kind="article", story=article.story, audience=Audience.METERED, pressed_at=BEGAN
    )
    return article


def test_the_page_says_every_figure_and_leads_to_its_list(desk, counter, plan):
    subscription("sada", price(plan))
    subscription("pasha", price(plan, "year", 9_900), status="past_due")
    wall("a1")

    page = desk.get("/admin/figures/").content.decode()

    assert "€17.25" in page  # 9 and a twelfth of 99
    for name in ("readers", "trials", "paused", "subscribers", "failed", "ran", "ended", "walls", "sold", "deeds"):
        assert f"/admin/figures/{name}/" in page
    assert "pasha@example.org" in page
    assert page.count("<svg") >= 4


def test_times_are_written_on_the_desk_as_everywhere_there_and_in_a_file_as_programs_read_them(desk, plan):
    subscription("sada", price(plan))
    began = timezone.localtime(Subscription.objects.get().starts_at)

    assert formats.date_format(began, "j F Y, H:i") in desk.get("/admin/figures/subscribers/").content.decode()
    assert f"{began:%Y-%m-%d %H:%M}".encode() in b"".join(desk.get("/admin/figures/subscribers/?as=csv").streaming_content)


@pytest.mark.parametrize("name", sorted(lists.LISTS))
def test_every_list_opens_and_goes_out_as_csv(name, desk, counter, plan):
    subscription("sada", price(plan))
    subscription("pasha", price(plan, "year"), status="past_due")
    wall("a1")

    assert desk.get(f"/admin/figures/{name}/?p=99&week=nonsense&plan=%00&month=2026-13-40").status_code == 200
    assert desk.get(f"/admin/figures/{name}/?currency=%00&plan={9**40}&reader={9**40}&p=%00").status_code == 200
    whole = desk.get(f"/admin/figures/{name}/?as=csv")

    assert whole.streaming
    assert whole["Content-Type"].startswith("text/csv")
    columns = lists.called(name, lists.Asked({}, BEGAN, LONDON)).columns
    assert b"".join(whole.streaming_content).decode().splitlines()[0] == ",".join(columns)


@pytest.mark.parametrize("name", sorted(set(lists.LISTS) - {"readers"}))
def test_an_empty_list_says_what_that_means(name, desk):
    says = lists.called(name, lists.Asked({}, BEGAN, LONDON)).none

    assert says != "Nothing is in it."
    assert says in desk.get(f"/admin/figures/{name}/").content.decode()


def test_a_list_that_is_none_is_not_found(desk):
    assert desk.get("/admin/figures/nonsense/").status_code == 404


@pytest.mark.parametrize("who", [cast.edda, cast.carlo])
def test_the_figures_are_the_publishers(who, at, noon):
    browser = cast.log_in(who(at))

    for path in ("/admin/figures/", "/admin/figures/readers/", "/admin/figures/readers/?as=csv", "/admin/figures/deeds/"):
        assert browser.get(path).status_code in (302, 403)
    assert "/admin/figures/" not in browser.get("/admin/").content.decode()


def test_a_reader_s_address_that_is_a_formula_is_defused_in_the_csv(desk, at):
    Reader.objects.create_user("=cmd|a@example.org", joined_at=at)

    assert b"\n'=cmd|a@example.org," in b"".join(desk.get("/admin/figures/readers/?as=csv").streaming_content)


def test_more_rows_cost_no_more_queries(desk, counter, plan):
    sold = price(plan)

    def fill(names):
        for name in names:
            subscription(name, sold, status="past_due")
            wall(f"a{name[1:]}")

    fill(["s1"])
    desk.get("/admin/figures/")  # what is remembered for good is remembered
    paths = ("/admin/figures/", "/admin/figures/readers/", "/admin/figures/subscribers/", "/admin/figures/walls/")
    few = [_queries(desk, path) for path in paths]
    fill([f"s{number}" for number in range(2, 30)])

    assert [_queries(desk, path) for path in paths] == few
    assert few[0] < 40


def _queries(desk, path):
    with CaptureQueriesContext(connection) as asked:
        assert desk.get(path).status_code == 200
    return len(asked)


def test_the_walls_are_read_from_their_index(at):
    weeks = figures.weeks(at, LONDON)
    assert "readings_by_reason" in figures.walls_by_article(weeks).explain()
