"""One of many processes keeps the clock."""

from datetime import timedelta

import pytest

from broadsheet.kit.leasing import give_back, take_lease

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_the_first_to_ask_holds_the_lease_and_the_second_does_not(at):
    assert take_lease("clock", holder="one", lasts=MINUTE, at=at)
    assert not take_lease("clock", holder="two", lasts=MINUTE, at=at)


def test_a_holder_keeps_its_lease_by_asking_again(at):
    take_lease("clock", holder="one", lasts=MINUTE, at=at)
    take_lease("clock", holder="one", lasts=MINUTE, at=at + MINUTE / 2)

    assert not take_lease("clock", holder="two", lasts=MINUTE, at=at + MINUTE)


def test_a_lease_that_was_not_renewed_falls_to_the_next(at):
    take_lease("clock", holder="one", lasts=MINUTE, at=at)

    assert take_lease("clock", holder="two", lasts=MINUTE, at=at + MINUTE)


def test_a_lease_that_was_given_back_is_free_at_once_and_nobody_gives_back_another_s(at):
    take_lease("clock", holder="one", lasts=MINUTE, at=at)

    give_back("clock", holder="two")
    assert not take_lease("clock", holder="two", lasts=MINUTE, at=at)

    give_back("clock", holder="one")
    assert take_lease("clock", holder="two", lasts=MINUTE, at=at)
