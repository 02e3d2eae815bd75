"""Of whose doing a question asks, and whether a sentence tells of another's alone. Pure."""

import re
from collections.abc import Iterable
from functools import lru_cache

from broadsheet.library.gazetteer import Mention, Sort, shipped
from broadsheet.research.asking import Asks, Question
from broadsheet.research.choosing import Said
from broadsheet.research.kin import roots

_DOES = re.compile(
    r"\b(?:did|do|does|has|have|had|is|are|was|were|will|would|can|could|should)(?:n't| not)? (?:the )?$", re.IGNORECASE
)
_ANYBODY = frozenset({Asks.WHO, Asks.WHERE, Asks.COMPARISON})  # whose answers name others
_LIVING = frozenset(roots("people live living reside inhabitants inhabit population number size total current now today"))
_POPULATION = re.compile(
    r"\b[Pp]opulations?\b(?! (?:[Ff]und|[Cc]ouncil|growth|control|density)\b)|\binhabitants\b|\bpeople live in [A-ZÀ-Þ]"
    r"|\b(?:nation|country) of \d"
)
_DIGITS = re.compile(r"\d")


def is_of_another(question: Question, said: Said) -> bool:
    """It names a country of which the question does not speak, and whose doing that asks of neither it nor what is around it."""
    of = _doer(question.text)
    if not of or question.asks in _ANYBODY:
        return False
    own = _named(said.text)
    others = {key for key in own if key.startswith(Sort.COUNTRY.value)} - _with_theirs(question.actors)
    before = said.before.text if said.before else ""
    return bool(others) and of not in own | _named(before) | _named(said.passage.source.headline)


def asks_for_population(question: Question) -> bool:
    """How many people live somewhere, and no more than that."""
    named = {stem for one in shipped().find(question.text) for stem in roots(question.text[one.start : one.end])}
    wanted = set(question.terms) - named
    return bool(wanted & set(roots("population inhabitants live reside"))) and wanted <= _LIVING


def tells_population(question: Question, said: Said) -> bool:
    """Of those that it asks of: named there, or in the headline."""
    if not _POPULATION.search(said.text) or not _DIGITS.search(said.text):
        return False
    return _named(f"{said.passage.source.headline}\n{said.text}").issuperset(question.actors)


@lru_cache(maxsize=1_000)
def _doer(text: str) -> str:
    """The key of whom it asks what they did: "did Japan join", and not "was the Iranian general", nor "is Japan's"."""
    return next((one.key for one in shipped().find(text) if _DOES.search(text[: one.start]) and _is_whole(text, one)), "")


def _is_whole(text: str, one: Mention) -> bool:
    said = text[one.start : one.end]
    called = said.isupper() or said == shipped().actors[one.key].name
    return called and text[one.end :].startswith(" ") and text[one.end :].lstrip()[:1].islower()


@lru_cache(maxsize=5_000)
def _named(text: str) -> frozenset[str]:
    return _with_theirs(one.key for one in shipped().find(text))


def _with_theirs(keys: Iterable[str]) -> frozenset[str]:
    """With a leader the country that is led."""
    own = frozenset(keys)
    return own | {of for key in own if (of := shipped().actors[key].of)}
