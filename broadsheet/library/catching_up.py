"""What the press has printed since a number, as documents."""

import os
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Executor, Future
from functools import lru_cache, partial
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from broadsheet.access.terms import Audience
from broadsheet.kit.counting import last_number
from broadsheet.kit.forking import forked
from broadsheet.library.documents import Document, Mark, document_of, imprint
from broadsheet.library.keeping import Press, Stand, keep_up, rebuild, the_writer
from broadsheet.library.writing import Change, Changes
from broadsheet.newsroom.galleys import galleys_of
from broadsheet.newsroom.models import Article
from broadsheet.press.models import Pressing

AT_ONCE = 500
READERS = 2  # they read a batch in the time in which one is written
AHEAD = 3  # batches that are read or wait to be written
WORTH_A_PROCESS = 1_000  # articles
COMPARED_AT_ONCE = 20_000
Told = Callable[[int], None]


def folder() -> Path:
    return Path(settings.STATE) / "library"


def newest() -> Mark:
    """The last number that the press gave out."""
    number = last_number("pressings")
    printed = Pressing.objects.filter(change=number).first()
    return Mark(number, imprint_of(printed) if printed else 0)


def stands(mark: Mark) -> bool:
    """Whether a mark is of this database, and not of what was lost when that was restored.

    Its article may have been printed again since: then nothing can be said, but by looking at all (`imprints`).
    """
    if mark.change > last_number("pressings"):
        return False
    printed = Pressing.objects.filter(change=mark.change).first()
    return not mark.imprint or printed is None or imprint_of(printed) == mark.imprint


def imprint_of(pressing: Pressing) -> int:
    return imprint(pressing.article_id, change=pressing.change, edition=pressing.edition_of_text)


def imprints() -> Iterator[dict[int, int]]:
    """Of all articles that stand, by their numbers, in that order."""
    last = 0
    standing = Pressing.objects.filter(withdrawn_at__isnull=True).order_by("article_id")
    columns = ("article_id", "change", "edition_of_text")
    while rows := list(standing.filter(article_id__gt=last).values_list(*columns)[:COMPARED_AT_ONCE]):
        last = rows[-1][0]
        yield {pk: imprint(pk, change=change, edition=edition) for pk, change, edition in rows}


def printed(article_ids: Collection[int]) -> dict[int, Stand]:
    """Asked at every search, so Django's words for it are kept: it takes longer to find them than the database to answer."""
    if not article_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_standing_among(len(article_ids)), list(article_ids))
        rows = cursor.fetchall()
    return {pk: Stand(imprint(pk, change=change, edition=edition), Audience(audience)) for pk, change, edition, audience in rows}


@lru_cache(maxsize=64)
def _standing_among(many: int) -> str:
    """The statement for so many numbers."""
    rows = Pressing.objects.filter(article_id__in=range(1, many + 1), withdrawn_at__isnull=True)
    statement, _ = rows.values_list("article_id", "change", "edition_of_text", "audience").query.sql_with_params()
    return str(statement)


def changes_after(cursor: int) -> Changes:
    """In the order of their numbers; of an article that was pressed often only the last."""
    while change := _change(list(Pressing.objects.filter(change__gt=cursor).order_by("change")[:AT_ONCE])):
        cursor = change[0].change
        yield change


def anew(article_ids: Sequence[int]) -> Iterator[tuple[list[Document], list[int]]]:
    for begin in range(0, len(article_ids), AT_ONCE):
        some = article_ids[begin : begin + AT_ONCE]
        yield _as_they_stand(list(Pressing.objects.filter(article_id__in=some)), some)


def _as_they_stand(rows: Sequence[Pressing], article_ids: Collection[int]) -> tuple[list[Document], list[int]]:
    """Documents, and the numbers of those of which there is none."""
    documents = documents_of([row for row in rows if row.withdrawn_at is None])
    found = {document.id for document in documents}
    return documents, [pk for pk in article_ids if pk not in found]


def documents_of(pressings: Sequence[Pressing]) -> list[Document]:
    """As they were pressed: an article whose row says otherwise by now is pressed again, and comes by with its next number."""
    pressed = {row.article_id: row for row in pressings}
    articles = Article.objects.filter(pk__in=pressed, live=True, withdrawn_at__isnull=True)
    never_dated = {"dated_at__isnull": True, "first_published_at__isnull": True}
    galleys = galleys_of(list(articles.exclude(**never_dated).specific()), shelf={})
    found = [(galley, pressed[galley.id]) for galley in galleys]
    zone = timezone.get_default_timezone()
    return [
        document_of(galley, change=row.change, edition=row.edition_of_text, zone=zone)
        for galley, row in found
        if (galley.audience, galley.path) == (row.audience, row.path)
    ]


THE_PRESS = Press(newest=newest, stands=stands, imprints=imprints, changes_after=changes_after, anew=anew)


def catch_up(*, told: Told = lambda _: None) -> int:
    """Twice equals once. Raises `keeping.BeingWritten` where another process of this machine does it."""
    with the_writer(folder()):
        return keep_up(folder(), press=THE_PRESS, thorough=True, told=told)


def build_anew(*, told: Told = lambda _: None) -> int:
    """While this process writes a batch, others read the next ones."""
    worth_it = (os.cpu_count() or 1) > 1 and Pressing.objects.count() >= WORTH_A_PROCESS
    with the_writer(folder()), forked(READERS if worth_it else 0) as readers:
        return rebuild(folder(), changes_after=partial(_read_ahead, readers) if readers else changes_after, told=told)


def _read_ahead(readers: Executor, cursor: int) -> Changes:
    numbers = list(Pressing.objects.filter(change__gt=cursor).order_by("change").values_list("change", flat=True))
    waiting: deque[Future[Change | None]] = deque()
    for last in [*numbers[AT_ONCE - 1 :: AT_ONCE], *numbers[-1:]]:
        waiting.append(readers.submit(_changes_between, cursor, last))
        cursor = last
        if len(waiting) > AHEAD and (change := waiting.popleft().result()):
            yield change
    yield from filter(None, (each.result() for each in waiting))
    yield from changes_after(cursor)  # what was printed meanwhile


def _changes_between(cursor: int, last: int) -> Change | None:
    """None: all of them were printed again since."""
    return _change(list(Pressing.objects.filter(change__gt=cursor, change__lte=last).order_by("change")))


def _change(rows: Sequence[Pressing]) -> Change | None:
    """In the order of their numbers."""
    if not rows:
        return None
    return Mark(rows[-1].change, imprint_of(rows[-1])), *_as_they_stand(rows, [row.article_id for row in rows])
