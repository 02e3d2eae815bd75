"""What editors do to dossiers of theirs, each by itself in a transaction; the page of one that is published is printed again."""

from contextlib import suppress
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from slugify import slugify

from broadsheet.library.following import Subject
from broadsheet.press.actions import stale
from broadsheet.research.actions.dossiers import drafted_of
from broadsheet.research.actions.refreshing import key_of
from broadsheet.research.keeping_up import marked, place_in, words_of
from broadsheet.research.matters import documents_in, is_free, keys_beside, lines_of, matter_of
from broadsheet.research.models import Dossier, Point
from broadsheet.research.sentences import speaker_of

ALL = "dossiers"  # what a page shows that names all of them
LONGEST_SLUG = 70
TRIES = 5


class NotInTheParagraph(Exception):
    """A quotation that was shortened to words which do not stand there."""


class QuotedAlready(Exception):
    """Two quotations of a dossier that would begin at the same word."""


class NotInTheLibrary(Exception):
    """An article that does not stand on the site."""


class NoFreeAddress(Exception):
    """All that were tried were taken meanwhile."""


class NothingToPublish(Exception):
    """A dossier without any quotation says nothing."""


def begin(*, subject: Subject | None = None, question: str = "", at: datetime) -> Dossier:
    dossier = drafted_of(subject, question, at=at)
    dossier.save()
    return dossier


@transaction.atomic
def reword(pk: int, *, title: str, introduction: str, at: datetime) -> None:
    dossier = _locked(pk)
    dossier.title, dossier.introduction = title.strip()[:120] or dossier.title, introduction.strip()
    dossier.save(update_fields=["title", "introduction"])
    _print_again(dossier, at=at, lists_too=True)


@transaction.atomic
def publish(pk: int, *, at: datetime) -> Dossier:
    """Its address stays the same, however it is called later. Twice equals once."""
    dossier = _locked(pk)
    if not dossier.points.filter(set_aside_at=None).exists():
        raise NothingToPublish("There is nothing in it yet: gather it first.")
    dossier.published_at = dossier.published_at or at
    _save_at_its_slug(dossier)
    _print_again(dossier, at=at, lists_too=True)
    return dossier


@transaction.atomic
def take_back(pk: int, *, at: datetime) -> None:
    """Its followers stay, and hear of it when it is published again."""
    dossier = _locked(pk)
    was_there = dossier.published_at
    dossier.published_at = None
    dossier.save(update_fields=["published_at"])
    if was_there:
        stale(_keys(dossier, lists_too=True), at=at)


@transaction.atomic
def delete(pk: int, *, at: datetime) -> None:
    dossier = _locked(pk)
    keys = _keys(dossier, lists_too=True)
    dossier.delete()
    stale(keys, at=at)


def _save_at_its_slug(dossier: Dossier) -> None:
    """Another may take a free one at this moment: then the next is tried."""
    has_one = dossier.slug
    for _ in range(TRIES):
        dossier.slug = has_one or _free_slug(dossier.title)
        with suppress(IntegrityError), transaction.atomic():
            dossier.save(update_fields=["slug", "published_at"])
            return
    raise NoFreeAddress("Others are publishing dossiers of this title. Try again in a moment.")


