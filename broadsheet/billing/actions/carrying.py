"""Whom a subscription carries: its buyer by a term, or a team by its group. And whom a given year carries no longer."""

from datetime import datetime

from django.db import transaction

from broadsheet.billing import policy
from broadsheet.billing.models import GivenYear, Plan, Subscription
from broadsheet.membership import actions as membership
from broadsheet.membership.models import Term


def carry(row: Subscription, plan: Plan | None, carried: policy.Carried | None, *, at: datetime) -> None:
    """Write down whom it carries; None: nobody.

    A team's plan carries a group instead of its buyer; one that becomes the other leaves nothing of what it was.
    """
    reader, reference = row.customer.reader, f"stripe {row.reference}"
    by_seats = plan is not None and plan.kind == Plan.Kind.TEAM
    if by_seats and carried is not None:
        membership.record_group(
            reference=reference,
            holder=reader,
            bought=row.quantity,
            starts_at=carried.starts_at,
            ends_at=carried.ends_at,
            payment=carried.payment,
            at=at,
        )
    else:
        membership.empty_group(reference, at=at)
    if not by_seats and carried is not None:
        membership.record_term(
            reader=reader,
            source=Term.Source.SUBSCRIPTION,
            starts_at=carried.starts_at,
            ends_at=carried.ends_at,
            payment=carried.payment,
            at=at,
            reference=reference,
        )
    elif term := Term.objects.filter(reference=reference).first():
        membership.forget_term(term, at=at)


def end_year(year: GivenYear, *, at: datetime) -> None:
    """Its code opens nothing any more, and whoever redeemed it reads by it no longer."""
    with transaction.atomic():
        GivenYear.objects.filter(pk=year.pk, ended_at=None).update(ended_at=at)
        for term in Term.objects.filter(reference=year.term_reference):
            membership.end_term(term, at=at)
