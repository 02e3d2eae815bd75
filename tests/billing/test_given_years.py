"""A year given to somebody else, by the real SDK at the till: paid once, delivered on its day, redeemed once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import connections

from broadsheet.billing import actions, own_records, stripe_api
from broadsheet.billing.actions import given as given_back
from broadsheet.billing.actions import given_years
from broadsheet.billing.models import GivenYear, SellingRules
from broadsheet.billing.policy import LEEWAY
from broadsheet.mailroom.models import Dispatch
from broadsheet.membership import records
from broadsheet.membership.actions import give_comp
from broadsheet.membership.models import Deed, Term
from broadsheet.membership.queries import zone
from broadsheet.till import disputes
from tests import cast
from tests.billing.counter import BEGAN, DAY, DECLINED, PAYS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

YEAR_ON = datetime(2027, 3, 2, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(BEGAN, tick=False) as clock:
        yield clock


@pytest.fixture
def fay():
    return cast.fay(BEGAN)


@pytest.fixture
def rex():
    return cast.rex(BEGAN)


def begin(counter, giver, *, deliver_at=BEGAN, every="year", **plan):
    price = counter.price(every=every, amount=9_000, **plan)
    words = {"to_address": "nia@example.org", "from_name": "Fay", "message": "For the long evenings."}
    return given_years.begin_giving(giver=giver, price=price, deliver_at=deliver_at, at=counter.at, **words)


def given(counter, giver, *, card=PAYS, **more):
    counter.pay(begin(counter, giver, **more), card)
    return given_years.end_giving(GivenYear.objects.latest("pk").reference, giver=giver, at=counter.at)


def pay_back(year):
    (charge,) = stripe_api.charges_of_payment(year.payment)
    stripe_api.refund(charge=charge["id"], amount=charge["amount"], key="back")


def test_a_year_is_paid_once_and_leaves_its_giver_no_subscription(counter, fay):
    year = given(counter, fay)

    assert year.paid_at == BEGAN
    assert list(stripe_api.subscriptions()) == []
    assert counter.reads_until(fay) is None


def test_a_card_that_is_declined_gives_nothing(counter, fay, rex):
    year = given(counter, fay, card=DECLINED)

    assert (year.paid_at, given_years.settle_years(at=BEGAN)) == (None, 0)
    with pytest.raises(given_years.NoSuchCode):
        given_years.redeem(given_years.code_of(year), reader=rex, at=BEGAN)


def test_a_giver_who_never_came_back_is_found(counter, fay):
    counter.pay(begin(counter, fay))

    assert given_years.settle_years(at=BEGAN) == 1


def test_only_a_year_for_one_reader_is_given(counter, fay):
    with pytest.raises(actions.NotOnOffer):
        begin(counter, fay, kind="team")
    with pytest.raises(actions.NotOnOffer):
        begin(counter, fay, every="month")


def test_it_is_delivered_on_its_day_and_once(counter, fay):
    year = given(counter, fay, deliver_at=BEGAN + 3 * DAY)
    assert given_years.settle_years(at=BEGAN + 3 * DAY - timedelta(seconds=1)) == 0

    assert [given_years.settle_years(at=BEGAN + 3 * DAY) for _ in range(2)] == [1, 0]

    mail = Dispatch.objects.get(kind="given-year")
    assert mail.to == "nia@example.org"
    assert given_years.code_of(year) in mail.text
    assert "For the long evenings." in mail.text
    assert f"/{given_years.code_of(year)}" not in mail.text + mail.html  # in no address, which servers log


def test_to_whom_it_was_given_is_forgotten_a_month_after_its_delivery(counter, fay, rex):
    year = given(counter, fay)
    given_years.settle_years(at=BEGAN)

    def kept(at):
        given_years.settle_years(at=at)
        return GivenYear.objects.values_list("to_address", "message").get()

    assert kept(BEGAN + 30 * DAY) == ("nia@example.org", "For the long evenings.")
    assert kept(BEGAN + 31 * DAY) == ("", "")
    assert given_years.redeem(given_years.code_of(year), reader=rex, at=BEGAN + 31 * DAY)
    assert "that you gave was redeemed" in Dispatch.objects.latest("pk").text


def test_one_that_was_paid_back_is_neither_delivered_nor_redeemed(counter, fay, rex):
    year = given(counter, fay)
    pay_back(year)

    with pytest.raises(given_years.NoSuchCode):
        given_years.redeem(given_years.code_of(year), reader=rex, at=BEGAN)
    assert given_years.settle_years(at=BEGAN) == 0
    assert counter.reads_until(rex) is None


def test_a_code_gives_a_year_and_is_used_once(counter, fay, rex):
    code = given_years.code_of(given(counter, fay))

    given_years.redeem(f" {code.lower()} ", reader=rex, at=BEGAN)

    assert counter.reads_until(rex) == YEAR_ON
    with pytest.raises(given_years.NoSuchCode):
        given_years.redeem(code, reader=fay, at=BEGAN)
    assert counter.reads_until(fay) is None


def test_two_years_follow_one_another(counter, fay, rex):
    for _ in range(2):
        given_years.redeem(given_years.code_of(given(counter, fay)), reader=rex, at=BEGAN)

    assert sorted(Term.objects.values_list("starts_at", flat=True)) == [BEGAN, YEAR_ON]


def test_a_year_begins_after_what_is_there(counter, fay, rex):
    give_comp(reader=rex, ends_at=BEGAN + 30 * DAY, at=BEGAN)

    term = given_years.redeem(given_years.code_of(given(counter, fay)), reader=rex, at=BEGAN)

    assert term.starts_at == BEGAN + 30 * DAY


def test_a_year_waits_whole_while_a_subscription_renews_and_begins_when_it_ends(counter, fay, rex):
    held = counter.subscribe(rex, counter.price())
    given_years.redeem(given_years.code_of(given(counter, fay)), reader=rex, at=BEGAN)
    for days in (31, 1, 30, 1):  # two renewals, each charged an hour after it was billed
        counter.wait(days * DAY)
        counter.tell_what_is_new()
    held.refresh_from_db()
    waiting = Term.objects.get(source="gift")
    assert (waiting.starts_at, waiting.ends_at - waiting.starts_at) == (held.period_ends_at + LEEWAY, YEAR_ON - BEGAN)

    actions.end_with_its_period(held, at=counter.at)

    counter.at = held.period_ends_at
    assert counter.reads_until(rex) == held.period_ends_at + (YEAR_ON - BEGAN)


def test_whoever_has_a_subscription_is_told_so_before_and_after(counter, fay, rex):
    counter.subscribe(rex, counter.price())
    code, client = given_years.code_of(given(counter, fay)), cast.log_in(rex)

    before = client.get("/subscribe/redeem/").content.decode()
    after = client.post("/subscribe/redeem/", {"code": code}).content.decode()

    assert "renews on 2 April 2026. The year waits until that ends" in before
    assert "renews on 2 April 2026. The year waits for you" in after


def test_whoever_reads_without_an_end_uses_none_up(counter, fay, rex):
    give_comp(reader=rex, ends_at=None, at=BEGAN)
    year = given(counter, fay)

    with pytest.raises(given_years.NeedsNone):
        given_years.redeem(given_years.code_of(year), reader=rex, at=BEGAN)

    year.refresh_from_db()
    assert year.redeemed_at is None


@pytest.mark.parametrize("typed", ["", "1", "1-", "-", "1-BCDF-GHJK-LMNP", "x-BCDF", "9" * 60, "١-BCDF-GHJK-LMNP", "1\x00-BCDF"])
def test_a_wrong_code_gives_nothing(counter, fay, typed):
    given(counter, fay)

    with pytest.raises(given_years.NoSuchCode):
        given_years.redeem(typed, reader=fay, at=BEGAN)


def test_only_whoever_gave_a_year_that_stands_is_told_that_it_stays_given(counter, fay, rex):
    given(counter, fay)
    begin(counter, rex)

    assert own_records.GIVEN in records.kept_for(fay)
    assert own_records.GIVEN not in records.kept_for(rex)


def test_a_code_outlives_a_new_secret(counter, fay, rex, settings):
    code = given_years.code_of(given(counter, fay))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret of the house, long enough to be one, and new"

    assert given_years.redeem(code, reader=rex, at=BEGAN)


def test_a_code_is_redeemed_once_in_a_race(counter, fay, rex):
    code = given_years.code_of(given(counter, fay))

    def redeemed(reader):
        try:
            return bool(given_years.redeem(code, reader=reader, at=BEGAN))
        except given_years.NoSuchCode:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(redeemed, [fay, rex, fay, rex])) == 1
    assert Term.objects.count() == 1


# What its giver and staff see of it


def test_its_giver_is_written_to_when_it_is_bought_and_when_it_is_redeemed(counter, fay, rex):
    year = given(counter, fay, deliver_at=BEGAN + 2 * DAY)
    given_years.look_at_payment(year, at=BEGAN)
    given_years.redeem(given_years.code_of(year), reader=rex, at=BEGAN + DAY)

    bought, redeemed = Dispatch.objects.filter(kind="year-given").order_by("pk")
    assert {bought.to, redeemed.to} == {"fay@example.org"}
    for said in ("€90", "All-Access", "nia@example.org", "4 March 2026"):
        assert said in bought.text
    assert "was redeemed on 3 March 2026" in redeemed.text
    assert "rex" not in redeemed.text.lower()
    assert given_years.code_of(year) not in bought.text + redeemed.text
    assert "until 16 March 2026 take the money back" in bought.text


def test_no_giver_is_promised_money_back_where_the_house_gives_none(counter, fay):
    SellingRules.objects.update_or_create(defaults={"withdrawal_days": 0})
    given_years.look_at_payment(given(counter, fay, deliver_at=BEGAN + 2 * DAY), at=BEGAN)
    assert "money back" not in Dispatch.objects.get(kind="year-given").text


def test_one_that_was_redeemed_stays_after_a_refund_until_staff_end_it(counter, fay, rex):
    year = given(counter, fay)
    given_years.redeem(given_years.code_of(year), reader=rex, at=BEGAN)
    pay_back(year)
    given_years.settle_years(at=BEGAN)
    actions.sweep(at=BEGAN)
    assert counter.reads_until(rex) == YEAR_ON

    counter.wait(DAY)
    with time_machine.travel(counter.at, tick=False):
        desk = cast.log_in(cast.petra(counter.at))
        listed = desk.get("/admin/given_years/").content.decode()
        for said in ("nia@example.org", "€90", "Who redeemed it", "Paid back", "2 March 2026, 08:00"):
            assert said in listed
        assert desk.post(f"/admin/given_years/delete/{year.pk}/").status_code == 302

    assert counter.reads_until(rex) is None
    deed = Deed.objects.get()
    assert (deed.kind, deed.by_address, deed.reader) == ("end", "petra@example.org", rex)


def test_one_that_staff_ended_is_not_redeemed(counter, fay, rex):
    year = given(counter, fay)
    cast.log_in(cast.petra(BEGAN)).post(f"/admin/given_years/delete/{year.pk}/")

    with pytest.raises(given_years.NoSuchCode):
        given_years.redeem(given_years.code_of(year), reader=rex, at=BEGAN)
    assert Deed.objects.get().reader == fay


def test_editors_see_and_end_none(counter, fay):
    year = given(counter, fay)
    desk = cast.log_in(cast.edda(BEGAN))

    assert desk.get("/admin/given_years/").status_code == 302
    desk.post(f"/admin/given_years/delete/{year.pk}/")
    assert GivenYear.objects.get().ended_at is None


# The pages


def test_a_year_is_bought_and_redeemed_on_the_pages(counter, fay, rex):
    price = counter.price(every="year", amount=9_000)
    form = {"price": price.pk, "to_address": "Nia@Example.org", "from_name": "Fay", "message": "", "day": "2026-03-04"}
    client = cast.log_in(fay)

    led = client.post("/subscribe/gift/", form)
    back = urlsplit(counter.pay(led["Location"]))
    page = client.get(f"{back.path}?{back.query}").content.decode()

    year = GivenYear.objects.get()
    assert given_years.code_of(year) in page
    assert year.deliver_at.astimezone(zone()).strftime("%Y-%m-%d %H:%M") == "2026-03-04 08:00"
    other = cast.log_in(rex)
    assert other.post("/subscribe/redeem/", {"code": given_years.code_of(year)}).status_code == 200
    assert other.post("/subscribe/redeem/", {"code": given_years.code_of(year)}).status_code == 422


@pytest.mark.parametrize("wrong", [{"day": "2026-03-01"}, {"day": "2028-01-01"}, {"to_address": "nobody"}, {"price": "0"}])
def test_what_cannot_be_delivered_is_not_sold(counter, fay, wrong):
    price = counter.price(every="year", amount=9_000)
    form = {"price": price.pk, "to_address": "nia@example.org", "from_name": "Fay", "day": "2026-03-04"} | wrong

    assert cast.log_in(fay).post("/subscribe/gift/", form).status_code == 422
    assert not GivenYear.objects.exists()


def test_nobody_sees_another_s_gift(counter, fay, rex):
    year = given(counter, fay)

    answer = cast.log_in(rex).get(f"/subscribe/gift/done/?session={year.reference}")

    assert answer.status_code == 303


def test_codes_are_guessed_only_so_often(counter, fay):
    client = cast.log_in(fay)

    assert [client.post("/subscribe/redeem/", {"code": "1-B"}).status_code for _ in range(11)][-1] == 429


# What its giver does about it


def press(fay, year, **form):
    return cast.log_in(fay).post("/account/given-years/", {"year": year.pk, **form})


def mails_to_recipients():
    return list(Dispatch.objects.filter(kind="given-year").order_by("pk").values_list("to", flat=True))


def test_its_giver_sees_what_became_of_it_and_no_code(counter, fay):
    year = given(counter, fay)
    page = cast.log_in(fay).get("/account/given-years/").content.decode()

    assert "nia@example.org" in page
    assert "€90" in page
    assert given_years.code_of(year) not in page
    assert "/account/given-years/" in Dispatch.objects.get(kind="year-given").text


def test_before_its_day_the_address_is_changed_and_the_mail_goes_there(counter, fay):
    year = given(counter, fay, deliver_at=BEGAN + 3 * DAY)

    press(fay, year, to_address="nina@example.org")
    given_years.settle_years(at=BEGAN + 3 * DAY)

    assert mails_to_recipients() == ["nina@example.org"]


def test_afterwards_the_mail_is_sent_again_and_once_by_a_doubled_click(counter, fay):
    year = given(counter, fay)
    given_years.settle_years(at=BEGAN)

    for _ in range(2):
        press(fay, year, to_address="nia@example.org", sent="0")
    assert mails_to_recipients() == ["nia@example.org"] * 2
    assert 'name="sent" value="1"' in cast.log_in(fay).get("/account/given-years/").content.decode()

    assert press(fay, year, to_address="nina@example.org", sent="0").status_code == 409
    press(fay, year, to_address="nia@example.org", sent="1")
    assert mails_to_recipients() == ["nia@example.org"] * 3


def test_the_mail_goes_again_to_an_address_as_long_as_one_may_be(counter, fay):
    year = given(counter, fay)
    given_years.settle_years(at=BEGAN)
    long = f"{'n' * 64}@{'.'.join(['e' * 60] * 3)}.org"

    assert press(fay, year, to_address=long, sent="0").status_code == 303

    assert mails_to_recipients() == ["nia@example.org", long]


def test_its_giver_takes_the_money_back_and_the_code_opens_nothing(counter, fay, rex):
    year = given(counter, fay)

    assert press(fay, year, **{"take-back": "yes"}).status_code == 303
    assert press(fay, year, **{"take-back": "yes"}).status_code == 409

    (charge,) = stripe_api.charges_of_payment(year.payment)
    assert (charge["amount_refunded"], len(charge["refunds"])) == (9_000, 1)
    assert "€90 goes back" in Dispatch.objects.filter(kind="year-given").latest("pk").text
    with pytest.raises(given_years.NoSuchCode):
        given_years.redeem(given_years.code_of(year), reader=rex, at=BEGAN)


def disputed(counter, year, *, won=None):
    """By its giver's bank; None: not settled yet."""
    (charge,) = stripe_api.charges_of_payment(year.payment)

    with counter.till.books(int(counter.at.timestamp())) as books:
        known = next(books.newest("dispute", parent=charge["id"]), None)
        known = known or disputes.open_for(books, books.get(charge["id"], "charge"))
        if won is not None:
            disputes.conclude(books, known, won=won)


