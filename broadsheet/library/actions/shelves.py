"""What readers do to their shelves. Twice is as once, and a shelf holds so many: its owner is locked while it is counted."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from broadsheet.library.following import Subject
from broadsheet.library.models.shelves import Collection, Follow, Piece, PutAside
from broadsheet.membership.models import Reader
from broadsheet.press.queries import standing

MOST_ASIDE = 500
MOST_FOLLOWED = 200
MOST_COLLECTIONS = 100
MOST_PIECES = 300
MOST_TITLE = 120
MOST_NOTE = 2_000


class ShelfFull(Exception):
    """As much stands there as fits; the sentence says how much."""


class NotOnTheSite(Exception):
    """There is no such article for readers."""


class NoTitle(Exception):
    """A collection needs one."""


class TitleTaken(Exception):
    """Another collection of this reader's has it."""


# Read later


@transaction.atomic
def put_aside(reader: Reader, article: int, *, at: datetime) -> PutAside:
    """On the list again where it was read."""
    _stands(article)
    _lock(reader)
    found = PutAside.objects.filter(reader=reader, article_id=article).first()
    if found is not None:
        PutAside.objects.filter(pk=found.pk, read_at__isnull=False).update(read_at=None, put_at=at)
        return found
    if reader.put_aside.count() >= MOST_ASIDE:
        raise ShelfFull(f"Your reading list is full: it holds {MOST_ASIDE} articles. Take some off first.")
    return PutAside.objects.create(reader=reader, article_id=article, put_at=at)


def take_off(reader: Reader, article: int) -> None:
    PutAside.objects.filter(reader=reader, article_id=article).delete()


def mark_read(reader: Reader, article: int, *, at: datetime) -> None:
    PutAside.objects.filter(reader=reader, article_id=article, read_at=None).update(read_at=at)


def mark_unread(reader: Reader, article: int) -> None:
    PutAside.objects.filter(reader=reader, article_id=article).update(read_at=None)


# Following


@transaction.atomic
def follow(reader: Reader, subject: Subject, *, at: datetime) -> Follow:
    _lock(reader)
    wanted = {"kind": subject.kind, "row": subject.row, "other": subject.other}
    found = Follow.objects.filter(reader=reader, **wanted).first()
    if found is not None:
        return found
    if reader.follows.count() >= MOST_FOLLOWED:
        raise ShelfFull(f"You follow {MOST_FOLLOWED} things, and no more fit. Let one go first.")
    return Follow.objects.create(reader=reader, followed_at=at, **wanted)


def unfollow(reader: Reader, number: int) -> None:
    Follow.objects.filter(reader=reader, pk=number).delete()


# Collections


@transaction.atomic
def make_collection(reader: Reader, title: str, *, at: datetime) -> Collection:
    """The one of this title, where there is one."""
    title = _tidy(title)
    _lock(reader)
    found = reader.collections.filter(title__iexact=title).first()
    if found is not None:
        return found
    if reader.collections.count() >= MOST_COLLECTIONS:
        raise ShelfFull(f"You have {MOST_COLLECTIONS} collections, and no more fit. Remove one first.")
    return Collection.objects.create(reader=reader, title=title, made_at=at)


@transaction.atomic
def describe(collection: Collection, *, title: str, note: str) -> None:
    title = _tidy(title)
    _lock(collection.reader)
    if Collection.objects.filter(reader=collection.reader, title__iexact=title).exclude(pk=collection.pk).exists():
        raise TitleTaken
    Collection.objects.filter(pk=collection.pk).update(title=title, note=_noted(note))


def remove_collection(collection: Collection) -> None:
    collection.delete()


@transaction.atomic
def add_piece(collection: Collection, article: int, *, at: datetime) -> Piece:
    """At its end."""
    _stands(article)
    pieces = _locked_pieces(collection)
    found = next((piece for piece in pieces if piece.article_id == article), None)
    if found is not None:
        return found
    if len(pieces) >= MOST_PIECES:
        raise ShelfFull(f"This collection is full: it holds {MOST_PIECES} articles.")
    place = pieces[-1].place + 1 if pieces else 0
    return Piece.objects.create(collection=collection, article_id=article, place=place, added_at=at)


def remove_piece(collection: Collection, article: int) -> None:
    Piece.objects.filter(collection=collection, article_id=article).delete()


@transaction.atomic
def move_piece(collection: Collection, article: int, *, to: int) -> None:
    """To a place counted from 0, so that a button pressed twice moves it once."""
    pieces = _locked_pieces(collection)
    for place, piece in enumerate(moved(pieces, article, to=to)):
        if piece.place != place:
            Piece.objects.filter(pk=piece.pk).update(place=place)


def moved(pieces: Sequence[Piece], article: int, *, to: int) -> list[Piece]:
    moving = [piece for piece in pieces if piece.article_id == article]
    others = [piece for piece in pieces if piece.article_id != article]
    return [*others[:to], *moving, *others[to:]]


def note_piece(collection: Collection, article: int, *, note: str) -> None:
    Piece.objects.filter(collection=collection, article_id=article).update(note=_noted(note))


def share(collection: Collection, *, at: datetime) -> None:
    """By an address that nobody guesses. Shared already, it keeps the one that it has."""
    Collection.objects.filter(pk=collection.pk, token="").update(token=secrets.token_urlsafe(16), shared_at=at)


def unshare(collection: Collection) -> None:
    """The address is dead for good: shared again, it gets another."""
    Collection.objects.filter(pk=collection.pk).update(token="", shared_at=None)


def _tidy(title: str) -> str:
    tidy = " ".join("".join(char if char.isprintable() else " " for char in title).split())[:MOST_TITLE].strip()
    if not tidy:
        raise NoTitle
    return tidy


def _noted(note: str) -> str:
    """Lines stay; what no database takes goes."""
    return "".join(char for char in note.replace("\r\n", "\n") if char == "\n" or char.isprintable())[:MOST_NOTE].strip()


def _stands(article: int) -> None:
    if not standing([article]):
        raise NotOnTheSite


def _lock(reader: Reader) -> None:
    Reader.objects.select_for_update().get(pk=reader.pk)


def _locked_pieces(collection: Collection) -> list[Piece]:
    Collection.objects.select_for_update().get(pk=collection.pk)
    return list(collection.pieces.all())
