"""A question put to this machine's library, in somebody's sight."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache, partial
from importlib import import_module
from itertools import islice, pairwise

from broadsheet.library.keeping import NotBuilt, NotTheModel, has_meaning, load_model
from broadsheet.library.queries import index_here
from broadsheet.library.sight import STRANGER, Sight
from broadsheet.research import model_api
from broadsheet.research.actions.enquiries import Asker, NoQuestionLeft, count_question
from broadsheet.research.choosing import Nearness
from broadsheet.research.model_api import NoModelAnswer
from broadsheet.research.models import ResearchRules
from broadsheet.research.posed import Posed
from broadsheet.research.researching import Event, Finished, research
from broadsheet.research.retrieving import look_up
from broadsheet.research.showing import Shown
from broadsheet.research.writing import borne_by, messages

log = logging.getLogger(__name__)
EXAMPLES = 3
MOST_REWRITTEN = 12
THE_MODEL, MODEL_A_DAY = Asker(network="the language model"), 500  # other questions, of everybody's, that it costs
Names = tuple[str, ...]


def events(posed: Posed, *, sight: Sight, at: datetime) -> Iterator[Event]:
    """Raises `library.keeping.NotBuilt`."""
    looking = partial(look_up, sight=sight, at=at, reader=index_here())
    return research(posed.question, look_up=looking, nearness=_nearness(), at=at)


def written_of(shown: Shown, *, at: datetime) -> Shown:
    """With what the house's language model writes, where there is one; without it the brief is as it was."""
    if shown.thin or not model_api.is_there() or not ResearchRules.load().use_model:
        return shown
    quotations = {one.number: one.text for one in shown.sentences[:MOST_REWRITTEN]}
    try:
        count_question(THE_MODEL, shown.posed.mark, most=MODEL_A_DAY, at=at)
        answer = model_api.ask(messages(shown.posed.text, quotations))
    except (NoModelAnswer, NoQuestionLeft) as trouble:
        log.warning("The language model wrote nothing: %s", trouble)
        return shown
    return replace(shown, written=borne_by(answer, quotations))


@cache
def _nearness() -> Nearness | None:
    """None without the extra `meaning`: then all goes by words."""
    if not has_meaning():
        return None
    try:
        model = load_model()
    except NotTheModel:
        return None
    nearness: Nearness = import_module("broadsheet.research.nearness").Nearness(model)
    return nearness


def examples(*, at: datetime) -> tuple[str, ...]:
    """Three questions about what this publication writes of most: such as a stranger is answered, as far as there are any."""
    reader = index_here()
    try:
        with reader.reading():
            looking = reader.looking(STRANGER)
            counted = looking.facets(looking.everything(), most=4)
    except NotBuilt:
        return ()
    countries, issues = (tuple(value.name for value, _ in counted[of]) for of in ("country", "issue"))
    return _examples(countries, issues, at)


_CHOSEN: dict[tuple[Names, Names, date], tuple[str, ...]] = {}


def _examples(countries: Names, issues: Names, at: datetime) -> tuple[str, ...]:
    """Chosen once a day: each is tried."""
    key = (countries, issues, at.date())
    if key not in _CHOSEN:
        made = worded(countries, issues)
        answered = list(islice((text for text in made if not _is_thin(text, at)), EXAMPLES))
        _CHOSEN.clear()
        _CHOSEN[key] = tuple([*answered, *(text for text in made if text not in answered)][:EXAMPLES])
    return _CHOSEN[key]


def _is_thin(text: str, at: datetime) -> bool:
    *_, last = events(Posed(text), sight=STRANGER, at=at)
    return isinstance(last, Finished) and last.brief.thin


def worded(countries: Sequence[str], issues: Sequence[str]) -> list[str]:
    made = [f"What drives ties between {one} and {other}?" for one, other in pairwise(countries[:3])]
    made += [f"What is at stake in {country} over {issue.lower()}?" for country, issue in zip(countries, issues, strict=False)]
    return made + [f"What has changed in {country}?" for country in countries[:2]]
