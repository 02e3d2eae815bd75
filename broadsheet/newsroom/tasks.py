"""What the clock wakes the newsroom for, every few seconds. Whatever one missed, the next finds."""

from datetime import timedelta

from django.core.management import call_command
from django_tasks import task

from broadsheet.kit import clock
from broadsheet.newsroom import actions

LOOKS_BACK = timedelta(minutes=1)  # nudging twice changes nothing; what is missed for longer is the press's sweep to find


@task(queue_name="press", priority=20)
def publish_due() -> list[int]:
    """Each revision and each page is an errand of its own, so that one that cannot be published holds up none."""
    at = clock.now()
    for page_id in actions.expired(at=at):
        unpublish_one.enqueue(page_id)
    for revision_id in actions.due(at=at):
        publish_one.enqueue(revision_id)
    return actions.nudge_lifted_embargoes(since=at - LOOKS_BACK, at=at)


@task(queue_name="press", priority=20)
def publish_one(revision_id: int) -> int | None:
    """The page; None where the revision is published already, or was put off."""
    return actions.publish_one(revision_id, at=clock.now())


@task(queue_name="press", priority=20)
def unpublish_one(page_id: int) -> None:
    actions.unpublish_one(page_id, at=clock.now())


@task(queue_name="default")
def index_what_came() -> None:
    """After an import, whose rows were written without Wagtail's signals: the desk's search and its references learn of them."""
    call_command("rebuild_references_index", verbosity=0)
    call_command("update_index", verbosity=0)
