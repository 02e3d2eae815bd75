"""Nobody works at the desk without a second factor; nobody is logged out without a word."""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from broadsheet.access.passes import SESSION_COOKIE
from broadsheet.membership import papers
from broadsheet.membership.actions.devices import why_ended
from broadsheet.membership.models import Reader

DESK = "admin/"
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class SecondFactor:
    """Goes by the route that Django resolved, not by how the path was written: no spelling of an address gets around it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or not match.route.lstrip("^").startswith(DESK):
            return None
        reader = request.user
        if not isinstance(reader, Reader) or not reader.is_staff or gave_second_factor(request, reader):
            return None
        ways = get_adapter().get_reauthentication_methods(reader) if is_mfa_enabled(reader, FACTORS) else ()
        step = ways[0]["url"] if ways else reverse("mfa_index")
        return HttpResponseRedirect(f"{step}?{urlencode({'next': request.path})}")


class EndedElsewhere:
    """Whose session was ended from elsewhere learns why at the door. Stands around the sessions, and asks only where one goes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        carried, taken = request.COOKIES.get(SESSION_COOKIE, ""), response.cookies.get(SESSION_COOKIE)
        if carried and taken is not None and not taken.value:
            papers.hand_over(response, papers.of_ended_device(why_ended(carried[:40])))
        return response


def gave_second_factor(request: HttpRequest, reader: Reader) -> bool:
    """In this session, and with a factor that the reader still has."""
    records = get_authentication_records(request, reader)
    given = {record.get("id") for record in records if record["method"] == "mfa"}
    return bool(given) and Authenticator.objects.filter(user=reader, pk__in=given - {None}).exists()
