"""What the clock wakes the newsroom for, every few seconds. Whatever one missed, the next finds."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from broadsheet.kit import clock
from broadsheet.newsroom import actions
from broadsheet.newsroom.indexing import index_articles
from broadsheet.newsroom.models import Article
from broadsheet.newsroom.policy import pause_after

LOOKS_BACK = timedelta(minutes=1)  # nudging twice changes nothing; what is missed for longer is the press's sweep to find


@task(queue_name="press", priority=20)
def publish_due() -> list[int]:
    """Each revision and each page is an errand of its own, so that one that cannot be published holds up none.

    What failed is tried again after a pause that grows; until it succeeds the week on the desk shows the article as late.
    """
    at = clock.now()
    for page_id in _to_be_tried(unpublish_one, actions.expired(at=at)):
        unpublish_one.enqueue(page_id)
    for revision_id in _to_be_tried(publish_one, actions.due(at=at)):
        publish_one.enqueue(revision_id)
    return actions.nudge_lifted_embargoes(since=at - LOOKS_BACK, at=at)


@task(queue_name="press", priority=20)
def publish_one(revision_id: int) -> int | None:
    """The page; None where the revision is published already, or was put off."""
    return actions.publish_one(revision_id, at=clock.now())


@task(queue_name="press", priority=20)
def unpublish_one(page_id: int) -> None:
    actions.unpublish_one(page_id, at=clock.now())


def _to_be_tried(errand: Any, ids: Iterable[int]) -> list[int]:
    """Those for which no errand is waiting, nor failed so lately that another would fail as well."""
    now = datetime.now(UTC)  # the machine's own clock, by which errands are dated
    waiting, failed = set[int](), defaultdict[int, list[datetime]](list)
    sent = DBTaskResult.objects.filter(task_path=errand.module_path)
    for carried in sent.filter(status=TaskResultStatus.READY).values_list("args_kwargs", flat=True):
        waiting.add(carried["args"][0])
    for carried, at in sent.filter(status=TaskResultStatus.FAILED).values_list("args_kwargs", "finished_at"):
        failed[carried["args"][0]].append(at)
    return [
        each
        for each in ids
        if each not in waiting and (each not in failed or max(failed[each]) + pause_after(len(failed[each])) <= now)
    ]


@task(queue_name="long")
def index_what_came() -> None:
    """After an import: the desk's search and Wagtail's references learn of what came."""
    index_articles(list(Article.objects.exclude(source="").order_by("pk").values_list("pk", flat=True)))
