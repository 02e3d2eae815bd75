"""Seat people in groups, and let each seat carry its reader for as long as the group is paid for.

Every verb locks the group first, so that no seat is given twice; what changes for a reader is a revocation within the
same transaction.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from broadsheet.mailroom.actions import post
from broadsheet.membership import partings, seats
from broadsheet.membership.actions.sessions import revoke_all
from broadsheet.membership.actions.standing import queue_what_was_put_behind
from broadsheet.membership.groups import (
    INVITATION_LIFE,
    MOST_DOMAINS,
    BadLine,
    BadLines,
    NoDomain,
    NoName,
    addresses_in,
    tidy_domain,
    tidy_name,
)
from broadsheet.membership.models import Reader, Term
from broadsheet.membership.queries import rules
from broadsheet.membership.seating import Group, GroupDomain, Seat

DAY = timedelta(days=1)
OLD_NEWS = timedelta(days=4)  # of an end longer ago nobody is written to
UNNAMED = "A group"


class NoSeatLeft(ValueError):
    """Every seat is taken, or kept for somebody who was invited."""


class GroupEnded(ValueError):
    """What pays for the group has ended."""


class LastManager(ValueError):
    """A group always has a manager."""


class TooManyInvitations(ValueError):
    """More mails in a day than a group's size explains."""


class WaySpent(Exception):
    """The link was used, withdrawn or is too old; or was never one of ours."""


class NotForThem(Exception):
    """The invitation went to another address, or the domain is not theirs, or a manager has removed them."""


def record_group(
    *, reference: str, holder: Reader, bought: int, starts_at: datetime, ends_at: datetime | None, payment: str, at: datetime
) -> Group:
    """A group as what pays for it has it now. A new one is managed by `holder`, who sits on its first seat."""
    with transaction.atomic():
        paid = {"bought": bought, "starts_at": starts_at, "ends_at": ends_at, "payment": payment}
        group, fresh = Group.objects.select_for_update().get_or_create(
            reference=reference, defaults={"name": _first_name(holder), **paid}
        )
        ran = seats.runs(group, at=at)
        Group.objects.filter(pk=group.pk).update(**paid)
        group.refresh_from_db()
        if not seats.managers(group).exists():
            _make_manager(group, holder, taken_at=at if fresh and bought else None)
        _settle(group, at=at)
        if _has_ended(group, at=at) and group.ends_at and (ran or at - group.ends_at < OLD_NEWS):
            told = seats.taken(group).exclude(reader=holder)
            day = at if ran else min(at, group.ends_at)
            partings.write_later(told, why="ended", day=day, since=group.ends_at, at=at)
    return group


def _has_ended(group: Group, *, at: datetime) -> bool:
    """Where a charge failed it has not, even if the days of grace are over; nor where it merely has no seats."""
    return bool(group.bought) and group.payment != Term.Payment.PAST_DUE and not seats.runs(group, at=at)


def tell_whose_grace_is_over(*, at: datetime) -> None:
    """Nothing else happens at that moment: members read by a team whose charge failed until its days of grace are over."""
    grace = timedelta(days=rules().grace_days)
    unpaid = Group.objects.filter(payment=Term.Payment.PAST_DUE, ends_at__lte=at - grace, ends_at__gt=at - grace - OLD_NEWS)
    for group in unpaid.exclude(bought=0).order_by("pk"):
        assert group.ends_at is not None
        carried = seats.taken(group)[: group.bought]
        partings.write_later(carried, why="unpaid", day=group.ends_at + grace, since=group.ends_at, at=at)


def empty_group(reference: str, *, at: datetime) -> None:
    """What pays for it carries nobody. Its seats stay as they are, and carry again when it does."""
    with transaction.atomic():
        if group := Group.objects.select_for_update().filter(reference=reference).first():
            group.bought = 0
            group.save(update_fields=["bought"])
            _settle(group, at=at)


def rename_group(group: Group, *, name: str) -> None:
    """Raises NoName."""
    Group.objects.filter(pk=group.pk).update(name=tidy_name(name))


