"""What the worker does for the newsletters, by the clock."""

from datetime import timedelta

from django.conf import settings
from django.utils.timezone import get_default_timezone
from django_tasks import task

from broadsheet.kit import clock, stopping
from broadsheet.newsletters import running
from broadsheet.newsletters.actions import signing_up
from broadsheet.newsletters.actions.tallying import forget_deliveries, tally_what_is_over
from broadsheet.newsletters.actions.welcoming import welcome_all

AT_A_TIME = timedelta(minutes=5)  # less than what a task may take before it counts as lost; the next one goes on


@task(queue_name="default")
def make_editions() -> int:
    return running.make_editions(at=clock.now(), zone=get_default_timezone())


@task(queue_name="editions")
def send_editions() -> int:
    until = clock.now() + AT_A_TIME
    return running.send_editions(state=settings.STATE, clock=clock.now, until=until, stopping=stopping.is_told_to)


@task(queue_name="long")
def tally_editions() -> int:
    at = clock.now()
    tally_what_is_over(at=at)
    return forget_deliveries(at=at)


@task(queue_name="default")
def welcome() -> int:
    """Whoever registered unheard is signed up before."""
    at = clock.now()
    signing_up.forget_wishes(at=at)
    signing_up.take_up_consents(at=at)
    return welcome_all(at=at)
