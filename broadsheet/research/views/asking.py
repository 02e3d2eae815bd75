"""Ask the library: on one page, or as it is found.

Contexts, `page` (a PageMeta) in the first:
pages/research.html        `posed`, `shown` (showing.Shown or None), `refusal` (a sentence, or ""), `spent` (for today),
                           `near` (showing.Near, or None),
                           `left` (questions, or None), `reads` (is logged in), `enquiry` (a row or None), `link` (to share),
                           `share_days` (for which it opens), `full` (all that are remembered are kept), `model` (a language
                           model is sent the question), `shared` (somebody else's), `examples`, `all_countries` (codes and
                           names), `styles`, `files`
components/brief.html      the same
components/brief-looked.html  `posed`, `read` (showing.ReadAs), `all_countries`, `articles` (how many), `span`
components/brief-said.html    `shown`
components/quotation.html  `sentence` (showing.Sentence)
"""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.text import Truncator
from django.views.decorators.http import require_safe

from broadsheet.design.page import PageMeta
from broadsheet.kit import clock
from broadsheet.library.citing import FILES, LABELS
from broadsheet.library.views.search import sight_of
from broadsheet.membership.limits import is_within_here, later
from broadsheet.research.actions import enquiries
from broadsheet.research.asked_here import has_model
from broadsheet.research.models import Example, ResearchRules
from broadsheet.research.posed import PAGE, Posed
from broadsheet.research.researching import Looked
from broadsheet.research.showing import Shown, all_countries, read_as, span_of
from broadsheet.research.views.doors import (
    CannotAnswer,
    answered,
    asker_of,
    asks_at_once,
    briefed,
    closed,
    most_a_day,
    nearest,
    posed_by,
)
from broadsheet.research.views.questions import posed_of

ACTION = "ask"


@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    return _whole(request, posed_by(request), shared=False)


@require_safe
def stream(request: HttpRequest) -> HttpResponseBase:
    """What `ask` answers, piece by piece: for the page's script, which sets each where it belongs."""
    posed = posed_by(request)
    if not posed.text or not asks_at_once(request):
        raise Http404(request.path)
    if not is_within_here(request, ACTION):
        return later(request, action=ACTION)
    response = StreamingHttpResponse(_pieces(request, posed), content_type="text/event-stream; charset=utf-8")
    response["X-Accel-Buffering"] = "no"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody's question, answered out of what whoever opens it may read."""
    if not token.isascii() or not token.isprintable() or len(token) > 40:
        raise Http404(token)
    still = enquiries.shared_still(at=clock.now())
    return _whole(request, posed_of(get_object_or_404(still, token=token, reader__is_active=True)), shared=True)


def _whole(request: HttpRequest, posed: Posed, *, shared: bool) -> HttpResponse:
    """On one page. What somebody else has shared is not among the questions of whoever opens it."""
    if not posed.text or not asks_at_once(request):
        return _page(request, _context(request, posed, None) | {"shared": shared}, posed)
    if not is_within_here(request, ACTION):
        return later(request, action=ACTION)
    try:
        shown = briefed(request, posed, written=True)
    except CannotAnswer as trouble:
        return _page(request, _refused(request, posed, trouble), posed, status=trouble.status)
    more = {"shared": True} if shared else _remembered(request, posed)
    return _page(request, _context(request, posed, shown) | more, posed)


def _pieces(request: HttpRequest, posed: Posed) -> Iterator[str]:
    told: Shown | None = None
    try:
        for piece in answered(request, posed, written=True, piecemeal=True):
            if isinstance(piece, Looked):
                yield _event("looked", render_to_string("components/brief-looked.html", _looked(posed, piece)))
                continue
            if piece.sentences != (told.sentences if told else ()):  # each at the place where it stands in the end
                yield _event("told", render_to_string("components/brief-said.html", {"shown": piece}))
            told = piece
        context = _context(request, posed, told) | _remembered(request, posed)
        yield _event("finished", render_to_string("components/brief.html", context))
    except CannotAnswer as trouble:
        yield _event("finished", render_to_string("components/brief.html", _refused(request, posed, trouble)))


def _looked(posed: Posed, looked: Looked) -> dict[str, Any]:
    return {
        "posed": posed,
        "read": read_as(posed),
        "all_countries": list(all_countries()),
        "articles": len(looked.sources),
        "span": span_of(looked.sources),
    }


def _event(name: str, text: str) -> str:
    lines = "\n".join(f"data: {line}" for line in text.splitlines() or [""])
    return f"event: {name}\n{lines}\n\n"


def _remembered(request: HttpRequest, posed: Posed) -> dict[str, Any]:
    reader = asker_of(request).reader
    enquiry = enquiries.remember(reader, posed, at=clock.now()) if reader else None
    link = f"{settings.BASE_URL}{PAGE}shared/{enquiry.token}/" if enquiry and enquiry.token else ""
    days = ResearchRules.load().share_days
    return {"enquiry": enquiry, "link": link, "share_days": days, "full": bool(reader and not enquiry)}


def _refused(request: HttpRequest, posed: Posed, trouble: CannotAnswer) -> dict[str, Any]:
    near = nearest(request, posed) if trouble.spent else None
    return _context(request, posed, None) | {"refusal": str(trouble), "spent": trouble.spent, "near": near}


def _context(request: HttpRequest, posed: Posed, shown: Shown | None) -> dict[str, Any]:
    asker = asker_of(request)
    return {
        "posed": posed,
        "shown": shown,
        "refusal": "",
        "spent": False,
        "near": None,
        "left": enquiries.questions_left(asker, most=most_a_day(asker, sight_of(request)), at=clock.now()),
        "reads": asker.reader is not None,
        "enquiry": None,
        "link": "",
        "share_days": 0,
        "full": False,
        "model": has_model(),
        "shared": False,
        "examples": [Posed(one.text) for one in Example.objects.all()] if not posed.text else [],
        "all_countries": list(all_countries()) if shown else [],
        "styles": [(style.value, label) for style, label in LABELS.items()],
        "files": [(file.name, file.label) for file in FILES.values()],
    }


def _page(request: HttpRequest, context: dict[str, Any], posed: Posed, *, status: int = 200) -> HttpResponse:
    title = Truncator(posed.text).chars(80) if posed.text else "Ask the library"
    page = PageMeta(title=title, kind="research", path=PAGE, noindex=True)
    return closed(render(request, "pages/research.html", {**context, "page": page}, status=status))
