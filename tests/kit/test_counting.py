from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction

from broadsheet.kit.counting import NotInTransaction, last_number, next_number, next_numbers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
COUNTER = "what a test counts"  # and nobody else


def test_numbers_follow_each_other():
    with transaction.atomic():
        numbers = [next_number(COUNTER), *next_numbers(COUNTER, count=3), next_number(COUNTER)]

    assert numbers == [1, 2, 3, 4, 5]
    assert last_number(COUNTER) == 5


def test_a_number_taken_back_is_given_again():
    with transaction.atomic():
        next_number(COUNTER)
        transaction.set_rollback(True)

    assert last_number(COUNTER) == 0


def test_counters_know_nothing_of_each_other():
    with transaction.atomic():
        next_numbers(COUNTER, count=7)

        assert next_number("revocations") == 1


def test_a_number_is_only_given_inside_a_transaction():
    with pytest.raises(NotInTransaction, match=COUNTER):
        next_number(COUNTER)


def test_no_number_is_given_twice_to_those_who_ask_at_once():
    def take() -> int:
        try:
            with transaction.atomic():
                return next_number(COUNTER)
        finally:
            connections.close_all()

    connection.close()
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda _: take(), range(40)))

    assert sorted(numbers) == list(range(1, 41))
