"""Settings of the tests: the product's own, under an environment made here."""

import os
import tempfile

os.environ["BROADSHEET_SECRET_KEY"] = "only the tests know this secret and they tell nobody"
os.environ["BROADSHEET_STATE"] = tempfile.mkdtemp(prefix="broadsheet-tests-")
os.environ["BROADSHEET_URL"] = "http://testserver"
os.environ["BROADSHEET_HOSTS"] = "testserver,127.0.0.1,localhost"
os.environ["BROADSHEET_NAME"] = "The Test Review"
os.environ["BROADSHEET_ZONE"] = "Europe/London"
os.environ["BROADSHEET_DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "sqlite:///:memory:")

from broadsheet.config.settings import *  # noqa: F403

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