def invite(group: Group, *, pasted: str, at: datetime, by: Reader | None = None) -> list[Seat]:
    """An address a line. All are invited or none. Whether somebody has an account is not looked up. `by`: who is named as
    inviting.

    Raises BadLines, NoSeatLeft, GroupEnded, TooManyInvitations.
    """
    lines, bad = addresses_in(pasted)
    with transaction.atomic():
        group = _locked(group)
        known = _known_in(group, at=at)
        bad += [BadLine(line.number, line.address, known[line.address]) for line in lines if line.address in known]
        if bad:
            raise BadLines(bad)
        _check_room(group, len(lines), at=at)
        _check_mails(group, len(lines), at=at)
        living = seats.living(group).filter(reader=None, address__in=[line.address for line in lines])
        living.update(ended_at=at)  # older invitations that nobody answered
        return [_invited(group, line.address, by=by, at=at) for line in lines]


def invite_again(seat: Seat, *, at: datetime, by: Reader | None = None) -> None:
    """A new mail; the link in the old one is dead."""
    with transaction.atomic():
        group = _locked(seat.group)
        if seats.living(group).filter(pk=seat.pk, reader=None).update(ended_at=at):
            invite(group, pasted=seat.address, by=by, at=at)


def take_seat(token: str, *, reader: Reader, at: datetime) -> Group:
    """By an invitation, by the group's link, or by a domain; the token says which. Once seated, again changes nothing.

    Raises WaySpent, NotForThem, NoSeatLeft, GroupEnded.
    """
    with transaction.atomic():
        group = _locked(_way(token, at).group)
        way = _way(token, at)  # once more: somebody may have used or closed it before we held the lock
        own = seats.living(group).filter(reader=reader).first()
        _check_theirs(way, reader)
        if own is None or own.taken_at is None:
            _check_running(group, at=at)
            held_by_others = seats.taken(group).count() if way.seat else seats.occupied(group, at=at)
            if held_by_others >= group.bought:
                raise NoSeatLeft("All seats of this group are taken.")
        if own is not None and way.seat is not None:
            way.seat.ended_at = at
            way.seat.save(update_fields=["ended_at"])
        seat = own or way.seat or Seat(group=group)
        seat.reader, seat.taken_at = reader, seat.taken_at or at
        seat.save()
        _settle(group, at=at)
    return group


def sit_down(seat: Seat, *, at: datetime) -> None:
    """A manager who has no seat takes one. Raises NoSeatLeft, GroupEnded."""
    with transaction.atomic():
        group = _locked(seat.group)
        _check_room(group, 1, at=at)
        seats.living(group).filter(pk=seat.pk, taken_at=None).exclude(reader=None).update(taken_at=at)
        _settle(group, at=at)


def stand_up(seat: Seat, *, at: datetime) -> None:
    """A manager gives the seat to others and manages on."""
    with transaction.atomic():
        group = _locked(seat.group)
        stood_up = seats.managers(group).filter(pk=seat.pk).update(taken_at=None)
        _settle(group, left=[seat] if stood_up else [], at=at)


def end_seat(seat: Seat, *, removed: bool, at: datetime) -> None:
    """An invitation is withdrawn; a member leaves, or is `removed` by a manager and then comes back by an invitation only.

    Raises LastManager.
    """
    with transaction.atomic():
        group = _locked(seat.group)
        _check_not_last_manager(group, seat)
        ended = seats.living(group).filter(pk=seat.pk).update(ended_at=at, removed_at=at if removed else None)
        if ended and removed:
            partings.write_later([seat], why="removed", day=at, at=at)
        _settle(group, left=[seat] if ended else [], at=at)


def make_manager(seat: Seat, *, at: datetime) -> None:
    with transaction.atomic():
        members = seats.living(_locked(seat.group)).filter(pk=seat.pk, role=Seat.Role.MEMBER)
        if members.exclude(reader=None).update(role=Seat.Role.MANAGER):
            partings.tell_of_management(seat, begins=True, at=at)


