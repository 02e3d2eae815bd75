"""What the tests of the press read and change."""

import gzip
from datetime import datetime, timedelta
from typing import Any

import brotli

from broadsheet.newsroom.models import Article
from broadsheet.press import actions
from broadsheet.press.models import Slip, Snapshot

FREE = "The free word is quillwort. " + "Rivers are drawn by whoever draws last, and gauged by nobody at all. " * 12
PAID = "The paid word is zirconide. " + "What the treaty leaves out is the larger half of what it is about. " * 12


def read(digest: str) -> str:
    snapshot = Snapshot.objects.get(digest=digest)
    assert gzip.decompress(bytes(snapshot.gzip)) == brotli.decompress(bytes(snapshot.brotli))
    return gzip.decompress(bytes(snapshot.gzip)).decode()


def slip_of(article: Article) -> Slip:
    return Slip.objects.get(path=article.address)


def changed(article: Article, **fields: Any) -> Article:
    """As the newsroom leaves the row after publishing a change."""
    row = type(article).objects.get(pk=article.pk)
    for name, value in fields.items():
        setattr(row, name, value)
    row.last_published_at += timedelta(minutes=1)
    row.save()
    return row


def page(path: str, at: datetime) -> str:
    """A page as it is printed now."""
    slip = actions.press_page(path, at=at)
    assert slip, f"there is no page at {path}"
    return read(slip.full_cut)


def is_gone(path: str) -> bool:
    return Slip.objects.get(path=path).gone
