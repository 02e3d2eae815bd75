"""Django, and a freshly migrated database of this process's own, under the settings that the environment names."""

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - models exist only after Django's set-up
from django.db import connection  # noqa: E402

from tests.databases import renew  # noqa: E402


def migrate() -> None:
    if connection.vendor == "sqlite":
        renew()
    else:
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
