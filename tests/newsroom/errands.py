"""The worker of the newsroom's errands, without its thread."""

from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

WORKER = Worker(
    queue_names=["press", "long"],
    interval=0,
    batch=True,
    backend_name="default",
    startup_delay=False,
    max_tasks=None,
    worker_id="test",
    excluded_queue_names=[],
)


def work_off() -> None:
    """Until no errand is waiting."""
    while errand := DBTaskResult.objects.ready().filter(task_path__startswith="broadsheet.newsroom").first():
        WORKER.run_task(errand)
