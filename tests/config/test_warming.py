"""What a process that serves opens beforehand, and what becomes of it where that cannot be opened."""

import logging

import pytest

from broadsheet.config import warming
from broadsheet.library import queries
from broadsheet.library.catching_up import catch_up, folder
from broadsheet.library.keeping import current
from broadsheet.press.actions import press
from broadsheet.research import asked_here
from broadsheet.research.models import Enquiry, Tally
from tests import make

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def cold(settings, tmp_path):
    settings.STATE = tmp_path
    queries._reader.cache_clear()
    asked_here._nearness_kept.cache_clear()


@pytest.fixture
def library(at):
    said = "Relations between China and the United States have changed since 2001 from trade in toys to trade in chips."
    press(make.article(at=at, audience="open", body=[said]).pk, at=at)
    catch_up()


def test_whoever_comes_first_finds_all_of_it_open(library, at, caplog):
    warming.warm(at=at)

    assert queries.index_here().generation() is not None
    assert asked_here._nearness_kept.cache_info().currsize == 1
    assert caplog.text == ""


def test_it_counts_for_nobody(library, at):
    warming.warm(at=at)

    assert not Tally.objects.exists()
    assert not Enquiry.objects.exists()


def test_without_an_index_nothing_is_opened(at, caplog):
    warming.warm(at=at)

    assert asked_here._nearness_kept.cache_info().currsize == 0
    assert caplog.text == ""


def test_what_cannot_be_opened_is_said_once_and_stops_nothing(library, at, caplog):
    (current(folder()) / "meta.json").write_text("no index")

    with caplog.at_level(logging.WARNING, logger=warming.log.name):
        warming.warm(at=at)

    assert [one.getMessage()[:39] for one in caplog.records if one.name == warming.log.name] == [
        "The library was not opened beforehand, "
    ]
