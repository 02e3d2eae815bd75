"""Two countries at whatever address, and two periods side by side.

There is one page of two countries, by the alphabet: the other order leads there, and how one was called before. Context of
pages/comparison.html: `page` (a PageMeta), `comparison` (library.comparing.Comparison), `cut`, `reason` (of the wall)
"""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from broadsheet.access.policy import decide
from broadsheet.access.terms import NO_METER, Audience, Cut, Decision
from broadsheet.design.page import PageMeta
from broadsheet.library.comparing import compared
from broadsheet.library.subjects import relation_path, subject_at
from broadsheet.library.views.search import NOT_FOR_ROBOTS, sight_of
from broadsheet.membership.limits import is_within, later
from broadsheet.newsroom.addresses import axis_path
from broadsheet.newsroom.models import Country, FormerSlug
from broadsheet.press import views as press

COMPARE = "compare/"


@require_safe
def relation(request: HttpRequest, one: str, other: str) -> HttpResponse:
    path = relation_path(_slug_now(one), _slug_now(other))
    if path != request.path:
        return HttpResponsePermanentRedirect(path)
    return press.page(request, path)


@require_safe
def compare_relation(request: HttpRequest, one: str, other: str) -> HttpResponse:
    path = relation_path(_slug_now(one), _slug_now(other))
    if f"{path}{COMPARE}" != request.path:
        asked = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(f"{path}{COMPARE}{'?' if asked else ''}{asked}")
    return _compare(request, path)


@require_safe
def compare_country(request: HttpRequest, slug: str) -> HttpResponse:
    return _compare(request, axis_path("country", slug))


@require_safe
def compare_issue(request: HttpRequest, slug: str) -> HttpResponse:
    return _compare(request, axis_path("issue", slug))


@cache_control(private=True, no_store=True)
def _compare(request: HttpRequest, path: str) -> HttpResponse:
    if not is_within(request, "compare"):
        return later(request, action="compare")
    decision, subject = _decision(request, path), subject_at(path)
    comparison = subject and compared(subject, request.GET.dict(), freely=decision.cut is Cut.PREVIEW)
    if not comparison:
        raise Http404(path)
    page = PageMeta(title=f"{comparison.title}: two periods", kind="relation", path=f"{path}{COMPARE}", noindex=True)
    context = {"page": page, "comparison": comparison, "cut": decision.cut.value, "reason": decision.reason.value}
    response = render(request, "pages/comparison.html", context, status=400 if comparison.trouble else 200)
    response["X-Robots-Tag"] = NOT_FOR_ROBOTS
    return response


def _decision(request: HttpRequest, path: str) -> Decision:
    """As of the pressed page."""
    return decide(story=path, audience=Audience.MEMBERS, standing=sight_of(request).standing, meter=NO_METER)


def _slug_now(slug: str) -> str:
    """Itself, of whatever was never a country of ours."""
    if Country.objects.filter(slug=slug).exists():
        return slug
    former = FormerSlug.objects.filter(axis="country", slug=slug).values("row")
    return Country.objects.filter(pk__in=former).values_list("slug", flat=True).first() or slug
