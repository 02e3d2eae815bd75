import errno
import json
import os
import time

import pytest

from broadsheet.gate.spool import LEFT_AFTER, Spool

READING = ("a1", 7, None, "entitled", 1_772_438_400.5)


def refuse(file, data):
    raise OSError(errno.ENOSPC, "No space left on device")


def stories(file):
    return [json.loads(line)["story"] for line in file.read_text().splitlines()]


@pytest.fixture
def spool(tmp_path):
    spool = Spool(tmp_path / "spool")
    yield spool
    spool.close()


def files(spool, suffix):
    return sorted(spool._folder.glob(f"*.{suffix}"))


def test_a_reading_is_one_line_and_its_moment_the_minute(spool):
    spool.add(*READING)
    spool.add("a2", None, 3, "register", 1_772_438_519)
    spool.flush()

    (file,) = files(spool, "open")
    assert [json.loads(line) for line in file.read_text().splitlines()] == [
        {"story": "a1", "reader": 7, "institution": None, "reason": "entitled", "minute": 1_772_438_400},
        {"story": "a2", "reader": None, "institution": 3, "reason": "register", "minute": 1_772_438_460},
    ]


def test_without_readings_there_is_no_file(spool):
    spool.flush()
    spool.close()

    assert not spool._folder.exists()


def test_a_file_is_handed_over_after_its_minute_and_the_next_begins(spool, monkeypatch):
    spool.add(*READING)
    spool.flush()
    monkeypatch.setattr("broadsheet.gate.spool.CLOSED_AFTER", 0)
    spool.flush()
    assert (len(files(spool, "open")), len(files(spool, "ready"))) == (0, 1)

    spool.add(*READING)
    spool.flush()

    (file,) = files(spool, "open")
    assert len(file.read_text().splitlines()) == 1


def test_what_a_dead_process_left_is_handed_over_by_the_next(spool):
    spool._folder.mkdir()
    left, fresh = spool._folder / "1-1.open", spool._folder / "2-2.open"
    for file in (left, fresh):
        file.write_text("{}\n")
    os.utime(left, (time.time() - LEFT_AFTER - 1,) * 2)

    spool.add(*READING)
    spool.flush()

    assert files(spool, "ready") == [left.with_suffix(".ready")]
    assert fresh.exists()


def test_a_disk_that_takes_nothing_keeps_readings_waiting_and_is_said_once(spool, caplog):
    spool._folder.write_text("a file where the folder should be")
    spool.add(*READING)
    spool.flush()
    spool.flush()
    spool._folder.unlink()
    spool.flush()

    (file,) = files(spool, "open")
    assert len(file.read_text().splitlines()) == 1
    assert len(caplog.records) == 1


def test_a_story_whose_name_needs_it_is_quoted(spool):
    spool.add('a"1', None, None, "register", 0)
    spool.flush()

    (file,) = files(spool, "open")
    assert json.loads(file.read_text())["story"] == 'a"1'


def test_a_disk_that_takes_half_a_line_is_given_the_rest_later(spool, monkeypatch):
    """Lines are counted when they are folded: half a line and then the whole one would count twice."""
    real, taken = os.write, iter([10, OSError(errno.ENOSPC, "No space left on device")])

    def write(file, data):
        match next(taken, None):
            case int(most):
                return real(file, data[:most])
            case OSError() as trouble:
                raise trouble
        return real(file, data)

    monkeypatch.setattr("broadsheet.gate.spool.os.write", write)
    spool.add(*READING)
    spool.add("a2", None, 3, "register", 1_772_438_460)
    spool.flush()
    spool.add("a3", None, 3, "register", 1_772_438_460)
    spool.flush()

    (file,) = files(spool, "open")
    assert stories(file) == ["a1", "a2", "a3"]


def test_a_disk_that_is_full_for_minutes_costs_no_reading_and_the_file_stays_its_gate_s(spool, monkeypatch):
    spool.add(*READING)
    spool.flush()
    (file,) = files(spool, "open")
    another = Spool(spool._folder)
    with monkeypatch.context() as full:
        full.setattr("broadsheet.gate.spool.os.write", refuse)
        for n in range(3):
            os.utime(file, (time.time() - LEFT_AFTER - 1,) * 2)  # nothing was written for so long
            spool.add(f"b{n}", None, None, "register", 1_772_438_400)
            spool.flush()
        another.add(*READING)
        another.flush()
    spool.flush()
    another.close()

    assert stories(file) == ["a1", "b0", "b1", "b2"]


def test_what_a_full_disk_refuses_to_the_last_is_counted_in_the_log(tmp_path, monkeypatch, caplog):
    spool = Spool(tmp_path)
    with monkeypatch.context() as full:
        full.setattr("broadsheet.gate.spool.os.write", refuse)
        spool.add(*READING)
        spool.flush()
        spool.add(*READING)
        spool.close()

    assert caplog.messages[-1] == f"2 readings are lost: {tmp_path} takes none, and this process ends."
