"""What every start does before the first request: tables, the cache's table, static files. Each is quick where nothing is new."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from broadsheet.config.static import collect_static, print_anew_if_looks_changed


def prepare() -> None:
    prepare_tables()
    collect_static()
    print_anew_if_looks_changed()


def prepare_tables() -> None:
    Path(settings.STATE).mkdir(parents=True, exist_ok=True)
    for folder in (settings.MEDIA_ROOT, settings.SPOOL):
        Path(folder).mkdir(parents=True, exist_ok=True)
    call_command("createcachetable", verbosity=0)  # looks first; whoever migrated by hand has none
    if unmigrated():
        call_command("migrate", verbosity=0, interactive=False)


def unmigrated() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
