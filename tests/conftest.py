"""What every test may ask for. Loads no Django by itself: pure tests run without."""

import gc
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling


@pytest.fixture(autouse=True)
def nobody_knocked() -> None:
    """What a process counts outlives a test's transaction."""
    if limits := sys.modules.get("broadsheet.membership.limits"):
        limits.forget_knocks()


@pytest.fixture
def at() -> datetime:
    """Monday 2 March 2026, 08:00 UTC."""
    return datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    databases = import_module("tests.databases")
    with django_db_blocker.unblock():
        databases.renew()
        databases.renew_after_tests_that_commit()
        yield


# Whose tests share what takes long to make, the longest first. Tests of the till need no database: one process does them
# while the other migrates.
TOGETHER = ("tests/leaks/", "tests/till/", "tests/browser/")
LONG = (*TOGETHER, "tests/newsroom/", "tests/billing/", "tests/library/")


class ByFile(LoadFileScheduling):
    """A file's tests stay together, those of some folders too."""

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in TOGETHER if nodeid.startswith(folder)), super()._split_scope(nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    config.option.loadscopereorder = False  # the order is ours, below
    return ByFile(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long ones first, so that no process waits for the other in the end."""
    items.sort(key=lambda item: next((place for place, folder in enumerate(LONG) if item.nodeid.startswith(folder)), len(LONG)))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """All that was imported stays: a collection that walks it over and over takes a tenth of the suite's time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
