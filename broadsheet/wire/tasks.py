"""What the worker does for the wire, by the clock."""

import os
import socket
from datetime import timedelta
from functools import cache

from django_tasks import task

from broadsheet.kit import clock, stopping
from broadsheet.wire.running import Listening

AT_A_TIME = timedelta(minutes=5)  # less than what a task may take before it counts as lost; the next one goes on


@cache
def the_listening() -> Listening:
    """One a process: it remembers which stories there are."""
    return Listening(holder=f"{socket.gethostname()}-{os.getpid()}", clock=clock.now)


@task(queue_name="wire")
def listen() -> int:
    return the_listening().listen(until=clock.now() + AT_A_TIME, stopping=stopping.is_told_to)
