"""A group's page for its managers, and the door through which people come to a seat.

Contexts, `page` (a PageMeta) in each:
pages/group.html       `group`, `unnamed` (nobody has given it a name yet), `typed_name`, `others` (further groups that they
                       manage), `mine` (their Seat), `people` (seats.Person), `waiting` (the same, of invitations), `taken`,
                       `occupied`, `invited` (those that still hold), `left`, `resting` (seats beyond those bought), `runs`,
                       `only_manager`, `payer` (a Reader or None), `domains`,
                       `link` ("" where none invites), `months` (this and last, in words), `pasted`, `bad_lines`, `error`,
                       `by_line` (whether the list has lines to be named)
pages/group-join.html  `group` (a name, "" where the link is dead), `by` (who invited, or ""), `token`, `address` (of whoever is
                       logged in, or ""), `error`
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from broadsheet.design.page import PageMeta
from broadsheet.kit import clock
from broadsheet.membership import queries, seats, telling
from broadsheet.membership.actions import groups
from broadsheet.membership.groups import BadLine, BadLines, NoDomain, NoName
from broadsheet.membership.limits import is_within, later
from broadsheet.membership.models import Reader
from broadsheet.membership.origin import our_own_forms
from broadsheet.membership.seating import Group, Seat
from broadsheet.membership.views.joining import see_other

LARGEST_LIST = 200_000  # bytes
REFUSED = (NoName, NoDomain, groups.NoSeatLeft, groups.GroupEnded, groups.LastManager, groups.TooManyInvitations)
SPENT = "This link no longer works: it was used, withdrawn, or is too old. Ask whoever sent it for a new one."
NOT_FOR_THEM = "This invitation is not for the address with which you are logged in. Log in with the address that it was sent to."

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
OfSeat = Callable[[Seat, Reader, datetime], None]
OfGroup = Callable[[HttpRequest, Group, datetime], None]


# What a button of the manager's page does; its value names a seat of the group.
OF_SEATS: dict[str, OfSeat] = {
    "again": lambda seat, by, at: groups.invite_again(seat, by=by, at=at),
    "withdraw": lambda seat, by, at: groups.end_seat(seat, removed=False, at=at),
    "remove": lambda seat, by, at: groups.end_seat(seat, removed=True, at=at),
    "make-manager": lambda seat, by, at: groups.make_manager(seat, at=at),
    "end-management": lambda seat, by, at: groups.end_management(seat, at=at),
    "sit": lambda seat, by, at: groups.sit_down(seat, at=at),
    "stand": lambda seat, by, at: groups.stand_up(seat, at=at),
}
INVITING = ("invite", "again")  # which send mail
OF_GROUPS: dict[str, OfGroup] = {
    "invite": lambda request, group, at: _invite(request, group, at),
    "rename": lambda request, group, at: groups.rename_group(group, name=request.POST.get("name", "")),
    "open-link": lambda request, group, at: groups.open_link(group, at=at),
    "close-link": lambda request, group, at: groups.close_link(group),
    "add-domain": lambda request, group, at: groups.add_domain(group, typed=request.POST.get("domain", ""), by=_reader(request)),
    "remove-domain": lambda request, group, at: groups.remove_domain(group, domain=request.POST.get("remove-domain", "")),
}


@our_own_forms
@login_required
@GET_OR_POST
def group(request: HttpRequest) -> HttpResponse:
    """For managers. A member's button "leave" posts here too."""
    reader, at = _reader(request), clock.now()
    if request.method == "POST" and "leave" in request.POST:
        return _left(request, reader, at)
    managed = _managed(request, reader)
    if managed is None:
        return see_other("/account/")
    if request.method != "POST":
        return _group_page(request, managed)
    if any(name in request.POST for name in INVITING) and not is_within(request, "invite", key=str(reader.pk)):
        return later(request, action="invite")
    try:
        _done(request, managed, at)
    except BadLines as trouble:
        error = "Nobody was invited yet. Mend these, and send the list again."
        return _group_page(request, managed, error=error, bad_lines=trouble.lines, pasted=_pasted(request), status=422)
    except REFUSED as trouble:
        pasted = _pasted(request) if "invite" in request.POST else ""
        return _group_page(request, managed, error=str(trouble), pasted=pasted, status=422)
    return see_other(f"/account/group/?{urlencode({'group': managed.pk})}")


@our_own_forms
@GET_OR_POST
def join_group(request: HttpRequest, token: str) -> HttpResponse:
    """Looking takes no seat, since mail scanners look too; the button does. Whoever is not in yet comes in by the code first."""
    at = clock.now()
    way = seats.way_of(token, at=at)
    if way is None:
        return _join_page(request, token, None, error=SPENT, status=404)
    if request.method != "POST":
        return _join_page(request, token, way)
    if not isinstance(request.user, Reader):
        return see_other(f"/join/?{urlencode({'next': f'/group/join/{token}/'})}")
    if not is_within(request, "seat", key=str(request.user.pk)):
        return later(request, action="seat")
    try:
        groups.take_seat(token, reader=request.user, at=at)
    except groups.WaySpent:
        return _join_page(request, token, None, error=SPENT, status=404)
    except groups.NotForThem:
        return _join_page(request, token, way, error=NOT_FOR_THEM, status=403)
    except (groups.NoSeatLeft, groups.GroupEnded) as trouble:
        return _join_page(request, token, way, error=str(trouble), status=409)
    return see_other("/account/#reading")


