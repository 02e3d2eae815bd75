"""Search for programs: the same answers as by hand, to the same standing; what is wrong is said in RFC 9457's manner."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt

from broadsheet.kit import clock
from broadsheet.library import api
from broadsheet.library.queries import search
from broadsheet.library.suggestions import suggested
from broadsheet.library.views.search import NOT_FOR_ROBOTS, fields_of, sight_of
from broadsheet.membership.limits import is_within_here, wait_of

NOT_BUILT_WAITS = 60  # seconds

Door = Callable[[HttpRequest], HttpResponse]


def api_door(action: str) -> Callable[[Door], Door]:
    """Asked by GET alone, not more often than the limit `action` allows; kept by nobody."""

    def door_of(view: Door) -> Door:
        @csrf_exempt  # nothing is changed: who posts is told to ask
        @cache_control(private=True, no_store=True)
        @wraps(view)
        def door(request: HttpRequest) -> HttpResponse:
            answer = _asked(request)
            answer["X-Robots-Tag"] = NOT_FOR_ROBOTS
            return answer

        def _asked(request: HttpRequest) -> HttpResponse:
            if request.method not in ("GET", "HEAD"):
                answer = problem(HTTPStatus.METHOD_NOT_ALLOWED, "Ask by GET.")
                answer["Allow"] = "GET, HEAD"
                return answer
            if not is_within_here(request, action):
                return problem(HTTPStatus.TOO_MANY_REQUESTS, "Wait a little.", wait=int(wait_of(action).total_seconds()))
            try:
                return view(request)
            except api.Unanswerable as trouble:
                return problem(HTTPStatus.BAD_REQUEST, str(trouble))

        return door

    return door_of


@api_door("search")
def api_search(request: HttpRequest) -> HttpResponse:
    question = api.question(fields_of(request))
    asked = question.asked
    results = search(
        asked.typed,
        within=asked.within,
        at=clock.now(),
        sight=sight_of(request),
        sort=asked.sort,
        page=asked.page,
        most=question.limit,
    )
    if not results.built:
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, results.remarks[0], wait=NOT_BUILT_WAITS)
    return _said(api.answer_to(question, results, base=settings.BASE_URL))


@api_door("suggest")
def api_suggest(request: HttpRequest) -> HttpResponse:
    typed = fields_of(request).get("q", [""])[-1]
    return _said(api.SuggestAnswer(tuple(suggested(typed))))


def openapi(request: HttpRequest) -> HttpResponse:
    return JsonResponse(api.openapi(name=settings.PUBLICATION_NAME, base=settings.BASE_URL))


def _said(answer: api.SearchAnswer | api.SuggestAnswer) -> HttpResponse:
    return HttpResponse(api.written(answer), content_type="application/json")


def problem(status: HTTPStatus, detail: str, *, wait: int = 0) -> HttpResponse:
    """`wait`: seconds after which it may be asked again, where that helps."""
    said = api.written(api.Problem(status.phrase, status.value, detail))
    answer = HttpResponse(said, status=status.value, content_type=api.PROBLEM)
    if wait:
        answer["Retry-After"] = str(wait)
    return answer