def _free_slug(title: str) -> str:
    wanted = slugify(title)[:LONGEST_SLUG].strip("-") or "dossier"
    taken = set(Dossier.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    return next(slug for slug in (wanted, *(f"{wanted}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)


# Points


@transaction.atomic
def pin(pk: int, point: int, *, at: datetime) -> None:
    """It stays, whatever comes in, before what is chosen anew; for as long as it stands in its article."""
    _change(pk, point, at=at, pinned_at=at, set_aside_at=None)


@transaction.atomic
def quote(pk: int, article: int, *, text: str, said: str = "", at: datetime) -> Point:
    """What an editor wants quoted, to the letter, whatever would be chosen; pinned, after what is pinned already."""
    dossier = _locked(pk)
    document = documents_in([article]).get(article)
    if document is None:
        raise NotInTheLibrary("There is no such article on the site.")
    lines = lines_of(document)
    found = place_in(lines, words_of(text))
    if found is None:
        raise NotInTheParagraph("A quotation stands in one paragraph of its article to the letter: change no word of it.")
    paragraph, begin, end = found
    last = dossier.points.filter(pinned_at__isnull=False).aggregate(last=Max("place"))["last"]
    point, _ = Point.objects.update_or_create(
        dossier=dossier,
        article_id=article,
        paragraph=paragraph,
        begin=begin,
        defaults={
            "end": end,
            "text": marked(lines[paragraph], begin, end),
            "speaker": speaker_of(lines[paragraph])[0][:60],
            "dated_on": document.dated_at.date(),
            "free": is_free(document, paragraph),
            "edition": document.edition,
            "said": said.strip()[:300],
            "place": 0 if last is None else last + 1,
            "pinned_at": at,
            "set_aside_at": None,
        },
    )
    _print_again(dossier, at=at)
    return point


@transaction.atomic
def unpin(pk: int, point: int, *, at: datetime) -> None:
    _change(pk, point, at=at, pinned_at=None)


@transaction.atomic
def set_aside(pk: int, point: int, *, at: datetime) -> None:
    """It stands nowhere, and does not come again."""
    _change(pk, point, at=at, pinned_at=None, set_aside_at=at)


@transaction.atomic
def take_in_again(pk: int, point: int, *, at: datetime) -> None:
    _change(pk, point, at=at, set_aside_at=None)


@transaction.atomic
def say(pk: int, point: int, *, said: str, text: str, at: datetime) -> None:
    """What stands before a quotation, and less of it. A point that an editor has worked at is pinned."""
    dossier = _locked(pk)
    row = dossier.points.filter(pk=point).first()
    if row is None:
        return
    row.said, row.pinned_at = said.strip()[:300], row.pinned_at or at
    row.set_aside_at = None
    if text.strip() and text.strip() != row.text:
        _shorten(row, text)
    row.save()
    _print_again(dossier, at=at)


def _shorten(row: Point, text: str) -> None:
    """To words of its own where they stand in it, otherwise of its paragraph."""
    document = documents_in([row.article_id]).get(row.article_id)
    paragraph = (lines_of(document) if document else [])[row.paragraph : row.paragraph + 1]
    words, own = words_of(text), [line[: row.end] for line in paragraph]
    place = place_in(own, words, near=(0, row.end)) or place_in(paragraph, words, near=(0, row.begin))
    if document is None or place is None:
        raise NotInTheParagraph(
            "A quotation stands in its paragraph to the letter: leave words out at its ends, and change none."
        )
    _, row.begin, row.end = place
    row.text, row.edition = marked(paragraph[0], row.begin, row.end), document.edition
    others = row.dossier.points.filter(article_id=row.article_id, paragraph=row.paragraph, begin=row.begin)
    if others.exclude(pk=row.pk).exists():
        raise QuotedAlready("Another quotation of this dossier begins with these words: change or set aside that one.")


@transaction.atomic
def move(pk: int, point: int, *, by: int, at: datetime) -> None:
    """`by`: -1 up, 1 down. What an editor has moved is pinned: it stays where it was put."""
    dossier = _locked(pk)
    points = list(dossier.points.filter(set_aside_at=None))
    place = next((n for n, one in enumerate(points) if one.pk == point), None)
    if place is None or not 0 <= place + by < len(points):
        return
    points.insert(place + by, points.pop(place))
    for number, one in enumerate(points):
        one.place = number
        if one.pk == point:
            one.pinned_at = one.pinned_at or at
    Point.objects.bulk_update(points, ["place", "pinned_at"])
    _print_again(dossier, at=at)


def _change(pk: int, point: int, *, at: datetime, **fields: datetime | None) -> None:
    dossier = _locked(pk)
    last = dossier.points.filter(pinned_at__isnull=False).aggregate(last=Max("place"))["last"]
    row = dossier.points.filter(pk=point).first()
    if row is None:
        return
    for name, value in fields.items():
        setattr(row, name, value)
    if fields.get("pinned_at") and last is None:
        row.place = 0
    row.save()
    _print_again(dossier, at=at)


def _locked(pk: int) -> Dossier:
    return Dossier.objects.select_for_update().get(pk=pk, reader=None)


def _print_again(dossier: Dossier, *, at: datetime, lists_too: bool = False) -> None:
    if dossier.published_at:
        stale(_keys(dossier, lists_too=lists_too), at=at)


def _keys(dossier: Dossier, *, lists_too: bool) -> set[str]:
    matter = matter_of(dossier) if lists_too else None
    return {key_of(dossier.pk), *([ALL] if lists_too else []), *(keys_beside(matter) if matter else ())}
