"""The doors to the icon that browsers ask for beside what pages bring along: with a feed, for a home screen, for want of SVG."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from broadsheet.design.touch_icon import touch_icon

A_DAY = 24 * 3600  # seconds


@require_safe
@cache_control(public=True, max_age=A_DAY)
def icon(request: HttpRequest) -> HttpResponse:
    return HttpResponse(touch_icon(), content_type="image/png")
