"""Several workers at one edition at the same time, each with a connection of its own."""

from collections import Counter
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from broadsheet.mailroom.models import PaceRules
from broadsheet.mailroom.roads import Roads
from broadsheet.membership.models import Reader
from broadsheet.newsletters import delivering
from broadsheet.newsletters.actions import going_out
from broadsheet.newsletters.models import Delivery, Edition, Typeset
from tests.newsletters.office import Office, Postman, typeset
from tests.threads import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
LETTERS = 60


@pytest.fixture
def office(daily, at, printed, tmp_path):
    office = Office(daily, at, printed, tmp_path)
    readers = Reader.objects.bulk_create(Reader(email=f"reader-{nth}@example.org") for nth in range(LETTERS))
    office.sign_up(*readers)
    return office


def test_many_senders_send_each_letter_once(office, monkeypatch):
    monkeypatch.setattr(delivering, "BATCH", 7)
    office.begin()
    postmen = [Postman() for _ in range(3)]

    sent = at_once([partial(office.deliver, postman, holder=f"sender {nth}") for nth, postman in enumerate(postmen)])

    assert sum(sent) == LETTERS
    assert set(Counter(to for postman in postmen for to, _ in postman.bag).values()) == {1}
    assert Delivery.objects.filter(tries=1, doubted_at=None).exclude(sent_at=None).count() == LETTERS
    assert Edition.objects.get(pk=office.edition.pk).done_at


def test_many_begin_and_list_an_edition_and_it_is_done_once(office):
    def begin():
        begun = going_out.begin(Edition.objects.get(pk=office.edition.pk), typeset=typeset, at=office.at)
        return begun, going_out.list_recipients(office.edition, at=office.at)

    said = at_once([begin] * 3)

    assert sorted(begun for begun, _ in said) == [False, False, True]
    assert Typeset.objects.count() == 2
    assert sum(listed for _, listed in said) == LETTERS
    assert Delivery.objects.count() == LETTERS


def test_many_on_one_road_get_no_more_of_it_than_one(at):
    def ask(wanted):
        return Roads(PaceRules(a_minute=60), zone=ZoneInfo("UTC")).ask(wanted, at=at)

    alone = ask({"example.org": 50, "example.com": 3})["example.org"].now
    said = at_once([lambda: ask({"example.net": 50})] * 4)

    assert sum(turns["example.net"].now for turns in said) == alone
