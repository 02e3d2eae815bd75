"""Where a reader is logged in, and the way to end it there.

Context of pages/devices.html, `page` (a PageMeta) besides: `devices` (the last used first), `here` (the number of this one),
`ended` (of the last month, by its reader or for want of room), `most` (at once; 0: as many as one likes)
"""

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from broadsheet.design.page import PageMeta
from broadsheet.kit import clock
from broadsheet.membership import queries
from broadsheet.membership.actions.devices import carry_device_on, devices_of, end_device, keep_device
from broadsheet.membership.actions.sessions import end_sessions
from broadsheet.membership.models import Device, Reader
from broadsheet.membership.origin import our_own_forms
from broadsheet.membership.views.account import left_by
from broadsheet.membership.views.joining import see_other

DEVICES = "/account/devices/"


@our_own_forms
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def devices(request: HttpRequest) -> HttpResponse:
    reader, at, here = request.user, clock.now(), request.session.session_key or ""
    assert isinstance(reader, Reader)
    keep_device(reader, here, agent=request.headers.get("User-Agent", ""), at=at)
    if request.method != "POST":
        return _devices_page(request, reader, here)
    if "others" in request.POST:
        _end_others(request, reader)
        return see_other(DEVICES)
    named = request.POST.get("device", "")
    device = next((each for each in devices_of(reader) if str(each.pk) == named), None)
    if device is not None and device.session_key == here:
        return left_by(request, "/leave/")
    if device is not None:
        end_device(device, why=Device.Why.BY_READER, at=at)
    return see_other(DEVICES)


def _end_others(request: HttpRequest, reader: Reader) -> None:
    """By the credential, so that sessions end too which nobody has a row of."""
    before = request.session.session_key
    end_sessions(reader, why="ended by the reader", at=clock.now())
    update_session_auth_hash(request, reader)
    carry_device_on(before, request.session.session_key)


def _devices_page(request: HttpRequest, reader: Reader, here: str) -> HttpResponse:
    found = devices_of(reader)
    context = {
        "page": PageMeta(title="Where you are logged in", kind="account", path=DEVICES, noindex=True),
        "devices": found,
        "here": next((device.pk for device in found if device.session_key == here), 0),
        "ended": Device.objects.filter(reader=reader, ended_at__isnull=False).order_by("-ended_at")[:10],
        "most": queries.rules().devices,
    }
    return render(request, "pages/devices.html", context)
