"""Kill -9 of every process at random moments of an edition's sending: is anybody missed, and who gets it twice?

`python -m bench.mail_kills [KILLS] [READERS]`. Two workers begin, list and send an edition to Postfix's smtp-sink, which writes
down what it took; both are killed, and two others go on, so many times; the last ones end it. A letter that arrived twice must be
listed in doubt, and there may be one of them a connection and kill.
"""

import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from bench.mail import SENDERS, environment, go, ready, said_by, sink
from bench.press import run

KILLS, READERS, ARTICLES = 50, 40_000, 3
LONGEST = 1.5  # seconds that workers live, from the moment at which they stand ready
SEED = 20260302


def main(kills: int, readers: int) -> None:
    chance = random.Random(SEED)
    taken: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="bench-kills-") as folder:
        dump = Path(folder) / "taken"
        dump.mkdir()
        Path(folder).chmod(0o755)
        dump.chmod(0o777)  # the sink is nobody
        with sink("-d", f"{dump}/%H%M%S.") as into:
            environ = environment(Path(folder) / "state", into.port)
            (Path(folder) / "state").mkdir()
            run("-m", "bench.with_django", "bench.mailing", "found", str(readers), str(ARTICLES), environ=environ)
            killed = 0
            while killed < kills and _send(environ, until=chance.uniform(0, LONGEST)):
                killed += 1
                taken += _read(dump)
            _send(environ)
            taken += _read(dump)
            told = said_by("tell", environ)
    doubles = {address: times - 1 for address, times in taken.items() if times > 1}
    unlisted = doubles.keys() - set(told["doubted"])
    beyond = max(len(unlisted), sum(doubles.values()) - killed * SENDERS)
    missed = readers - len(taken)
    print(f"{killed} times {SENDERS} workers were killed; {sum(taken.values()):,} letters to {len(taken):,} readers;")
    print(
        f"{len(told['doubted'])} listed in doubt, of which {sum(doubles.values())} arrived twice; {len(unlisted)} did unlisted."
    )
    print(f"FIGURE mail_kills={killed}")
    print(f"FIGURE mail_missed={missed}")
    print(f"FIGURE mail_doubles_beyond_in_flight={beyond}")
    sys.exit(1 if missed or beyond or not told["done"] else 0)


def _send(environ: dict[str, str], *, until: float | None = None) -> bool:
    """Whether workers had to be killed; without a moment they end by themselves."""
    workers = [ready(environ) for _ in range(SENDERS)]
    for worker in workers:
        go(worker)
    if until is not None:
        time.sleep(until)
        for worker in workers:
            worker.kill()
    for worker in workers:
        worker.communicate()
    return any(worker.returncode for worker in workers)


def _read(dump: Path) -> Counter[str]:
    """Whom letters went to. What was cut off on its way is none: smtp-sink throws it away when it sees that nobody is there."""
    time.sleep(0.3)
    found: Counter[str] = Counter()
    for file in dump.iterdir():
        to = next(line for line in file.read_bytes().splitlines() if line.startswith(b"X-Rcpt-Args:"))
        found[to.partition(b"<")[2].partition(b">")[0].decode()] += 1
        file.unlink()
    return found


if __name__ == "__main__":
    numbers = [int(number) for number in sys.argv[1:]]
    main(*(numbers + [KILLS, READERS][len(numbers) :]))
