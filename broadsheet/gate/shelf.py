"""The snapshots that one process keeps within reach: brotli in memory, up to a bound; everything else is read from the row."""

import gzip
from threading import Lock

import brotli

from broadsheet.gate.answers import etag
from broadsheet.gate.database import Database, DatabaseAway
from broadsheet.press.slips import SNAPSHOT_BROTLI, SNAPSHOT_GZIP

BESIDES = 500  # bytes that Python takes for one more snapshot beside its text


class NoSnapshot(Exception):
    """A slip names a snapshot that is not there (any more)."""


class Held:
    """One snapshot's brotli bytes and its ETag. `used` since the shelf last looked for something to let go."""

    __slots__ = ("body", "etag", "used")

    def __init__(self, body: bytes, digest: str) -> None:
        self.body = body
        self.etag = etag(digest)
        self.used = False


class Shelf:
    def __init__(self, database: Database, *, most_bytes: int) -> None:
        self._database = database
        self._most_bytes = most_bytes
        self._bytes = 0
        self.held: dict[str, Held] = {}  # by digest; whoever takes one marks it `used`
        self._lock = Lock()

    def brotli(self, digest: str) -> Held:
        held = self.held.get(digest)
        if held is None:
            return self._fetch(digest)
        held.used = True
        return held

    def gzip(self, digest: str) -> bytes:
        return self._row(SNAPSHOT_GZIP, digest)

    def identity(self, digest: str) -> bytes:
        """Uncompressed; from memory where the database is away."""
        try:
            return gzip.decompress(self.gzip(digest))
        except DatabaseAway:
            held = self.held.get(digest)
            if held is None:
                raise
            plain: bytes = brotli.decompress(held.body)
            return plain

    def _fetch(self, digest: str) -> Held:
        held = Held(self._row(SNAPSHOT_BROTLI, digest), digest)
        with self._lock:
            if digest not in self.held:
                self.held[digest] = held
                self._bytes += len(held.body) + BESIDES
                self._make_room()
        return held

    def _make_room(self) -> None:
        """Let go of what was taken in first and not used since: a clock's hand, cheaper at each request than an order of use."""
        while self._bytes > self._most_bytes and self.held:
            digest = next(iter(self.held))
            held = self.held.pop(digest)
            if held.used:
                held.used = False
                self.held[digest] = held
            else:
                self._bytes -= len(held.body) + BESIDES

    def _row(self, sql: str, digest: str) -> bytes:
        rows = self._database.rows(sql, digest)
        if not rows:
            raise NoSnapshot(digest)
        return bytes(rows[0][0])
