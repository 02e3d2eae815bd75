"""What the clock wakes the newsroom for, every few seconds. Whatever one missed, the next finds."""

from datetime import timedelta

from django_tasks import task

from broadsheet.kit import clock
from broadsheet.newsroom import actions

LOOKS_BACK = timedelta(minutes=1)  # nudging twice changes nothing; what is missed for longer is the press's sweep to find


@task(queue_name="press", priority=20)
def publish_due() -> list[int]:
    at = clock.now()
    return [*actions.publish_due(at=at), *actions.nudge_lifted_embargoes(since=at - LOOKS_BACK, at=at)]
