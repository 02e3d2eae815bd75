"""A database that was put back from a copy made while an edition was on its way: nobody gets it again unasked."""

import sqlite3
from datetime import timedelta

import pytest
from django.db import connection

from broadsheet.newsletters import delivering
from broadsheet.newsletters.actions import going_out
from broadsheet.newsletters.ledger import Ledger
from broadsheet.newsletters.models import Delivery, Edition
from tests import cast
from tests.newsletters.office import Office, Postman

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the copy is made as the operator's page says for SQLite"),
]
SECOND = timedelta(seconds=1)


@pytest.fixture
def office(daily, at, printed, tmp_path, monkeypatch):
    monkeypatch.setattr(delivering, "BATCH", 2)
    office = Office(daily, at, printed, tmp_path)
    office.sign_up(cast.fay(at), cast.rex(at), cast.sada(at), cast.lena(at))
    office.begin()
    return office


@pytest.fixture
def copy(tmp_path):
    """As by `.backup`."""
    copied = sqlite3.connect(tmp_path / "copy.sqlite3")
    yield copied
    copied.close()


def back_up(copy):
    connection.ensure_connection()
    connection.connection.backup(copy)


def put_back(copy):
    copy.backup(connection.connection)


class Ticking(Postman):
    """Each letter takes a second; before the third a copy is made."""

    def __init__(self, office, copy=None):
        super().__init__()
        self.office, self.copy = office, copy

    def carry(self, letter, *, at):
        if self.copy and len(self.bag) == 2:
            back_up(self.copy)
        self.office.at += SECOND
        return super().carry(letter, at=at)


def edition_of(office):
    return Edition.objects.get(pk=office.edition.pk)


def test_what_left_after_the_copy_was_made_does_not_leave_again_by_itself(office, copy):
    assert office.deliver(Ticking(office, copy)) == 4
    put_back(copy)
    delivering.release(office.edition.pk, dead=set, at=office.at)

    again = Ticking(office)
    assert office.deliver(again) == 0
    assert again.bag == []
    assert edition_of(office).stopped_why == delivering.RESTORED


def test_once_the_desk_says_so_it_goes_on(office, copy):
    office.deliver(Ticking(office, copy))
    put_back(copy)
    delivering.release(office.edition.pk, dead=set, at=office.at)
    office.deliver(Ticking(office))

    office.at += SECOND
    assert going_out.go_on(office.edition, at=office.at)
    assert office.deliver(Ticking(office)) == 2


def test_a_sender_that_was_only_killed_goes_on_unasked(office):
    class Killed(BaseException):
        pass

    class Dying(Ticking):
        def carry(self, letter, *, at):
            if len(self.bag) == 3:
                raise Killed
            return super().carry(letter, at=at)

    with pytest.raises(Killed):
        office.deliver(Dying(office))
    delivering.release(office.edition.pk, dead=set, at=office.at)

    assert office.deliver(Ticking(office), holder="two") == 1
    assert not Delivery.objects.filter(sent_at=None).exists()


def test_a_machine_that_took_no_part_knows_of_it_too(office, copy, tmp_path):
    back_up(copy)
    office.deliver(Ticking(office))
    elsewhere = Ledger(tmp_path / "elsewhere")
    elsewhere.learn(at=office.at)
    put_back(copy)

    assert elsewhere.is_ahead_of(office.edition)
