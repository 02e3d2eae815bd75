"""What every test may ask for."""

from datetime import UTC, datetime

import pytest


@pytest.fixture
def at() -> datetime:
    """Monday 2 March 2026, 08:00 UTC."""
    return datetime(2026, 3, 2, 8, tzinfo=UTC)
