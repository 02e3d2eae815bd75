"""Opens beforehand, beside the first requests of a process that serves, what the first search and question would wait for.

The index, the names that are known, the model of meaning where it is installed, and what pages of answers are made of: a
question is searched for and asked in a stranger's sight. It counts for nobody, and nobody is shown the answer.
"""

import logging
from datetime import datetime
from threading import Thread

from django.db import DatabaseError, connections
from django.template.loader import render_to_string

from broadsheet.kit import clock
from broadsheet.kit.collecting import settle
from broadsheet.library.catching_up import folder
from broadsheet.library.keeping import NotBuilt, current
from broadsheet.library.queries import search
from broadsheet.library.sight import STRANGER
from broadsheet.research.asked_here import events
from broadsheet.research.posed import Posed
from broadsheet.research.researching import Finished, Looked
from broadsheet.research.showing import shown

QUESTION = "How have relations between China and the United States changed since 2001?"

log = logging.getLogger(__name__)


def begin_warming() -> None:
    Thread(target=_warm_and_settle, name="warming", daemon=True).start()


def _warm_and_settle() -> None:
    try:
        warm(at=clock.now())
    finally:
        connections.close_all()
    settle()


def warm(*, at: datetime) -> None:
    """Nothing where there is no index yet. What cannot be opened now is tried again by whoever comes first."""
    try:
        if current(folder()):
            _search_and_ask(at)
    except (NotBuilt, DatabaseError, OSError) as trouble:
        log.warning("The library was not opened beforehand, so the first search will be slower: %s", trouble)


def _search_and_ask(at: datetime) -> None:
    search(QUESTION, at=at)
    posed = Posed(QUESTION)
    for event in events(posed, sight=STRANGER, at=at):
        match event:
            case Looked():
                looked = event
            case Finished(brief):
                render_to_string("components/brief.html", {"posed": posed, "shown": shown(posed, brief, looked.sources)})
