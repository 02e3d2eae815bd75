"""Let editions go: at the desk by hand, and by the clock once they are due. From then on nothing in them changes."""

from collections.abc import Callable
from datetime import datetime
from typing import Self

from django.db import DatabaseError, transaction
from django.db.models import F, QuerySet

from broadsheet.access.terms import Cut
from broadsheet.newsletters.actions.making import assemble
from broadsheet.newsletters.composed import Composed
from broadsheet.newsletters.composing import compose
from broadsheet.newsletters.ledger import Ledger
from broadsheet.newsletters.models import Delivery, Edition, Signup, Typeset
from broadsheet.newsletters.pages import keys_of
from broadsheet.newsletters.policy import Wait, Whom, cuts_of, why_it_waits
from broadsheet.newsletters.typesetting import Printed
from broadsheet.press.actions import stale

AT_ONCE = 2_000  # deliveries written in one transaction
STUMBLED = "Something in it cannot be set or sent."

TypesetIt = Callable[[Composed, Cut], Printed]


class NothingToSend(Exception):
    """Neither an item that stands on the site nor a note."""


def waits(edition: Edition, *, ledger: Ledger, at: datetime) -> Wait | None:
    return why_it_waits(
        due_at=edition.due_at,
        passed_at=edition.passed_at,
        paused=edition.paused_at is not None,
        unseen=edition.newsletter.unseen,
        day_without=edition.newsletter.timetable().leaves_out(edition.goes_on),
        known_at=ledger.last(edition),
        at=at,
    )


# At the desk


def let_go(edition: Edition, *, due_at: datetime, at: datetime) -> bool:
    """As it stands, at its moment or at another. Whether it was: not what has begun. One that is still blank is filled first."""
    if not edition.note and not edition.items.exists():
        assemble(edition, at=at)
    waiting = Edition.objects.filter(pk=edition.pk, begun_at=None, cancelled_at=None)
    return bool(waiting.update(passed_at=at, due_at=due_at, paused_at=None, stopped_why=""))


def take_back(edition: Edition) -> bool:
    """It is the editors' again, and fills itself."""
    return bool(Edition.objects.filter(pk=edition.pk, begun_at=None, cancelled_at=None).update(passed_at=None))


def pause(edition: Edition, *, at: datetime, why: str = "") -> bool:
    """Also in the midst of sending: whoever sends it looks before each batch."""
    running = Edition.objects.filter(pk=edition.pk, done_at=None, cancelled_at=None, paused_at=None)
    return bool(running.update(paused_at=at, stopped_why=why))


def go_on(edition: Edition, *, at: datetime) -> bool:
    """What was begun goes on where it stood, and all that waits is due now."""
    with transaction.atomic():
        paused = Edition.objects.filter(pk=edition.pk, cancelled_at=None).exclude(paused_at=None)
        if not paused.update(paused_at=None, stopped_why=""):
            return False
        paused_midway = Edition.objects.filter(pk=edition.pk).exclude(begun_at=None)
        paused_midway.update(moved_at=at)  # whatever a ledger knows, the desk knows it by now
        _waiting(edition).filter(due_at__lt=at).update(due_at=at)
    return True


def cancel(edition: Edition, *, at: datetime, why: str = "") -> bool:
    """Nobody gets it from the next batch on; whoever has it has it."""
    standing = Edition.objects.filter(pk=edition.pk, done_at=None, cancelled_at=None)
    return bool(standing.update(cancelled_at=at, stopped_why=why))


# By the clock


class Troubles:
    """What was wrong with one edition is its own: it is paused and says why, the others go on, and all is raised in the end.

    Where the database or the network is away, that says nothing of it: it is not paused, and the next run tries it again.
    """

    def __init__(self) -> None:
        self._all: list[Exception] = []

    def of(self, edition: Edition, *, at: datetime) -> Self:
        self._edition, self._at = edition, at
        return self

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, trouble: BaseException | None, _where: object) -> bool:
        if not isinstance(trouble, Exception):
            return False
        trouble.add_note(f"{self._edition} was passed over.")
        self._all.append(trouble)
        if not isinstance(trouble, DatabaseError | OSError):
            pause(self._edition, at=self._at, why=f"{STUMBLED} {type(trouble).__name__}: {trouble}"[:200])
        return True

    def raise_all(self) -> None:
        if self._all:
            raise ExceptionGroup("Some editions were passed over.", self._all)


