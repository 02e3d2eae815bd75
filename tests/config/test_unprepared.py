"""A publication whose tables are there and nothing else: never prepared by `broadsheet serve`, and nothing printed."""

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import connection

from broadsheet.config.preparing import prepare_tables
from tests.leaks.door import Browser, House

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def uncollected(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "broadsheet.config.static.AllCompressed"}}


@pytest.mark.parametrize(("path", "status"), [("/", 200), ("/join/", 200), ("/briefings/", 404), ("/demo/", 404)])
def test_every_address_is_answered_though_nothing_was_collected(uncollected, tmp_path, path, status):
    assert Browser(House(tmp_path / "spool").gate).get(path).status == status


def test_once_collected_what_is_missing_is_an_error(uncollected):
    staticfiles_storage.hashed_files = {"css/site.css": "css/site.0123.css"}

    assert staticfiles_storage.url("css/site.css") == "/static/css/site.0123.css"
    with pytest.raises(ValueError, match="Missing"):
        staticfiles_storage.url("css/nonesuch.css")


def test_tables_that_were_migrated_by_hand_get_the_cache_s_beside_them():
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE cache")

    prepare_tables()

    assert "cache" in connection.introspection.table_names()
