"""A reader's own questions: theirs alone, until they share one.

Context of pages/questions.html: `page` (a PageMeta), `kept` and `others` (models.Enquiry, the questions before it, and what
was put right in it, each), `days` (for which they are kept), `share_days`, `model` (a language model is sent questions)
"""

from collections.abc import Callable, Iterable
from urllib.parse import parse_qs

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from broadsheet.design.page import PageMeta
from broadsheet.kit import clock
from broadsheet.library.views.doors import LARGEST, number, shelf_door
from broadsheet.membership.models import Reader
from broadsheet.membership.views.joining import see_other
from broadsheet.research.actions import enquiries
from broadsheet.research.asked_here import has_model
from broadsheet.research.models import Enquiry, ResearchRules
from broadsheet.research.posed import Posed, posed_in
from broadsheet.research.views.doors import closed

PAGE = "/research/questions/"
MOST_LISTED = 200

DEEDS: dict[str, Callable[[Enquiry], None]] = {
    "keep": lambda enquiry: enquiries.keep(enquiry, at=clock.now()),
    "let-go": enquiries.let_go,
    "share": lambda enquiry: enquiries.share(enquiry, at=clock.now()),
    "unshare": enquiries.unshare,
}


@shelf_door
def questions(request: HttpRequest, reader: Reader) -> HttpResponse:
    if request.method != "POST":
        return _page(request, reader)
    if "forget-all" in request.POST:
        enquiries.forget_all(reader)
        return see_other(PAGE)
    if "forget" in request.POST:
        enquiries.forget(_own(reader, number(request.POST["forget"])))
        return see_other(PAGE)
    name = next((name for name in DEEDS if name in request.POST), "")
    if not name:
        return see_other(PAGE)
    enquiry = _own(reader, number(request.POST[name]))
    DEEDS[name](enquiry)
    return see_other(f"{posed_of(enquiry).address}#keep" if "brief" in request.POST else PAGE)


@shelf_door
def question(request: HttpRequest, reader: Reader, pk: int) -> HttpResponse:
    """Its brief, as it is by now."""
    return see_other(posed_of(_own(reader, pk)).address)


def posed_of(enquiry: Enquiry) -> Posed:
    return posed_in(parse_qs(enquiry.asked))


def _told_apart(enquiries: Iterable[Enquiry]) -> list[tuple[Enquiry, tuple[str, ...], tuple[str, ...]]]:
    return [(one, posed.before, posed.put_right) for one in enquiries for posed in [posed_of(one)]]


def _own(reader: Reader, pk: int) -> Enquiry:
    if pk > LARGEST:
        raise Http404(pk)
    return get_object_or_404(Enquiry, reader=reader, pk=pk)


def _page(request: HttpRequest, reader: Reader) -> HttpResponse:
    kept = Q(kept_at__isnull=False) | ~Q(token="")
    rules = ResearchRules.load()
    context = {
        "page": PageMeta(title="Your questions", kind="account", path=PAGE, noindex=True),
        "kept": _told_apart(reader.enquiries.filter(kept)),
        "others": _told_apart(reader.enquiries.exclude(kept)[:MOST_LISTED]),
        "model": has_model(),
        "days": rules.keep_days,
        "share_days": rules.share_days,
    }
    return closed(render(request, "pages/questions.html", context))
