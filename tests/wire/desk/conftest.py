"""Carlo and Edda at the wire's desk, at eight o'clock on Monday."""

import pytest
import time_machine

from broadsheet.wire import on_desk
from tests import cast


@pytest.fixture(autouse=True)
def moved(at):
    """Eight o'clock on Monday, until it is moved; and nothing was counted before."""
    on_desk.COUNTED.clear()
    with time_machine.travel(at, tick=False) as moment:
        yield moment


@pytest.fixture
def carlo(at):
    return cast.carlo(at)


@pytest.fixture
def edda(at):
    return cast.edda(at)


@pytest.fixture
def desk(carlo):
    """Carlo's browser."""
    return cast.log_in(carlo)
