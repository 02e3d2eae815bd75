"""What the worker does for the mail room; nudged when mail is posted, and by the clock."""

from django_tasks import task

from broadsheet.kit import clock
from broadsheet.mailroom.models import Lane
from broadsheet.mailroom.sending import send_due


@task(queue_name="mail", priority=10)
def send_mail(lane: str) -> int:
    return send_due(lane=Lane(lane), at=clock.now())
