"""Doors that Wagtail and allauth bring along and this house keeps shut: each would let somebody in past the one way in."""

from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from broadsheet.membership.origin import local_path
from broadsheet.membership.views.joining import see_other


@csrf_exempt  # nothing that is posted here is looked at
@never_cache
def shut(request: HttpRequest, **_named_in_path: str) -> HttpResponse:
    return see_other("/account/" if request.user.is_authenticated else "/join/")


@csrf_exempt
@never_cache
def desk_login(request: HttpRequest) -> HttpResponse:
    """To the one way in, and back to the page of the desk that was asked for."""
    wanted = local_path(request.GET.get("next"), otherwise="/admin/")
    if request.user.is_authenticated:
        return see_other("/account/")
    return see_other(f"/join/?{urlencode({'next': wanted})}")
