"""Settings of the tests: the product's own, under an environment made here.

Each process of tests has a state folder and a database of its own. The database is a file on SQLite too, so that threads and
processes that a test starts share it: give them `settings.DATABASE_URL`. TEST_DATABASE=postgres runs on a throwaway PostgreSQL.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tests import postgres

_state = Path(tempfile.mkdtemp(prefix="broadsheet-tests-"))
atexit.register(shutil.rmtree, _state, ignore_errors=True)
os.environ["BROADSHEET_SECRET_KEY"] = "only the tests know this secret and they tell nobody"
os.environ["BROADSHEET_STATE"] = str(_state)
os.environ["BROADSHEET_URL"] = "http://testserver"
os.environ["BROADSHEET_HOSTS"] = "testserver,127.0.0.1,localhost"
os.environ["BROADSHEET_NAME"] = "The Test Review"
os.environ["BROADSHEET_ZONE"] = "Europe/London"


def _database_url() -> str:
    if os.environ.get("TEST_DATABASE", "sqlite") != "postgres":
        return f"sqlite:///{_state}/tests.sqlite3"
    # The first process to get here starts the server; those that it starts find its address in their environment.
    server = os.environ.get("TEST_DATABASE_SERVER") or postgres.start()
    os.environ["TEST_DATABASE_SERVER"] = server
    return f"{server.rpartition('/')[0]}/tests_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


os.environ["BROADSHEET_DATABASE_URL"] = _database_url()

from broadsheet.config.settings import *  # noqa: E402, F403

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405  (WhiteNoise warns where it is missing)
