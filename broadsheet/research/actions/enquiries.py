"""Asking, within what a day allows; and what becomes of a reader's questions. Twice is as once."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from broadsheet.membership.models import Reader
from broadsheet.research import policy
from broadsheet.research.briefs import Brief
from broadsheet.research.models import Enquiry, ResearchRules, Tally
from broadsheet.research.posed import Posed
from broadsheet.research.quoting import Quotation

MOST_ENQUIRIES = 1_000  # of a reader
TALLIES_KEPT = timedelta(days=2)


class NoQuestionLeft(Exception):
    """As many were asked today as the house allows; `most` says how many."""

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} questions were asked today.")
        self.most = most


@dataclass(frozen=True, slots=True)
class Asker:
    """Whose questions are counted together: a reader's, or those of a visitor's network."""

    reader: Reader | None = None
    network: str = ""


def count_question(asker: Asker, mark: str, *, most: int | None, at: datetime) -> bool:
    """Whether it was counted: the same question again that day is no other. Raises NoQuestionLeft. `most`: None counts none."""
    counted = False

    def asked(tally: Tally) -> None:
        nonlocal counted
        if most is not None and policy.is_spent(tally.asked, mark, most=most):
            raise NoQuestionLeft(most)
        counted = mark not in tally.asked
        if counted:
            tally.asked.append(mark)

    if most is not None:
        _with_tally(asker, asked, at=at)
    return counted


def take_back(asker: Asker, mark: str, *, at: datetime) -> None:
    """A question that could not be looked into."""

    def not_asked(tally: Tally) -> None:
        tally.asked = [one for one in tally.asked if one != mark]

    _with_tally(asker, not_asked, at=at)


def count_gathering(asker: Asker, *, most: int, at: datetime) -> bool:
    """Whether there was one left that day."""
    counted = False

    def gathered(tally: Tally) -> None:
        nonlocal counted
        counted = tally.gathered < most
        tally.gathered += counted

    _with_tally(asker, gathered, at=at)
    return counted


def hold(asker: Asker, brief: Brief, *, most: int, at: datetime) -> Brief:
    """As much of it as may be quoted today, which is written down."""
    found = brief

    def quote(tally: Tally) -> None:
        nonlocal found
        found, tally.quoted = policy.held(brief, most=most, before=tally.quoted)

    if not brief.thin:
        _with_tally(asker, quote, at=at)
    return found


def hold_points(
    asker: Asker, quotations: Sequence[Quotation], *, standing: policy.Quoted, most: int, at: datetime
) -> tuple[Quotation, ...]:
    """The same for a dossier; what it quotes already (`standing`) is no more."""
    found = tuple(quotations)

    def quote(tally: Tally) -> None:
        nonlocal found
        found, tally.quoted = policy.held_of(quotations, most=most, before=tally.quoted, standing=standing)

    if quotations:
        _with_tally(asker, quote, at=at)
    return found


def questions_left(asker: Asker, *, most: int | None, at: datetime) -> int | None:
    if most is None:
        return None
    tally = Tally.objects.filter(reader=asker.reader, network=asker.network, on=timezone.localdate(at)).first()
    return max(0, most - len(tally.asked)) if tally else most


@transaction.atomic
def _with_tally(asker: Asker, does: Callable[[Tally], None], *, at: datetime) -> None:
    on = timezone.localdate(at)
    Tally.objects.get_or_create(reader=asker.reader, network=asker.network, on=on)
    tally = Tally.objects.select_for_update().get(reader=asker.reader, network=asker.network, on=on)
    does(tally)
    tally.save(update_fields=["asked", "quoted", "gathered"])


@transaction.atomic
def remember(reader: Reader, posed: Posed, *, at: datetime) -> Enquiry | None:
    """The oldest that nobody keeps makes room; None where all are kept."""
    Reader.objects.select_for_update().get(pk=reader.pk)
    found, made = Enquiry.objects.update_or_create(
        reader=reader,
        mark=posed.mark,
        defaults={"asked_at": at},
        create_defaults={"text": posed.text, "asked": posed.query, "asked_at": at},
    )
    if made and reader.enquiries.count() > MOST_ENQUIRIES:
        spare = reader.enquiries.filter(kept_at=None, token="").order_by("asked_at", "pk").exclude(pk=found.pk).first()
        (spare or found).delete()
        return found if spare else None
    return found


def keep(enquiry: Enquiry, *, at: datetime) -> None:
    Enquiry.objects.filter(pk=enquiry.pk, kept_at=None).update(kept_at=at)


def let_go(enquiry: Enquiry) -> None:
    Enquiry.objects.filter(pk=enquiry.pk).update(kept_at=None)


def share(enquiry: Enquiry, *, at: datetime) -> None:
    """By an address that nobody guesses. Shared already, it keeps the one that it has."""
    Enquiry.objects.filter(pk=enquiry.pk, token="").update(token=secrets.token_urlsafe(16), shared_at=at)


def unshare(enquiry: Enquiry) -> None:
    """The address is dead for good: shared again, it gets another."""
    Enquiry.objects.filter(pk=enquiry.pk).update(token="", shared_at=None)


def shared_still(*, at: datetime) -> QuerySet[Enquiry]:
    """Whose reader shared them, or asked them again, in so many days."""
    since = at - timedelta(days=ResearchRules.load().share_days)
    return Enquiry.objects.exclude(token="").filter(Q(shared_at__gte=since) | Q(asked_at__gte=since))


def forget(enquiry: Enquiry) -> None:
    enquiry.delete()


def forget_all(reader: Reader) -> None:
    reader.enquiries.all().delete()


def expire(*, at: datetime) -> int:
    """Questions past their days that nobody keeps or shares, and what was counted; answers how many questions those were.

    What was shared long ago is no more, and then is one like others.
    """
    Enquiry.objects.exclude(token="").exclude(pk__in=shared_still(at=at)).update(token="", shared_at=None)
    Tally.objects.filter(on__lt=timezone.localdate(at - TALLIES_KEPT)).delete()
    until = at - timedelta(days=ResearchRules.load().keep_days)
    return Enquiry.objects.filter(asked_at__lt=until, kept_at=None, token="").delete()[0]
