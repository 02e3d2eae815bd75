"""What every test may ask for."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import TransactionTestCase

from tests import databases


@pytest.fixture
def at() -> datetime:
    """Monday 2 March 2026, 08:00 UTC."""
    return datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        databases.renew()
        yield


def _renewed(_test: TransactionTestCase) -> None:
    databases.renew()


# After a test that commits, Django empties every table, and with them what migrations put there: Wagtail's root, site and locale.
TransactionTestCase._fixture_teardown = _renewed  # type: ignore[method-assign]
