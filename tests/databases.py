"""A freshly migrated database for each process of tests, and again after each test that commits.

Migrating takes longer than most rooms' tests. So it is done once: on SQLite into a file that is kept until a migration or uv.lock
changes; on the throwaway PostgreSQL into a template. Every database is a copy of it. PostgreSQL takes long to copy one: there a
database carries its first rows with it, in a schema of their own, and is put back in place.
"""

import fcntl
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test import TransactionTestCase

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".tools" / "tests"
TEMPLATE = "migrated"
Row = tuple[Any, ...]
OF_FULL_TEXT = "wagtailsearch_indexentry_fts"  # virtual tables, which SQLite fills itself
FIRST_ROWS = """
CREATE SCHEMA first;
DO $$
DECLARE name text; filled boolean;
BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO filled;
        IF filled THEN
            EXECUTE format('CREATE TABLE first.%I AS TABLE public.%I', name, name);
        END IF;
    END LOOP;
    CREATE TABLE first.numbers_given AS SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public';
END $$;
CREATE FUNCTION first.put_back() RETURNS void LANGUAGE plpgsql AS $$
DECLARE name text; given bigint;
BEGIN
    SET LOCAL session_replication_role = replica;  -- foreign keys hold again in the end, whatever the order of the tables
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('DELETE FROM public.%I', name);
        IF to_regclass(format('first.%I', name)) IS NOT NULL THEN
            EXECUTE format('INSERT INTO public.%I SELECT * FROM first.%I', name, name);
        END IF;
    END LOOP;
    FOR name, given IN SELECT * FROM first.numbers_given LOOP
        PERFORM setval(format('public.%I', name), coalesce(given, 1), given IS NOT NULL);
    END LOOP;
END $$;
"""


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
    if _exists(own):
        _put_back(own)
        return
    with _one_process_at_a_time():
        if not _exists(TEMPLATE):
            _order(f'CREATE DATABASE "{TEMPLATE}_unfinished"')
            _migrate(f"{TEMPLATE}_unfinished")
            _order(f'ALTER DATABASE "{TEMPLATE}_unfinished" RENAME TO "{TEMPLATE}"')
        _order(f'CREATE DATABASE "{own}" TEMPLATE "{TEMPLATE}"')


def _put_back(own: str) -> None:
    connections.close_all()
    with connection.cursor() as cursor:
        # Whoever is still connected may hold locks in a transaction that nobody ends.
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()", [own]
        )
        cursor.execute("SELECT first.put_back()")
    connections.close_all()


def _migrate(name: str) -> None:
    with _connected_to(name):
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)" if connection.vendor == "sqlite" else FIRST_ROWS)


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


def begin_with(name: str, make: Callable[[], object]) -> None:
    """Rows that hundreds of tests begin with: on SQLite made once a process, then copied to where nothing else stands."""
    if connection.vendor != "sqlite":
        make()
        return
    name = f"{name}, upon {len(_rows_of('wagtailcore_page'))} pages"  # with the tree of pages there already, fewer rows are made
    if name not in _made:
        before = _rows()
        make()
        if made := {table: (before[table], rows) for table, rows in _rows().items() if rows != before[table]}:
            _made[name] = made  # else it stood there already, as part of something larger
    elif any(_rows_of(table) != before for table, (before, _) in _made[name].items()):
        make()
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            for table, (_, rows) in _made[name].items():
                cursor.execute(f'DELETE FROM "{table}"')
                if rows:
                    cursor.executemany(f'INSERT INTO "{table}" VALUES ({", ".join(["%s"] * len(rows[0]))})', rows)


_made: dict[str, dict[str, tuple[list[Row], list[Row]]]] = {}  # name -> table -> its rows before and after


def _rows() -> dict[str, list[Row]]:
    return {table: _rows_of(table) for table in connection.introspection.table_names() if not table.startswith(OF_FULL_TEXT)}


def _rows_of(table: str) -> list[Row]:
    with connection.cursor() as cursor:
        return list(cursor.execute(f'SELECT * FROM "{table}"').fetchall())


def _aside(name: str) -> str:
    return f"{connection.settings_dict['NAME']}_{name}"


def _digest() -> str:
    """Names all that decides what a migrated database looks like."""
    digest = blake2b(",".join(settings.INSTALLED_APPS).encode(), digest_size=8)
    for file in (ROOT / "uv.lock", *sorted((ROOT / "broadsheet").rglob("migrations/*.py"))):
        digest.update(file.read_bytes())
    return digest.hexdigest()
