"""Logging in with a passkey alone, instead of a code by mail. The passkey itself is allauth's to check.

Context of pages/passkey.html, `page` (a PageMeta) besides: `next`, `error`
"""

from datetime import timedelta

from allauth.mfa.webauthn.views import login_webauthn
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.design.page import PageMeta
from broadsheet.membership.limits import is_within, later
from broadsheet.membership.origin import local_path
from broadsheet.membership.views.joining import see_other

NOT_OURS = "This passkey lets nobody in here. It may have been removed, or may be for another site."
REFUSED = "/join/passkey/?refused=yes"
STRANGERS_SESSION = timedelta(minutes=10)  # what it holds is answered at once or never


@never_cache
@require_safe
def passkey(request: HttpRequest) -> HttpResponse:
    next_path = local_path(request.GET.get("next"))
    if request.user.is_authenticated:
        return see_other(next_path)
    page = PageMeta(title="Log in with a passkey", kind="join", path="/join/passkey/", noindex=True)
    return render(
        request, "pages/passkey.html", {"page": page, "next": next_path, "error": NOT_OURS if "refused" in request.GET else ""}
    )


@never_cache
@require_http_methods(["GET", "POST"])
def passkey_login(request: HttpRequest) -> HttpResponse:
    """allauth's door, which leaves a session behind with whoever asks: few of them, and short ones."""
    if not is_within(request, "passkey"):
        return later(request, action="passkey")
    try:
        answer: HttpResponse = login_webauthn(request)
    except KeyError:  # what was posted has not the parts of a passkey's answer, which allauth takes for granted
        return see_other(REFUSED)
    if answer.get("Location") == reverse("account_login"):
        answer = see_other(REFUSED)
    if request.user.is_authenticated:
        request.session.pop("_session_expiry", None)
    elif not request.session.is_empty():
        request.session.set_expiry(STRANGERS_SESSION)
    return answer
