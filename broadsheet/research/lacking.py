"""What an answer lacks: what of the question was nowhere found, and what of an article whoever asks may not read. Pure."""

import re
from collections.abc import Iterable

from broadsheet.library.gazetteer import shipped
from broadsheet.library.letters import folded
from broadsheet.research.asking import Question

_WORD = re.compile(r"\w+")


def as_typed(missing: Iterable[str], question: str) -> tuple[str, ...]:
    """Each whole, in the letters of whoever asked; once, where a longer one has it already."""
    said = [_typed(one, question) for one in missing]
    longer = [one.lower().split() for one in said]
    return tuple(dict.fromkeys(one for one in said if not any(one.lower() in words and len(words) > 1 for words in longer)))


def _typed(one: str, question: str) -> str:
    typed = re.search(rf"\b{re.escape(one)}[\w-]*", question, re.IGNORECASE)
    return typed[0] if typed else one


def names_what_is_asked(question: Question, told: str, *, countries: Iterable[str] = ()) -> bool:
    """Whether what strangers are told of an article names one of those that the question names; yes where it names none."""
    if not (question.actors or question.names):
        return True
    mentioned = {mention.key for mention in shipped().find(". ".join((told, *countries)))}
    return bool(mentioned & set(question.actors)) or any(_words(name) in _words(told) for name in question.names)


def _words(text: str) -> str:
    return f" {' '.join(_WORD.findall(folded(text)))} "
