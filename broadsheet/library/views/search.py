"""Search by hand: results, and what the language of queries knows.

Contexts, `page` (a PageMeta) in each:
components/found.html   `found` (search_page.SearchPage), without `page`
pages/search.html       `main`, which is that
pages/search-help.html  `forms` (query_forms.Form)
"""

from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.module_loading import import_string
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from broadsheet.design.frames import framed
from broadsheet.design.page import PageMeta
from broadsheet.kit import clock
from broadsheet.library.asked import PAGE, Asked, asked_in
from broadsheet.library.queries import examples
from broadsheet.library.query_forms import forms_with
from broadsheet.library.search_page import search_page
from broadsheet.library.sight import Sight
from broadsheet.membership.limits import is_within_here, later

NOT_FOR_ROBOTS = "noindex, nofollow"


@require_safe
@cache_control(private=True, no_store=True)
def search(request: HttpRequest) -> HttpResponse:
    if not is_within_here(request, "search"):
        return later(request, action="search")
    asked = asked_in(fields_of(request))
    found = search_page(asked, sight=sight_of(request), at=clock.now())
    page = PageMeta(title=_title(asked), kind="search", path=PAGE, noindex=True)
    main = render_to_string("components/found.html", {"found": found})
    return HttpResponse(framed("pages/search.html", page, main=main), headers={"X-Robots-Tag": NOT_FOR_ROBOTS})


@require_safe
def search_help(request: HttpRequest) -> HttpResponse:
    page = PageMeta(title="How to search", kind="search", path=f"{PAGE}help/")
    return render(request, "pages/search-help.html", {"page": page, "forms": forms_with(examples())})


def fields_of(request: HttpRequest) -> dict[str, list[str]]:
    """None of more than anybody asks for."""
    try:
        return {name: request.GET.getlist(name) for name in request.GET}
    except TooManyFieldsSent:
        return {}


def sight_of(request: HttpRequest) -> Sight:
    """The gate knows who asks, and lies above: settings.SIGHT_OF names who asks it."""
    return _sights()(request)


@cache
def _sights() -> Callable[[HttpRequest], Sight]:
    sights: Callable[[HttpRequest], Sight] = import_string(settings.SIGHT_OF)
    return sights


def _title(asked: Asked) -> str:
    return f"{asked.typed[:80]} in the library" if asked.typed else "Search the library"
