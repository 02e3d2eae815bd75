import json
import os
import time

import pytest

from broadsheet.gate.spool import LEFT_AFTER, Reading, Spool

READING = Reading("a1", 7, None, "entitled", 1_772_438_400)


@pytest.fixture
def spool(tmp_path):
    spool = Spool(tmp_path / "spool")
    yield spool
    spool.close()


def files(spool, suffix):
    return sorted(spool._folder.glob(f"*.{suffix}"))


def test_a_reading_is_one_line_with_its_number(spool):
    spool.add(READING)
    spool.add(Reading("a2", None, 3, "register", 1_772_438_460))
    spool.flush()

    (file,) = files(spool, "open")
    assert [json.loads(line) for line in file.read_text().splitlines()] == [
        {"n": 0, "story": "a1", "reader": 7, "institution": None, "reason": "entitled", "minute": 1_772_438_400},
        {"n": 1, "story": "a2", "reader": None, "institution": 3, "reason": "register", "minute": 1_772_438_460},
    ]


def test_without_readings_there_is_no_file(spool):
    spool.flush()
    spool.close()

    assert not spool._folder.exists()


def test_a_file_is_handed_over_after_its_minute_and_the_next_begins_at_nought(spool, monkeypatch):
    spool.add(READING)
    spool.flush()
    monkeypatch.setattr("broadsheet.gate.spool.CLOSED_AFTER", 0)
    spool.flush()
    assert (len(files(spool, "open")), len(files(spool, "ready"))) == (0, 1)

    spool.add(READING)
    spool.flush()

    (file,) = files(spool, "open")
    assert json.loads(file.read_text())["n"] == 0


def test_what_a_dead_process_left_is_handed_over_by_the_next(spool):
    spool._folder.mkdir()
    left, fresh = spool._folder / "1-1.open", spool._folder / "2-2.open"
    for file in (left, fresh):
        file.write_text("{}\n")
    os.utime(left, (time.time() - LEFT_AFTER - 1,) * 2)

    spool.add(READING)
    spool.flush()

    assert files(spool, "ready") == [left.with_suffix(".ready")]
    assert fresh.exists()


def test_a_disk_that_takes_nothing_keeps_readings_waiting_and_is_said_once(spool, caplog):
    spool._folder.write_text("a file where the folder should be")
    spool.add(READING)
    spool.flush()
    spool.flush()
    spool._folder.unlink()
    spool.flush()

    (file,) = files(spool, "open")
    assert len(file.read_text().splitlines()) == 1
    assert len(caplog.records) == 1
