"""What staff do to a reader's account, each written down with the deed: nothing is done silently."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from broadsheet.membership.actions.standing import give_comp, keep_term, record_term
from broadsheet.membership.models import Deed, Reader, Term
from broadsheet.membership.queries import zone


class ExtendedAlready(Exception):
    """Not as it was shown: somebody was quicker, or clicked twice."""


class WithoutEnd(Exception):
    """There is nothing to extend."""


def record_deed(*, by: Reader, reader: Reader | None, kind: str, what: str, at: datetime, reference: str = "") -> Deed:
    return Deed.objects.create(
        by=by, by_address=by.email, reader=reader, kind=kind, what=what[:300], done_at=at, reference=reference
    )


def give_comp_on_the_desk(*, by: Reader, reader: Reader, days: int, note: str, at: datetime) -> Term:
    ends_at = at + timedelta(days=days)
    with transaction.atomic():
        term = give_comp(reader=reader, ends_at=ends_at, at=at, note=note)
        record_deed(by=by, reader=reader, kind=Deed.Kind.COMP, what=f"until {_day(ends_at)}. {note}".strip(), at=at)
    return term


def extend_term(term: Term, *, by: Reader, days: int, shown: datetime | None, at: datetime) -> Term:
    """By days, from its end or from now, whichever is later. A term that follows another record (Stripe's, say) is overwritten by
    it: free days are put behind its end. `shown`: the end that whoever asked has seen."""
    with transaction.atomic():
        term = Term.objects.select_for_update().select_related("reader").get(pk=term.pk)
        if term.ends_at is None:
            raise WithoutEnd
        if term.ends_at != shown:
            raise ExtendedAlready
        begins = max(term.ends_at, at)
        ends_at, reference = begins + timedelta(days=days), f"longer {term.pk} {term.ends_at.isoformat()}"
        try:
            with transaction.atomic():
                what = f"{days} days, until {_day(ends_at)}"
                record_deed(by=by, reader=term.reader, kind=Deed.Kind.EXTEND, what=what, at=at, reference=reference)
        except IntegrityError:
            raise ExtendedAlready from None
        if term.reference or begins > term.ends_at:
            return record_term(
                reader=term.reader,
                source=Term.Source.COMP,
                starts_at=begins,
                ends_at=ends_at,
                at=at,
                note=f"{days} days more",
                reference=reference,
            )
        term.ends_at = ends_at
        return keep_term(term, at=at)


def _day(moment: datetime) -> str:
    here = moment.astimezone(zone())
    return f"{here.day} {here:%B %Y}"
