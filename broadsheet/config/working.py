"""The worker: works off the queues, and keeps the clock that puts what is due into them.

What is published has a queue of its own, looked at five times a second; whatever may take minutes has another, so that nothing
that is due waits behind it; what asks Stripe, which may be slow to answer, has a third; mail has a fourth, so that no code waits
behind anything but mail, what comes by the thousand a fifth, and editions have a sixth; other outlets' servers are asked in a
seventh, and what an editor wants found there in an eighth; in a ninth dossiers are gathered and examples of questions tried;
everything else shares a tenth. Of many workers one holds the lease of the clock.
"""

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler
from django.db import close_old_connections
from django_tasks_db.management.commands.db_worker import Worker

from broadsheet.config.ticks import TICKS
from broadsheet.kit.leasing import take_lease
from broadsheet.kit.stopping import stop as end_long_errands
from broadsheet.library.follower import follow
from broadsheet.wire.tasks import the_listening

LEASE = timedelta(seconds=30)
QUEUES = {
    ("press",): 0.2,
    ("default",): 0.5,
    ("mail",): 0.5,
    ("stripe",): 0.5,
    ("long",): 2.0,
    ("bulk",): 1.0,
    ("editions",): 1.0,
    ("wire",): 1.0,
    ("finding",): 0.5,
    ("research", "dossiers"): 1.0,  # as the same was called before: an errand that waited for an upgrade is done after it
}  # a thread each, and how often it looks


def work() -> None:
    # A long errand that computes would else make the press wait five milliseconds after each of its hundreds of queries.
    sys.setswitchinterval(0.0005)
    stopping = threading.Event()

    def stop(_signum: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    workers = [queue_worker(*names, interval=interval) for names, interval in QUEUES.items()]
    threads = [threading.Thread(target=each.run, name=each.worker_id, daemon=True) for each in workers]
    for thread in threads:
        thread.start()
    clock = clock_of_the_house()
    clock.start()
    library = following(stopping)
    while not stopping.wait(1) and all(thread.is_alive() for thread in threads):
        # Without an index nothing is found; without the worker nothing is printed. So it falls and rises by itself.
        library = library if library.is_alive() else following(stopping)
    end_long_errands()
    clock.shutdown(wait=True)
    for each in workers:
        each.running = False
    for thread in [*threads, library]:
        thread.join(timeout=10)
    the_listening().end()


def following(stopping: threading.Event) -> threading.Thread:
    thread = threading.Thread(target=follow, args=(stopping,), name="library", daemon=True)
    thread.start()
    return thread


def queue_worker(*queues: str, interval: float) -> Worker:
    return Worker(
        queue_names=list(queues),
        interval=interval,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=f"{queues[0]}-{whoami()}"[:64],
        excluded_queue_names=[],
    )


def clock_of_the_house() -> BackgroundScheduler:
    """Only enqueues; what is due is decided by whoever is woken."""
    clock = BackgroundScheduler(timezone=UTC)
    for tick in TICKS:
        clock.add_job(if_ours(tick.enqueue), "interval", seconds=tick.every, id=tick.name, coalesce=True, max_instances=1)
    return clock


def if_ours(enqueue: Callable[[], object]) -> Callable[[], None]:
    def enqueue_if_ours() -> None:
        close_old_connections()
        # The machine's own clock: a lease is between processes, and the demo's clock jumps.
        if take_lease("clock", holder=whoami(), lasts=LEASE, at=datetime.now(UTC)):
            enqueue()
        close_old_connections()

    return enqueue_if_ours


def whoami() -> str:
    return f"{socket.gethostname()}-{os.getpid()}"
