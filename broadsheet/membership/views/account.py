"""A reader's own pages, and the way out.

Contexts, `page` (a PageMeta) in each:
pages/account.html    `reader`, `standing` (a sentence), `metered` (whether an allowance matters), `failed` (a charge that they
                      can see to), `left`, `allowance`, `until` (a date: when the month ends), `desk` (may enter it),
                      `second_factor` (has one), `saved`, `seats` (of each its group's name, its number, whether it
                      carries, whether they pay for it), `manages` (a group),
                      `offers` (of each group that their domain leads to its name and token), `rests` (that a subscription
                      does, or ""),
                      `billed` (whether they pay or paid for anything),
                      `looks` (the last Deeds by which staff looked as this reader)
pages/left.html       `signed_in` (shows the button), `everywhere` (all sessions were ended)
"""

from datetime import datetime

from allauth.account.adapter import get_adapter
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.contrib.auth import get_user
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.design.page import PageMeta
from broadsheet.kit import clock
from broadsheet.membership import looking, papers, queries, seats, telling
from broadsheet.membership.actions.sessions import end_sessions
from broadsheet.membership.models import Deed, Reader
from broadsheet.membership.origin import our_own_forms
from broadsheet.membership.policy import FOREVER
from broadsheet.membership.queries import Holding
from broadsheet.membership.seating import Group
from broadsheet.membership.views.joining import see_other

MOST_LOOKS = 10  # that are told on the page; all are kept


class NameForm(forms.ModelForm[Reader]):
    class Meta:
        model = Reader
        fields = ("first_name", "last_name")


@our_own_forms
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    reader = request.user
    assert isinstance(reader, Reader)
    if request.method != "POST":
        return _account_page(request)
    if "end-sessions" in request.POST:
        end_sessions(reader, why="ended by the reader", at=clock.now())
        return left_by(request, "/leave/?everywhere=yes")
    form = NameForm(request.POST, instance=reader)
    if not form.is_valid():
        return _account_page(request, status=422)
    form.save()
    return _account_page(request, saved=True)


def _account_page(request: HttpRequest, *, saved: bool = False, status: int = 200) -> HttpResponse:
    at = clock.now()
    generation = queries.generation()
    reader = get_user(request)  # anew, so that the pass made here knows every revocation up to its generation
    if not isinstance(reader, Reader):
        return left_by(request, "/join/?next=/account/")
    holding = queries.holding_of(reader, at=at, generation=generation)
    failed_group = seats.group_that_failed(reader, at=at) if holding.held.payment_failed else None
    manages = seats.managed_by(reader)
    sitting = list(seats.sat_on_by(reader))
    carried = seats.carried_among(sitting, at=at)
    context = {
        "page": PageMeta(title="Your account", kind="account", path="/account/", noindex=True),
        "reader": reader,
        "standing": standing_in_words(reader, holding, at, group=failed_group),
        "metered": not holding.entitled(at),
        "rests": telling.rest_of(reader, at=at),
        "billed": telling.was_billed(reader),
        "failed": holding.held.payment_failed and (failed_group is None or failed_group in manages),
        "left": holding.meter.left,
        "allowance": holding.monthly_allowance,
        "until": timezone.localdate(holding.month.ends_at),
        "desk": reader.is_staff,
        "second_factor": is_mfa_enabled(reader),
        "saved": saved,
        "seats": [
            (seat.group.name, seat.pk, seats.reference_of(seat) in carried, telling.payer_of(seat.group) == reader)
            for seat in sitting
        ],
        "manages": bool(manages),
        "offers": [(group.name, seats.token_of_domain(group)) for group in seats.offered_to(reader, at=at)],
        "looks": Deed.objects.filter(reader=reader, kind=Deed.Kind.LOOK).order_by("-done_at")[:MOST_LOOKS],
    }
    response = render(request, "pages/account.html", context, status=status)
    a_pass = papers.pass_of(reader, holding, session_key=request.session.session_key or "", at=at)
    papers.hand_over(response, papers.of_reader(reader, holding, a_pass, at=at))
    return response


@require_safe
def note(request: HttpRequest) -> HttpResponse:
    """What the head of a page says of its reader, for pages that are open to all and bring no cookie. It tells nothing itself."""
    response = HttpResponse(status=204)
    response["Cache-Control"] = "no-store"
    if request.user.is_authenticated:
        papers.hand_over_fresh(request, response, at=clock.now())
    else:
        papers.hand_over(response, papers.taken_back())
    return response


def standing_in_words(reader: Reader, holding: Holding, at: datetime, *, group: Group | None = None) -> str:
    """`group`: the one whose charge it was that failed."""
    if reader.is_staff:
        return "You work here, and read everything."
    longest = next(iter(telling.carriers_of(reader, at=at)), None)
    until, failed = (longest.until or FOREVER) if longest else None, holding.held.payment_failed
    if until == FOREVER:
        return "You read everything, without an end."
    if failed and group is not None:
        reads = (
            f"You still read everything until {telling.day_of(until)}."
            if until
            else "Its subscription is on hold until it succeeds."
        )
        return f"The last payment of {group.name} failed. {reads} {_who_mends(group, reader)}"
    if until and failed:
        return f"The last payment failed. You still read everything until {telling.day_of(until)}."
    if until and until <= at:
        return "You read everything. Your subscription is being renewed just now."
    if longest and longest.goes_on:
        return f"You read everything. {longest.goes_on}"
    if until:
        return f"You read everything until {telling.day_of(until)}."
    if failed:
        return "The last payment failed, and your subscription is on hold until it succeeds."
    return "You read with a free account."


def _who_mends(group: Group, reader: Reader) -> str:
    managers = [str(seat.reader) for seat in seats.managers(group).select_related("reader") if seat.reader != reader]
    if seats.managers(group).filter(reader=reader).exists():
        return "Whoever of its managers pays for it can put it right."
    return f"{' or '.join(managers)}, who {'manages' if len(managers) == 1 else 'manage'} it, can put it right."


@our_own_forms
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Log out of this browser. GET only shows the button, so that no picture or link of another page logs anybody out."""
    if request.method == "POST":
        looking.end_look(request, at=clock.now())  # by staff: written down as ended, and out of their own session too
        return left_by(request, "/leave/")
    context = {
        "page": PageMeta(title="Log out", kind="left", path="/leave/", noindex=True),
        "signed_in": request.user.is_authenticated,
        "everywhere": "everywhere" in request.GET,
    }
    return render(request, "pages/left.html", context)


def left_by(request: HttpRequest, target: str) -> HttpResponse:
    get_adapter().logout(request)
    response = see_other(target)
    papers.hand_over(response, papers.taken_back())
    return response
