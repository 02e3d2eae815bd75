"""Random histories of a subscription at the till, and whether the standing is right in the end.

`python -m bench.standing [HISTORIES]`. Each history is one reader's: bought, renewed, failed, mended, changed, paused, refunded,
disputed, ended, in random order and with random waits. Its events are told doubled, lost and shuffled, while a second worker and
Stripe itself come in between any two calls, and now and then a worker dies between two statements. At the end stands one sweep.
What is right is said by `right_standing`, a table over the till's final objects that imports nothing of ours.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

PROCESSES = 2
SHOWN = 20


def main(histories: int) -> None:
    with tempfile.TemporaryDirectory(prefix="bench-standing-") as folder:
        running = [_begun(Path(folder) / str(first), range(first, histories, PROCESSES)) for first in range(PROCESSES)]
        said = [each.communicate()[0] for each in running]
    if any(each.returncode for each in running):
        raise SystemExit("A process of the benchmark died.")
    wrong = [json.loads(line) for lines in said for line in lines.splitlines()]
    for one in wrong[:SHOWN]:
        print(f"{one['seed']}: {' → '.join(one['story'])}\n   right: {one['right']}\n   found: {one['found']}")
    print(f"FIGURE histories={histories}")
    print(f"FIGURE wrong_standings={len(wrong)}")


def _begun(state: Path, seeds: range) -> subprocess.Popen[str]:
    state.mkdir()
    environ = {
        "DJANGO_SETTINGS_MODULE": "broadsheet.config.settings",
        "BROADSHEET_STATE": str(state),
        "BROADSHEET_DATABASE_URL": f"sqlite:///{state}/bench.sqlite3",
        "BROADSHEET_SECRET_KEY": "the secret of a benchmark known to everybody who reads it",
        "BROADSHEET_STRIPE_KEY": "sk_test_of_the_publisher",
    }
    command = [sys.executable, "-m", "bench.histories", *map(str, (seeds.start, seeds.stop, seeds.step))]
    return subprocess.Popen(command, env={**os.environ, **environ}, stdout=subprocess.PIPE, text=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
