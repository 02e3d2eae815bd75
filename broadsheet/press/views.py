"""Whatever the gate does not know: pages that were never printed, or are stale, are printed now and served. And the front page
as a draft, for the desk.
"""

import gzip
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe
from wagtail.contrib.redirects.middleware import get_redirect
from wagtail.contrib.redirects.models import Redirect

from broadsheet.access.terms import Audience, Cut, Decision
from broadsheet.kit import clock
from broadsheet.newsroom.desk.onlookers import called
from broadsheet.newsroom.desk.previews import shown_to
from broadsheet.newsroom.models import FrontPage
from broadsheet.newsroom.queries import wall_allowance
from broadsheet.press import actions, front, policy, queries
from broadsheet.press.models import Slip, Snapshot


@require_safe
def page(request: HttpRequest, path: str) -> HttpResponse:
    """In the cut that the gate, which has not heard of this page yet, would serve to whoever asks."""
    path = f"/{path.lstrip('/')}"
    if not path.isprintable():
        raise Http404("A path with control characters.")
    slip = Slip.objects.filter(path=path, gone=False).first() or _printed_now(path)
    if slip is None and (moved_to := _moved_with_its_list(request, path)):
        return HttpResponsePermanentRedirect(moved_to)
    if slip is None:
        raise Http404(path)
    if slip.moved_to:
        return HttpResponsePermanentRedirect(slip.moved_to)
    if slip.withdrawn:
        return render(request, "410.html", status=410)
    return _served(request, slip)


def _printed_now(path: str) -> Slip | None:
    at = clock.now()
    if slip := actions.press_page(path, at=at):
        return slip
    article_id = queries.article_at(path, at=at)
    if article_id is None:
        return None
    actions.press(article_id, at=at)
    return Slip.objects.filter(path=path, gone=False).first()


def _moved_with_its_list(request: HttpRequest, path: str) -> str:
    """ "" where nothing would be found there, and where the publisher leads elsewhere: Wagtail does that on a 404."""
    moved_to = queries.moved_with_its_list(path)
    if not moved_to or get_redirect(request, Redirect.normalise_path(path)):
        return ""
    standing = Slip.objects.filter(path=moved_to, gone=False).exists() or actions.press_page(moved_to, at=clock.now())
    return moved_to if standing else ""


def _served(request: HttpRequest, slip: Slip) -> HttpResponse:
    behind_a_wall = slip.audience != Audience.OPEN
    digest = _digest_for(request, slip) if behind_a_wall else slip.full_cut
    snapshot = Snapshot.objects.defer("brotli").get(digest=digest)
    answer = HttpResponse(gzip.decompress(bytes(snapshot.gzip)), content_type=slip.content_type)
    answer["ETag"] = f'"{digest}"'
    answer["Cache-Control"] = "private, no-store" if behind_a_wall else "no-cache"
    if behind_a_wall:
        answer["X-Robots-Tag"] = "noarchive"
    return answer


def _digest_for(request: HttpRequest, slip: Slip) -> str:
    """Of a story the wall that strangers meet: only the gate knows whether something is left to spend on it."""
    audience = Audience(slip.audience)
    decision = _decision_of()(request, slip.story, audience)
    if decision.cut is Cut.FULL:
        return slip.full_cut
    met = "" if slip.story else slip.previews.get(decision.reason, "")
    return met or slip.previews[policy.walls_at_once(audience)[0]]


@cache
def _decision_of() -> Callable[[HttpRequest, str, Audience], Decision]:
    """The gate decides, and lies above: settings.DECISION_OF names who asks it."""
    asked: Callable[[HttpRequest, str, Audience], Decision] = import_string(settings.DECISION_OF)
    return asked


def preview_front(desk: FrontPage, request: HttpRequest, mode_name: str) -> HttpResponse:
    """What these slots would print now. An article that does not stand on the site yet appears when it does, and so not here."""
    return shown_to(called(mode_name), front.sheet_of(desk, at=clock.now()).html, allowance=wall_allowance())
