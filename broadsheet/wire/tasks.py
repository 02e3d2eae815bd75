"""What the worker does for the wire, by the clock."""

import os
import socket
from dataclasses import asdict
from datetime import timedelta
from functools import cache

from django.utils.timezone import get_default_timezone
from django_tasks import task

from broadsheet.kit import clock, stopping
from broadsheet.wire import finding
from broadsheet.wire.actions import editing, refusing, roundups, tending
from broadsheet.wire.models import Source
from broadsheet.wire.readers import Readers
from broadsheet.wire.running import Listening, fetcher

AT_A_TIME = timedelta(minutes=5)  # less than what a task may take before it counts as lost; the next one goes on


@cache
def the_listening() -> Listening:
    """One a process: it remembers which stories there are."""
    return Listening(holder=f"{socket.gethostname()}-{os.getpid()}", clock=clock.now)


@task(queue_name="wire")
def listen() -> int:
    return the_listening().listen(until=clock.now() + AT_A_TIME, stopping=stopping.is_told_to)


@task(queue_name="finding")
def find(pasted: str) -> dict[str, object]:
    """For the page that waits for it. In a queue of its own: an editor waits, and rounds of sources take minutes."""
    with Readers(processes=1) as readers:
        try:
            found = finding.find(pasted, fetcher=fetcher(), readers=readers, at=clock.now())
        except finding.NothingFound as trouble:
            return {"feeds": [], "trouble": str(trouble)}
    return {"feeds": [asdict(feed) for feed in found], "trouble": ""}


@task(queue_name="default")
def publish_roundup() -> None:
    """And what was left for later comes back to the desk."""
    at = clock.now()
    editing.bring_back_due(at=at)
    roundups.publish_due(at=at, zone=get_default_timezone())


@task(queue_name="long")
def forget() -> None:
    """And what was taken down is looked for once more."""
    at = clock.now()
    refusing.finish(at=at)
    refusing.forget(at=at)


@task(queue_name="long")
def remove_source(source_id: int) -> None:
    """What it brought may be too much for an editor to wait for. Done twice, or by somebody else meanwhile, it is done once."""
    if source := Source.objects.filter(pk=source_id).first():
        tending.remove(source, at=clock.now())
