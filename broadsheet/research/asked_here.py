"""A question put to this machine's library, in somebody's sight."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from importlib import import_module
from secrets import token_hex
from threading import BoundedSemaphore

from broadsheet.library.keeping import NotTheModel, has_meaning, load_model
from broadsheet.library.queries import index_here
from broadsheet.library.sight import Sight
from broadsheet.research import model_api
from broadsheet.research.actions.enquiries import Asker, NoQuestionLeft, count_question
from broadsheet.research.choosing import Nearness
from broadsheet.research.model_api import NoModelAnswer
from broadsheet.research.models import ResearchRules
from broadsheet.research.posed import Posed
from broadsheet.research.researching import Event, research
from broadsheet.research.retrieving import look_up
from broadsheet.research.showing import Shown
from broadsheet.research.sources import Source
from broadsheet.research.writing import borne_by, messages

log = logging.getLogger(__name__)
MOST_REWRITTEN = 12
THE_MODEL, MODEL_A_DAY = Asker(network="the language model"), 500  # calls, for everybody's questions, that it costs
AT_ONCE = BoundedSemaphore(4)  # calls: whoever waits for one does so in a place of a request


def events(posed: Posed, *, sight: Sight, at: datetime) -> Iterator[Event]:
    """Raises `library.keeping.NotBuilt`."""
    looking = partial(look_up, sight=sight, at=at, reader=index_here())
    return research(posed.question, look_up=looking, nearness=_nearness_kept(), at=at)


def looked_into(posed: Posed, *, sight: Sight, at: datetime) -> tuple[Source, ...]:
    """Where an answer would be sought, the nearest first. Raises `library.keeping.NotBuilt`."""
    return look_up(posed.question, sight=sight, at=at, reader=index_here()).sources


def has_model() -> bool:
    """A language model that the operator named, and that the house lets write."""
    return model_api.is_there() and ResearchRules.load().use_model


def written_of(shown: Shown, *, at: datetime) -> Shown:
    """With what the house's language model writes, where there is one; without it the brief is as it was."""
    if shown.thin or not has_model():
        return shown
    quotations = {one.number: one.text for one in shown.sentences[:MOST_REWRITTEN] if not one.speaker}
    if not quotations:
        return shown
    try:
        answer = _asked_of_model(messages(shown.posed.text, quotations), at=at)
    except (NoModelAnswer, NoQuestionLeft) as trouble:
        log.warning("The language model wrote nothing: %s", trouble)
        return shown
    dated = {one.number: one.as_of for one in shown.sentences}
    return replace(shown, written=tuple(replace(one, as_of=dated[one.numbers[0]]) for one in borne_by(answer, quotations)))


def _asked_of_model(told: list[dict[str, str]], *, at: datetime) -> str:
    """Each call counts, also for the same question again. Raises NoModelAnswer, NoQuestionLeft."""
    if not AT_ONCE.acquire(blocking=False):
        raise NoModelAnswer("It is asked too much at once.")
    try:
        count_question(THE_MODEL, token_hex(8), most=MODEL_A_DAY, at=at)
        return model_api.ask(told)
    finally:
        AT_ONCE.release()


@cache
def _nearness_kept() -> Nearness | None:
    return load_nearness()


def load_nearness() -> Nearness | None:
    """None without the extra `meaning`: then all goes by words. It takes memory for as long as somebody holds it."""
    if not has_meaning():
        return None
    try:
        model = load_model()
    except NotTheModel:
        return None
    nearness: Nearness = import_module("broadsheet.research.nearness").Nearness(model)
    return nearness