def begin_due(*, typeset: TypesetIt, ledger: Ledger, troubles: Troubles, at: datetime) -> list[int]:
    """The newsletters, by their numbers, of which one began."""
    due = Edition.objects.filter(begun_at=None, cancelled_at=None, due_at__lte=at).select_related("newsletter")
    begun: list[int] = []
    for edition in due.order_by("due_at"):
        with troubles.of(edition, at=at):
            begun += [edition.newsletter_id] if _begin_or_cancel(edition, typeset, ledger, at=at) else []
    return begun


def _begin_or_cancel(edition: Edition, typeset: TypesetIt, ledger: Ledger, *, at: datetime) -> bool:
    if waits(edition, ledger=ledger, at=at) is not None:
        return False
    try:
        return begin(edition, typeset=typeset, at=at)
    except NothingToSend:
        cancel(edition, at=at, why="There was nothing in it.")
        return False


def begin(edition: Edition, *, typeset: TypesetIt, at: datetime) -> bool:
    """Typeset every cut of it for good. Whether it was we who did: not where the desk changed it meanwhile, which the next call
    finds."""
    assemble(edition, at=at)
    composed = compose(edition, at=at)
    if not (composed.lines or composed.note):
        raise NothingToSend
    cuts = {cut: typeset(composed, cut) for cut in cuts_of(Whom(edition.newsletter.whom))}
    with transaction.atomic():
        if not _is_still(edition, composed, at=at):
            return False
        Edition.objects.filter(pk=edition.pk).update(begun_at=at)
        Typeset.objects.bulk_create(
            Typeset(edition=edition, cut=cut, subject=set_.subject, text=set_.text, html=set_.html, set_at=at)
            for cut, set_ in cuts.items()
        )
        stale(keys_of(edition.newsletter_id), at=at)
    return True


def _is_still(edition: Edition, composed: Composed, *, at: datetime) -> bool:
    """As it was when it was composed; and so it stays to the end of the transaction."""
    waiting = Edition.objects.select_for_update(of=("self",)).select_related("newsletter")
    waiting = waiting.filter(pk=edition.pk, begun_at=None, cancelled_at=None, paused_at=None)
    now = waiting.filter(due_at=edition.due_at, passed_at=edition.passed_at).first()
    return now is not None and compose(now, at=at) == composed


def list_recipients(edition: Edition, *, at: datetime) -> int:
    """Write a delivery for each who wants it, some thousands at a time: killed midway, the next call goes on there."""
    written = 0
    while made := _list_some(edition.pk, at=at):
        written += made
    return written


def _list_some(edition_id: int, *, at: datetime) -> int:
    with transaction.atomic():
        edition = Edition.objects.select_for_update().get(pk=edition_id)
        if edition.listed_at or edition.cancelled_at or not edition.begun_at:
            return 0
        wanted = Signup.objects.filter(newsletter=edition.newsletter_id, confirmed_at__isnull=False, ended_at=None)
        wanted = wanted.filter(pk__gt=edition.listed_upto, confirmed_at__lte=edition.begun_at)
        rows = list(wanted.order_by("pk").annotate(to=F("reader__email")).values_list("pk", "reader_id", "to")[:AT_ONCE])
        if not rows:
            Edition.objects.filter(pk=edition_id).update(listed_at=at)
            return 0
        Delivery.objects.bulk_create(
            [
                Delivery(edition=edition, reader_id=reader, to=to, domain=_domain(to), listed_at=at, due_at=at)
                for _, reader, to in rows
            ],
            ignore_conflicts=True,
        )
        Edition.objects.filter(pk=edition_id).update(listed_upto=rows[-1][0])
    return len(rows)


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()[:253]


def _waiting(edition: Edition) -> QuerySet[Delivery]:
    return Delivery.objects.filter(edition=edition, sent_at=None, failed_at=None, passed_over_at=None)
