"""Deliverability on the desk: whether receivers believe us, what came back, and who is stopped.

Context of desk/deliverability.html: `lines` (deliverability.Line; none in the demo), `figures` (standing.Figures), `rates` (name,
standing.Rate, what is borne), `stopped` (words, count), `returns` (Return), `looked_up` (address, what stops it; None where
nobody asked), `may_change`, `form`, `demo`
"""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.log_actions import log

from broadsheet.kit import clock
from broadsheet.mailroom import standing
from broadsheet.mailroom.deliverability import Line, lines
from broadsheet.mailroom.folding import seals
from broadsheet.mailroom.heeding import Why
from broadsheet.mailroom.models import Suppression
from broadsheet.mailroom.names import Names, resolver_of
from broadsheet.mailroom.sender import our_sender
from broadsheet.mailroom.suppressing import DESK, lift, suppress

RIGHT, RIGHT_TO_CHANGE = "mailroom.view_suppression", "mailroom.change_suppression"
IN_WORDS = {
    Why.HARD: "the mailbox is not there",
    Why.SOFT: "mail came back on too many days",
    Why.COMPLAINT: "its reader called our mail spam",
    Why.ASKED: "its reader told the mail provider to stop",
    Why.DESK: "stopped here, by hand",
}


class AddressForm(forms.Form):
    address = forms.EmailField(max_length=320)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def deliverability(request: HttpRequest) -> HttpResponse:
    """Looking an address up is a POST too: it is not to stand in anybody's log."""
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    form = AddressForm(request.POST if request.method == "POST" else None)
    if not (form.is_bound and form.is_valid()):
        return _page(request, form, status=422 if form.is_bound else 200)
    address, act = form.cleaned_data["address"], request.POST.get("act")
    if act in {"lift", "stop"}:
        _change(request, address, act)
        return redirect("deliverability")
    return _page(request, form, looked_up=(address, _standing(address)))


def _change(request: HttpRequest, address: str, act: str) -> None:
    if not request.user.has_perm(RIGHT_TO_CHANGE):
        raise PermissionDenied
    at = clock.now()
    if act == "stop":
        suppress(address=address, why=Why.DESK, at=at)
    stopped = _standing(address)
    if act == "lift":
        lift(address=address, by=DESK, at=at)
    for suppression in stopped:
        log(suppression, "wagtail.edit", user=request.user, title=f"Mail {'stopped' if act == 'stop' else 'let through again'}")
    said = "gets no more mail that comes by the thousand." if act == "stop" else "is written to again."
    messages.success(request, f"{address} {said}")


def _standing(address: str) -> list[Suppression]:
    return list(Suppression.objects.filter(address_seal__in=seals(address), lifted_at=None).order_by("since"))


def _page(request: HttpRequest, form: AddressForm, *, looked_up: Any = None, status: int = 200) -> HttpResponse:
    figures = standing.figures(at=clock.now())
    context = {
        "lines": _lines(),
        "demo": settings.DEMO,
        "figures": figures,
        "rates": [
            ("Complaints", figures.complaints, "below 0.1 % is good; from 0.3 % on large providers refuse"),
            ("Hard bounces", figures.bounces, "below 1 % is good; from 2 % on a list looks bought"),
        ],
        "stopped": [(IN_WORDS[why], count) for why, count in figures.stopped.items()],
        "returns": standing.last_returns(),
        "looked_up": looked_up and (looked_up[0], [(IN_WORDS[Why(each.why)], each.since) for each in looked_up[1]]),
        "may_change": request.user.has_perm(RIGHT_TO_CHANGE),
        "form": form,
    }
    return render(request, "desk/deliverability.html", context, status=status)


def _lines() -> list[Line]:
    return [] if settings.DEMO else lines(our_sender(), Names(resolver_of(settings.NAMESERVERS)))