def _done(request: HttpRequest, managed: Group, at: datetime) -> None:
    """What no button of ours says does nothing."""
    for name, of_seat in OF_SEATS.items():
        if seat := _seat_named(managed, request.POST.get(name, "")):
            of_seat(seat, _reader(request), at)
            return
    for name, of_group in OF_GROUPS.items():
        if name in request.POST:
            of_group(request, managed, at)
            return


def _invite(request: HttpRequest, managed: Group, at: datetime) -> None:
    """Under the name that its manager gives it with the first invitation."""
    with transaction.atomic():
        if name := request.POST.get("name"):
            groups.rename_group(managed, name=name)
        groups.invite(managed, pasted=_pasted(request), by=_reader(request), at=at)


def _pasted(request: HttpRequest) -> str:
    """A list that was uploaded, or else what was typed."""
    upload = request.FILES.get("list")
    if upload is None:
        return request.POST.get("addresses", "")[:LARGEST_LIST]
    return upload.read(LARGEST_LIST).decode("utf-8-sig", errors="replace")


def _left(request: HttpRequest, reader: Reader, at: datetime) -> HttpResponse:
    named = request.POST.get("leave", "")
    seat = seats.sat_on_by(reader).filter(pk=named).first() if _is_number(named) else None
    try:
        if seat is not None:
            groups.end_seat(seat, removed=False, at=at)
    except groups.LastManager as trouble:
        return _group_page(request, seat.group, error=str(trouble), status=422) if seat else see_other("/account/")
    return see_other("/account/#reading")


def _managed(request: HttpRequest, reader: Reader) -> Group | None:
    """The one that was named, or else the first."""
    named = request.POST.get("group") or request.GET.get("group") or ""
    managed = seats.managed_by(reader)
    return managed.filter(pk=named).first() if _is_number(named) else managed.first()


def _seat_named(managed: Group, named: str) -> Seat | None:
    return seats.living(managed).select_related("group").filter(pk=named).first() if _is_number(named) else None


def _is_number(named: str) -> bool:
    return named.isascii() and named.isdecimal() and len(named) < 12


def _group_page(
    request: HttpRequest,
    managed: Group,
    *,
    error: str = "",
    bad_lines: tuple[BadLine, ...] = (),
    pasted: str = "",
    status: int = 200,
) -> HttpResponse:
    reader, at = _reader(request), clock.now()
    managed.refresh_from_db()
    people = seats.people_of(managed, at=at)
    occupied, taken = seats.occupied(managed, at=at), seats.taken(managed).count()
    token = seats.token_of_link(managed)
    context = {
        "page": PageMeta(title="Your group", kind="account", noindex=True),
        "group": managed,
        "unnamed": groups.has_first_name(managed, reader),
        "typed_name": request.POST.get("name", managed.name),
        "others": seats.managed_by(reader).exclude(pk=managed.pk),
        "mine": seats.managers(managed).filter(reader=reader).first(),
        "people": [person for person in people if person.seat.reader_id],
        "waiting": [person for person in people if not person.seat.reader_id],
        "taken": taken,
        "occupied": occupied,
        "invited": occupied - taken,
        "left": max(0, managed.bought - occupied),
        "resting": max(0, taken - managed.bought),
        "runs": seats.runs(managed, at=at),
        "only_manager": seats.managers(managed).count() == 1,
        "payer": telling.payer_of(managed),
        "domains": [each.domain for each in managed.domains.order_by("domain")],
        "link": f"{settings.BASE_URL}/group/join/{token}/" if token else "",
        "months": _months(at),
        "pasted": pasted,
        "bad_lines": bad_lines,
        "by_line": len(pasted.splitlines()) > 1,
        "error": error,
    }
    return render(request, "pages/group.html", context, status=status)


def _months(at: datetime) -> tuple[str, str]:
    this = queries.month_at(at)
    last = queries.month_at(this.starts_at - timedelta(hours=12))
    return formats.date_format(this.first, "F"), formats.date_format(last.first, "F")


def _join_page(request: HttpRequest, token: str, way: seats.Way | None, *, error: str = "", status: int = 200) -> HttpResponse:
    reader = request.user if isinstance(request.user, Reader) else None
    context = {
        "page": PageMeta(title="A seat for you", kind="link", noindex=True),
        "group": way.group.name if way else "",
        "by": way.by if way else "",
        "token": token,
        "address": reader.email if reader else "",
        "error": error,
    }
    response = render(request, "pages/group-join.html", context, status=status)
    response["Referrer-Policy"] = "same-origin"  # no-referrer would make browsers hide the button's origin from us
    return response


def _reader(request: HttpRequest) -> Reader:
    assert isinstance(request.user, Reader)
    return request.user
