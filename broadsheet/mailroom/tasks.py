"""What the worker does for the mail room; nudged when mail is posted, and by the clock."""

from django.conf import settings
from django_tasks import task

from broadsheet.kit import clock, stopping
from broadsheet.mailroom import sending
from broadsheet.mailroom.models import Lane
from broadsheet.mailroom.returning import empty_letterbox, forget_returns
from broadsheet.mailroom.roads import forget_roads


@task(queue_name="mail", priority=10)
def send_mail(lane: str) -> int:
    return sending.send_due(lane=Lane(lane), clock=clock.now, stopping=stopping.is_told_to)


@task(queue_name="bulk")
def send_bulk() -> int:
    return sending.send_due(lane=Lane.BULK, clock=clock.now, stopping=stopping.is_told_to)


@task()
def forget_sent() -> int:
    at = clock.now()
    return sending.forget_sent(at=at) + forget_returns(at=at) + forget_roads(at=at)


@task(queue_name="bulk")
def take_returned_mail() -> int:
    """Of the mailbox that the settings name."""
    return empty_letterbox(settings.MAIL_RETURNS_MAILBOX, at=clock.now()) if settings.MAIL_RETURNS_MAILBOX else 0
