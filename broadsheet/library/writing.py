"""Changes of the press into an index: commit by commit where it serves already, all at once where it is built."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import tantivy

from broadsheet.library.documents import Document, Mark
from broadsheet.library.tantivy_index import Unreadable, Writing, damage_told

LEAST_HEAP, MOST_HEAP = 60_000_000, 400_000_000
SHARE = 10  # of the memory that is free, a tenth: a build is one of several things that a machine does
FREE, ALLOWED = Path("/proc/meminfo"), Path("/sys/fs/cgroup/memory.max")
Change = tuple[Mark, list[Document], list[int]]  # how far it goes, what stands, what is gone
Changes = Iterator[Change]
Told = Callable[[int], None]


class Unwritable(Exception):
    """The disk is full, or does not let us write: the index stands as it stood."""


def write(index: tantivy.Index, path: Path, changes: Changes, told: Told) -> int:
    writing, written = None, 0
    for mark, documents, gone in changes:
        with writable(path):
            writing = writing or Writing(index)
            for document in documents:
                writing.put(document)
            for document_id in gone:
                writing.drop(document_id)
            writing.commit(cursor=mark.change, imprint=mark.imprint)
        written += len(documents) + len(gone)
        told(written)
    if writing:
        with writable(path):
            writing.close()
    return written


def write_all(index: tantivy.Index, path: Path, changes: Changes, told: Told) -> int:
    """Into a new index, in one commit: of a build that was killed nothing is kept, so Tantivy never needs to be waited for."""
    writing, written, last, there = Writing(index, heap=room()), 0, None, set[int]()
    try:
        for mark, documents, gone in changes:
            with writable(path):
                for document_id in there.intersection([*gone, *(document.id for document in documents)]):
                    writing.drop(document_id)  # printed again meanwhile
                for document in documents:
                    writing.add(document)
            there.update(document.id for document in documents)
            written, last = written + len(documents) + len(gone), mark
            told(written)
        with writable(path):
            if last:
                writing.commit(cursor=last.change, imprint=last.imprint)
            writing.close()
    except BaseException:
        writing.abandon()
        raise
    return written


def room() -> int:
    """For the writer of a whole index: the more it has, the fewer are its segments."""
    return max(LEAST_HEAP, min(MOST_HEAP, _memory() // SHARE))


def _memory() -> int:
    """What is free of this machine's, or of what this service is allowed; 0 where nobody says."""
    try:
        lines = dict(line.split(":", 1) for line in FREE.read_text().splitlines())
        free = int(lines["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        return 0
    try:
        return min(free, int(ALLOWED.read_text()))
    except (OSError, ValueError):  # there is none, or it says "max"
        return free


@contextmanager
def writable(path: Path) -> Iterator[None]:
    try:
        with damage_told():
            yield
    except Unreadable as trouble:
        raise Unwritable(
            f"The library's index in {path} cannot be written: {trouble}. Make room on its disk, and see that the folder is ours "
            "to write in. Meanwhile the library is found as it stood; it is tried again by itself."
        ) from trouble
