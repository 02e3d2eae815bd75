"""Receipts: what stands on them, whose they are, and that nothing on a bill is code."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from broadsheet.billing import actions, receipts, stripe_api
from broadsheet.billing.actions import given as given_back
from broadsheet.billing.actions import given_years
from broadsheet.billing.models import GivenYear, Invoice, Plan, Price, SellingRules
from broadsheet.mailroom.models import Dispatch
from broadsheet.membership.seating import Group, Seat
from tests import cast
from tests.billing.counter import BEGAN, DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def fay():
    return cast.fay(BEGAN)


def page(reader, bill=None):
    return cast.log_in(reader).get(f"/account/subscription/receipts/{(bill or Invoice.objects.get()).pk}/")


def text(pdf):
    return " ".join(" ".join(sheet.extract_text() for sheet in PdfReader(BytesIO(pdf)).pages).split())


def test_it_says_who_paid_whom_how_much_for_what_and_how(counter, fay):
    SellingRules.objects.create(seller="The Meridian gGmbH\nTorstraße 1, Berlin\nVAT DE123456789")
    counter.subscribe(fay, counter.price(amount=950))
    bill = Invoice.objects.get()

    answer = page(fay)

    said = text(answer.content)
    assert (answer["Content-Type"], "no-store" in answer["Cache-Control"]) == ("application/pdf", True)
    assert answer["Content-Disposition"] == f'attachment; filename="receipt-{bill.number}.pdf"'
    for words in ("Torstraße 1, Berlin", "VAT DE123456789", fay.email, bill.number, "All-Access, by the month", "€9.50"):
        assert words in said
    assert "2 March 2026 to 2 April 2026" in said
    assert "Total, EUR €9.50" in said
    assert "card ending 4242" in said
    assert "Net" not in said  # no tax was reckoned, and none is stated
    assert "Paid back" not in said


def test_it_says_to_whom_it_is_billed_as_they_typed_it_where_they_paid(counter, fay):
    SellingRules.objects.create(asks_tax_id=True)
    buyer = {"name": "Meridian Maps Ltd", "line1": "Quay 1", "postal_code": "21000", "city": "Split", "country": "HR"}
    counter.pay(counter.begin(fay, counter.price()), **buyer, tax_id="HR12345678901")
    counter.come_back(fay)

    said = text(page(fay).content)

    for words in ("Meridian Maps Ltd", "Quay 1", "21000 Split", "HR12345678901", fay.email):
        assert words in said


def test_no_address_no_sale_and_a_tax_number_is_asked_for_by_the_house_rule_only(counter, fay):
    url = counter.begin(fay, counter.price())

    assert counter.pay(url, country="") == ""
    assert stripe_api._v1().checkout.sessions.list({"limit": 1})["data"][0]["tax_id_collection"]["enabled"] is False
    assert counter.come_back(fay) is None


def test_what_went_back_stands_on_it(counter, fay):
    held = counter.subscribe(fay, counter.price(amount=3_100))
    counter.wait(11 * DAY)
    farewell = actions.farewell_of(held, at=counter.at)
    actions.end_now(held, farewell, promised="2000", at=counter.at)

    assert "Paid back on 13 March 2026 −€20.00" in text(page(fay).content)


def test_it_can_be_read_by_whoever_does_not_see_it(counter, fay):
    counter.subscribe(fay, counter.price())

    read = PdfReader(BytesIO(page(fay).content))

    assert read.metadata.title.startswith("Receipt ")
    root = read.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]


def test_another_s_receipt_is_not_found(counter, fay):
    counter.subscribe(fay, counter.price())

    assert page(cast.rex(BEGAN)).status_code == 404
    assert cast.browser().get(f"/account/subscription/receipts/{Invoice.objects.get().pk}/").status_code == 302


def test_a_team_s_is_for_its_managers_and_not_for_its_members(counter, fay):
    counter.subscribe(fay, counter.price(kind=Plan.Kind.TEAM), quantity=3)
    group, rex, una = Group.objects.get(), cast.rex(BEGAN), cast.reader("mia", BEGAN)
    Seat.objects.create(group=group, reader=rex, role=Seat.Role.MANAGER, taken_at=BEGAN)
    Seat.objects.create(group=group, reader=una, taken_at=BEGAN)

    assert "3 seats" in text(page(rex).content)
    assert page(una).status_code == 404
    Seat.objects.filter(reader=rex).update(role=Seat.Role.MEMBER)
    assert page(rex).status_code == 404


def test_a_bill_that_is_not_paid_has_none(counter, fay):
    counter.subscribe(fay, counter.price())
    Invoice.objects.update(status="open", paid=0)

    assert page(fay).status_code == 404
    assert "/receipts/" not in cast.log_in(fay).get("/account/subscription/").content.decode()


def test_the_page_of_a_subscription_leads_to_it(counter, fay):
    counter.subscribe(fay, counter.price())

    assert f"/receipts/{Invoice.objects.get().pk}/" in cast.log_in(fay).get("/account/subscription/").content.decode()


def test_while_stripe_is_away_the_page_says_so(counter, fay):
    counter.subscribe(fay, counter.price())
    counter.till.outage.refused = 10

    assert page(fay).status_code == 503


NASTY = '#panic("no") #read("/etc/passwd") $x^2$ *b* _i_ <a> @b `c` \\ "quoted" // gone\x07\u202e'


def test_nothing_on_a_bill_is_code(counter, fay, settings):
    settings.PUBLICATION_NAME = NASTY
    SellingRules.objects.create(seller=NASTY)
    fay.first_name = NASTY
    fay.save()
    price = counter.price()
    price.plan.name = NASTY[:80]
    price.plan.save()
    counter.subscribe(fay, price)

    said = text(page(fay).content)

    assert said.count('#panic("no") #read("/etc/passwd")') >= 4
    assert "// gone" in said


def test_tax_credit_and_a_recipient_who_owes_the_tax_are_stated(counter, fay):
    counter.subscribe(fay, counter.price(amount=1_190))
    said = stripe_api.invoice(Invoice.objects.get().reference)
    tax = {"amount": 190, "taxable_amount": 1_000, "taxability_reason": "reverse_charge"}
    said |= {"total_taxes": [tax], "total_excluding_tax": 1_000, "amount_due": 690, "amount_paid": 690}

    told = text(receipts.printed(receipts.told_by(said, [], fay)))

    for words in (
        "Net €10.00",
        "Tax, on €10.00 €1.90",
        "Total, EUR €11.90",
        "Credit from before −€5.00",
        "Paid €6.90",
        "Reverse charge",
    ):
        assert words in told


def test_tax_that_is_in_the_price_stands_below_the_total_and_is_added_to_nothing(counter, fay):
    counter.subscribe(fay, counter.price(amount=1_190))
    said = stripe_api.invoice(Invoice.objects.get().reference)
    tax = {"amount": 190, "taxable_amount": 1_000, "taxability_reason": "standard_rated", "tax_behavior": "inclusive"}

    told = text(receipts.printed(receipts.told_by(said | {"total_taxes": [tax]}, [], fay)))

    assert "Total, EUR €11.90 Tax in it, on €10.00 €1.90" in told
    assert "Net" not in told


def test_another_plan_is_named_as_on_the_page_and_the_interval_once(counter, fay):
    held = counter.subscribe(fay, counter.price())
    yearly = Price.objects.create(plan=held.price.plan, every="year", currency="EUR", amount=9_000)
    counter.wait(10 * DAY)
    actions.change_plan(held, actions.show_change(held, yearly, quantity=1, at=counter.at).pk, at=counter.at)

    said = text(page(fay, Invoice.objects.latest("made_at")).content)

    assert "Not used of All-Access, by the month" in said
    assert "All-Access, by the year" in said
    assert "every" not in said


def test_a_long_bill_is_cut_to_what_can_be_set(counter, fay):
    counter.subscribe(fay, counter.price())
    said = stripe_api.invoice(Invoice.objects.get().reference)
    line = said["lines"]["data"][0] | {"pricing": None, "description": "A" * 100_000}
    said["lines"]["data"] = [line] * 5_000

    told = receipts.told_by(said, [], fay)

    assert len(told["rows"]) == receipts.MOST_ROWS
    assert {len(row["what"]) for row in told["rows"]} == {receipts.MOST_LETTERS}


# Of a year that was given


def given(counter, giver, **buyer):
    price = counter.price(every="year", amount=9_000)
    words = {"to_address": "nia@example.org", "from_name": "Fay", "message": ""}
    counter.pay(given_years.begin_giving(giver=giver, price=price, deliver_at=BEGAN + DAY, at=counter.at, **words), **buyer)
    return given_years.end_giving(GivenYear.objects.latest("pk").reference, giver=giver, at=counter.at)


def receipt_of_year(reader, year):
    return cast.log_in(reader).get(f"/account/given-years/{year.pk}/receipt/")


def test_whoever_gave_a_year_has_a_receipt_of_it_as_they_typed_it_where_they_paid(counter, fay):
    SellingRules.objects.create(asks_tax_id=True, seller="The Meridian gGmbH\nTorstraße 1, Berlin")
    buyer = {"name": "Meridian Maps Ltd", "line1": "Quay 1", "postal_code": "21000", "city": "Split", "country": "HR"}
    year = given(counter, fay, **buyer, tax_id="HR12345678901")

    answer = receipt_of_year(fay, year)

    said = text(answer.content)
    assert answer["Content-Disposition"] == f'attachment; filename="receipt-year-{year.pk:04}.pdf"'
    for words in ("Torstraße 1, Berlin", *list(buyer.values())[:2], "21000 Split", "HR12345678901", fay.email, "2 March 2026"):
        assert words in said
    assert "All-Access, a year as a gift €90.00" in said
    assert "Total, EUR €90.00" in said
    assert "card ending 4242" in said
    assert "Net" not in said
    assert "Paid back" not in said


def test_the_account_and_the_mail_lead_to_it(counter, fay):
    path = f"/account/given-years/{given(counter, fay).pk}/receipt/"

    assert f'href="{path}"' in cast.log_in(fay).get("/account/given-years/").content.decode()
    assert path in Dispatch.objects.get(kind="year-given").text


def test_one_that_was_taken_back_says_so(counter, fay):
    year = given(counter, fay)
    given_back.take_back(year, at=BEGAN)

    assert "Paid back on 2 March 2026 −€90.00" in text(receipt_of_year(fay, year).content)


def test_no_year_is_sold_without_an_address_to_bill(counter, fay):
    assert given(counter, fay, country="").paid_at is None


def test_nobody_sees_another_s_and_what_is_not_paid_has_none(counter, fay):
    assert receipt_of_year(cast.rex(BEGAN), given(counter, fay)).status_code == 404
    assert receipt_of_year(fay, given(counter, fay, country="")).status_code == 404
