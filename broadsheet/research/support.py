"""Whether what was found bears an answer. Pure; rather none than one about something else.

A question's names, years and numbers must stand around one sentence; its rare words somewhere in what was found; most of what
it says around that sentence too. A fact must be told by a sentence that says itself what is asked, or means it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from broadsheet.library.gazetteer import shipped
from broadsheet.library.letters import folded
from broadsheet.research import signs
from broadsheet.research.answering import FACTS
from broadsheet.research.asking import YEAR, Asks, Question, stems
from broadsheet.research.choosing import Ranked, Said
from broadsheet.research.sources import Passage, Source

RARE = 5.5  # rarity of a word from which some article must have it: one in some two hundred and fifty does
LEAST = 0.45  # of what the question says, by weight, that must stand around a sentence
BEFORE = 2  # paragraphs that are read with one in which somebody goes on speaking
TOLD, TOUCHED = 0.5, 0.4  # of what a question says beside names, that a fact's sentence must say, and any sentence's paragraph
MEANT, UNLIKE = 0.7, 0.25  # closeness in meaning that is as good as words; and that of something else
MEANT_OPENLY = 0.55  # and what is as good where an answer has words of its own
OPEN = frozenset({Asks.WHY, Asks.HOW, Asks.CHANGE, Asks.COMPARISON, Asks.WHETHER})
ALIKE = 5  # letters in which two words begin alike: nuclear, nuclearisation


@dataclass(frozen=True, slots=True)
class Support:
    """`share`: how much of what is asked stands around a sentence, by weight. `missing`: what does not, though it must."""

    share: float
    missing: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.missing and self.share >= LEAST


@dataclass(frozen=True)
class Surroundings:
    """What stands around a passage, with the headline above it."""

    source: Source
    text: str

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(stems(self.text))

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(folded(self.text).split())

    @cached_property
    def actors(self) -> frozenset[str]:
        return frozenset(mention.key for mention in shipped().find(self.text, on=self.source.dated_on))

    @cached_property
    def years(self) -> frozenset[int]:
        return frozenset(map(int, YEAR.findall(self.text))) | {self.source.dated_on.year}

    def has(self, stem: str) -> bool:
        return stem in self.stems or any(_alike(stem, other) for other in self.stems)


class Supporting:
    """What was found for one question, asked how far it goes."""

    def __init__(self, question: Question, passages: Sequence[Passage], weights: Mapping[str, float]) -> None:
        self._question, self._weights = question, weights
        self._articles: dict[int, list[Passage]] = {}
        for passage in passages:
            self._articles.setdefault(passage.source.id, []).append(passage)
        self._places = {(one.source.id, one.number): n for own in self._articles.values() for n, one in enumerate(own)}
        self._known: dict[tuple[int, int], Surroundings] = {}
        self._nowhere = self._rare_and_nowhere(passages)

    def of(self, said: Said) -> Support:
        around = self._around(said.passage)
        total = sum(self._weights.values()) or 1.0
        share = sum(weight for term, weight in self._weights.items() if around.has(term)) / total
        return Support(share, (*self._nowhere, *self._missing(around)))

    def answers(self, one: Ranked) -> bool:
        """It bears what is asked, and of a fact says itself what is asked: a date where that is when."""
        if not self.of(one.said).holds or (one.close is not None and one.close < UNLIKE):
            return False
        if one.close is not None and one.close >= (MEANT_OPENLY if self._question.asks in OPEN else MEANT):
            return self.is_of_the_asked_kind(one.said)
        before = one.said.before.text if one.said.before else ""
        if self._question.asks not in FACTS:
            return self._told(f"{self._around(one.said.passage).text} {before}") >= TOUCHED
        return self.is_of_the_asked_kind(one.said) and self._told(f"{before} {one.said.text}") >= TOLD

    def is_of_the_asked_kind(self, said: Said) -> bool:
        """A date where it asks when; of what has no such signs, anything."""
        return self._question.asks not in FACTS or signs.sign(self._question, said.text) > 0

    def _told(self, text: str) -> float:
        """How much of what the question says beside names stands in a text; all of it where it says no more."""
        told = frozenset(stems(text))
        wanted = {term: weight for term, weight in self._weights.items() if term not in self._named}
        own = sum(weight for term, weight in wanted.items() if term in told or any(_alike(term, other) for other in told))
        total = sum(wanted.values())
        return own / total if total else 1.0

    @cached_property
    def _named(self) -> frozenset[str]:
        """Stems of names and years: where they stand is asked otherwise."""
        question = self._question
        marked = shipped().find(question.text)
        texts = (*question.names, *(question.text[one.start : one.end] for one in marked), *YEAR.findall(question.text))
        return frozenset(stem for text in texts for stem in stems(text))

    def _missing(self, around: Surroundings) -> list[str]:
        question = self._question
        lacking = [key for key in question.actors if key not in around.actors]
        if question.asks is Asks.COMPARISON and len(lacking) < len(question.actors):
            lacking = []  # each side is told of by itself
        missing = [shipped().actors[key].name for key in lacking]
        missing += [name for name in self._other_names if not around.words.issuperset(folded(name).split())]
        return missing if self._is_of_the_years(around) else [*missing, *YEAR.findall(question.text)]

    @cached_property
    def _other_names(self) -> tuple[str, ...]:
        """Those that the gazetteer does not know, and numbers that are no years."""
        known = shipped()
        numbers = [word for word in folded(self._question.text).split() if word.isdigit() and not YEAR.fullmatch(word)]
        return (*(name for name in self._question.names if not known.find(name) and not YEAR.fullmatch(name)), *numbers)

    def _is_of_the_years(self, around: Surroundings) -> bool:
        if not self._question.years:
            return True
        first, last = self._question.years
        if self._question.open_ended:
            return max(around.years) >= first
        if first == last:
            return first in around.years
        return any(first <= year <= last for year in around.years)

    def _rare_and_nowhere(self, passages: Sequence[Passage]) -> tuple[str, ...]:
        rare = [term for term, weight in self._weights.items() if weight >= RARE and not YEAR.fullmatch(term)]
        if not rare:
            return ()
        said = frozenset(stem for one in passages for stem in stems(one.text)) | {
            stem for own in self._articles.values() for stem in stems(own[0].source.headline)
        }
        return tuple(term for term in rare if term not in said and not any(_alike(term, other) for other in said))

    def _around(self, passage: Passage) -> Surroundings:
        place = (passage.source.id, passage.number)
        if place not in self._known:
            own, n = self._articles[passage.source.id], self._places[place]
            near = own[max(0, n - BEFORE) : n + 1] if passage.speaker else own[n : n + 1]
            self._known[place] = Surroundings(passage.source, "\n".join((passage.source.headline, *(one.text for one in near))))
        return self._known[place]


def _alike(one: str, other: str) -> bool:
    """Indonesia and Indonesian: one begins as the other is, or they differ at their end alone."""
    return len(one) >= ALIKE and len(other) >= ALIKE and (one.startswith(other) or other.startswith(one))
