"""The world, the house that serves it, and who comes to its door."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine

from tests import databases
from tests.leaks import world as worlds
from tests.leaks.door import Browser, House
from tests.leaks.people import Cast, assemble
from tests.leaks.surfaces import pressed_paths
from tests.leaks.world import AT, World

WORLD = "leaks"
HERE = Path(__file__).parent
PATIENCE = 600  # seconds: building the world is part of the first test's time


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent in (HERE, HERE.parent / "journeys"):
            item.add_marker(pytest.mark.timeout(PATIENCE))


@pytest.fixture(scope="session")
def built(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Cast]:
    """Built once, printed, and set aside."""
    with django_db_blocker.unblock(), time_machine.travel(AT, tick=False):
        databases.renew()
        world = worlds.build()
        house = House(tmp_path_factory.mktemp("spool"))
        house.settle()
        vera = Browser(house.gate)
        for path in pressed_paths():
            vera.get(path)
        cast = assemble(world)
        databases.keep(WORLD)
        databases.renew()
    return world, cast


@pytest.fixture
def frozen() -> Iterator[Any]:
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def world(built: tuple[World, Cast], transactional_db: None, frozen: Any) -> World:
    """The world as it was built, whatever other tests did to it."""
    databases.restore(WORLD)
    return built[0]


@pytest.fixture
def cast(built: tuple[World, Cast], world: World) -> Cast:
    return built[1]


@pytest.fixture
def house(world: World, tmp_path: Path) -> House:
    return House(tmp_path / "spool")


@pytest.fixture
def vera(house: House) -> Browser:
    return Browser(house.gate)