def end_management(seat: Seat, *, at: datetime) -> None:
    """They stay as a member if they sit. Raises LastManager."""
    with transaction.atomic():
        group = _locked(seat.group)
        _check_not_last_manager(group, seat)
        seats.managers(group).filter(pk=seat.pk, taken_at=None).update(ended_at=at)
        if Seat.objects.filter(pk=seat.pk, role=Seat.Role.MANAGER).update(role=Seat.Role.MEMBER):
            partings.tell_of_management(seat, begins=False, at=at)


def open_link(group: Group, *, at: datetime) -> None:
    """A new one; the link before it is dead."""
    Group.objects.filter(pk=group.pk).update(link_opened_at=at)


def close_link(group: Group) -> None:
    Group.objects.filter(pk=group.pk).update(link_opened_at=None)


def add_domain(group: Group, *, typed: str, by: Reader) -> None:
    """Raises NoDomain: also where `by` has verified no address there, since a manager speaks for no stranger's colleagues."""
    domain = tidy_domain(typed)
    if domain not in seats.verified_domains(by):
        raise NoDomain(f"You can name the domains of your own addresses only. Add an address at {domain} to your account first.")
    with transaction.atomic():
        group = _locked(group)
        if group.domains.exclude(domain=domain).count() >= MOST_DOMAINS:
            raise NoDomain(f"A group has {MOST_DOMAINS} domains at most.")
        GroupDomain.objects.get_or_create(group=group, domain=domain)


def remove_domain(group: Group, *, domain: str) -> None:
    """Whoever sits already stays."""
    group.domains.filter(domain=domain).delete()


def leave_groups(reader: Reader, *, at: datetime) -> None:
    """Every seat of theirs ends, as before an account is erased. Where they alone managed, whoever sits longest does."""
    with transaction.atomic():
        own = Seat.objects.filter(reader=reader, ended_at=None)
        groups = list(Group.objects.select_for_update().filter(pk__in=own.values("group")).order_by("pk"))
        left = list(own)
        own.update(ended_at=at)
        for group in groups:
            heir = None if seats.managers(group).exists() else seats.taken(group).first()
            if heir is not None:
                Seat.objects.filter(pk=heir.pk).update(role=Seat.Role.MANAGER)
        _settle(*groups, left=left, at=at)


def _settle(*groups: Group, at: datetime, left: Iterable[Seat] = ()) -> None:
    """See to who reads by these groups now. `left`: seats on which nobody sits any more.

    The revocations come last: whoever holds their counter waits for no other row, and holds up no other reader for long.
    """
    changed = _uncarry(left)
    for group in groups:
        changed |= _carry(group, at=at)
    queue_what_was_put_behind(*changed, at=at)
    revoke_all(changed, why="seats changed", at=at)


def _carry(group: Group, *, at: datetime) -> set[int]:
    """As many carry as were bought, those who sat down first; the newest beyond that rest until there are seats again.

    For whom that changed anything. As many queries for a thousand seats as for one.
    """
    sitting = list(seats.taken(group).select_related("reader"))
    terms = _terms_of(sitting)
    paid = group.ends_at is None or group.ends_at > group.starts_at
    carried = sitting[: group.bought if paid else 0]
    resting = [seat for seat in sitting[len(carried) :] if seats.reference_of(seat) in terms]
    now = {"payment": group.payment, "starts_at": group.starts_at, "ends_at": group.ends_at}
    old = [term for seat in carried if (term := terms.get(seats.reference_of(seat))) and not _stands(term, now)]
    new = [
        Term(reader=seat.reader, source=Term.Source.SEAT, reference=seats.reference_of(seat), **now)
        for seat in carried
        if seats.reference_of(seat) not in terms
    ]
    Term.objects.filter(pk__in=[term.pk for term in old]).update(**now)
    Term.objects.bulk_create(new)
    partings.write_later(resting, why="rests" if group.bought and paid else "ended", day=at, at=at)
    return _uncarry(resting) | {term.reader_id for term in (*old, *new)}


def _terms_of(sitting: Iterable[Seat]) -> dict[str, Term]:
    named = Term.objects.filter(reference__in=[seats.reference_of(seat) for seat in sitting])
    return {term.reference: term for term in named}


def _stands(term: Term, now: Mapping[str, object]) -> bool:
    return all(getattr(term, name) == value for name, value in now.items())


