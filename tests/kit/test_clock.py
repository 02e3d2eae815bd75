from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from broadsheet.kit import clock

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def demo_clock(tmp_path, monkeypatch):
    """The demo's clock, before anybody has moved it."""
    monkeypatch.setenv("BROADSHEET_CLOCK_FILE", str(tmp_path / "clock"))
    clock._offset.forget()
    with time_machine.travel(MONDAY, tick=False) as machine:
        yield machine
    monkeypatch.delenv("BROADSHEET_CLOCK_FILE")
    clock._offset.forget()


def test_a_deployment_s_clock_is_the_machine_s(monkeypatch):
    monkeypatch.delenv("BROADSHEET_CLOCK_FILE", raising=False)
    clock._offset.forget()

    with time_machine.travel(MONDAY, tick=False):
        assert clock.now() == MONDAY


def test_a_clock_that_was_moved_goes_on_from_there(demo_clock):
    clock.move_to(MONDAY + timedelta(days=30))
    demo_clock.shift(timedelta(hours=1))

    assert clock.now() == MONDAY + timedelta(days=30, hours=1)


def test_the_clock_never_goes_back(demo_clock):
    with pytest.raises(clock.ClockCannotMove, match="forward"):
        clock.move_to(MONDAY - timedelta(seconds=1))


def test_only_the_demo_s_clock_moves(monkeypatch):
    monkeypatch.delenv("BROADSHEET_CLOCK_FILE", raising=False)

    with pytest.raises(clock.ClockCannotMove, match="BROADSHEET_CLOCK_FILE"):
        clock.move_to(MONDAY)
