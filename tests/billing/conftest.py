import pytest

from broadsheet.till.client import InProcess
from tests.billing.counter import Counter


@pytest.fixture
def counter(settings) -> Counter:
    made = Counter()
    settings.STRIPE_SECRET_KEY = "sk_test_of_the_counter"
    settings.STRIPE_HTTP_CLIENT = InProcess(made.till)
    return made
