import pytest

from broadsheet.wire.readers import Readers
from tests import outlets


@pytest.fixture
def outlet():
    with outlets.on_loopback() as outlet:
        yield outlet


@pytest.fixture(scope="session")
def readers():
    with Readers() as readers:
        yield readers
