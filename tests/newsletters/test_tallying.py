"""What became of an edition is counted once it is over, and to whom it went is forgotten after half a year."""

from datetime import timedelta

import pytest

from broadsheet.mailroom.envelope import Posted
from broadsheet.newsletters import coming_back, progress
from broadsheet.newsletters.actions import going_out
from broadsheet.newsletters.actions.tallying import KEPT, SETTLED, forget_deliveries, tally_what_is_over
from broadsheet.newsletters.models import Delivery, Edition, Tally
from tests import cast
from tests.newsletters.office import Office, Postman

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def office(daily, at, printed, tmp_path):
    office = Office(daily, at, printed, tmp_path)
    office.sign_up(cast.fay(at), cast.rex(at), cast.sada(at))
    office.begin()
    office.deliver(Postman())
    return office


def counts(office):
    return progress.counts_of([office.edition])[office.edition.pk]


def test_it_is_counted_once_nobody_can_be_sending_it_any_more(office):
    assert tally_what_is_over(at=office.at + SETTLED / 2) == 0
    assert tally_what_is_over(at=office.at + SETTLED) == 1
    assert tally_what_is_over(at=office.at + DAY) == 0

    assert (Tally.objects.get().listed, Tally.objects.get().sent) == (3, 3)


def test_one_that_was_cancelled_on_its_way_is_counted_with_what_still_waited(daily, at, printed, tmp_path):
    office = Office(daily, at, printed, tmp_path)
    office.sign_up(cast.fay(at), cast.rex(at))
    office.begin()
    going_out.cancel(office.edition, at=office.at)
    tally_what_is_over(at=office.at + SETTLED)

    assert (counts(office)["waiting"], counts(office)["sent"]) == (2, 0)


def test_the_desk_is_told_what_was_counted_also_of_what_is_forgotten(office):
    tally_what_is_over(at=office.at + SETTLED)
    before = counts(office)

    assert forget_deliveries(at=office.at + SETTLED + KEPT) == 3
    assert not Delivery.objects.exists()
    assert counts(office) == before


def test_nothing_is_forgotten_before(office):
    tally_what_is_over(at=office.at + SETTLED)

    assert forget_deliveries(at=office.at + KEPT) == 0
    assert Delivery.objects.count() == 3


def test_what_is_under_way_is_never_forgotten(office):
    Edition.objects.filter(pk=office.edition.pk).update(done_at=None)
    tally_what_is_over(at=office.at + KEPT * 3)

    assert forget_deliveries(at=office.at + KEPT * 3) == 0


def test_what_comes_back_after_it_was_counted_is_counted_once(office):
    tally_what_is_over(at=office.at + SETTLED)
    number = Delivery.objects.earliest("pk").pk
    for _ in range(2):
        coming_back.returned(number, office.at + DAY)

    assert counts(office)["returned"] == 1


def test_what_comes_back_of_what_is_forgotten_is_nobody_s(office):
    row = Delivery.objects.earliest("pk")
    assert coming_back.posted(row.pk) == Posted(row.pk, row.to, row.listed_at)
    tally_what_is_over(at=office.at + SETTLED)
    forget_deliveries(at=office.at + SETTLED + KEPT)

    assert coming_back.posted(row.pk) is None
    coming_back.returned(row.pk, office.at + KEPT * 2)
    assert counts(office)["returned"] == 0


def test_the_desk_s_list_says_that_they_are_forgotten(office, at):
    tally_what_is_over(at=office.at + SETTLED)
    forget_deliveries(at=office.at + SETTLED + KEPT)
    page = cast.log_in(cast.petra(at)).get(f"/admin/editions/{office.edition.pk}/deliveries/sent/").content.decode()

    assert "3 in all." in page
    assert "Who they were is kept for half a year, and no longer." in page
