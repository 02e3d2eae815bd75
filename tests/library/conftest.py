"""A library of thirteen, in an index on disk that tests of doors may search."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from slugify import slugify

from broadsheet.access.terms import Audience
from broadsheet.library.documents import Document, Mark, Named
from broadsheet.library.keeping import rebuild

MOMENTS = ("dated_at", "changed_at", "pressed_at")
AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
KENYA, MALI = Named("kenya", "Kenya"), Named("mali", "Mali")


def document(number, kind, headline, **more):
    given = {
        "change": number,
        "story": f"s{number}",
        "path": f"/{kind}s/{slugify(headline)}/",
        "audience": Audience.OPEN,
        "dated_at": AT - timedelta(days=number),
        "standfirst": "",
        "free": "",
        "rest": "",
        "label": kind.capitalize(),
        "type": Named(kind, kind.capitalize()),
    }
    return Document(id=number, headline=headline, **(given | more))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Twelve notes on Kenya, and a briefing on Mali behind the wall."""
    documents = [document(n, "note", f"Dam number {n}", countries=(KENYA,)) for n in range(1, 13)]
    gold = document(
        13,
        "briefing",
        "Rivers of gold",
        standfirst="Who digs, and who pays.",
        rest="Beyond the wall stands the word quillwort.",
        countries=(MALI,),
        issues=(Named("water", "Water"),),
        contributors=(Named("ada-writer", "Ada Writer"),),
        audience=Audience.MEMBERS,
    )
    state = tmp_path_factory.mktemp("state")
    rebuild(state / "library", changes_after=lambda cursor: iter([(Mark(13), [*documents, gold], [])]))
    return state


@pytest.fixture
def library(settings, built, db):
    """With the pressings of all: what has none is not on the site, and not shown."""
    settings.STATE = built
    Pressing = import_module("broadsheet.press.models").Pressing  # tests without Django read this file too
    Pressing.objects.bulk_create(
        Pressing(article_id=n, story=f"s{n}", change=n, audience="open" if n < 13 else "members", **dict.fromkeys(MOMENTS, AT))
        for n in range(1, 14)
    )
