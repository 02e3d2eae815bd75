"""Processes that do a part of a long run."""

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

from django.db import connections, transaction


@contextmanager
def forked(workers: int) -> Iterator[Executor | None]:
    """None where there are to be none, or a transaction is open. Connections are closed first: none may be shared."""
    if workers < 1 or transaction.get_connection().in_atomic_block:
        yield None
        return
    connections.close_all()
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        pool.submit(os.getpid).result()  # all are forked at the first task, while there is no connection
        yield pool
