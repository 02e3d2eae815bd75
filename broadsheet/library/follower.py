"""Keeps this machine's index up with the press, in a thread of the worker, or as a process of its own where no worker runs."""

import logging
import os
import threading
from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.db import close_old_connections, connection
from django.db.models import Max

from broadsheet.library.catching_up import THE_PRESS, folder
from broadsheet.library.keeping import BeingWritten, current, has_meaning, is_suspected, keep_up, the_writer
from broadsheet.press.models import Pressing

log = logging.getLogger(__name__)
LOOKS = 0.4  # seconds between two looks at the press's numbers
WAITS = 5.0  # seconds before another look whether the writer of this machine is gone
EMBEDDED_AT_ONCE = 2  # articles: about a second
NICENESS = 15


def follow(stopping: threading.Event) -> None:
    """Until told to stop. One of many on a machine writes, the others wait for its place."""
    _step_back()
    while not stopping.is_set():
        try:
            with the_writer(folder()):
                _write_until(stopping)
        except BeingWritten:
            stopping.wait(WAITS)
    connection.close()


def _step_back() -> None:
    """Pages come first."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


def _write_until(stopping: threading.Event) -> None:
    seen: int | None = None
    thorough = True
    embedding: Any = None
    while not stopping.is_set():
        close_old_connections()
        newest = _newest()
        path = current(folder())
        if newest != seen or path is None or is_suspected(path):
            keep_up(folder(), press=THE_PRESS, thorough=thorough)
            seen, thorough = newest, False
            path = current(folder())
        if has_meaning() and path:
            if embedding is None or embedding.path != path:
                embedding = import_module("broadsheet.library.embedding").Embedding(path)
            if newest and embedding.go_on(newest=newest, most=EMBEDDED_AT_ONCE):
                continue
        stopping.wait(LOOKS)


def _newest() -> int:
    return Pressing.objects.aggregate(newest=Max("change"))["newest"] or 0


def embed_all(told: Callable[[int], None] = lambda _: None) -> int:
    """All at once, for whoever would rather wait than have the worker do it by and by."""
    with the_writer(folder()):
        path = current(folder())
        embedding = import_module("broadsheet.library.embedding").Embedding(path)
        done = 0
        while count := embedding.go_on(newest=_newest(), most=EMBEDDED_AT_ONCE):
            done += count
            told(done)
        return done
