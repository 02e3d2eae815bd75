"""Readings come from the gates' spools into the database: all of them, each once."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from broadsheet.access.visits import VISIT
from broadsheet.gate.spool import Spool
from broadsheet.membership.actions import fold_readings
from broadsheet.membership.models import Reading
from broadsheet.newsletters.models import NewsletterRules

pytestmark = pytest.mark.django_db

MINUTE = 1_772_438_400  # 2 March 2026, 08:00


def spooled(folder: Path, *readings: tuple[Any, ...]) -> Path:
    spool = Spool(folder)
    for reading in readings:
        spool.add(*reading)
    spool.close()
    return next(folder.glob("*.ready"))


def test_what_a_gate_wrote_is_folded_in_and_its_file_goes(tmp_path):
    spooled(tmp_path, ("a1", 7, None, "on-meter", MINUTE), ("a2", None, 3, "entitled", MINUTE))

    assert fold_readings(tmp_path) == 2

    rows = Reading.objects.order_by("story").values_list("story", "reader_id", "institution_id", "reason", "read_at")
    moment = datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert list(rows) == [("a1", 7, None, "on-meter", moment), ("a2", None, 3, "entitled", moment)]
    assert list(tmp_path.iterdir()) == []


def test_folding_twice_equals_folding_once(tmp_path):
    path = spooled(tmp_path, ("a1", 7, None, "on-meter", MINUTE))
    written = path.read_text()
    fold_readings(tmp_path)
    path.write_text(written)  # as if the folding had been killed before it removed the file

    fold_readings(tmp_path)

    assert Reading.objects.count() == 1


def test_a_line_torn_by_a_kill_costs_only_itself(tmp_path):
    path = spooled(tmp_path, *((f"a{n}", None, None, "register", MINUTE) for n in range(3)))
    path.write_text(path.read_text()[:-12])

    assert fold_readings(tmp_path) == 2


@pytest.mark.parametrize(
    "line",
    ["", "null", "[]", "{}", '{"story":"a"}', '{"story":"a","reader":"x","institution":1,"reason":"r","minute":1}', "\x00"],
)
def test_a_line_that_no_gate_writes_is_left_out(line, tmp_path):
    (tmp_path / "x.ready").write_text(line + "\n")

    assert fold_readings(tmp_path) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"reader": 2**63},
        {"institution": 10**30},
        {"reader": -1},
        {"reader": True},
        {"institution": 1.0},
        {"story": "a\0"},
        {"story": "\ud800"},
    ],
)
def test_a_line_that_the_database_would_refuse_costs_only_itself(wrong, tmp_path):
    said = {"story": "a1", "reader": 7, "institution": None, "reason": "entitled", "minute": MINUTE}
    (tmp_path / "x.ready").write_text("".join(json.dumps(line) + "\n" for line in ({**said, **wrong}, said)))

    assert fold_readings(tmp_path) == 1
    assert list(Reading.objects.values_list("reader_id", flat=True)) == [7]


def test_a_file_that_is_being_written_is_left_alone(tmp_path):
    (tmp_path / "x.open").write_text("{}")

    assert fold_readings(tmp_path) == 0
    assert (tmp_path / "x.open").exists()


def test_a_file_that_cannot_be_read_holds_up_no_other_and_is_said_once(tmp_path, caplog):
    (tmp_path / "0.ready").mkdir()
    spooled(tmp_path / "gate", ("a1", 7, None, "on-meter", MINUTE)).rename(tmp_path / "1.ready")

    assert [fold_readings(tmp_path), fold_readings(tmp_path)] == [1, 0]
    assert [record.getMessage() for record in caplog.records] == [f"Readings stay in {tmp_path / '0.ready'}: Is a directory."]


def test_there_may_be_no_spool_yet(tmp_path):
    assert fold_readings(tmp_path / "none") == 0


def test_the_command_says_what_it_did(tmp_path, settings, capsys):
    settings.SPOOL = tmp_path
    spooled(tmp_path, ("a1", 7, None, "on-meter", MINUTE))

    call_command("sweep_membership")

    assert "1 readings folded in" in capsys.readouterr().out


@pytest.mark.parametrize("counted", [False, True])
def test_visits_from_editions_are_kept_where_the_house_rule_says_so(counted, tmp_path):
    NewsletterRules.objects.update_or_create(pk=NewsletterRules.load().pk, defaults={"count_visits": counted})
    spooled(tmp_path, ("3-2026-03-02", None, None, VISIT, MINUTE), ("a1", 7, None, "on-meter", MINUTE))

    fold_readings(tmp_path)

    stories = {"a1", "3-2026-03-02"} if counted else {"a1"}
    assert set(Reading.objects.values_list("story", flat=True)) == stories
