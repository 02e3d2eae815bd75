"""The doors of the demo's foreign press: each outlet's front page, its feed, and a page of its own for each item.

They stand in the same server below /outlets/, and exist in the demo only.
"""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import uuid4

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from broadsheet.config.demo.foreign_feeds import TYPES, feed_of
from broadsheet.config.demo.foreign_press import AGENCY, Outlet, Told, out_by, outlets
from broadsheet.config.demo.roundups import printed_before
from broadsheet.kit import clock
from broadsheet.wire.reading.opml import Outline, write_outlines

LIST = "The foreign press of the demo"
ROUND, RESTS_FROM, RESTS_UNTIL = timedelta(minutes=30), timedelta(minutes=20), timedelta(minutes=24)
CONTENT_SECURITY = "default-src 'none'; style-src 'unsafe-inline'"


def first_start(at: datetime) -> datetime:
    """When this demo was begun, which is now where nobody has asked before."""
    file = settings.STATE / "first-start"
    if not file.exists():
        fresh = file.with_suffix(f".{uuid4().hex}")
        fresh.write_text(at.isoformat())
        try:
            file.hardlink_to(fresh)
        except FileExistsError:
            pass  # another process began it in the same moment
        finally:
            fresh.unlink()
    return datetime.fromisoformat(file.read_text())


def sources(base: str) -> list[Outline]:
    """Where their feeds stand."""
    return [Outline(base + outlet.feed_path, outlet.name, base + outlet.path) for outlet in outlets().values()]


def rests_until(*, start: datetime, at: datetime) -> datetime | None:
    """The end of the pause that it is in; None where its server is up."""
    into = (at - start) % ROUND
    return at + (RESTS_UNTIL - into) if RESTS_FROM <= into < RESTS_UNTIL else None


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    return HttpResponse(write_outlines(LIST, sources(settings.BASE_URL)), content_type="text/x-opml; charset=utf-8")


@require_safe
def feed(request: HttpRequest, slug: str, file: str) -> HttpResponseBase:
    outlet = _outlet(slug)
    at = clock.now()
    start = first_start(at)
    if f"{outlet.path}{file}" != outlet.feed_path:
        raise Http404
    if outlet.closed:
        return HttpResponse("Gone.", status=410, content_type="text/plain")
    if outlet.rests and (until := rests_until(start=start, at=at)):
        seconds = str(max(1, round((until - at).total_seconds())))
        return HttpResponse("Back in a few minutes.", status=503, content_type="text/plain", headers={"Retry-After": seconds})
    return _answer(request, outlet, out_by(outlet, start=start, at=at), start=start)


@require_safe
def front(request: HttpRequest, slug: str) -> HttpResponse:
    outlet = _outlet(slug)
    at = clock.now()
    start = first_start(at)
    items = [(item, item.dated(start)) for item in out_by(outlet, start=start, at=at)]
    return _page(request, "demo/outlet.html", outlet, {"items": items, "feed_type": TYPES[outlet.format].partition(";")[0]})


@require_safe
def page(request: HttpRequest, slug: str, piece: str) -> HttpResponse:
    outlet = _outlet(slug)
    at = clock.now()
    start = first_start(at)
    told = (*out_by(outlet, start=start, at=at), *printed_before(outlet.slug))
    item = next((each for each in told if each.slug == piece), None)
    if item is None:
        raise Http404
    return _page(request, "demo/outlet_item.html", outlet, {"item": item, "dated": item.dated(start), "agency": AGENCY})


def _outlet(slug: str) -> Outlet:
    outlet = outlets().get(slug)
    if outlet is None:
        raise Http404
    return outlet


def _answer(request: HttpRequest, outlet: Outlet, items: tuple[Told, ...], *, start: datetime) -> HttpResponseBase:
    """Whoever has it already is told so."""
    body = feed_of(outlet, items, base=settings.BASE_URL, start=start)
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    changed = items[0].dated(start) if items else start
    answer = HttpResponse(body, content_type=TYPES[outlet.format])
    answer["ETag"] = etag
    answer["Last-Modified"] = changed.astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
    answer["Cache-Control"] = "max-age=60"
    return get_conditional_response(request, etag, int(changed.timestamp()), answer) or answer


def _page(request: HttpRequest, template: str, outlet: Outlet, told: dict[str, object]) -> HttpResponse:
    answer = render(request, template, {"outlet": outlet, "is_rtl": outlet.language == "ar", **told})
    answer["Content-Security-Policy"] = CONTENT_SECURITY
    answer["X-Robots-Tag"] = "noindex"
    return answer
