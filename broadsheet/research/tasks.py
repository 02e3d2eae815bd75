"""Errands of research."""

from django_tasks import task

from broadsheet.kit import clock
from broadsheet.research.actions.enquiries import expire


@task()
def forget() -> None:
    """Questions past their days. Late or twice, it does the same."""
    expire(at=clock.now())
