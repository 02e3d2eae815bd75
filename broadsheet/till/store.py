"""Where the till keeps its objects: documents, deliveries and idempotency keys in one SQLite file, or in memory.

Whatever one call writes is one transaction; several processes may share the file.
"""

import secrets
import sqlite3
import string
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, customer TEXT, parent TEXT, clock TEXT,
    due INTEGER, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS documents_by_kind ON documents (kind, seq);
CREATE INDEX IF NOT EXISTS documents_by_customer ON documents (customer, kind, seq) WHERE customer IS NOT NULL;
CREATE INDEX IF NOT EXISTS documents_by_parent ON documents (parent, kind, seq) WHERE parent IS NOT NULL;
CREATE INDEX IF NOT EXISTS documents_due ON documents (due, seq) WHERE due IS NOT NULL;
CREATE TABLE IF NOT EXISTS deliveries (
    seq INTEGER PRIMARY KEY, event TEXT NOT NULL, endpoint TEXT NOT NULL, due INTEGER, tries INTEGER NOT NULL DEFAULT 0,
    answer TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (due, seq) WHERE due IS NOT NULL;
CREATE TABLE IF NOT EXISTS keys (
    key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, at INTEGER NOT NULL, status INTEGER NOT NULL, body BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS keys_by_age ON keys (at);
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
LETTERS = string.ascii_letters + string.digits
WAITS = 30.0  # seconds for another process's transaction


class Store:
    """One connection a thread to a file; one for all, behind a lock, in memory."""

    def __init__(self, place: str) -> None:
        self.place = place
        self._in_memory = place == ":memory:"
        self._lock = threading.RLock()
        self._local = threading.local()
        self._shared = self._connect() if self._in_memory else None
        with self.writing() as rows:
            salt = "".join(secrets.choice(LETTERS) for _ in range(12))
            rows.execute("INSERT OR IGNORE INTO facts VALUES ('salt', ?), ('given', '0')", (salt,))
            self.salt = str(rows.execute("SELECT value FROM facts WHERE name = 'salt'").fetchone()[0])

    def _connect(self) -> sqlite3.Connection:
        # Handed from thread to thread only in memory, where the lock stands before it.
        made = sqlite3.connect(self.place, timeout=WAITS, isolation_level=None, check_same_thread=not self._in_memory)
        if not self._in_memory:
            made.execute("PRAGMA journal_mode = WAL")
            made.execute("PRAGMA synchronous = NORMAL")
        made.executescript(SCHEMA)
        return made

    @property
    def rows(self) -> sqlite3.Connection:
        if self._shared is not None:
            return self._shared
        if not hasattr(self._local, "rows"):
            self._local.rows = self._connect()
        return self._local.rows

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction of its own; inside another it is a part of that."""
        with self._lock if self._in_memory else _no_lock():
            rows = self.rows
            rows.execute("BEGIN IMMEDIATE")
            try:
                yield rows
            except BaseException:
                rows.execute("ROLLBACK")
                raise
            rows.execute("COMMIT")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock if self._in_memory else _no_lock():
            yield self.rows

    def close(self) -> None:
        """Close this thread's connection."""
        if self._shared is not None:
            self._shared.close()
        elif hasattr(self._local, "rows"):
            self._local.rows.close()
            del self._local.rows


@contextmanager
def _no_lock() -> Iterator[None]:
    yield
