"""Stories as they stand once they were counted, with their items and whoever told them."""

from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import uuid4

from broadsheet.wire.actions import counting
from broadsheet.wire.models import Item, Source, Story

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
_numbers = count(1)


def source(name="The Daily Gazette", *, standing=2, **fields):
    number = next(_numbers)
    address = f"https://outlet-{number}.test/feed"
    return Source.objects.create(
        name=name, standing=standing, address=address, address_key=f"source-{number}", added_at=AT, **fields
    )


def item(story, title="The dam is full", *, outlet="The Daily Gazette", at=None, language="en", **fields):
    """Told an hour before nine, unless it says when. An outlet's name is that of its source."""
    number = next(_numbers)
    at = at or AT - timedelta(hours=1)
    standing = fields.pop("standing", 2)
    told_by = fields.pop("source", None) or Source.objects.filter(name=outlet).first() or source(outlet, standing=standing)
    values = {"identity": uuid4().hex, "link": f"https://outlet.test/{number}", "seen_at": at, "met_at": at, "sorted_at": at}
    return Item.objects.create(story=story, title=title, outlet=outlet, source=told_by, language=language, **(values | fields))


def story(headline="The dam is full", *, outlets=("The Daily Gazette",), at=None, now=AT, subjects=(), language="en", **fields):
    """One item of each outlet, a minute apart."""
    at = at or AT - timedelta(hours=1)
    made = Story.objects.create(headline=headline, begun_at=at, last_at=at, change=-next(_numbers), **fields)
    for minutes, outlet in enumerate(outlets):
        told_at = at + timedelta(minutes=minutes)
        item(made, headline, outlet=outlet, at=told_at, subjects=list(subjects), language=language)
    counting.recount(made, now)
    made.refresh_from_db()
    return made


def items_of(story):
    return list(Item.objects.filter(story=story).order_by("sorted_at", "pk"))
