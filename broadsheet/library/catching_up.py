"""What the press has printed since a number, as documents."""

from collections.abc import Callable, Sequence
from pathlib import Path

from django.conf import settings

from broadsheet.kit.counting import last_number
from broadsheet.library.documents import Document, document_of
from broadsheet.library.keeping import Changes, keep_up, rebuild, the_writer
from broadsheet.newsroom.galleys import NeverDated, galleys_of
from broadsheet.newsroom.models import Article
from broadsheet.press.models import Pressing

AT_ONCE = 500


def folder() -> Path:
    return Path(settings.STATE) / "library"


def changes_after(cursor: int) -> Changes:
    """In the order of their numbers; of an article that was pressed often only the last."""
    while rows := list(Pressing.objects.filter(change__gt=cursor).order_by("change")[:AT_ONCE]):
        standing = [row for row in rows if row.withdrawn_at is None]
        documents = documents_of(standing)
        found = {document.id for document in documents}
        cursor = rows[-1].change
        yield cursor, documents, [row.article_id for row in rows if row.article_id not in found]


def documents_of(pressings: Sequence[Pressing]) -> list[Document]:
    """As they were pressed: an article whose row says otherwise by now is pressed again, and comes by with its next number."""
    change = {row.article_id: row.change for row in pressings}
    articles = Article.objects.filter(pk__in=change, live=True, withdrawn_at__isnull=True)
    try:
        galleys = galleys_of(list(articles), shelf={})
    except NeverDated:
        return []
    pressed = {row.article_id: row for row in pressings}
    return [
        document_of(galley, change=change[galley.id])
        for galley in galleys
        if galley.audience == pressed[galley.id].audience and galley.path == pressed[galley.id].path
    ]


def catch_up(*, told: Callable[[int], None] = lambda _: None) -> int:
    """Twice equals once. Raises `keeping.BeingWritten` where another process of this machine does it."""
    with the_writer(folder()):
        return keep_up(folder(), newest=last_number("pressings"), changes_after=changes_after, told=told)


def build_anew(*, told: Callable[[int], None] = lambda _: None) -> int:
    with the_writer(folder()):
        return rebuild(folder(), changes_after=changes_after, told=told)
