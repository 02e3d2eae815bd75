"""Errands of research."""

from django_tasks import task

from broadsheet.kit import clock
from broadsheet.mailroom.tasks import send_bulk
from broadsheet.press.tasks import wake
from broadsheet.research.actions import examples
from broadsheet.research.actions.briefings import forget_brought, send_briefings
from broadsheet.research.actions.dossiers import forget_unseen
from broadsheet.research.actions.enquiries import expire
from broadsheet.research.actions.refreshing import refresh_dossiers
from broadsheet.research.actions.telling import tell_of_dossiers

MOST_REFRESHED, MOST_TOLD, MOST_BROUGHT = 500, 2_000, 1_000  # an errand, so that it never looks lost


@task()
def forget() -> None:
    """Questions past their days, and briefings that cannot come again. Late or twice, it does the same."""
    expire(at=clock.now())
    forget_unseen(at=clock.now())
    forget_brought(at=clock.now())


@task(queue_name="research")
def keep_dossiers_up() -> None:
    """What the press brought into dossiers, and what changed in them to whoever follows them."""
    try:
        if refresh_dossiers(at=clock.now(), most=MOST_REFRESHED):
            wake()
    finally:  # what has changed is told meanwhile
        if tell_of_dossiers(at=clock.now(), most=MOST_TOLD):
            send_bulk.enqueue()


@task(queue_name="bulk")
def bring_briefings() -> None:
    if send_briefings(at=clock.now(), most=MOST_BROUGHT):
        send_bulk.enqueue()


@task(queue_name="research")
def choose_examples() -> None:
    """Once a day it takes some seconds; otherwise it sees that today's are there."""
    examples.choose_examples(at=clock.now())
