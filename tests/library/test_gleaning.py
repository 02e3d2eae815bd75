"""What is gleaned from articles as they are pressed, and what of it strangers may be told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from broadsheet.library.actions.gleaning import glean_new
from broadsheet.newsroom.models import Article
from broadsheet.press.actions import press
from tests import make

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
FILLER = make.PARAGRAPH * 4

pytestmark = pytest.mark.django_db


def gleaned(*body: str, days_ago: int = 0, **fields) -> Article:
    article = make.article(body=body, at=AT - timedelta(days=days_ago), **{"audience": "members"} | fields)
    press(article.pk, at=AT)
    glean_new(at=AT)
    return article


def test_only_the_days_that_are_told_of_are_looked_up():
    early, late = (f"On 15 January {year} Kenya and Ethiopia signed the treaty on their border." for year in (1964, 2019))
    with CaptureQueriesContext(connection) as asked:
        gleaned(FILLER, early, late)
    (query,) = (one["sql"] for one in asked if one["sql"].startswith('SELECT "library_telling"."on"'))

    assert [day in query for day in ("1964-01-14", "1964-01-16", "2019-01-15")] == [True] * 3
    assert ">=" not in query
