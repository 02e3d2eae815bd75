"""Errands of the library. Each may run twice, late or not at all: the press's numbers say what is left."""

from django_tasks import task

from broadsheet.kit import clock
from broadsheet.library.actions.gleaning import glean_new

AT_MOST = 1_000  # articles an errand: some ten seconds, so that it never looks lost


@task()
def glean() -> None:
    glean_new(at=clock.now(), most=AT_MOST)
