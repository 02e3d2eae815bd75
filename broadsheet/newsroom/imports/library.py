"""Reads a library (JSONL, plain, .gz or .zst) line by line and shelves it; says what became of every line.

A stop at any point loses at most the batch under way, and none of that is half there: the next run finds what is shelved
and goes on.
"""

import gzip
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import IO, cast

import zstandard

from broadsheet.newsroom.imports.record import MOST_BODY, Record, Refused, id_of, record_from
from broadsheet.newsroom.imports.shelf import Outcome, Shelf, Shelved

BATCH = 250
MOST_LINE = MOST_BODY * 4  # bytes


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one line of the file."""

    number: int
    shelved: Shelved


@dataclass(slots=True)
class _Batch:
    records: list[Record] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    refused: list[Line] = field(default_factory=list)


def import_library(file: Path, shelf: Shelf, *, at: datetime, audiences_by_kind: bool = False) -> Iterator[list[Line]]:
    """Yields a list of lines a batch, once the batch is in the database."""
    today = at.astimezone(shelf.zone).date()
    read = partial(_record, today=today, audiences_by_kind=audiences_by_kind)
    seen: dict[str, int] = {}
    batch = _Batch()
    with opened(file) as stream:
        for number, line in lines(stream):
            _take(number, line, batch, seen, read=read)
            if len(batch.records) >= BATCH:
                yield _settle(batch, shelf, at=at)
                batch = _Batch()
    yield _settle(batch, shelf, at=at)


def opened(file: Path) -> IO[bytes]:
    """The file's bytes, uncompressed by its ending."""
    match file.suffix:
        case ".gz":
            return cast(IO[bytes], gzip.open(file, "rb"))
        case ".zst":
            reader = zstandard.ZstdDecompressor().stream_reader(file.open("rb"), closefd=True)
            return cast(IO[bytes], BufferedReader(reader, buffer_size=1 << 20))
        case _:
            return file.open("rb")


def lines(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Numbered lines that hold something; of one that is too long only the beginning is kept, so memory stays bounded."""
    number = 0
    while line := stream.readline(MOST_LINE):
        number += 1
        if not line.endswith(b"\n"):
            while (rest := stream.readline(MOST_LINE)) and not rest.endswith(b"\n"):
                pass
        if line.strip():
            yield number, line


def _record(line: bytes, *, today: date, audiences_by_kind: bool) -> Record:
    record = record_from(line, audiences_by_kind=audiences_by_kind)
    if record.on > today:
        raise Refused(f"date {record.on} lies ahead")
    return record


def _take(number: int, line: bytes, batch: _Batch, seen: dict[str, int], *, read: Callable[[bytes], Record]) -> None:
    try:
        if len(line) >= MOST_LINE:
            raise Refused(f"the line is longer than {MOST_LINE:,} bytes")
        record = read(line)
        if record.id in seen:
            raise Refused(f"id {record.id!r} stands on line {seen[record.id]} already")
    except Refused as refusal:
        reason = (str(refusal),)
        batch.refused.append(Line(number, Shelved(id_of(line) if len(line) < MOST_LINE else "", Outcome.SKIPPED, None, reason)))
        return
    seen[record.id] = number
    batch.records.append(record)
    batch.numbers.append(number)


def _settle(batch: _Batch, shelf: Shelf, *, at: datetime) -> list[Line]:
    shelved: Sequence[Shelved] = shelf.shelve(batch.records, at=at) if batch.records else []
    settled = [Line(number, one) for number, one in zip(batch.numbers, shelved, strict=True)]
    return sorted(settled + batch.refused, key=lambda line: line.number)