def test_where_a_dispute_was_won_the_year_is_redeemed_and_before_it_waits(counter, fay, rex):
    year = given(counter, fay)
    disputed(counter, year)
    with pytest.raises(given_years.NoSuchCode):
        given_years.redeem(given_years.code_of(year), reader=rex, at=BEGAN)

    disputed(counter, year, won=True)

    assert given_years.redeem(given_years.code_of(year), reader=rex, at=BEGAN)


def test_where_a_dispute_was_lost_the_year_is_over(counter, fay, rex):
    year = given(counter, fay)
    disputed(counter, year, won=False)

    with pytest.raises(given_years.NoSuchCode):
        given_years.redeem(given_years.code_of(year), reader=rex, at=BEGAN)

    assert GivenYear.objects.get().ended_at == BEGAN


@pytest.mark.parametrize(("won", "back"), [(True, 9_000), (False, 0)])
def test_money_that_is_disputed_goes_back_once_that_is_settled_unless_the_bank_took_it(counter, fay, won, back):
    year = given(counter, fay)
    disputed(counter, year)
    given_back.take_back(year, at=BEGAN)
    assert GivenYear.objects.get().paid_back_at is None
    assert "has not gone back yet" in cast.log_in(fay).get("/account/given-years/").content.decode()

    disputed(counter, year, won=won)
    given_back.go_on_paying_back(at=BEGAN + DAY)

    assert stripe_api.charges_of_payment(year.payment)[0]["amount_refunded"] == back
    assert GivenYear.objects.get().paid_back_at == BEGAN + DAY


