"""What each process of `bench.standing` does: live through worlds of histories, and say which ended wrong.

`python -m bench.histories FIRST END STEP FAULT THREADS`, the numbers of the worlds, under settings that name a
database of its own. Each line that it prints is JSON: a history that ended wrong, or at the end what occurred how often.
With a fault planted it goes on until that has shown at each moment at which it must.
"""

import json
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, nullcontext
from datetime import UTC, datetime

from bench.prepared import migrate

# isort: split
from django.db import connection
from django_tasks_db.models import DBTaskResult

from bench import planted
from bench.worlds import BEGAN, LIVES, World
from broadsheet.billing import models
from broadsheet.kit.models import Counter as Cursor
from broadsheet.mailroom.models import Dispatch
from broadsheet.membership.actions import engage
from broadsheet.membership.models import Reader, Revocation, Term
from broadsheet.membership.seating import Group, Seat

SAYS_EVERY = 5.0  # seconds


def main(seeds: range, fault: str, threads: int) -> None:
    migrate()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")
    people = [engage(address=f"reader{n}@example.org", at=datetime.fromtimestamp(BEGAN, UTC)) for n in range(LIVES + 3)]
    with ExitStack() as stack:
        workers = stack.enter_context(ThreadPoolExecutor(threads)) if threads else None
        for name in planted.FAULTS if fault == "all" else [fault]:
            _live(seeds, people, workers, planted.FAULTS[name] if name else None)


def _live(seeds: range, people: list[Reader], workers: ThreadPoolExecutor | None, fault: planted.Fault | None) -> None:
    seen, wrong, found, done = Counter[str](), 0, dict[str, int](), 0
    said_at, began = time.monotonic(), time.process_time()
    with fault.plant() if fault else nullcontext():
        for seed in seeds:
            world = World(seed, people, seen, workers)
            if fault is None or fault.shows & world.moments:
                done += LIVES
                for moment in world.live():
                    if these := sum(life.judge(moment) for life in world.lives):
                        wrong += these
                        found.setdefault(moment, done)
            _forget()
            if fault and fault.shows <= found.keys():
                break
            if time.monotonic() - said_at > SAYS_EVERY or seed == seeds[-1]:
                said_at, each = time.monotonic(), (time.process_time() - began) / max(done, 1)
                print(f"{done:,}: {wrong} wrong, {each:.3f} s each", file=sys.stderr, flush=True)
    told = {"fault": fault.plant.__name__, "must_show": sorted(fault.shows)} if fault else {}
    print(json.dumps({"seen": seen, "lived": done, "found": found, **told}), flush=True)


def _forget() -> None:
    """The next world stands alone."""
    books = (models.PlanChange, models.Ending, models.Invoice, models.Subscription, models.Customer, models.Price, models.Plan)
    of_billing = (models.Notice, models.Mode, *books)
    with connection.cursor() as cursor:
        for model in (*of_billing, Seat, Group, Term, Revocation, Dispatch, DBTaskResult, Cursor):
            cursor.execute(f"DELETE FROM {model._meta.db_table}")


if __name__ == "__main__":
    main(range(*map(int, sys.argv[1:4])), sys.argv[4] if len(sys.argv) > 4 else "", int(sys.argv[5]) if len(sys.argv) > 5 else 0)
