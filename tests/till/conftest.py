import pytest

from tests.till.shop import Shop


@pytest.fixture
def shop() -> Shop:
    return Shop()