def test_what_was_redeemed_or_is_too_old_is_not_taken_back(counter, fay, rex, clock):
    redeemed, old = given(counter, fay), given(counter, fay)
    given_years.redeem(given_years.code_of(redeemed), reader=rex, at=BEGAN)
    clock.move_to(BEGAN + 15 * DAY)

    assert [press(fay, year, **{"take-back": "yes"}).status_code for year in (redeemed, old)] == [409, 409]
    assert not any(charge["amount_refunded"] for charge in stripe_api.charges_of_payment(old.payment))
    assert press(fay, redeemed, to_address="rex@example.org").status_code == 409


@pytest.mark.parametrize("outage", ["refused", "lost"])
def test_where_stripe_is_away_the_money_goes_back_later_and_once(counter, fay, outage):
    year = given(counter, fay)
    setattr(counter.till.outage, outage, 20)

    given_back.take_back(year, at=BEGAN)
    setattr(counter.till.outage, outage, 0)
    given_back.go_on_paying_back(at=BEGAN + DAY)

    (charge,) = stripe_api.charges_of_payment(year.payment)
    assert (charge["amount_refunded"], len(charge["refunds"])) == (9_000, 1)
    assert GivenYear.objects.get().paid_back_at == BEGAN + DAY


def test_nobody_does_it_to_another_s(counter, fay, rex):
    year = given(counter, fay)

    press(rex, year, **{"take-back": "yes"})
    press(rex, year, to_address="rex@example.org")

    assert (GivenYear.objects.get().ended_at, GivenYear.objects.get().to_address) == (None, "nia@example.org")


def test_anybody_sees_what_a_year_costs_and_is_asked_for_an_address_when_they_give(counter):
    plan = counter.price(every="year", amount=9_000).plan
    plan.prices.create(every="year", currency="GBP", amount=8_000)
    stranger = cast.browser()

    assert "<b>€90 / £80</b>" in stranger.get("/subscribe/gift/").content.decode()
    assert stranger.post("/subscribe/gift/", {})["Location"] == "/join/?next=/subscribe/gift/"
