"""A freshly migrated database for each process of tests, and again after each test that commits.

Migrating takes longer than most rooms' tests. So it is done once: on SQLite into a file that is kept until a migration or uv.lock
changes; on the throwaway PostgreSQL into a template. Every database is a copy of it.
"""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import TransactionTestCase

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".tools" / "tests"
TEMPLATE = "migrated"


def renew() -> None:
    """Make this process's database as it is right after `migrate`."""
    if connection.vendor == "sqlite":
        _renew_sqlite()
    else:
        _renew_postgresql()


def renew_after_tests_that_commit() -> None:
    """Django would empty every table, and take away what migrations put there: Wagtail's root, site and locale."""

    def renewed(_test: TransactionTestCase) -> None:
        renew()

    TransactionTestCase._fixture_teardown = renewed  # type: ignore[method-assign]


def migrated_file() -> Path:
    """A database of SQLite, right after `migrate`; to be copied, never opened."""
    template = KEPT / f"migrated-{_digest()}.sqlite3"
    with _one_process_at_a_time():
        if not template.exists():
            for outdated in (*KEPT.glob("migrated-*"), *KEPT.glob("unfinished*")):
                outdated.unlink()
            unfinished = KEPT / "unfinished.sqlite3"
            _migrate(str(unfinished))
            unfinished.rename(template)
    return template


def _renew_sqlite() -> None:
    template, own = migrated_file(), str(connection.settings_dict["NAME"])
    connections.close_all()
    _copy(str(template), own)


def _renew_postgresql() -> None:
    own = connection.settings_dict["NAME"]
    with _one_process_at_a_time():
        if not _exists(TEMPLATE):
            _order(f'CREATE DATABASE "{TEMPLATE}_unfinished"')
            _migrate(f"{TEMPLATE}_unfinished")
            _order(f'ALTER DATABASE "{TEMPLATE}_unfinished" RENAME TO "{TEMPLATE}"')
        _order(f'DROP DATABASE IF EXISTS "{own}" WITH (FORCE)')
        _order(f'CREATE DATABASE "{own}" TEMPLATE "{TEMPLATE}"')


def _migrate(name: str) -> None:
    with _connected_to(name):
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        if connection.vendor == "sqlite":
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _exists(name: str) -> bool:
    with _connected_to("postgres"), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def _order(statement: str) -> None:
    with _connected_to("postgres"), connection.cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def _connected_to(name: str) -> Iterator[None]:
    connections.close_all()
    own = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = own


@contextmanager
def _one_process_at_a_time() -> Iterator[None]:
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _copy(file: str, to: str) -> None:
    """Through SQLite rather than as a file, so that whoever still has the old one open is not left with half of each."""
    with sqlite3.connect(file) as source, sqlite3.connect(to, timeout=20) as target:
        source.backup(target)
    source.close()
    target.close()


def keep(name: str) -> None:
    """Set this process's database aside as it is, to be had again by `restore`."""
    if connection.vendor == "sqlite":
        _copy(str(connection.settings_dict["NAME"]), _aside(name))
    else:
        own = connection.settings_dict["NAME"]
        _order(f'DROP DATABASE IF EXISTS "{_aside(name)}"')
        # A thread that has ended may not have hung up yet, and a database that somebody is connected to can't be copied.
        _order(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{own}'")
        _order(f'CREATE DATABASE "{_aside(name)}" TEMPLATE "{own}"')


def restore(name: str) -> None:
    if connection.vendor == "sqlite":
        connections.close_all()
        _copy(_aside(name), str(connection.settings_dict["NAME"]))
    else:
        own = connection.settings_dict["NAME"]
        _order(f'DROP DATABASE IF EXISTS "{own}" WITH (FORCE)')
        _order(f'CREATE DATABASE "{own}" TEMPLATE "{_aside(name)}"')


def _aside(name: str) -> str:
    return f"{connection.settings_dict['NAME']}_{name}"


def _digest() -> str:
    """Names all that decides what a migrated database looks like."""
    digest = blake2b(",".join(settings.INSTALLED_APPS).encode(), digest_size=8)
    for file in (ROOT / "uv.lock", *sorted((ROOT / "broadsheet").rglob("migrations/*.py"))):
        digest.update(file.read_bytes())
    return digest.hexdigest()
