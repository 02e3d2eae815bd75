"""Who sits in which group, what is free there, what leads in, and how much each has read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from broadsheet.access.terms import WALLS
from broadsheet.kit.signing import Signer
from broadsheet.membership import policy, queries
from broadsheet.membership.groups import INVITATION_LIFE, NoName, domain_of, tidy_name
from broadsheet.membership.models import Reader, Reading, Term
from broadsheet.membership.seating import Group, Seat


class Kind(StrEnum):
    """What leads into a group."""

    INVITATION = "invitation"
    LINK = "link"
    DOMAIN = "domain"


@dataclass(frozen=True, slots=True)
class Way:
    """`seat`: the one that an invitation keeps. `by`: who invited, as they call themselves; "" where it is not known."""

    kind: Kind
    group: Group
    seat: Seat | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """One line of a manager's list. `readings`: this month's and last month's number since the seat was taken, never of what."""

    seat: Seat
    address: str
    carried: bool
    expired: bool
    readings: tuple[int, int]


def reference_of(seat: Seat) -> str:
    """Of the term that it carries."""
    return f"seat {seat.pk}"


def group_reference_of(reference: str) -> str:
    """Whose record the group follows whose seat's term has this reference; "" where there is none."""
    number = reference.removeprefix("seat ")
    held = Seat.objects.filter(pk=number).values_list("group__reference", flat=True) if number.isdecimal() else ()
    return next(iter(held), "")


def living(group: Group) -> QuerySet[Seat]:
    return Seat.objects.filter(group=group, ended_at=None)


def taken(group: Group) -> QuerySet[Seat]:
    """In the order in which they carry: where fewer are bought than taken, the newest rest."""
    return living(group).exclude(taken_at=None).order_by("taken_at", "pk")


def occupied(group: Group, *, at: datetime) -> int:
    """Taken, or kept for an invitation that still holds."""
    kept = Q(reader=None, invited_at__gt=at - INVITATION_LIFE)
    return living(group).filter(kept | ~Q(taken_at=None)).count()


def managers(group: Group) -> QuerySet[Seat]:
    return living(group).filter(role=Seat.Role.MANAGER)


def managed_by(reader: Reader) -> QuerySet[Group]:
    mine = Seat.objects.filter(reader=reader, role=Seat.Role.MANAGER, ended_at=None)
    return Group.objects.filter(pk__in=mine.values("group")).order_by("pk")


def sat_on_by(reader: Reader) -> QuerySet[Seat]:
    return Seat.objects.filter(reader=reader, ended_at=None).exclude(taken_at=None).select_related("group").order_by("pk")


def carried_among(seats: Iterable[Seat], *, at: datetime) -> set[str]:
    """The references of those whose term carries now."""
    terms = Term.objects.filter(reference__in=[reference_of(seat) for seat in seats])
    grace = timedelta(days=queries.rules().grace_days)
    return {term.reference for term in terms if policy.entitled_until([term.value()], at=at, grace=grace)}


def group_that_failed(reader: Reader, *, at: datetime) -> Group | None:
    """Of the terms whose charge failed the one that carries longest is a seat of this group. None: it is the reader's own."""
    failed = reader.terms.filter(payment=policy.Payment.PAST_DUE, starts_at__lte=at)
    longest = max(failed, key=lambda term: term.ends_at or policy.FOREVER, default=None)
    mine = {reference_of(seat): seat.group for seat in sat_on_by(reader)}
    return mine.get(longest.reference) if longest else None


def runs(group: Group, *, at: datetime) -> bool:
    """Whether its seats carry now."""
    term = policy.Term(starts_at=group.starts_at, ends_at=group.ends_at, payment=policy.Payment(group.payment))
    grace = timedelta(days=queries.rules().grace_days)
    return bool(group.bought) and policy.entitled_until([term], at=at, grace=grace) is not None


def verified_addresses(reader: Reader) -> set[str]:
    return {each.lower() for each in EmailAddress.objects.filter(user=reader, verified=True).values_list("email", flat=True)}


def verified_domains(reader: Reader) -> set[str]:
    return {domain for address in verified_addresses(reader) if (domain := domain_of(address))}


