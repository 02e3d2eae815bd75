"""The product's addresses, and two slow ones: waiting as for a database, and working as in a template."""

import time

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

SECONDS = 0.5


def waiting(request: HttpRequest) -> HttpResponse:
    time.sleep(SECONDS)
    return HttpResponse("waited")


def working(request: HttpRequest) -> HttpResponse:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        sum(range(200))
    return HttpResponse("worked")


urlpatterns = [
    path("slow/waiting/", waiting),
    path("slow/working/", working),
    path("", include("broadsheet.config.urls")),
]
