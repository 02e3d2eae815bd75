"""Answers that all doors to newsletters share.

Context of pages/newsletter-said.html: `page` (a PageMeta), `heading`, `says` (sentences), `ways` (words and path of each)
"""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from broadsheet.design.page import PageMeta
from broadsheet.newsletters.models import Newsletter
from broadsheet.newsletters.naming import named

ALL = ("All newsletters", "/newsletters/")
SUBSCRIBE = ("See what a subscription opens", "/subscribe/")
THEIRS = ("Your newsletters", "/account/newsletters/")

P = ParamSpec("P")
Way = tuple[str, str]


def said(request: HttpRequest, heading: str, *says: str, ways: tuple[Way, ...] = (ALL,), status: int = 200) -> HttpResponse:
    page = PageMeta(title=heading, kind="newsletter", noindex=True)
    context = {"page": page, "heading": heading, "says": says, "ways": ways}
    return render(request, "pages/newsletter-said.html", context, status=status)


def for_subscribers(request: HttpRequest, newsletters: Sequence[Newsletter]) -> HttpResponse:
    heading = f"{named(one.name for one in newsletters)} {'goes' if len(newsletters) == 1 else 'go'} to subscribers"
    return said(request, heading, "Subscribe, and you can sign up.", ways=(SUBSCRIBE, ALL), status=403)


def no_longer_sent(request: HttpRequest, newsletters: Sequence[Newsletter]) -> HttpResponse:
    heading = f"{named(one.name for one in newsletters)} {'is' if len(newsletters) == 1 else 'are'} no longer sent"
    return said(request, heading, "Perhaps another one is for you.", status=410)


def by_link(view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """A door that a link in a mail opens. The link is all that is asked for, wherever a POST comes from: mail programs post too.

    Nothing of it is stored, and neither search engines nor other sites hear of its address.
    """

    @csrf_exempt
    @cache_control(private=True, no_store=True)
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def door(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return door
