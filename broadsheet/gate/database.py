"""Reads rows for a gate, in plain SQL, from SQLite or PostgreSQL; writes nothing, and says when the database is away."""

import sqlite3
from collections import deque
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, unquote

import psycopg

Rows = list[tuple[Any, ...]]
TROUBLE = (sqlite3.Error, psycopg.Error)


class DatabaseAway(Exception):
    """The database cannot be read now; whoever asks makes do with what memory holds."""


class Connection(Protocol):
    def execute(self, sql: str, params: tuple[Any, ...]) -> Any: ...
    def close(self) -> None: ...


class Database:
    """A pool that grows to one connection a thread. A connection that failed is dropped, so the next question reconnects."""

    def __init__(self, url: str) -> None:
        scheme, _, rest = url.partition(":")
        self._url = url
        self._file = Path(unquote(rest.removeprefix("///").partition("?")[0])) if scheme == "sqlite" else None
        self._idle: deque[tuple[object, Connection]] = deque()

    def rows(self, sql: str, *params: Any) -> Rows:
        identity = self.identity()
        try:
            connection = self._connection(identity)
        except TROUBLE as trouble:
            raise DatabaseAway(str(trouble)) from trouble
        try:
            rows: Rows = connection.execute(self._adapted(sql), params).fetchall()
        except TROUBLE as trouble:
            connection.close()
            raise DatabaseAway(str(trouble)) from trouble
        self._idle.append((identity, connection))
        return rows

    def close(self) -> None:
        """Let go of every connection; the next question makes a new one."""
        while self._idle:
            self._idle.pop()[1].close()

    def identity(self) -> object:
        """Changes when a file of SQLite is put in the place of another, as restoring a backup does."""
        if self._file is None:
            return None
        try:
            stat = self._file.stat()
        except OSError as trouble:
            raise DatabaseAway(f"{self._file}: {trouble.strerror}") from trouble
        return stat.st_dev, stat.st_ino

    def _connection(self, identity: object) -> Connection:
        while self._idle:
            try:
                made_for, connection = self._idle.pop()
            except IndexError:  # another thread took the last
                break
            if made_for == identity:
                return connection
            connection.close()
        return self._connected()

    def _connected(self) -> Connection:
        if self._file is None:
            return psycopg.connect(
                self._url,
                autocommit=True,
                connect_timeout=3,
                prepare_threshold=None,  # a pooler in transaction mode knows no prepared statements
                options="-c statement_timeout=5000 -c default_transaction_read_only=on",
            )
        # Not mode=ro: a reader of a WAL file may have to make its index file.
        connection = sqlite3.connect(f"file:{quote(str(self._file))}?mode=rw", uri=True, timeout=5, check_same_thread=False)
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA cache_size = -256")  # kilobytes: what is read again is on the shelf, and threads are many
        return connection

    def _adapted(self, sql: str) -> str:
        return sql if self._file is not None else sql.replace("?", "%s")
