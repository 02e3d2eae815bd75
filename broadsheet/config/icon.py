"""The door to /favicon.ico, which browsers ask for beside what is no page of ours, such as a feed. Pages bring the icon along."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from broadsheet.design.inline import ICON

A_DAY = 24 * 3600  # seconds


@require_safe
@cache_control(public=True, max_age=A_DAY)
def icon(request: HttpRequest) -> HttpResponse:
    return HttpResponse(ICON, content_type="image/svg+xml")
