"""Which newsletters a reader gets: in their account, and by the link in every mail, which opens this and nothing else.

Context of pages/newsletters-chosen.html: `page` (a PageMeta), `choices` and `offered` (choosing.Choice each: theirs to choose,
and for subscribers), `door` (where the form goes), `told` (a sentence, or ""), `address` (to which they come; "" where nobody is
logged in), `stopped` (no mail goes there)
"""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from broadsheet.design.page import PageMeta
from broadsheet.kit import clock
from broadsheet.mailroom.queries import suppressed_among
from broadsheet.membership.models import Reader
from broadsheet.membership.origin import our_own_forms
from broadsheet.membership.views.joining import see_other
from broadsheet.newsletters import links
from broadsheet.newsletters.actions.signing_up import choose
from broadsheet.newsletters.choosing import choices_of
from broadsheet.newsletters.naming import named
from broadsheet.newsletters.views.saying import THEIRS, by_link, said

OLD = "It works for a year, and may have been cut off on its way. The newest mail from us has a new one."


@our_own_forms
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account_newsletters(request: HttpRequest) -> HttpResponse:
    reader, at = request.user, clock.now()
    assert isinstance(reader, Reader)
    if request.method == "POST":
        return _chosen(request, reader, at=at)
    return _page(request, reader, address=reader.email, at=at)


@by_link
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    at = clock.now()
    whose = links.whose(token, at=at)
    reader = whose.find() if whose else None
    if reader is None:
        return said(request, "This link opens nothing", OLD, ways=(THEIRS,), status=404)
    return _chosen(request, reader, at=at) if request.method == "POST" else _page(request, reader, address="", at=at)


def _chosen(request: HttpRequest, reader: Reader, *, at: datetime) -> HttpResponse:
    """Only what stood on the page is changed."""
    choose(reader, shown=request.POST.getlist("shown"), wanted=request.POST.getlist("wanted"), at=at)
    return see_other(f"{request.path}?saved=yes")


def _page(request: HttpRequest, reader: Reader, *, address: str, at: datetime) -> HttpResponse:
    choices = choices_of(reader, at=at)
    context = {
        "page": PageMeta(title="Your newsletters", kind="account", noindex=True),
        "choices": [choice for choice in choices if choice.is_open],
        "offered": [choice for choice in choices if not choice.is_open],
        "door": request.path,
        "told": _told(request, {choice.offer.slug: choice.offer.name for choice in choices if choice.wanted}, address),
        "address": address,
        "stopped": bool(address and suppressed_among([address])),
    }
    return render(request, "pages/newsletters-chosen.html", context)


def _told(request: HttpRequest, wanted: dict[str, str], address: str) -> str:
    if fresh := [wanted[slug] for slug in dict.fromkeys(request.GET.getlist("new")) if slug in wanted]:
        comes = f"{named(fresh)} {'comes' if len(fresh) == 1 else 'come'}"
        return f"From now on {comes} to {address}." if address else f"From now on {comes}."
    return "Saved." if "saved" in request.GET else ""
