"""The wire's desk: what the world's press tells, story by story."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

TO_SEE, TO_WORK = "wire.view_story", "wire.change_story"


def refuse_who_may_not(request: HttpRequest, right: str) -> None:
    if not request.user.has_perm(right):
        raise PermissionDenied


@never_cache
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    refuse_who_may_not(request, TO_SEE)
    return render(request, "desk/wire.html")
