"""From a question to its brief, told as it is found: what is shown first is there before all of it is.

Whoever calls hands in how the library is asked, which knows who asks; nothing here knows of readers, requests or rows.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from broadsheet.research import choosing
from broadsheet.research.asking import Question, read
from broadsheet.research.briefs import Brief, compared, draft
from broadsheet.research.choosing import Nearness
from broadsheet.research.sources import Found, Source

LookUp = Callable[[Question], Found]


@dataclass(frozen=True, slots=True)
class Looked:
    """The question as it was read, and the articles in which an answer is looked for: there within a tenth of a second."""

    question: Question
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What the brief begins with: nothing of it is taken back or moved by what is found after it."""

    brief: Brief


@dataclass(frozen=True, slots=True)
class Finished:
    brief: Brief


Event = Looked | Told | Finished


def research(question: Question, *, look_up: LookUp, nearness: Nearness | None, at: datetime) -> Iterator[Event]:
    found = look_up(question)
    yield Looked(question, found.sources)
    said = list(choosing.said_in(found.passages))
    best = choosing.ranked(question, said, rarities=found.rarities, nearness=nearness)
    drafted = draft(question, found, best, at=at.date())
    begun = drafted.certain
    if begun.quotations:
        yield Told(begun)
    yield Finished(compared(drafted))


def brief(typed: str | Question, *, look_up: LookUp, nearness: Nearness | None, at: datetime) -> Brief:
    question = typed if isinstance(typed, Question) else read(typed)
    *_, last = research(question, look_up=look_up, nearness=nearness, at=at)
    assert isinstance(last, Finished)
    return last.brief
