"""Where passages lie in the model's space: one file of records, appended to, that every process reads whole."""

import errno
import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from broadsheet.access.terms import Audience
from broadsheet.library.documents import Document
from broadsheet.library.passages import passages
from broadsheet.library.sight import Sight

DIMENSIONS = 384
# imprint: above its 48 bits stands how many passages the document has; 0 there: an older version wrote it, and did not say.
# whose: 0 everybody's, 1 the registered's, 2 beyond the cut
RECORD = np.dtype([("id", "<u8"), ("imprint", "<u8"), ("whose", "u1"), ("scale", "<f4"), ("vector", "i1", (DIMENSIONS,))])
IMPRINT_BITS, MOST_COUNTED = 48, 2**16 - 1
EVERYBODYS, THE_REGISTEREDS, BEYOND = 0, 1, 2
MEAN = 0.2  # of a document's closeness; the rest is its best passage's
SIFTED = 4_000  # passages that are compared exactly after their signs were; fewer are compared exactly at once
Floats = npt.NDArray[np.float32]


def parts_of(document: Document) -> Iterator[tuple[int, str]]:
    """Whose each passage is, and what is to be embedded of it. The standfirst is part of the first."""
    head = f"{document.headline}. " if document.headline else ""
    free = " ".join(filter(None, (document.standfirst, document.free)))
    beyond = THE_REGISTEREDS if document.audience is Audience.REGISTERED else BEYOND
    for whose, text in ((EVERYBODYS, free), (beyond, document.rest)):
        for passage in passages(text) or ([""] if whose == EVERYBODYS else []):
            yield whose, head + passage


def records(document: Document, vectors: Floats) -> npt.NDArray[np.void]:
    """`vectors` of `parts_of`, in their order."""
    rows = np.zeros(len(vectors), RECORD)
    scale = np.abs(vectors).max(axis=1) / 127
    rows["id"], rows["scale"] = document.id, scale
    rows["imprint"] = document.imprint | min(len(vectors), MOST_COUNTED) << IMPRINT_BITS
    rows["whose"] = [whose for whose, _ in parts_of(document)]
    rows["vector"] = np.round(vectors / np.maximum(scale, 1e-9)[:, None])
    return rows


def append(file: Path, rows: npt.NDArray[np.void]) -> None:
    """What a writer that was killed left of a record is cut off first. Where the disk is full nothing is written."""
    with file.open("ab", buffering=0) as stream:
        whole = stream.seek(0, os.SEEK_END) // RECORD.itemsize * RECORD.itemsize
        stream.truncate(whole)
        written = stream.write(rows.tobytes())
        if written != rows.nbytes:
            stream.truncate(whole)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(file))


@dataclass(frozen=True, slots=True)
class Space:
    """All passages at one moment, those of a document side by side.

    `vector` stays in the file, in the order of which it was written there: `place` says where that of each is.
    """

    ids: npt.NDArray[np.uint64]
    whose: npt.NDArray[np.uint8]
    scale: Floats
    place: npt.NDArray[np.intp]
    vector: npt.NDArray[np.int8]
    signs: npt.NDArray[np.uint64]
    imprints: dict[int, int]

    def seen(self, sight: Sight, lit: Collection[int]) -> npt.NDArray[np.bool_] | None:
        """None: all of it."""
        if sight.entitled:
            return None
        seen = self.whose <= (THE_REGISTEREDS if sight.standing.registered else EVERYBODYS)
        return seen | np.isin(self.ids, np.fromiter(lit, np.uint64)) if lit else seen

    def nearest(self, asked: Floats, *, sight: Sight, lit: Collection[int], most: int) -> dict[int, float]:
        """The nearest first, each with the closeness of its best passage."""
        rows = np.arange(len(self.ids)) if (seen := self.seen(sight, lit)) is None else np.flatnonzero(seen)
        if len(rows) > SIFTED:
            apart = np.bitwise_count(self.signs[rows] ^ _signs(asked[None, :])).sum(axis=1)
            rows = rows[np.argpartition(apart, SIFTED)[:SIFTED]]
        products = self._products(rows, asked)
        order = np.argsort(-products, kind="stable")
        near: dict[int, float] = {}
        for pk, close in zip(self.ids[rows[order]].tolist(), products[order].tolist(), strict=True):
            near.setdefault(pk, close)
        return dict(islice(near.items(), most))

    def closeness(self, asked: Floats, ids: Sequence[int], *, sight: Sight, lit: Collection[int]) -> tuple[Floats, list[int]]:
        """Of each document, and where its best passage lies (-1: it has none)."""
        seen = self.seen(sight, lit)
        close, best = np.zeros(len(ids), np.float32), [-1] * len(ids)
        spans = [np.arange(*self._span(one)) for one in ids]
        spans = spans if seen is None else [span[seen[span]] for span in spans]
        if not any(len(span) for span in spans):
            return close, best
        products = self._products(np.concatenate(spans), asked)
        start = 0
        for n, span in enumerate(spans):
            if len(span):
                own = products[start : start + len(span)]
                close[n], best[n] = (1 - MEAN) * own.max() + MEAN * own.mean(), int(span[own.argmax()])
                start += len(span)
        return close, best

    def at(self, row: int) -> Floats:
        return self.vector[self.place[row]].astype(np.float32) * self.scale[row]

    def _span(self, document_id: int) -> tuple[int, int]:
        wanted = np.uint64(document_id)
        return int(np.searchsorted(self.ids, wanted, "left")), int(np.searchsorted(self.ids, wanted, "right"))

    def _products(self, rows: npt.NDArray[np.intp], asked: Floats) -> Floats:
        return (self.vector[self.place[rows]].astype(np.float32) @ asked) * self.scale[rows]


