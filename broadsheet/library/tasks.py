"""Errands of the library. Each may run twice, late or not at all: the press's numbers say what is left."""

from django_tasks import task

from broadsheet.kit import clock
from broadsheet.library.actions.gleaning import glean_new
from broadsheet.library.actions.rounds import find_new, forget_heard, tell_due
from broadsheet.mailroom.tasks import send_bulk

AT_MOST = 1_000  # articles an errand: some ten seconds, so that it never looks lost

MOST_TOLD = 2_000  # alerts a round and an errand, about as long


@task()
def glean() -> None:
    glean_new(at=clock.now(), most=AT_MOST)


@task(queue_name="bulk")
def tell() -> None:
    """What the press brought, to whoever wants to be told of it."""
    try:
        find_new(at=clock.now())
    finally:  # what was found is told meanwhile
        if tell_due(at=clock.now(), most=MOST_TOLD):
            send_bulk.enqueue()


@task()
def forget() -> None:
    forget_heard(at=clock.now())
