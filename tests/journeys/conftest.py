"""An empty publication, its staff, its campus, and the house that serves it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine

from broadsheet.config.demo.cast import campus
from broadsheet.press.actions import press
from tests import cast, make
from tests.leaks.door import Browser, House

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
FREE = "The free part of it says what the matter is and for whom. " * 12
PAID = "What nobody reads without a right to it."


@pytest.fixture
def frozen() -> Iterator[Any]:
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def house(transactional_db: None, frozen: Any, tmp_path: Path) -> House:
    make.publication(at=AT)
    campus()
    return House(tmp_path / "spool")


@pytest.fixture
def visitor(house: House) -> Browser:
    return Browser(house.gate)


@pytest.fixture
def edda(house: House) -> Browser:
    return Browser(house.gate, cookies={"session": cast.session_of(cast.edda(AT))})


@pytest.fixture
def briefings(house: House) -> list[str]:
    """The addresses of five metered briefings."""
    articles = [make.article(headline=f"Briefing {number}", body=[FREE, PAID]) for number in "abcde"]
    for article in articles:
        press(article.pk, at=AT)
    house.settle()
    return [article.address for article in articles]
