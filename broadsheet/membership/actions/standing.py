"""Write down what a reader holds. Every change reaches the reader's next request by a revocation."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction

from broadsheet.membership import policy
from broadsheet.membership.actions.metering import allowance_of
from broadsheet.membership.actions.sessions import end_sessions, revoke, revoke_all
from broadsheet.membership.models import Reader, Term
from broadsheet.membership.policy import FOREVER, entitled_until, tidy_address
from broadsheet.membership.queries import reader_at, rules

AT_A_TIME = 500


def record_term(
    *,
    reader: Reader,
    source: str,
    starts_at: datetime,
    ends_at: datetime | None,
    payment: str = Term.Payment.PAID,
    at: datetime,
    note: str = "",
    reference: str = "",
) -> Term:
    """A term as it is now. One with a reference is the same term however often it is recorded, and unchanged revokes nothing."""
    now = (reader.pk, source, payment, starts_at, ends_at, note)
    with transaction.atomic():
        term = (Term.objects.select_for_update().filter(reference=reference).first() if reference else None) or Term()
        if term.pk and (term.reader_id, term.source, term.payment, term.starts_at, term.ends_at, term.note) == now:
            return term
        term.reader, term.source, term.payment = reader, source, payment
        term.starts_at, term.ends_at, term.note, term.reference = starts_at, ends_at, note, reference
        return keep_term(term, at=at)


def keep_term(term: Term, *, at: datetime) -> Term:
    """Save a term as it stands."""
    with transaction.atomic():
        term.save()
        queue_what_was_put_behind(term.reader_id, at=at)
        revoke(term.reader_id, why=f"{term.source} {term.payment}", at=at)
    return term


def give_comp(*, reader: Reader, ends_at: datetime | None, at: datetime, note: str = "") -> Term:
    """Let somebody read without paying, from now on."""
    return record_term(reader=reader, source=Term.Source.COMP, starts_at=at, ends_at=ends_at, at=at, note=note)


def end_term(term: Term, *, at: datetime) -> None:
    """End it now, days of grace and all; a term that has not begun by now never was."""
    with transaction.atomic():
        if term.starts_at >= at:
            term.delete()
        else:
            term.ends_at, term.payment = at, Term.Payment.PAID
            term.save(update_fields=["ends_at", "payment"])
        queue_what_was_put_behind(term.reader_id, at=at)
        revoke(term.reader_id, why=f"{term.source} ended", at=at)


def forget_term(term: Term, *, at: datetime) -> None:
    """It carries nobody, and never did."""
    with transaction.atomic():
        term.delete()
        queue_what_was_put_behind(term.reader_id, at=at)
        revoke(term.reader_id, why=f"{term.source} never carried", at=at)


def queue_what_was_put_behind(*readers: int, at: datetime) -> set[int]:
    """A year from somebody else and days more from staff begin when all else ends, wherever that is now: no day of it is lost.

    Of one that has begun already, what is left waits again. Behind what has no end nothing is moved. Whose were moved; to be
    called before any of them is revoked.
    """
    later = list(Term.objects.select_for_update().put_behind().filter(reader__in=readers, ends_at__gt=at).order_by("pk"))
    if not later:
        return set()
    waiting, others = defaultdict[int, list[Term]](list), defaultdict[int, list[policy.Term]](list)
    for term in later:
        waiting[term.reader_id].append(term)
    for term in Term.objects.filter(reader__in=waiting, starts_at__lte=at).exclude(pk__in=[term.pk for term in later]):
        others[term.reader_id].append(term.value())
    grace = timedelta(days=rules().grace_days)
    until = {reader: entitled_until(others[reader], at=at, grace=grace) for reader in waiting}
    return {reader for reader in waiting if until[reader] != FOREVER and _queue(waiting[reader], behind=until[reader], at=at)}


def _queue(later: Iterable[Term], *, behind: datetime | None, at: datetime) -> bool:
    """One reader's, behind what carries them until then; None: nothing does. Whether any was moved."""
    moved, until = False, behind
    for term in sorted(later, key=lambda term: (term.starts_at, term.pk)):
        assert term.ends_at is not None
        if until is None and term.starts_at <= at:
            until = term.ends_at
            continue
        length, starts_at = term.ends_at - max(term.starts_at, at), until or at
        until = starts_at + length
        if (term.starts_at, term.ends_at) != (starts_at, until):
            Term.objects.filter(pk=term.pk).update(starts_at=starts_at, ends_at=until)
            moved = True
    return moved


def queue_again(*, at: datetime) -> int:
    """Of everybody who has something put behind: a term that staff wrote may have begun meanwhile, or the grace be another."""
    later = Term.objects.put_behind().filter(ends_at__gt=at).order_by("reader").values_list("reader", flat=True).distinct()
    readers, moved = list(later), 0
    for first in range(0, len(readers), AT_A_TIME):
        with transaction.atomic():
            changed = queue_what_was_put_behind(*readers[first : first + AT_A_TIME], at=at)
            revoke_all(changed, why="what was put behind was moved", at=at)
        moved += len(changed)
    return moved


def engage(*, address: str, at: datetime, first_name: str = "", last_name: str = "") -> Reader:
    """The reader of an address that we vouch for, as staff do on the desk: verified, so that logging in asks for one code."""
    with transaction.atomic():
        tidy = tidy_address(address)
        reader = reader_at(tidy) or Reader(email=tidy, joined_at=at)
        reader.first_name = first_name or reader.first_name
        reader.last_name = last_name or reader.last_name
        reader.confirmed_at = reader.confirmed_at or at
        reader.save()
        EmailAddress.objects.filter(user=reader).exclude(email=reader.email).delete()
        EmailAddress.objects.update_or_create(user=reader, email=reader.email, defaults={"verified": True, "primary": True})
        allowance_of(reader)
    return reader


def readdress(reader: Reader, *, address: str, at: datetime) -> None:
    """Staff changed the address on the desk: the old one opens nothing any more, and whoever was logged in is not."""
    with transaction.atomic():
        reader.email = tidy_address(address)
        reader.save(update_fields=["email"])
        engage(address=reader.email, at=at)
        end_sessions(reader, why="address changed on the desk", at=at)
