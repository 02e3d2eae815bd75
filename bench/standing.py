"""Random histories of subscriptions at the till, and whether the standing is right in the end.

`python -m bench.standing [HISTORIES] [--plant FAULT] [--postgres] [--threads N]`. Some readers live in one world: each
subscribes, renews, fails, mends, changes plan or seats, pauses, is refunded, disputes, ends, in random order and with
random waits. What Stripe tells is lost, late, doubled and shuffled; while a worker waits for Stripe something happens
there, or another worker is quicker; workers die between two statements; Stripe fails, with nothing done, or with all
done and the answer lost. In half of the worlds all of it comes in the end: there all must be right once it was heeded,
before any sweep. At the end stands one sweep, after which all must be right everywhere. What is right is said by
`right_standing`, a table over the till's final objects that imports nothing of ours. Then `shutting` measures how soon
every process of a fleet shuts out a reader whose standing shrank.

`--plant all` puts one fault after the other into the product, and says after how many histories it showed at each of
those two moments at which it must.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests import postgres

PROCESSES = 2
LIVES = 10  # in a world
SHOWN = 20
PLANTED_FOR = 300  # histories, within which each fault must show


def main() -> None:
    asked = argparse.ArgumentParser(prog="bench.standing", description="Is the standing right after random histories?")
    asked.add_argument("histories", nargs="?", type=int, default=10_000)
    asked.add_argument("--plant", metavar="FAULT", default="", help="a fault of bench/planted.py, or all")
    asked.add_argument("--postgres", action="store_true", help="on a throwaway PostgreSQL")
    asked.add_argument("--threads", type=int, default=0, help="workers that heed at the same time")
    given = asked.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-standing-")))
        server = postgres.start().rpartition("/")[0] if given.postgres else ""
        if given.plant:
            _plant(given.plant, folder, server)
        else:
            _judge(given.histories, given.threads, folder, server)


def _judge(histories: int, threads: int, folder: Path, server: str) -> None:
    worlds = -(-histories // LIVES)
    running = [_begun(folder, range(first, worlds, PROCESSES), server, threads=threads) for first in range(PROCESSES)]
    said = _said_by(running)
    wrong = [one for one in said if "story" in one]
    for one in wrong[:SHOWN]:
        print(f"{one['seed']}, {one['moment']}, {one['line']}: {' → '.join(one['story'])}")
        print(f"   right: {one['right']}\n   found: {one['found']}")
    seen = sum((Counter(one["seen"]) for one in said if "seen" in one), Counter[str]())
    print(*(f"{number:>9,}  {what}" for what, number in sorted(seen.items())), sep="\n")
    print(f"FIGURE histories={sum(one.get('lived', 0) for one in said)}")
    print(f"FIGURE wrong_standings={len(wrong)}")
    (shut,) = _said_by([_started("bench.shutting", folder=folder, server=server)])
    print(f"FIGURE shrink_closes_s={shut['shrink_closes_s']:.2f}")


def _plant(fault: str, folder: Path, server: str) -> None:
    print(f"{'fault':<32}{'shows when':<22}within histories")
    for one in _said_by([_begun(folder, range(PLANTED_FOR // LIVES), server, fault=fault)]):
        for moment in one.get("must_show", ()):
            print(f"{one['fault']:<32}{moment:<22}{one['found'].get(moment, 'NOT FOUND')}", flush=True)


def _begun(folder: Path, seeds: range, server: str, *, fault: str = "", threads: int = 0) -> subprocess.Popen[str]:
    numbers = map(str, (seeds.start, seeds.stop, seeds.step))
    return _started("bench.histories", *numbers, fault, str(threads), folder=folder, server=server)


def _started(module: str, *arguments: str, folder: Path, server: str) -> subprocess.Popen[str]:
    """On a database of its own."""
    state = Path(tempfile.mkdtemp(dir=folder))
    database = f"sqlite:///{state}/bench.sqlite3"
    if server:
        database = f"{server}/{state.name}"
        subprocess.run(["psql", "--quiet", f"{server}/postgres", "-c", f'CREATE DATABASE "{state.name}"'], check=True)
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.Popen(command, env={**os.environ, **_environ(state, database)}, stdout=subprocess.PIPE, text=True)


def _environ(state: Path, database: str) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "broadsheet.config.settings",
        "BROADSHEET_STATE": str(state),
        "BROADSHEET_DATABASE_URL": database,
        "BROADSHEET_SECRET_KEY": "the secret of a benchmark known to everybody who reads it",
        "BROADSHEET_STRIPE_KEY": "sk_test_of_the_publisher",
    }


def _said_by(running: list[subprocess.Popen[str]]) -> list[dict[str, Any]]:
    said = [each.communicate()[0] for each in running]
    if any(each.returncode for each in running):
        raise SystemExit("A process of the benchmark died.")
    return [json.loads(line) for lines in said for line in lines.splitlines()]


if __name__ == "__main__":
    main()
