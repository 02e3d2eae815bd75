"""What readers do to their own dossiers and to those that they follow. Twice is as once, and an account has so many."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from broadsheet.library.following import Subject
from broadsheet.library.policy import Often
from broadsheet.membership.models import Reader
from broadsheet.research.actions.enquiries import Asker, count_gathering
from broadsheet.research.asking import LONGEST, read
from broadsheet.research.matters import matter_of
from broadsheet.research.models import Change, Dossier, Following, ResearchRules

MOST_OWN, MOST_FOLLOWED = 20, 50
GATHERED_AT_ONCE = 40  # a day
SEEN_AGAIN = timedelta(hours=1)
TITLE = 120


class TooMany(Exception):
    """An account has so many; a sentence says how many."""


class NothingAsked(Exception):
    """A question without a word that says something."""


class NoSuchSubject(Exception):
    """There is no such country, issue or pair on the desk."""


@transaction.atomic
def begin_own(
    reader: Reader, *, subject: Subject | None = None, question: str = "", often: Often | None, at: datetime
) -> Dossier:
    """The one that they have of it, where there is one. `often`: None where they want no mail of it."""
    Reader.objects.select_for_update().get(pk=reader.pk)
    drafted = drafted_of(subject, question, at=at)
    drafted.reader = reader
    same = {"kind": drafted.kind, "row": drafted.row, "other": drafted.other, "question": drafted.question}
    known = own(reader).filter(**same).first()
    if known:
        return known
    if own(reader).count() >= MOST_OWN:
        raise TooMany(f"You have {MOST_OWN} dossiers, and no more fit. Delete one first.")
    drafted.save()
    if often:
        _follow(reader, drafted, often, at=at)
    return drafted


def drafted_of(subject: Subject | None, question: str, *, at: datetime) -> Dossier:
    """Not saved yet; due at once."""
    drafted = Dossier(made_at=at, due_at=at)
    if subject:
        drafted.kind, drafted.row, drafted.other = subject.kind, subject.row, subject.other
    else:
        asked = read(question)
        if not asked.terms:
            raise NothingAsked
        drafted.kind, drafted.question = Dossier.Kind.QUESTION, asked.text[:LONGEST]
    matter = matter_of(drafted) if drafted.kind in Dossier.Kind.values else None
    if matter is None:
        raise NoSuchSubject
    drafted.title = matter.name if len(matter.name) <= TITLE else f"{matter.name[: TITLE - 2].rstrip()} …"
    return drafted


@transaction.atomic
def follow(reader: Reader, slug: str, *, often: Often, at: datetime) -> Following | None:
    """None of what is not published, or no more."""
    Reader.objects.select_for_update().get(pk=reader.pk)
    dossier = Dossier.objects.filter(slug=slug, published_at__isnull=False).first() if slug else None
    if dossier is None:
        return None
    known = Following.objects.filter(reader=reader, dossier=dossier).first()
    if known is None and Following.objects.filter(reader=reader).count() >= MOST_FOLLOWED:
        raise TooMany(f"You follow {MOST_FOLLOWED} dossiers, and no more fit. Stop following one first.")
    return known or _follow(reader, dossier, often, at=at)


def _follow(reader: Reader, dossier: Dossier, often: Often, *, at: datetime) -> Following:
    """What changed before is not told."""
    last = Change.objects.filter(dossier=dossier).aggregate(last=Max("pk"))["last"] or 0
    following, _ = Following.objects.get_or_create(
        reader=reader, dossier=dossier, defaults={"often": often.value, "followed_at": at, "told": last}
    )
    return following


@transaction.atomic
def change_how_often(reader: Reader, dossier: int, often: Often | None, *, at: datetime) -> None:
    """Of one of theirs, or of one that they follow. None: no mail comes of it any more."""
    mine = _within_reach(reader).filter(pk=dossier).first()
    if mine is None:
        return
    if often is None:
        Following.objects.filter(reader=reader, dossier=mine).delete()
    elif not Following.objects.filter(reader=reader, dossier=mine).update(often=often.value):
        _follow(reader, mine, often, at=at)


def unfollow(reader: Reader, dossier: int) -> None:
    Following.objects.filter(reader=reader, dossier=dossier).delete()


def end_by_mail(following: int) -> None:
    """For whoever holds a mail of it, logged in or not."""
    Following.objects.filter(pk=following).delete()


def own(reader: Reader) -> QuerySet[Dossier]:
    return Dossier.objects.filter(reader=reader)


def delete_own(reader: Reader, dossier: int) -> None:
    own(reader).filter(pk=dossier).delete()


def may_gather_at_once(reader: Reader, *, at: datetime) -> bool:
    """While they look at the page: so many times a day, which is counted apart from what they ask."""
    return count_gathering(Asker(reader=reader), most=GATHERED_AT_ONCE, at=at)


def see(dossier: Dossier, *, at: datetime) -> None:
    """Its reader opens it. Once an hour is written down."""
    if dossier.seen_at is None or at - dossier.seen_at > SEEN_AGAIN:
        Dossier.objects.filter(pk=dossier.pk).update(seen_at=at)


def forget_unseen(*, at: datetime) -> int:
    """Readers' own of questions, for as long as any question is kept: unless they are opened, or mail of them is wanted."""
    until = at - timedelta(days=ResearchRules.load().keep_days)
    questions = Dossier.objects.filter(reader__isnull=False, kind=Dossier.Kind.QUESTION, followings=None)
    unseen = questions.filter(Q(seen_at=None, made_at__lt=until) | Q(seen_at__lt=until))
    return unseen.delete()[1].get("research.Dossier", 0)


def _within_reach(reader: Reader) -> QuerySet[Dossier]:
    published = Dossier.objects.filter(reader=None, published_at__isnull=False)
    return own(reader) | published
