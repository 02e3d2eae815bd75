import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from wagtail.models import Page

from broadsheet.membership.models import Institution
from tests import make

pytestmark = pytest.mark.postgres


def _count_in_another_thread() -> int:
    try:
        return Institution.objects.count()
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_a_committed_row_is_seen_by_another_thread(at):
    Institution.objects.create(name="Northmere University", starts_at=at)

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(_count_in_another_thread).result() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", [1, 2])
def test_a_test_that_commits_begins_with_a_fresh_database(time, at):
    assert not Institution.objects.exists()
    assert Page.objects.filter(depth=1).exists()

    make.site()
    Institution.objects.create(name="Northmere University", starts_at=at)


@pytest.mark.django_db
def test_the_tests_run_on_the_database_that_was_asked_for():
    asked_for = os.environ.get("TEST_DATABASE", "sqlite")

    assert connection.vendor == {"sqlite": "sqlite", "postgres": "postgresql"}[asked_for]
