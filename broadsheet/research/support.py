"""Whether what was found bears an answer. Pure; rather none than one about something else.

A question's names, times and numbers must stand around one sentence (`surroundings`); its rare words somewhere in what was found;
most of what it says around that sentence too. A fact must be told by a sentence that says itself what is asked, or means it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from broadsheet.library.gazetteer import shipped
from broadsheet.library.letters import folded
from broadsheet.research import doers, signs
from broadsheet.research.answering import FACTS
from broadsheet.research.asking import YEAR, Asks, Question
from broadsheet.research.choosing import Ranked, Said
from broadsheet.research.kin import roots, words_like
from broadsheet.research.sources import Passage
from broadsheet.research.surroundings import Article, Surroundings

RARE = 5.5  # rarity of a word from which some article must have it: one in some two hundred and fifty does
LEAST = 0.45  # of what the question says, by weight, that must stand around a sentence
TOLD, TOUCHED = 0.5, 0.4  # of what a question says beside names, that a fact's sentence must say, and any sentence's paragraph
MEANT, UNLIKE = 0.7, 0.25  # closeness in meaning that is as good as words; and that of something else
MEANT_ALONE = 0.6  # and what needs no word in common but names, where it is asked openly
MEANT_OPENLY = 0.55  # and what is as good where an answer has words of its own
MEANT_NEARLY, TOGETHER = 0.5, 0.88  # and what makes up for words of which some are there, with them
TOGETHER_THERE = 0.8  # the same, where all is about what is asked
IN_KIND, PARTLY = frozenset({Asks.TERMS}), 0.5  # whose answers say little of what is asked, where they follow on it
OPEN = frozenset({Asks.WHY, Asks.HOW, Asks.CHANGE, Asks.COMPARISON, Asks.WHETHER, Asks.TERMS, Asks.VIEW})
OWN = frozenset({Asks.WHEN, Asks.COUNT, Asks.AMOUNT})  # which one has and another has not
HEADED, SEVERAL = frozenset({*FACTS, Asks.MEANING, Asks.LIST}), 2  # and words of what is asked for of somebody
_HEAD = re.compile(r"^(?:[Ww]hat|[Ww]ho) (?:is|are|was|were) the ([\w-]+(?: [\w-]+)*?) (?:of|in) (?:the )?[A-ZÀ-Þ]")
ALIKE, KIN = 5, 4  # letters in which two words begin alike: nuclear, nuclearisation; and decide, decision
_ENDING = re.compile(r"(?:c|e?d|s{1,2}(?:or|iv)?)$")


@dataclass(frozen=True, slots=True)
class Support:
    """`share`: how much of what is asked stands around a sentence, by weight. `missing`: what does not, though it must."""

    share: float
    missing: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.missing and self.share >= LEAST


class Supporting:
    """What was found for one question, asked how far it goes."""

    def __init__(self, question: Question, passages: Sequence[Passage], weights: Mapping[str, float]) -> None:
        self._question, self._weights = question, weights
        articles: dict[int, list[Passage]] = {}
        for passage in passages:
            articles.setdefault(passage.source.id, []).append(passage)
        self._articles = {number: Article(own) for number, own in articles.items()}
        self._nowhere = self._rare_and_nowhere(passages)

    def of(self, said: Said) -> Support:
        around = self._around(said.passage)
        total = sum(self._weights.values()) or 1.0
        share = sum(weight for term, weight in self._weights.items() if _has(around.roots, term)) / total
        missing = self._missing(around)
        if self._question.is_bound and not missing and not self._is_within_its_years(said):
            missing = [self._years]
        return Support(share, (*self._nowhere, *missing))

    def answers(self, one: Ranked) -> bool:
        """It bears what is asked, and of a fact says itself what is asked: a date where that is when.

        Near in meaning is not enough without a word in common, or a name where it is asked openly: some are near to anything.
        """
        if not self.of(one.said).holds or (one.close is not None and one.close < UNLIKE):
            return False
        if not self._has_head(one.said) or self._is_beside_it(one.said):
            return False
        before = one.said.before.text if one.said.before else ""
        if one.close is not None and one.close >= (MEANT_OPENLY if self._question.asks in OPEN else MEANT):
            told = self._told(f"{self._around(one.said.passage).text} {before}")
            return self.is_of_the_asked_kind(one.said) and (told > 0 or self._is_meant_alone(one.close))
        if self._question.asks in IN_KIND and self._is_told_there(one.said, least=PARTLY):
            return True
        if self._question.asks not in FACTS:
            return self._told(f"{self._around(one.said.passage).text} {before}") >= TOUCHED
        told = self._told(f"{before} {one.said.text}")
        together = TOGETHER_THERE if self._is_told_there(one.said) else TOGETHER
        nearly = one.close is not None and one.close >= MEANT_NEARLY and told + one.close >= together
        return self.is_of_the_asked_kind(one.said) and (told >= TOLD or nearly)

    def _is_meant_alone(self, close: float) -> bool:
        """What is asked openly of somebody who is named there, is so near to it that it need not say it in the same words."""
        return close >= MEANT_ALONE and self._question.asks in OPEN and bool(self._named)

    def _has_head(self, said: Said) -> bool:
        """What is asked for of a named one ("the legal system of Velland") is told of in its words, if these are several."""
        head = _HEAD.search(self._question.text)
        if not head or self._question.asks not in HEADED:
            return True
        wanted, before = roots(head[1]), said.before.text if said.before else ""
        told = frozenset(roots(f"{said.passage.source.headline} {before} {said.text}"))
        return len(wanted) < SEVERAL or all(_has(told, stem) for stem in wanted)

    def _is_beside_it(self, said: Said) -> bool:
        """A figure that is no population where that is asked for; a day or a figure of another's."""
        question = self._question
        if doers.asks_for_population(question):
            return not doers.tells_population(question, said)
        return question.asks in OWN and doers.is_of_another(question, said)

    def _is_told_there(self, said: Said, *, least: float = 1.0) -> bool:
        """It says what is asked for where all is about that: in a paragraph that names it above, or below such a headline."""
        if signs.sign(self._question, said.text) < least or not self._named:
            return False
        above = said.passage.text[: said.sentence.start]
        return any(self._is_about_it(text) for text in (above, said.passage.source.headline))

    def _is_about_it(self, text: str) -> bool:
        """By its names that no gazetteer has, where there are such: those that it has are looked for elsewhere."""
        told = frozenset(roots(text))
        names = [name for name in self._other_names if not name.isdigit()]
        wanted = {stem for name in names for stem in roots(name)} or {one for one in self._named if not YEAR.fullmatch(one)}
        return all(_has(told, stem) for stem in wanted)

    def is_of_the_asked_kind(self, said: Said) -> bool:
        """A date where it asks when; of what has no such signs, anything."""
        return self._question.asks not in FACTS or signs.sign(self._question, said.text) > 0

    def _told(self, text: str) -> float:
        """How much of what the question says beside names stands in a text; all of it where it says no more."""
        told = frozenset(roots(text))
        wanted = {term: weight for term, weight in self._weights.items() if term not in self._named}
        own = sum(weight for term, weight in wanted.items() if _has(told, term))
        total = sum(wanted.values())
        return own / total if total else 1.0

    @cached_property
    def _named(self) -> frozenset[str]:
        """Stems of names and years: where they stand is asked otherwise."""
        question = self._question
        marked = shipped().find(question.text)
        texts = (*question.names, *(question.text[one.start : one.end] for one in marked), *YEAR.findall(question.text))
        return frozenset(stem for text in texts for stem in roots(text))

    def _missing(self, around: Surroundings) -> list[str]:
        question = self._question
        lacking = [key for key in question.actors if not around.names(key)]
        if question.asks is Asks.COMPARISON and len(lacking) < len(question.actors):
            lacking = []  # each side is told of by itself
        missing = [shipped().actors[key].name for key in lacking]
        missing += [name for name in self._other_names if not _is_named(around, name)]
        missing += [str(month) for month in question.months if not around.is_of(month)]
        return missing if question.months or self._is_of_the_years(around) else [*missing, *YEAR.findall(question.text)]

    @cached_property
    def _other_names(self) -> tuple[str, ...]:
        """Those that the gazetteer does not know, and numbers that are no years."""
        known = shipped()
        days = [str(month.day) for month in self._question.months]
        words = folded(self._question.text).split()
        numbers = [word for word in words if word.isdigit() and word not in days and not YEAR.fullmatch(word)]
        return (*(name for name in self._question.names if not known.find(name) and not YEAR.fullmatch(name)), *numbers)

    @property
    def _years(self) -> str:
        years = self._question.years or ()
        return "–".join(map(str, years[:1] if self._question.open_ended else dict.fromkeys(years)))

    def _is_within_its_years(self, said: Said) -> bool:
        """By the years that the sentence itself names; by its article's day where it names none."""
        named = [int(year) for year in YEAR.findall(said.text)] or [said.passage.source.dated_on.year]
        return any(map(self._question.is_within, named))

    def _is_of_the_years(self, around: Surroundings) -> bool:
        if not self._question.years:
            return True
        return any(map(self._question.is_within, around.years))

    def _rare_and_nowhere(self, passages: Sequence[Passage]) -> tuple[str, ...]:
        rare = [term for term, weight in self._weights.items() if weight >= RARE and not YEAR.fullmatch(term)]
        if not rare:
            return ()
        said = frozenset(stem for one in passages for stem in roots(one.text)) | {
            stem for one in self._articles.values() for stem in roots(one.source.headline)
        }
        return tuple(term for term in rare if not _has(said, term))

    def _around(self, passage: Passage) -> Surroundings:
        return self._articles[passage.source.id].around(passage)


def _is_named(around: Surroundings, name: str) -> bool:
    """By itself, as a continent's own; or by the country whose capital speaks for it."""
    if any(map(around.has_name, (name, *filter(str.istitle, words_like(name))))):
        return True
    return any(map(around.names, shipped().spoken_for(name)))


def _has(said: frozenset[str], term: str) -> bool:
    return term in said or any(_alike(term, other) for other in said)


def _alike(one: str, other: str) -> bool:
    """Indonesia and Indonesian: one begins as the other is; or they are kin as to decide and a decision are."""
    if len(one) >= ALIKE and len(other) >= ALIKE and (one.startswith(other) or other.startswith(one)):
        return True
    return one[:KIN] == other[:KIN] and _root(one) == _root(other)


@lru_cache(maxsize=50_000)
def _root(stem: str) -> str:
    """Without the end at which such differ: decid and decis, defenc and defens, succeed and successor."""
    bare = _ENDING.sub("", stem)
    return bare if len(bare) >= KIN else stem
