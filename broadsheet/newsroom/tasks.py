"""What the clock wakes the newsroom for, every few seconds. Whatever one missed, the next finds."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from broadsheet.kit import clock
from broadsheet.newsroom import actions
from broadsheet.newsroom.indexing import index_articles
from broadsheet.newsroom.models import Article
from broadsheet.newsroom.policy import pause_after

INDEXED_AT_ONCE = 100  # articles an errand: half a second
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
    """After an import: the desk's search and Wagtail's references learn of what came, some hundred articles an errand."""
    ids = list(_imported().values_list("pk", flat=True))
    with transaction.atomic():  # all errands or none
        for begin in range(0, len(ids), INDEXED_AT_ONCE):
            part = ids[begin : begin + INDEXED_AT_ONCE]
            index_between.enqueue(part[0], part[-1])
        _forget_failures(index_what_came)


@task(queue_name="long")
def index_between(first: int, last: int) -> None:
    index_articles(list(_imported().filter(id__range=(first, last)).values_list("pk", flat=True)))
    _forget_failures(index_between, first, last)


@task(queue_name="long")
def index_what_was_left() -> None:
    """The sweep: an errand that failed, as a killed one does in the end, is sent again."""
    for errand in (index_what_came, index_between):
        for args in _last_failed(errand):
            errand.enqueue(*args)


def _imported() -> QuerySet[Article]:
    return Article.objects.exclude(source="").order_by("pk")


def _last_failed(errand: Any) -> list[tuple[int, ...]]:
    """With what this errand was last sent in vain, however long ago, if it has paused since."""
    now = datetime.now(UTC)  # the machine's own clock, by which errands are dated
    sent = defaultdict[tuple[int, ...], list[DBTaskResult]](list)
    for result in DBTaskResult.objects.filter(task_path=errand.module_path).order_by("enqueued_at"):
        sent[tuple(result.args_kwargs["args"])].append(result)
    return [args for args, results in sent.items() if _failed_and_paused(results, now)]


def _failed_and_paused(results: Sequence[DBTaskResult], now: datetime) -> bool:
    failures = [result.finished_at for result in results if result.status == TaskResultStatus.FAILED]
    return results[-1].status == TaskResultStatus.FAILED and results[-1].finished_at <= now - pause_after(len(failures))


def _forget_failures(errand: Any, *args: int) -> None:
    """It has succeeded. That itself is forgotten in a day, before these would be, and they would seem to be the last again."""
    failed = DBTaskResult.objects.filter(task_path=errand.module_path, status=TaskResultStatus.FAILED)
    answered = [pk for pk, carried in failed.values_list("pk", "args_kwargs") if carried["args"] == list(args)]
    DBTaskResult.objects.filter(pk__in=answered).delete()
