"""What the worker does for the newsletters, by the clock."""

from datetime import timedelta

from django.conf import settings
from django.utils.timezone import get_default_timezone
from django_tasks import task

from broadsheet.kit import clock
from broadsheet.newsletters import running

AT_A_TIME = timedelta(minutes=5)  # less than what a task may take before it counts as lost; the next one goes on


@task(queue_name="default")
def make_editions() -> int:
    return running.make_editions(at=clock.now(), zone=get_default_timezone())


@task(queue_name="editions")
def send_editions() -> int:
    return running.send_editions(state=settings.STATE, clock=clock.now, until=clock.now() + AT_A_TIME)
