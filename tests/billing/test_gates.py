"""A standing that changes, and what every process of a fleet serves after it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from broadsheet.access.terms import WALLS, Audience
from broadsheet.billing import actions
from broadsheet.billing.models import Invoice
from broadsheet.gate.follower import LOOKS_EVERY
from broadsheet.kit import clock
from tests import cast
from tests.gate.pressroom import press

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

ROOT = Path(__file__).resolve().parents[2]
PATH = "/briefings/a-river/"


class Node:
    """One process, and one device that asks it."""

    def __init__(self, process: subprocess.Popen[str], session: str) -> None:
        self.process, self.cookies = process, {"session": session}

    def reads(self) -> bool:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self._said(f"GET {PATH}\t{cookies}")
        self.cookies |= answer["cookies"]
        assert answer["status"] == 200
        return bool(answer["text"] == "full")

    def look(self) -> None:
        self._said("LOOK")

    def _said(self, line: str) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(line, file=self.process.stdin, flush=True)
        return dict(json.loads(self.process.stdout.readline()))


@contextmanager
def nodes(session: str, count: int, state: Path) -> Iterator[list[Node]]:
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "broadsheet.config.settings", "BROADSHEET_STATE": str(state)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT, "env": environ}
    processes = [subprocess.Popen([sys.executable, "-m", "tests.billing.node"], **pipes) for _ in range(count)]
    try:
        yield [Node(process, session) for process in processes]
    finally:
        for process in processes:
            process.communicate(timeout=30)


def test_a_standing_that_shrinks_shuts_every_gate_at_its_next_look_and_one_that_grows_opens_it(counter, tmp_path):
    assert LOOKS_EVERY < 1  # second: what a standing that shrinks may still open
    counter.at = clock.now()  # the nodes' clock is the machine's
    press(PATH, Audience.MEMBERS, previews=dict.fromkeys(WALLS, "preview"))
    fay, price = cast.fay(counter.at), counter.price()
    with nodes(cast.session_of(fay), 2, tmp_path) as fleet:
        assert [node.reads() for node in fleet] == [False, False]

        counter.subscribe(fay, price)
        for node in fleet:
            node.look()
        assert [node.reads() for node in fleet] == [True, True]

        actions.pay_back(
            Invoice.objects.get(), amount=900, shown_back="0", why="A test.", by=cast.petra(counter.at), at=counter.at
        )
        assert [node.reads() for node in fleet] == [True, True]  # nobody has looked yet
        for node in fleet:
            node.look()
        assert [node.reads() for node in fleet] == [False, False]
