"""What staff do for a reader: comp, more days, money back, looking as they do. Each is written down, and nothing is silent."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.utils import formats, timezone

from broadsheet.access.terms import Audience
from broadsheet.billing import actions, stripe_api
from broadsheet.billing.actions import given_years
from broadsheet.billing.models import GivenYear, Invoice
from broadsheet.billing.policy import LEEWAY
from broadsheet.kit import clock
from broadsheet.membership import actions as membership
from broadsheet.membership.looking import LOOK_LIFE
from broadsheet.membership.models import Deed, Device, Opening, Reader, Term
from broadsheet.membership.renewal import renew
from tests import cast
from tests.billing.counter import BEGAN, DAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(at):
    with time_machine.travel(at, tick=False) as clock:
        yield clock


@pytest.fixture
def petra(at):
    return cast.petra(at)


@pytest.fixture
def desk(petra):
    return cast.log_in(petra)


@pytest.fixture
def fay(at):
    return cast.fay(at)


def deeds():
    return list(Deed.objects.order_by("pk").values_list("kind", "by_address", "reader__email"))


# Free reading and more days


def test_a_comp_is_given_and_written_down(desk, counter, fay):
    desk.post(f"/admin/readers/{fay.pk}/comp/", {"days": "30", "note": "prize"})

    assert counter.reads_until(fay) == BEGAN + 30 * DAY
    assert deeds() == [("comp", "petra@example.org", "fay@example.org")]


@pytest.mark.parametrize("days", ["", "0", "-3", "9999", "1e3", "x"])
def test_days_that_are_none_give_nothing(desk, fay, days):
    desk.post(f"/admin/readers/{fay.pk}/comp/", {"days": days})

    assert not Term.objects.exists()
    assert deeds() == []


def test_a_term_written_or_ended_under_terms_is_written_down_too(desk, fay):
    stated = {"address": fay.email, "source": "comp", "payment": "paid", "note": ""}
    desk.post("/admin/terms/new/", {**stated, "starts_at": "2026-03-01 08:00", "ends_at": "2026-04-01 08:00"})
    desk.post(f"/admin/terms/delete/{Term.objects.get().pk}/")

    assert [kind for kind, *_ in deeds()] == ["term", "end"]


def extend(desk, term, days=10, shown=None):
    return desk.post(f"/admin/readers/terms/{term.pk}/extend/", {"days": days, "shown": (shown or term.ends_at).isoformat()})


def test_a_comp_is_extended_from_its_end_and_once_by_a_doubled_click(desk, counter, fay):
    term = membership.give_comp(reader=fay, ends_at=BEGAN + 5 * DAY, at=BEGAN)

    extend(desk, term)
    extend(desk, term)

    assert counter.reads_until(fay) == BEGAN + 15 * DAY
    assert [kind for kind, *_ in deeds()] == ["extend"]


def test_a_term_that_is_over_is_extended_from_now(desk, counter, fay):
    term = membership.record_term(
        reader=fay, source="comp", starts_at=BEGAN - 9 * DAY, ends_at=BEGAN - 2 * DAY, at=BEGAN - 9 * DAY
    )

    extend(desk, term)

    assert counter.reads_until(fay) == BEGAN + 10 * DAY
    assert Term.objects.get(pk=term.pk).ends_at == BEGAN - 2 * DAY


def test_days_behind_a_subscription_outlive_what_stripe_says_next(desk, counter, fay):
    held = counter.subscribe(fay, counter.price())
    term = Term.objects.get()

    extend(desk, term)
    extend(desk, term)
    actions.follow(held.reference, at=counter.at)

    assert Term.objects.get(pk=term.pk).ends_at == held.period_ends_at + LEEWAY
    counter.at = term.ends_at
    assert counter.reads_until(fay) == term.ends_at + 10 * DAY
    assert Term.objects.count() == 2


def test_a_term_without_an_end_has_none_to_extend(petra, fay):
    term = membership.give_comp(reader=fay, ends_at=None, at=BEGAN)

    with pytest.raises(membership.WithoutEnd):
        membership.extend_term(term, by=petra, days=3, shown=None, at=BEGAN)


# Money back


def refund(desk, amount, *, shown="0", why="sorry"):
    bill = Invoice.objects.latest("pk")
    return desk.post(f"/admin/readers/bills/{bill.pk}/refund/", {"amount": amount, "shown_back": shown, "why": why})


def _charge():
    (charge,) = stripe_api.charges(invoice=Invoice.objects.latest("pk").reference)
    return charge


def test_a_charge_paid_back_in_part_leaves_the_standing(desk, counter, fay):
    held = counter.subscribe(fay, counter.price(amount=1_900))

    assert refund(desk, "4.50").status_code == 302

    assert _charge()["amount_refunded"] == 450
    assert counter.reads_until(fay) == held.period_ends_at + LEEWAY
    assert Invoice.objects.get().refunded == 450
    assert deeds() == [("refund", "petra@example.org", "fay@example.org")]
    assert "€4.50" in Deed.objects.get().what


def test_a_charge_paid_back_whole_ends_the_standing_at_once(desk, counter, fay):
    counter.subscribe(fay, counter.price(amount=1_900))
    counter.wait(DAY)

    refund(desk, "19.00")

    assert counter.reads_until(fay) is None


def test_a_doubled_click_pays_back_once(desk, counter, fay):
    counter.subscribe(fay, counter.price(amount=1_900))

    refund(desk, "5.00")
    again = refund(desk, "5.00")

    assert again.status_code == 409
    assert _charge()["amount_refunded"] == 500
    assert len(deeds()) == 1


def test_an_answer_that_was_lost_pays_back_once_when_it_is_asked_again(desk, counter, fay):
    counter.subscribe(fay, counter.price(amount=1_900))
    bill, petra = Invoice.objects.get(), Reader.objects.get(email="petra@example.org")
    charged = actions.charged_for(bill)
    membership.record_deed(
        by=petra,
        reader=fay,
        kind="refund",
        what=f"€5 of bill {bill}. sorry",
        at=BEGAN,
        reference=f"refund {charged.reference} 0",
    )  # as if we had died before Stripe was asked

    refund(desk, "5.00")

    assert _charge()["amount_refunded"] == 500
    assert len(deeds()) == 1


@pytest.mark.parametrize("amount", ["19.01", "0", "-1", "1.005", "x", "", "NaN", "Infinity", "1e9"])
def test_no_more_goes_back_than_came_in(desk, counter, fay, amount):
    counter.subscribe(fay, counter.price(amount=1_900))

    assert refund(desk, amount).status_code in (200, 409)

    assert _charge()["amount_refunded"] == 0
    assert deeds() == []


def test_one_that_stripe_never_got_gives_way_to_another_sum_after_a_while(desk, counter, fay, noon):
    counter.subscribe(fay, counter.price(amount=1_900))
    petra, reference = Reader.objects.get(email="petra@example.org"), f"refund {_charge()['id']} 0"
    membership.record_deed(by=petra, reader=fay, kind="refund", what="€5, sorry", at=clock.now(), reference=reference)

    assert "Wait ten minutes" in refund(desk, "7.00").content.decode()
    noon.shift(timedelta(minutes=11))
    assert refund(desk, "7.00").status_code == 302

    assert _charge()["amount_refunded"] == 700
    assert sorted(Deed.objects.values_list("what", flat=True))[0] == "Not done, Stripe never answered: €5, sorry"


def test_the_page_of_a_refund_says_what_credit_stays_at_stripe(desk, counter, fay):
    held = counter.subscribe(fay, counter.price(amount=1_900))
    page = f"/admin/readers/bills/{Invoice.objects.get().pk}/refund/"
    assert "credit" not in desk.get(page).content.decode()
    customer = held.customer.reference

    stripe_api.move_credit(customer=customer, amount=-700, currency="eur", key="left over", marks={})

    told = desk.get(page).content.decode()
    assert "a credit of €7, which pays their next bills" in told
    assert f"customer {customer} at Stripe" in told


def test_the_page_of_a_refund_says_what_is_left(desk, counter, fay):
    counter.subscribe(fay, counter.price(amount=1_900))
    refund(desk, "5.00")

    page = desk.get(f"/admin/readers/bills/{Invoice.objects.get().pk}/refund/").content.decode()

    assert "€14 of it can go back" in page
    assert 'value="14.00"' in page


def test_a_charge_is_paid_back_until_nothing_is_left(desk, counter, fay):
    counter.subscribe(fay, counter.price(amount=1_900))
    page = f"/admin/readers/{fay.pk}/"
    bill = f"/admin/readers/bills/{Invoice.objects.get().pk}/refund/"

    refund(desk, "5.00")
    rest = desk.get(bill).content.decode()
    partly = desk.get(page).content.decode()
    refund(desk, "14.00", shown="500")
    wholly = desk.get(page).content.decode()

    assert 'value="14.00"' in rest
    assert "Pay the rest back" in partly
    assert bill not in wholly
    assert "all of it went back" in wholly


def test_the_reader_s_page_shows_what_is_held_and_what_was_done(desk, counter, fay):
    counter.subscribe(fay, counter.price(amount=1_900))
    refund(desk, "5.00")

    page = desk.get(f"/admin/readers/{fay.pk}/").content.decode()

    assert "€19" in page
    assert "€5 of bill" in page
    assert f"/admin/readers/{fay.pk}/" in desk.get("/admin/users/").content.decode()


def test_whoever_gave_a_year_finds_it_on_the_desk(desk, counter, fay):
    price = counter.price(every="year", amount=9_000)
    to = {"to_address": "nia@example.org", "from_name": "Fay", "message": ""}
    counter.pay(given_years.begin_giving(giver=fay, price=price, deliver_at=BEGAN, at=BEGAN, **to))
    year = given_years.end_giving(GivenYear.objects.get().reference, giver=fay, at=BEGAN)

    page = desk.get(f"/admin/readers/{fay.pk}/").content.decode()

    assert "Gave a year to nia@example.org, paid €90 on" in page
    assert f'href="/admin/given_years/inspect/{year.pk}/"' in page
    assert year.payment in page


def test_days_more_wait_only_for_what_renews(desk, counter, fay):
    held = counter.subscribe(fay, counter.price())
    page = f"/admin/readers/{fay.pk}/"
    assert "wait there while it renews" in desk.get(page).content.decode()

    stripe_api.change_subscription(held.reference, {"cancel_at_period_end": True}, key="end")
    actions.follow(held.reference, at=BEGAN)

    told = desk.get(page).content.decode()
    assert "Its own end stays" in told
    assert "while it renews" not in told


def test_a_trial_is_not_called_paid(desk, counter, fay):
    counter.subscribe(fay, counter.price(trial_days=14))

    told = desk.get(f"/admin/readers/{fay.pk}/").content.decode()

    assert "Subscription, On trial, nothing was paid: from" in told


def test_the_desk_names_the_day_on_which_a_subscription_ended(desk, counter, fay):
    held = counter.subscribe(fay, counter.price(every="year"))
    stripe_api.end_subscription(held.reference, key="end")
    actions.follow(held.reference, at=BEGAN)

    for page in (f"/admin/readers/{fay.pk}/", "/admin/subscriptions/"):
        told = desk.get(page).content.decode()
        assert formats.date_format(timezone.localtime(BEGAN), "j F Y, H:i") in told
        assert f"{held.period_ends_at.year}" not in told


# Who may


@pytest.mark.parametrize("who", [cast.edda, cast.carlo])
def test_only_publishers_do_any_of_it(who, at, counter, fay):
    counter.subscribe(fay, counter.price())
    browser, bill, term = cast.log_in(who(at)), Invoice.objects.get(), Term.objects.get()

    for path in (
        f"/admin/readers/{fay.pk}/comp/",
        f"/admin/readers/{fay.pk}/look/",
        f"/admin/readers/terms/{term.pk}/extend/",
        f"/admin/readers/bills/{bill.pk}/refund/",
    ):
        browser.post(path, {"days": "3", "shown": term.ends_at.isoformat(), "amount": "1", "shown_back": "0"})
    browser.get(f"/admin/readers/{fay.pk}/")

    assert deeds() == []
    assert Term.objects.count() == 1
    assert _charge()["amount_refunded"] == 0


def test_nobody_does_it_to_whom_they_may_not_change(desk, at):
    root = Reader.objects.create_superuser("root@example.org", joined_at=at, confirmed_at=at)

    assert desk.post(f"/admin/readers/{root.pk}/comp/", {"days": "3"}).status_code in (302, 403)
    desk.post(f"/admin/readers/{root.pk}/look/")

    assert deeds() == []


def test_nobody_has_a_right_to_change_or_remove_a_deed():
    rights = Permission.objects.filter(content_type__app_label="membership", content_type__model="deed")

    assert set(rights.values_list("codename", flat=True)) == {"view_deed", "look_as_reader", "refund_charge"}


def test_a_deed_outlives_the_reader_and_whoever_did_it(petra, fay):
    membership.give_comp_on_the_desk(by=petra, reader=fay, days=3, note="", at=BEGAN)

    fay.delete()
    petra.delete()

    assert deeds() == [("comp", "petra@example.org", None)]


# Looking as a reader


def look(desk, reader):
    return desk.post(f"/admin/readers/{reader.pk}/look/")


def test_staff_see_the_site_as_the_reader_does_and_the_reader_is_told(desk, fay):
    own = desk.cookies["session"].value
    answer = look(desk, fay)

    page = desk.get("/account/").content.decode()
    theirs = cast.log_in(fay).get("/account/").content.decode()

    assert answer["Location"] == "/account/"
    assert desk.cookies["session"].value != own
    assert desk.cookies["looking"].value == "fay%40example.org"
    assert "fay@example.org" in page
    assert "staff looked at your account" in theirs
    assert deeds() == [("look", "petra@example.org", "fay@example.org")]


def test_whoever_looks_changes_nothing(desk, fay):
    look(desk, fay)

    answers = [
        desk.post("/account/", {"first_name": "Mallory"}),
        desk.post("/account/", {"end-sessions": "yes"}),
        desk.post("/account/subscription/cancel/", {"now": "yes"}),
        desk.post("/accounts/email/", {"email": "m@example.org", "action_add": ""}),
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert Reader.objects.get(pk=fay.pk).first_name == "Fay"
    assert "Stop looking" in answers[0].content.decode()


@pytest.mark.parametrize("path", ["/account/devices/", "/account/export/", "/account/export/?download=yes"])
def test_what_is_the_reader_s_alone_is_not_shown(path, desk, fay):
    look(desk, fay)

    assert desk.get(path).status_code == 403
    assert not Device.objects.exists()


def test_whoever_looks_is_not_at_the_desk(desk, fay):
    look(desk, fay)

    assert desk.get("/admin/figures/").status_code == 302


def test_one_click_ends_it_and_the_desk_goes_on_as_before(desk, fay):
    own = desk.cookies["session"].value
    look(desk, fay)
    looked = desk.cookies["session"].value

    answer = desk.post("/looking/end/")

    assert (answer.status_code, answer["Location"]) == (302, f"/admin/readers/{fay.pk}/")
    assert desk.cookies["session"].value == own
    assert desk.cookies["looking"].value == ""
    assert desk.get("/admin/figures/").status_code == 200
    assert [kind for kind, *_ in deeds()] == ["look", "looked"]
    assert renew({"HTTP_COOKIE": f"session={looked}"}, None, Audience.METERED).a_pass is None


def test_what_staff_read_as_a_reader_is_theirs_and_spends_nothing(desk, petra, fay):
    look(desk, fay)
    cookie = {"HTTP_COOKIE": f"session={desk.cookies['session'].value}", "HTTP_USER_AGENT": "Firefox"}

    a_pass = renew(cookie, "a1", Audience.METERED).a_pass

    assert a_pass.reader == petra.pk
    assert a_pass.entitled_until == 0
    assert not Opening.objects.exists()
    assert not Device.objects.filter(reader=fay).exists()
    assert not desk.get("/account/").cookies.get("pass")


def test_a_look_ends_by_itself(desk, fay, noon, at):
    look(desk, fay)
    noon.move_to(at + LOOK_LIFE + timedelta(seconds=1))

    assert desk.get("/account/").status_code == 302


def test_a_reader_who_logs_out_everywhere_ends_the_look_too(desk, fay, at):
    look(desk, fay)
    membership.end_sessions(fay, why="ended by the reader", at=at)

    answer = desk.get("/account/")

    assert answer.status_code == 302
    assert answer.cookies["looking"].value == ""


def test_nobody_looks_as_a_colleague_or_as_a_closed_account(desk, at, fay):
    look(desk, cast.edda(at))
    Reader.objects.filter(pk=fay.pk).update(is_active=False)
    look(desk, fay)

    assert deeds() == []


def test_a_get_begins_and_ends_nothing(desk, fay):
    assert desk.get(f"/admin/readers/{fay.pk}/look/").status_code == 405
    look(desk, fay)
    desk.get("/looking/end/")

    assert [kind for kind, *_ in deeds()] == ["look"]


def test_whoever_does_not_look_has_nothing_to_end(fay):
    reader = cast.log_in(fay)

    assert reader.post("/looking/end/")["Location"] == "/account/"
    assert reader.get("/account/").status_code == 200


def test_whoever_stands_in_the_books_is_erased_and_not_removed(desk, counter, fay):
    counter.subscribe(fay, counter.price())

    assert desk.get(f"/admin/users/delete/{fay.pk}/").status_code in (302, 403)
    desk.post(f"/admin/users/delete/{fay.pk}/")
    desk.post(f"/admin/bulk/membership/reader/delete/?id={fay.pk}")

    assert Reader.objects.filter(pk=fay.pk).exists()