def _uncarry(left: Iterable[Seat]) -> set[int]:
    """Their terms go whole: one that was past due and merely shortened would carry on by its grace. Whose they were."""
    gone = Term.objects.filter(reference__in=[seats.reference_of(seat) for seat in left])
    readers = set(gone.values_list("reader_id", flat=True))
    gone.delete()
    return readers


def _make_manager(group: Group, reader: Reader, *, taken_at: datetime | None) -> None:
    seat = seats.living(group).filter(reader=reader).first() or Seat(group=group, reader=reader, taken_at=taken_at)
    seat.role = Seat.Role.MANAGER
    seat.save()


def has_first_name(group: Group, reader: Reader) -> bool:
    """Whether it is called as it was when it was bought: nobody has given it a name yet."""
    return group.name in {UNNAMED, _first_name(reader)}


def _first_name(holder: Reader) -> str:
    """Until the manager gives it another; what a reader calls themselves may not be fit for it."""
    in_words = re.sub(r"[\W\d_]+", " ", holder.email.partition("@")[0]).strip().title()
    for name in filter(None, (holder.first_name, in_words)):
        try:
            return tidy_name(f"{name}\N{RIGHT SINGLE QUOTATION MARK}s group")
        except NoName:
            continue
    return UNNAMED


def _locked(group: Group) -> Group:
    return Group.objects.select_for_update().get(pk=group.pk)


def _way(token: str, at: datetime) -> seats.Way:
    way = seats.way_of(token, at=at)
    if way is None:
        raise WaySpent
    return way


def _check_theirs(way: seats.Way, reader: Reader) -> None:
    if way.seat is not None:
        if way.seat.address not in seats.verified_addresses(reader):
            raise NotForThem
        return
    if seats.was_removed(reader, way.group):
        raise NotForThem
    domains = set(way.group.domains.values_list("domain", flat=True))
    if way.kind is seats.Kind.DOMAIN and not domains & seats.verified_domains(reader):
        raise NotForThem


def _check_running(group: Group, *, at: datetime) -> None:
    if not seats.runs(group, at=at):
        raise GroupEnded("The group's subscription has ended, so its seats carry nobody just now.")


def _check_room(group: Group, wanted: int, *, at: datetime) -> None:
    _check_running(group, at=at)
    left = max(0, group.bought - seats.occupied(group, at=at))
    if wanted > left:
        raise NoSeatLeft(f"{left or 'No'} {'seat is' if left == 1 else 'seats are'} left, and {wanted} would be needed.")


def _check_mails(group: Group, wanted: int, *, at: datetime) -> None:
    most = max(20, 3 * group.bought)
    if group.seats.filter(invited_at__gt=at - DAY).count() + wanted > most:
        raise TooManyInvitations(f"A group of this size sends {most} invitations a day at most. Go on tomorrow.")


def _check_not_last_manager(group: Group, seat: Seat) -> None:
    managers = seats.managers(group)
    if managers.filter(pk=seat.pk).exists() and managers.count() == 1:
        raise LastManager("A group always has a manager: make somebody else one first.")


def _known_in(group: Group, *, at: datetime) -> dict[str, str]:
    """Addresses of the group as its managers see them, and why none of them is invited."""
    sitting = seats.taken(group).values_list("reader__email", flat=True)
    waiting = seats.living(group).filter(reader=None, invited_at__gt=at - INVITATION_LIFE).values_list("address", flat=True)
    return {**dict.fromkeys(waiting, "is invited already"), **dict.fromkeys(map(str.lower, sitting), "has a seat already")}


def _invited(group: Group, address: str, *, by: Reader | None, at: datetime) -> Seat:
    seat = Seat.objects.create(group=group, address=address, invited_at=at)
    link = f"{settings.BASE_URL}/group/join/{seats.token_of_invitation(seat, by=by)}/"
    context = {"group": group.name, "by": seats.name_of(by), "link": link, "days": INVITATION_LIFE.days}
    post(kind="group-invitation", to=address, context=context, at=at, key=f"seat {seat.pk}")
    return seat
