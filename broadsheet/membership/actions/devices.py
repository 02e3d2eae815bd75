"""Where a reader is logged in: a row a session, so many at once as the house rule says, each to be ended by its reader."""

from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import transaction

from broadsheet.membership.actions.sessions import revoke
from broadsheet.membership.agents import described
from broadsheet.membership.models import Device, Reader
from broadsheet.membership.queries import rules

ENDED_KEPT = timedelta(days=30)


def keep_device(reader: Reader, session_key: str, *, agent: str, at: datetime) -> None:
    """This session was seen now. One too many ends the one that was not used the longest."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    seen = Device.objects.filter(session_key=session_key).values_list("seen_at", flat=True).first()
    if seen is None:
        _begin(reader, session_key, agent=agent, hour=hour, at=at)
    elif seen < hour:
        Device.objects.filter(session_key=session_key, seen_at__lt=hour).update(seen_at=hour)


def _begin(reader: Reader, session_key: str, *, agent: str, hour: datetime, at: datetime) -> None:
    with transaction.atomic():
        Reader.objects.select_for_update().get(pk=reader.pk)  # two who log in at once are counted one after the other
        about = {"reader": reader, "described": described(agent), "began_at": at, "seen_at": hour}
        device, fresh = Device.objects.get_or_create(session_key=session_key, defaults=about)
        most = rules().devices
        if not fresh or not most:
            return
        others = [each for each in devices_of(reader) if each != device]
        for one_too_many in others[most - 1 :]:
            end_device(one_too_many, why=Device.Why.CROWDED, at=at)


def devices_of(reader: Reader) -> list[Device]:
    """Those that are logged in, the last used first. Whose session is gone by itself is forgotten."""
    found = list(Device.objects.filter(reader=reader, ended_at=None).order_by("-seen_at", "-began_at", "-pk"))
    gone = [device.pk for device in found if not _session().exists(device.session_key)]
    Device.objects.filter(pk__in=gone).delete()
    return [device for device in found if device.pk not in gone]


def end_device(device: Device, *, why: str, at: datetime) -> None:
    """Its session first: were its pass revoked before, a request in between would be given a new one."""
    with transaction.atomic():
        _session().delete(device.session_key)
        Device.objects.filter(pk=device.pk, ended_at=None).update(ended_at=at, why=why)
        revoke(device.reader_id, why=f"device {why}", at=at)


def carry_device_on(before: str | None, after: str | None) -> None:
    """The same browser under a new key."""
    if before and after and before != after:
        Device.objects.filter(session_key=before).update(session_key=after, ended_at=None, why="")


def leave_device(session_key: str | None) -> None:
    """Logged out there by hand."""
    Device.objects.filter(session_key=session_key or "").delete()


def why_ended(session_key: str) -> str:
    """For a browser that still carries a session of ours: "" where nobody ended it."""
    ended = Device.objects.filter(session_key=session_key, ended_at__isnull=False)
    return ended.values_list("why", flat=True).first() or ""


def forget_devices(*, at: datetime) -> int:
    """Those that ended long ago."""
    forgotten, _ = Device.objects.filter(ended_at__lt=at - ENDED_KEPT).delete()
    return forgotten


def _session() -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore()
