"""Errands of the press. All may run twice, late or not at all: the rows say what is to be printed."""

from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from broadsheet.kit import clock
from broadsheet.press import actions, queries

QUEUE = "press"
SQUEEZED_A_SWEEP = 500  # snapshots: some six seconds
PRINTED_AT_ONCE = 20  # pages or articles: about a second


@task(queue_name=QUEUE)
def press_article(article_id: int) -> None:
    actions.press(article_id, at=clock.now())


@task(queue_name=QUEUE)
def press_dependents() -> None:
    """One by one, each by the clock of its moment, since pages come first: the front page waits for one article of a long line.

    A few an errand, so that what is to be published does not wait for the line either. What cannot be printed ends its errand,
    so that it is seen, and the next goes on with the line.
    """
    try:
        for _ in range(PRINTED_AT_ONCE):
            if not actions.print_due(at=clock.now(), most=1):
                break
    finally:
        wake()


@task(queue_name=QUEUE)
def press_stale() -> None:
    """The sweep, every minute. Each missed article is an errand of its own, so that one that cannot be printed holds up none."""
    at = clock.now()
    actions.press_stale(at=at, press_one=lambda article_id: press_article.enqueue(article_id))
    actions.drop_superseded(at=at)
    wake()


def wake() -> None:
    """Have what is due printed, unless nothing is or an errand for it is waiting. An import makes hundreds of countries and
    contributors that no page shows yet: they are worth none."""
    waiting = DBTaskResult.objects.filter(task_path=press_dependents.module_path, status=TaskResultStatus.READY)
    if queries.due(clock.now()).exists() and not waiting.exists():
        press_dependents.enqueue()


@task(queue_name="long")
def press_what_changed() -> None:
    """Look at every article, and print again those whose galley is another now: a house rule that all pages show was changed."""
    at = clock.now()
    actions.press_many(queries.all_printable(at), at=at, workers=0)  # a process with threads forks no others


@task(queue_name="default")
def squeeze() -> None:
    """In the background, every few minutes."""
    actions.squeeze(most=SQUEEZED_A_SWEEP)
