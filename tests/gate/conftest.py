"""A gate over the tests' database, its clock standing at `at`."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings

from broadsheet.access.terms import Reason
from broadsheet.gate.app import Gate
from broadsheet.gate.database import Database, DatabaseAway, Rows
from broadsheet.gate.memory import Memory
from broadsheet.gate.serving import NotPrinted
from broadsheet.gate.settings import GateSettings
from broadsheet.gate.shelf import Shelf
from broadsheet.gate.spool import Spool
from broadsheet.press.models import Slip
from tests.gate import pressroom
from tests.gate.pressroom import AT, SECRETS, Browser, House, Membership


class Unplugged(Database):
    """A database whose plug can be pulled."""

    away = False

    def rows(self, sql: str, *params: Any) -> Rows:
        if self.away:
            raise DatabaseAway("the plug is pulled")
        return super().rows(sql, *params)


@pytest.fixture
def frozen() -> Any:
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def gate_settings(tmp_path: Path) -> GateSettings:
    return GateSettings(database_url=settings.DATABASE_URL, secrets=SECRETS, spool=tmp_path / "spool")


@pytest.fixture
def database() -> Iterator[Unplugged]:
    database = Unplugged(settings.DATABASE_URL)
    yield database
    database.close()


@pytest.fixture
def open_house(gate_settings: GateSettings, database: Unplugged, frozen: Any) -> Callable[..., House]:
    """Opens a gate that has caught up; keywords change its settings. A wall whose name is in `unprintable` cannot be printed."""

    def opened(*, unprintable: tuple[Reason, ...] = (), **changed: Any) -> House:
        its = replace(gate_settings, **changed)
        memory, shelf, spool = Memory(database), Shelf(database, most_bytes=its.most_bytes), Spool(its.spool)
        membership, passed_on, walls = Membership(), [], []

        def behind(environ: dict[str, Any], start: Any) -> list[bytes]:
            passed_on.append(environ)
            start("200 OK", [("Content-Type", "text/plain")])
            return [b"the application behind"]

        def print_wall(path: str, reason: Reason) -> None:
            walls.append((path, reason))
            if reason in unprintable:
                raise NotPrinted
            slip = Slip.objects.get(path=path)
            text = f"preview, {reason}"
            pressroom.put(path, previews={**slip.previews, reason: pressroom.snapshot(text)})

        memory.catch_up()
        gate = Gate(its, memory, shelf, spool, behind=behind, renew=membership.renew, print_wall=print_wall)
        return House(gate, Browser(gate), memory, shelf, spool, membership, passed_on, walls)

    return opened
