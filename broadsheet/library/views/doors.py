"""What all doors to the shelves share: who is there, how often they may, which article they mean.

Context of pages/shelf-refused.html: `page` (a PageMeta), `says` (a sentence), `back` (a path, or ""), `stranger`,
`again` (where whoever logs in goes on, or "")
"""

from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from broadsheet.design.page import PageMeta
from broadsheet.library.asked import asked_in
from broadsheet.library.shelf import shelved
from broadsheet.membership.limits import is_within, later
from broadsheet.membership.models import Reader
from broadsheet.membership.origin import our_own_forms
from broadsheet.membership.views.joining import see_other

LARGEST = 2**63 - 1  # that the database takes
STRANGER = "This belongs to your account. Log in, and you come back to it: then press once more."
NO_SUCH_ARTICLE = "There is no such article here, or no more."

P = ParamSpec("P")
Door = Callable[Concatenate[HttpRequest, Reader, P], HttpResponse]


def shelf_door(view: Door[P]) -> Callable[..., HttpResponse]:
    """For readers alone. A button on a pressed page may be anybody's: who is not logged in is told to, and led back."""

    @our_own_forms
    @require_http_methods(["GET", "HEAD", "POST"])
    def door(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        reader = request.user
        if not isinstance(reader, Reader):
            return _stranger(request)
        if request.method == "POST" and not is_within(request, "shelf", key=str(reader.pk)):
            return later(request, action="shelf")
        return view(request, reader, *args, **kwargs)

    return door


def _stranger(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return see_other(f"/join/?next={request.path}")
    back, article = _page_of_the_button(request), number(request.POST.get("later"))
    again = f"/account/reading-list/add/{article}/" if article and back else back
    return refused(request, STRANGER, back=back, again=again, status=403)


def _page_of_the_button(request: HttpRequest) -> str:
    if pressed := path_of_article(number(request.POST.get("later"))):
        return pressed
    if "search" in request.POST:
        return asked_in({"q": [request.POST["search"]]}).address
    asked = request.POST.get("follow", "")
    return asked if asked.startswith("/") and asked.isascii() and not asked.startswith("//") and len(asked) < 200 else ""


def refused(request: HttpRequest, says: str, *, back: str = "", again: str = "", status: int) -> HttpResponse:
    stranger = says == STRANGER
    page = PageMeta(title="Log in first" if stranger else "Your shelves", kind="account", noindex=True)
    context = {"page": page, "says": says, "back": back, "stranger": stranger, "again": again}
    return render(request, "pages/shelf-refused.html", context, status=status)


def path_of_article(article: int) -> str:
    """ "" of what is not on the site."""
    found = shelved([article])[0].teaser if article else None
    return found.path if found else ""


def number(typed: str | None) -> int:
    """0 where it is none."""
    return int(typed) if typed and typed.isascii() and typed.isdecimal() and len(typed) < 19 else 0
