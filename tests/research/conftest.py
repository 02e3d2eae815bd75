"""What several tests of research begin with."""

from importlib import import_module

import pytest


@pytest.fixture
def frozen(at, time_machine):
    """Doors read the clock."""
    time_machine.move_to(at, tick=False)


@pytest.fixture
def state(settings, tmp_path):
    """A folder in which no library has been built."""
    settings.STATE = tmp_path


@pytest.fixture
def kenya():
    return import_module("tests.make").country("Kenya")  # tests without Django read this file too
