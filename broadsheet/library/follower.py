"""Keeps this machine's index up with the press, in a thread of the worker, or as a process of its own where no worker runs."""

import logging
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from django.db import close_old_connections, connection
from django.db.models import Max

from broadsheet.library.catching_up import THE_PRESS, folder
from broadsheet.library.keeping import (
    BeingWritten,
    NotTheModel,
    current,
    has_meaning,
    is_suspected,
    keep_up,
    load_model,
    the_writer,
)
from broadsheet.library.writing import Changes, Unwritable
from broadsheet.press.models import Pressing

log = logging.getLogger(__name__)
LOOKS = 0.4  # seconds between two looks at the press's numbers
WAITS = 5.0  # seconds before another look whether the writer of this machine is gone
WAITS_FOR_ROOM = 60.0  # seconds before another try to write what could not be written
EMBEDDED_AT_ONCE = 2  # articles: about a second
NICENESS = 15


class Stopped(Exception):
    """Whoever follows was told to stop in the midst of it; an index half built is dropped when the next one begins."""


def follow(stopping: threading.Event) -> None:
    """Until told to stop. One of many on a machine writes, the others wait for its place."""
    _step_back()
    while not stopping.is_set():
        try:
            with the_writer(folder()):
                _write_until(stopping)
        except BeingWritten:
            stopping.wait(WAITS)
        except (Unwritable, OSError) as trouble:
            log.error("%s", trouble)
            stopping.wait(WAITS_FOR_ROOM)
        except Stopped:
            break
    connection.close()


def _step_back() -> None:
    """Pages come first."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


def _write_until(stopping: threading.Event) -> None:
    seen: int | None = None
    thorough, embedder = True, _Embedder()
    press = replace(THE_PRESS, changes_after=lambda cursor: _while_wanted(THE_PRESS.changes_after(cursor), stopping))
    while not stopping.is_set():
        close_old_connections()
        newest = _newest()
        path = current(folder())
        if newest != seen or path is None or is_suspected(path):
            keep_up(folder(), press=press, thorough=thorough)
            seen, thorough = newest, False
            path = current(folder())
        if not (path and newest and embedder.go_on(path, newest=newest)):
            stopping.wait(LOOKS)


def _while_wanted(changes: Changes, stopping: threading.Event) -> Changes:
    for each in changes:
        if stopping.is_set():
            raise Stopped
        yield each


class _Embedder:
    """Embeds a little at a time what the index holds, where the extra is installed and sound."""

    def __init__(self) -> None:
        self._embedding: Any = None
        self._can = has_meaning()

    def go_on(self, path: Path, *, newest: int) -> int:
        """How many articles; 0 where nothing is left."""
        if not self._can:
            return 0
        try:
            if self._embedding is None or self._embedding.path != path:
                self._embedding = _embedding(path)
            done: int = self._embedding.go_on(newest=newest, most=EMBEDDED_AT_ONCE)
        except NotTheModel as trouble:
            self._can = False
            log.error("Nothing is embedded: %s", trouble)
            return 0
        except OSError as trouble:
            raise Unwritable(f"What was embedded cannot be written in {path}: {trouble}. Make room on its disk.") from trouble
        return done


def _embedding(path: Path) -> Any:
    return import_module("broadsheet.library.embedding").Embedding(path, load_model())


def _newest() -> int:
    return Pressing.objects.aggregate(newest=Max("change"))["newest"] or 0


def embed_all(told: Callable[[int], None] = lambda _: None) -> int:
    """All at once, for whoever would rather wait than have the worker do it by and by. Raises `NotTheModel`."""
    load_model()
    with the_writer(folder()):
        keep_up(folder(), press=THE_PRESS)
        path = current(folder())
        assert path is not None
        embedding, done = _embedding(path), 0
        while count := embedding.go_on(newest=_newest(), most=EMBEDDED_AT_ONCE):
            done += count
            told(done)
        return done
