"""How well a sentence answers a question: by words, by signs of what is asked for, by its place, by meaning where that is known.

Pure. The weights were learnt on the training questions of WikiQA (`make bench-answers` measures them on others) and are the same
for all libraries. Which of two that are worth the same comes first depends on their text alone.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from broadsheet.research.asking import Asks, Question
from broadsheet.research.kin import roots, weights
from broadsheet.research.signs import sign
from broadsheet.research.sources import Rarities

FACTS = frozenset({Asks.WHEN, Asks.COUNT, Asks.AMOUNT, Asks.WHO, Asks.WHERE})
OPENING = 4  # roots in which a sentence says what it is about
SHORT = 8  # words
SAID_BEFORE = 0.5  # what a term is worth that the sentence before has, or the first of the article
_WHOLE = re.compile(r"[.!?…][\"'”’)\s]*$")

# What each sign is worth, without a model and with one.
_BY_HAND = {
    Asks.CHANGE.value: 2.0,
    Asks.COMPARISON.value: 1.0,
    Asks.HOW.value: 0.5,
    Asks.TERMS.value: 2.5,
    Asks.VIEW.value: 0.5,
}  # of which there was too little to learn from
BY_WORDS: Mapping[str, float] = _BY_HAND | {
    "share": 0.1,
    "in context": 2.8,
    "rarest": -0.8,  # what the whole article is about, its best sentences need not name
    "opens on it": 0.4,
    "first": 2.5,
    "first of a definition": -0.4,
    "first of a fact": -0.4,
    "length": 0.7,
    "short": -0.8,
    "no sentence": -1.0,
    Asks.WHEN.value: 3.6,
    Asks.COUNT.value: 4.8,
    Asks.AMOUNT.value: 3.1,
    Asks.WHO.value: 1.9,
    Asks.WHERE.value: 2.1,
    Asks.MEANING.value: 1.2,
    Asks.LIST.value: 2.4,
    Asks.WHY.value: 2.1,
}
BY_MEANING: Mapping[str, float] = _BY_HAND | {
    "near": 6.4,
    "around": -3.7,  # what all of an article says answers nothing in particular
    "share": -1.1,
    "in context": 1.9,
    "rarest": -0.7,
    "opens on it": -0.1,
    "first": 2.2,
    "first of a definition": -0.4,
    "first of a fact": -0.6,
    "length": 0.8,
    "short": -1.0,
    "no sentence": -0.7,
    Asks.WHEN.value: 3.3,
    Asks.COUNT.value: 4.2,
    Asks.AMOUNT.value: 2.7,
    Asks.WHO.value: 1.8,
    Asks.WHERE.value: 1.7,
    Asks.MEANING.value: 0.9,
    Asks.LIST.value: 2.0,
    Asks.WHY.value: 2.2,
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer. `place`: its number in its article, from 0. `topic`: headline and first sentence of that."""

    text: str
    place: int = 0
    before: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Near:
    """In meaning: to the question, and to the sentences around it, of which each says something like it."""

    question: float
    around: float


def scores(
    question: Question, candidates: Sequence[Candidate], *, rarities: Rarities, near: Sequence[Near] | None = None
) -> list[float]:
    """Higher is better; comparable within one question."""
    weighed = weights(question.terms, rarities)
    worth = BY_WORDS if near is None else BY_MEANING
    each = (signs_in(question, one, weighed, near[n] if near else None) for n, one in enumerate(candidates))
    return [sum(worth.get(name, 0.0) * value for name, value in signs.items()) for signs in each]


def in_order(texts: Sequence[str], scores: Iterable[float]) -> list[int]:
    """The best first; of those worth the same neither the first nor the last in a file."""
    keyed = [
        (-score, blake2b(text.encode("utf-8", "replace")).digest(), n)
        for n, (text, score) in enumerate(zip(texts, scores, strict=True))
    ]
    return [n for _, _, n in sorted(keyed)]


def signs_in(question: Question, one: Candidate, weighed: Mapping[str, float], near: Near | None) -> dict[str, float]:
    """By name. `weighed`: the question's terms."""
    said = roots(one.text)
    own, told = set(said), set(roots(one.before)) | set(roots(one.topic))
    total = sum(weighed.values()) or 1.0
    words = len(one.text.split())
    found = {
        "share": sum(weight for term, weight in weighed.items() if term in own) / total,
        "in context": sum(weight * (1.0 if term in own else SAID_BEFORE * (term in told)) for term, weight in weighed.items())
        / total,
        "rarest": float(bool(weighed) and max(weighed, key=lambda term: (weighed[term], term)) in own),
        "opens on it": sum(weighed.get(term, 0.0) for term in set(said[:OPENING])) / total,
        "first": 1 / (1 + one.place),
        "first of a definition": float(one.place == 0 and question.asks is Asks.MEANING),
        "first of a fact": float(one.place == 0 and question.asks in FACTS),
        "length": math.log1p(words),
        "short": float(words < SHORT),
        "no sentence": float(not _WHOLE.search(one.text)),
        question.asks.value: sign(question, one.text),
    }
    if near:
        found |= {"near": near.question, "around": near.around}
    return found
