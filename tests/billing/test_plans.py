"""What is on offer: the page of plans, the way to it from a wall, and what was chosen, in words, before anybody pays."""

from datetime import UTC, datetime

import pytest

from broadsheet.billing import plans
from broadsheet.billing.models import Plan, Price
from broadsheet.press.actions import press_page
from broadsheet.press.models import Slip
from tests import cast

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def offered():
    all_access = Plan.objects.create(
        name="All-Access", slug="all-access", gives="Every article\nThe whole library", trial_days=14
    )
    team = Plan.objects.create(name="Team", slug="team", kind=Plan.Kind.TEAM, least_seats=3, order=1)
    return {
        "month": Price.objects.create(plan=all_access, every="month", currency="EUR", amount=900),
        "year": Price.objects.create(plan=all_access, every="year", currency="EUR", amount=9_000),
        "seat": Price.objects.create(plan=team, every="year", currency="USD", amount=7_950),
    }


def page() -> str:
    sheet = plans.compose_plans(plans.PATH, None, NOW)
    return sheet.html


def test_the_page_says_what_each_plan_gives_and_costs(offered):
    html = page()

    assert "Every article" in html
    assert "€9</b> a month" in html
    assert "€90</b> a year" in html
    assert "17 % less" in html
    assert "US$79.50</b> a seat, a year" in html
    assert "Try it for 14 days" in html


def test_what_is_withdrawn_is_not_offered(offered):
    Price.objects.filter(pk=offered["year"].pk).update(withdrawn_at=NOW)
    Plan.objects.filter(slug="team").update(withdrawn_at=NOW)

    html = page()

    assert "€90" not in html
    assert "Team" not in html


def test_without_plans_nothing_is_promised():
    assert "Nothing is for sale here yet" in page()


def test_the_page_is_pressed_and_pressed_again_when_a_price_changes(offered, django_capture_on_commit_callbacks, at):
    press_page(plans.PATH, at=at)
    before = Slip.objects.get(path=plans.PATH)

    with django_capture_on_commit_callbacks(execute=True):
        offered["month"].amount = 950
        offered["month"].save()

    after = Slip.objects.get(path=plans.PATH)
    assert before.full_cut
    assert after.stale_at is not None or after.full_cut != before.full_cut


def test_the_wall_s_way_to_the_plans_remembers_the_article():
    answer = cast.vera().get("/subscribe/from/?next=/briefings/the-dam/%23continue")

    assert (answer.status_code, answer["Location"]) == (303, "/subscribe/")
    assert answer.cookies["way"].value == "/briefings/the-dam/"
    assert answer.cookies["way"]["httponly"]


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_the_way_leads_nowhere_else(elsewhere):
    answer = cast.vera().get("/subscribe/from/", {"next": elsewhere})

    assert answer.cookies["way"].value == "/"


def test_whoever_is_not_in_registers_first_and_comes_back_to_what_was_chosen(offered):
    answer = cast.vera().post("/subscribe/confirm/", {"price": offered["seat"].pk, "seats": "5"}, **cast.OURS)

    assert answer.status_code == 303
    assert answer["Location"] == f"/join/?next=%2Fsubscribe%2Fconfirm%2F{offered['seat'].pk}%2F5%2F"


def test_what_was_chosen_is_said_before_anybody_pays(offered, at):
    here = cast.log_in(cast.fay(at))

    html = here.get(f"/subscribe/confirm/{offered['seat'].pk}/4/").content.decode()

    assert "4 seats, a year" in html
    assert "US$318" in html


@pytest.mark.parametrize("named", ["", "0", "abc", "99999999999999", "1e3", "-1", "²"])
def test_a_price_that_is_not_on_offer_leads_back_to_the_plans(offered, at, named):
    here = cast.log_in(cast.fay(at))

    answer = here.post("/subscribe/confirm/", {"price": named, "pay": "yes"}, **cast.OURS)
    assert here.get(f"/subscribe/confirm/{named or 0}/1/")["Location"] == "/subscribe/"

    assert (answer.status_code, answer["Location"]) == (303, "/subscribe/")


def test_a_form_of_another_site_buys_nothing(offered, at):
    here = cast.log_in(cast.fay(at))

    theirs = {"HTTP_ORIGIN": "https://evil.example", "HTTP_SEC_FETCH_SITE": "cross-site"}
    answer = here.post("/subscribe/confirm/", {"price": offered["month"].pk, "pay": "yes"}, **theirs)

    assert answer.status_code == 403


def test_where_nothing_is_configured_a_payment_is_refused_in_a_sentence(offered, at):
    here = cast.log_in(cast.fay(at))

    answer = here.post("/subscribe/confirm/", {"price": offered["month"].pk, "pay": "yes"}, **cast.OURS)

    assert answer.status_code == 503
    assert "nothing was charged" in answer.content.decode()


@pytest.mark.parametrize(
    ("amount", "currency", "written"), [(900, "EUR", "€9"), (950, "GBP", "£9.50"), (1200, "JPY", "JP¥1,200")]
)
def test_money_is_written_as_it_is_read(amount, currency, written):
    assert plans.money(amount, currency) == written