def was_removed(reader: Reader, group: Group) -> bool:
    """Whether a manager ended the last seat that they had."""
    last = Seat.objects.filter(group=group, reader=reader).exclude(ended_at=None).order_by("-ended_at", "-pk").first()
    return last is not None and last.removed_at is not None


def offered_to(reader: Reader, *, at: datetime) -> list[Group]:
    """Groups with a free seat for which a verified address of theirs is enough."""
    known = Group.objects.filter(domains__domain__in=verified_domains(reader)).exclude(
        pk__in=Seat.objects.filter(reader=reader, ended_at=None).values("group")
    )
    return [
        group
        for group in known.distinct().order_by("pk")
        if runs(group, at=at) and occupied(group, at=at) < group.bought and not was_removed(reader, group)
    ]


def people_of(group: Group, *, at: datetime) -> list[Person]:
    this = queries.month_at(at)
    last = queries.month_at(this.starts_at - timedelta(hours=12))
    seats = list(
        living(group)
        .select_related("reader")
        .annotate(this_month=_readings_in(this), last_month=_readings_in(last))
        .order_by("reader", "taken_at", "pk")
    )
    carried = carried_among(seats, at=at)
    return [
        Person(
            seat=seat,
            address=seat.reader.email if seat.reader else seat.address,
            carried=reference_of(seat) in carried,
            expired=seat.invited_at is not None and seat.invited_at <= at - INVITATION_LIFE,
            readings=(seat.this_month, seat.last_month),
        )
        for seat in sorted(seats, key=lambda seat: (seat.reader_id is None, seat.taken_at or seat.invited_at or at, seat.pk))
    ]


def _readings_in(month: policy.Month) -> Coalesce:
    """Full cuts since the seat was taken: what a member read before is nobody's business here."""
    theirs = Reading.objects.filter(
        reader_id=OuterRef("reader_id"), read_at__gte=OuterRef("taken_at"), read_at__lt=month.ends_at
    ).filter(read_at__gte=month.starts_at)
    counted = theirs.exclude(reason__in=[wall.value for wall in WALLS]).order_by().values("reader_id")
    return Coalesce(Subquery(counted.annotate(number=Count("pk")).values("number")), 0, output_field=IntegerField())


# What leads in. Signed, so that nobody makes one up; whether it still holds is looked up each time.


def token_of_invitation(seat: Seat, *, by: Reader | None = None) -> str:
    inviting = managers(seat.group).filter(reader=by).values_list("pk", flat=True).first() if by else None
    return _signer().sign(f"{Kind.INVITATION}-{seat.pk}-{inviting or 0}")


def token_of_link(group: Group) -> str:
    """Empty where no link invites. One that was closed never opens again."""
    return _signer().sign(f"{Kind.LINK}-{group.pk}-{_mark(group)}") if group.link_opened_at else ""


def token_of_domain(group: Group) -> str:
    return _signer().sign(f"{Kind.DOMAIN}-{group.pk}-0")


def way_of(token: str, *, at: datetime) -> Way | None:
    """None: not of ours, used, withdrawn or too old."""
    signed = _signer().unsign(token)
    if signed is None:
        return None
    kind, number, mark = signed.split("-")
    if kind == Kind.INVITATION:
        waiting = Seat.objects.filter(pk=number, reader=None, ended_at=None, invited_at__gt=at - INVITATION_LIFE)
        seat = waiting.select_related("group").first()
        return Way(Kind.INVITATION, seat.group, seat, _inviter(seat.group, mark)) if seat else None
    group = Group.objects.filter(pk=number).first()
    if group is None or (kind == Kind.LINK and (not group.link_opened_at or mark != _mark(group))):
        return None
    return Way(Kind(kind), group)


def _inviter(group: Group, seat: str) -> str:
    """Who manages no more has no say here, and is not named."""
    inviting = managers(group).filter(pk=seat).select_related("reader").first()
    return name_of(inviting.reader) if inviting else ""


def name_of(reader: Reader | None) -> str:
    """As they call themselves, unless that could lead somebody astray; else their address. "" of nobody."""
    if reader is None:
        return ""
    try:
        return tidy_name(reader.get_full_name())
    except NoName:
        return reader.email


def _mark(group: Group) -> str:
    return str(round(group.link_opened_at.timestamp() * 1_000_000)) if group.link_opened_at else ""


def _signer() -> Signer:
    return Signer((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS), purpose="group")
