"""Gates in processes of their own, as a fleet has them."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from broadsheet.access.terms import Audience
from tests.gate.pressroom import a_pass as a_ticket
from tests.gate.pressroom import press, put, revoke, sealed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

ROOT = Path(__file__).resolve().parents[2]
PATH = "/briefings/a-river/"
FAR_OFF = 2**33  # the tellers' clock is the machine's
COOKIES = f"session=rex; pass={sealed(a_ticket(entitled_until=FAR_OFF, expires_at=FAR_OFF, meter_ends_at=FAR_OFF))}"


class Teller:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def ask(self, path: str = PATH) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{path}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()


@contextmanager
def tellers(spool: Path, count: int) -> Iterator[list[Teller]]:
    command = [sys.executable, "-m", "tests.gate.teller", settings.DATABASE_URL, str(spool), COOKIES]
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT, "env": environ}
    processes = [subprocess.Popen(command, **pipes) for _ in range(count)]
    try:
        yield [Teller(process) for process in processes]
    finally:
        for process in processes:
            process.communicate(timeout=20)


def seconds_until(said: Callable[[], bool]) -> float:
    began = time.monotonic()
    while not said():
        assert time.monotonic() - began < 10
    return time.monotonic() - began


def test_a_revocation_reaches_every_process_within_a_second(tmp_path):
    press(PATH, Audience.METERED)
    with tellers(tmp_path, 2) as gates:
        assert [gate.ask() for gate in gates] == ["200 full"] * 2

        revoke(reader=7)

        assert seconds_until(lambda: [gate.ask() for gate in gates] == ["200 preview, register"] * 2) < 1


def test_a_re_pressed_page_reaches_every_process_within_a_second(tmp_path):
    press(PATH, Audience.OPEN)
    with tellers(tmp_path, 2) as gates:
        assert [gate.ask() for gate in gates] == ["200 full"] * 2

        press(PATH, Audience.OPEN, full="corrected")
        assert seconds_until(lambda: [gate.ask() for gate in gates] == ["200 corrected"] * 2) < 1

        put(PATH, withdrawn=True)
        assert seconds_until(lambda: all(gate.ask().startswith("410") for gate in gates)) < 1


def test_a_killed_gate_loses_at_most_a_second_of_readings(tmp_path):
    press(PATH, Audience.OPEN)
    with tellers(tmp_path, 1) as (gate,):
        gate.ask()
        assert seconds_until(lambda: any(tmp_path.glob("*.open"))) < 2
        written = seconds_until(lambda: any(file.read_text() for file in tmp_path.glob("*.open")))

        os.kill(gate.process.pid, signal.SIGKILL)

    (left,) = tmp_path.glob("*.open")
    reading = json.loads(left.read_text().splitlines()[0])
    assert written < 2
    assert (reading["story"], reading["reader"], reading["reason"]) == ("a1", 7, "open")


def test_a_gate_that_ends_hands_over_its_readings(tmp_path):
    press(PATH, Audience.OPEN)
    with tellers(tmp_path, 1) as (gate,):
        gate.ask()

    (ready,) = tmp_path.iterdir()
    assert ready.suffix == ".ready"
    assert len(ready.read_text().splitlines()) == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a database of SQLite's can be moved away")
def test_a_gate_serves_from_memory_while_the_database_is_away_and_catches_up_after(tmp_path):
    press(PATH, Audience.OPEN)
    press("/briefings/never-read/", Audience.OPEN, full="never read before")
    file = Path(str(connection.settings_dict["NAME"]))
    aside = file.with_suffix(".aside")
    with tellers(tmp_path, 1) as (gate,):
        assert gate.ask() == "200 full"
        file.rename(aside)
        try:
            assert gate.ask() == "200 full"
            assert gate.ask("/briefings/never-read/").startswith("503 This page can’t be read just now")
        finally:
            aside.rename(file)
        press(PATH, Audience.OPEN, full="corrected")

        assert seconds_until(lambda: gate.ask() == "200 corrected") < 1
        assert gate.ask("/briefings/never-read/") == "200 never read before"
