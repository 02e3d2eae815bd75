"""What the worker does for the mail room; nudged when mail is posted, and by the clock."""

from django_tasks import task

from broadsheet.kit import clock
from broadsheet.mailroom import sending
from broadsheet.mailroom.models import Lane


@task(queue_name="mail", priority=10)
def send_mail(lane: str) -> int:
    return sending.send_due(lane=Lane(lane), at=clock.now())


@task(queue_name="bulk")
def send_bulk() -> int:
    return sending.send_due(lane=Lane.BULK, at=clock.now())


@task()
def forget_sent() -> int:
    return sending.forget_sent(at=clock.now())
