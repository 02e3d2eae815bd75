"""Where a request comes from, and where it may be sent on to.

Forms on pressed pages carry no token, so the doors that they post to take a POST only from our own pages, by what every browser
says of itself: Origin, and Sec-Fetch-Site where it is sent. Whoever says neither is refused.
"""

from collections.abc import Callable, Mapping
from functools import cache, wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt

from broadsheet.design.page import PageMeta
from broadsheet.kit import addresses

MOST_PATH = 500
DOORS = ("/join/", "/leave/", "/accounts/")
ROOMS = {"/accounts/2fa/", "/accounts/2fa/webauthn/", "/accounts/2fa/webauthn/add/", "/accounts/email/"}  # behind those doors

P = ParamSpec("P")


def our_own_forms(view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """A door for our own forms: no token, a strict look at where the POST comes from, and nothing of it is ever stored."""

    @csrf_exempt
    @cache_control(private=True, no_store=True)
    @wraps(view)
    def door(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST" and not comes_from_us(request):
            page = PageMeta(title="Not from here", kind="refused", noindex=True)
            return render(request, "pages/refused.html", {"page": page}, status=403)
        return view(request, *args, **kwargs)

    return door


def comes_from_us(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site != "same-origin":
        return False
    if origin is None:
        return site == "same-origin"
    return origin in {settings.BASE_URL, *settings.CSRF_TRUSTED_ORIGINS, f"{request.scheme}://{request.get_host()}"}


def local_path(asked: str | None, *, otherwise: str = "/") -> str:
    """A path of ours to return to, without query or fragment; whatever else was asked for is forgotten."""
    if not asked or len(asked) > MOST_PATH or not asked.isprintable() or "\\" in asked:
        return otherwise
    if not asked.startswith("/") or not url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return otherwise
    path = urlsplit(asked).path
    return otherwise if (path.startswith(DOORS) and path not in ROOMS) or path.startswith("//") else path


def client_address(request: HttpRequest) -> str:
    return address_of(request.META)


def address_of(environ: Mapping[str, Any]) -> str:
    return addresses.client_address(environ, _ranges(tuple(settings.TRUSTED_PROXIES)))


@cache
def _ranges(proxies: tuple[str, ...]) -> tuple[addresses.Range, ...]:
    """What cannot be read is trusted by nobody; the gate, which starts in the same process, refuses to start with it."""
    return tuple(found for proxy in proxies if (found := addresses.range_of(proxy)))