def _signs(vectors: npt.NDArray[np.int8] | Floats) -> npt.NDArray[np.uint64]:
    return np.packbits(vectors > 0, axis=1).view(np.uint64)


# Reading


def read(file: Path) -> Space:
    return space_of(_rows(file))


def _rows(file: Path) -> npt.NDArray[np.void]:
    size = file.stat().st_size // RECORD.itemsize if file.exists() else 0
    return np.memmap(file, RECORD, "r", shape=(size,)) if size else np.zeros(0, RECORD)


@dataclass(frozen=True, slots=True)
class _Embedded:
    """Of each document, by number, what was written last of those printings that were written whole: from where, to where."""

    ids: npt.NDArray[np.uint64]
    imprints: npt.NDArray[np.uint64]
    begins: npt.NDArray[np.intp]
    ends: npt.NDArray[np.intp]

    @property
    def place(self) -> npt.NDArray[np.intp]:
        many = self.ends - self.begins
        return np.repeat(self.begins - (np.cumsum(many) - many), many) + np.arange(many.sum())


def _embedded(rows: npt.NDArray[np.void]) -> _Embedded:
    """Of one that a killed writer began, and another wrote whole, the last records are the whole."""
    ids, imprints = np.ascontiguousarray(rows["id"]), np.ascontiguousarray(rows["imprint"])
    others = np.flatnonzero((ids[1:] != ids[:-1]) | (imprints[1:] != imprints[:-1])) + 1
    begins, ends = np.append(0, others)[: len(rows)], np.append(others, len(rows))[: len(rows)]
    many = (imprints[begins] >> IMPRINT_BITS).astype(np.intp)
    whole = ends - begins >= many
    begins, ends = np.where(many, ends - many, begins)[whole], ends[whole]
    numbers, from_last = np.unique(ids[begins][::-1], return_index=True)
    last = len(begins) - 1 - from_last
    return _Embedded(numbers, imprints[begins[last]] & np.uint64(2**IMPRINT_BITS - 1), begins[last], ends[last])


def space_of(rows: npt.NDArray[np.void]) -> Space:
    embedded = _embedded(rows)
    place, vector = embedded.place, rows["vector"]
    signs = np.zeros((len(place), DIMENSIONS // 64), np.uint64)
    for begin in range(0, len(place), SIFTED):
        signs[begin : begin + SIFTED] = _signs(vector[place[begin : begin + SIFTED]])
    imprints = dict(zip(embedded.ids.tolist(), embedded.imprints.tolist(), strict=True))
    return Space(rows["id"][place], rows["whose"][place], rows["scale"][place], place, vector, signs, imprints)


# Getting smaller


def copy_embedded(file: Path, to: Path) -> None:
    """What was embedded anew since stays behind."""
    rows = _rows(file)
    place = np.sort(_embedded(rows).place)
    with to.open("wb") as stream:
        for begin in range(0, len(place), SIFTED):
            stream.write(rows[place[begin : begin + SIFTED]].tobytes())


def tidy(file: Path) -> None:
    """Once most of it was embedded anew since. Who reads the file as it was goes on with that."""
    rows = _rows(file)
    if len(rows) > 2 * len(_embedded(rows).place):
        smaller = file.with_suffix(".smaller")
        try:
            copy_embedded(file, smaller)
            smaller.replace(file)
        finally:
            smaller.unlink(missing_ok=True)  # a full disk needs the room
