"""Which sentences of what was found answer best: a first look at all by their words, then at the likeliest by all. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Protocol

from broadsheet.research import answering
from broadsheet.research.answering import Candidate, Near
from broadsheet.research.asking import Asks, Question
from broadsheet.research.kin import roots, weights
from broadsheet.research.sentences import Sentence, sentences
from broadsheet.research.sources import Passage, Rarities

LOOKED_AT = 160  # sentences that signs are looked for in
EMBEDDED, WORDS_EMBEDDED = 64, 900  # sentences that are compared in meaning, and words of them: some three thousand a second
OF_ITSELF = 3.0  # what a sentence has that says itself what of the question its headline does not
SAME = 0.7  # share of the words of two, that both have, from which they say nearly the same
FURTHER_DOWN = 0.1  # of one that was not compared, in its order by words
ENTRY = 6.0  # what a profile's line has that begins with what is asked for
_LABEL = re.compile(r"([A-Z][^.:]{2,60}): \S")
ARTICLE = 6.0  # what the best article's sentence has over that of one that hardly was found


CLOSED = frozenset({*answering.FACTS, Asks.MEANING, Asks.LIST})  # questions that have one answer
TELLS_NO_CAUSE = 2.0  # what is not for an entry of a digest, where it asks why
MEANT, OPENING = 4.0, 2.0  # of what is asked openly: what closeness is worth besides, and what an article's opening is not


class Nearness(Protocol):
    def of(self, question: str, texts: Sequence[str], *, together: Sequence[object]) -> list[Near]: ...


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence where it stands. `before`: the sentence before it in its paragraph."""

    sentence: Sentence
    passage: Passage
    place: int
    before: Sentence | None
    topic: str = ""

    @property
    def text(self) -> str:
        return self.sentence.text

    @property
    def candidate(self) -> Candidate:
        return Candidate(self.text, self.place, self.before.text if self.before else "", self.topic)


@dataclass(frozen=True, slots=True)
class Ranked:
    """`close`: in meaning to the question; None where that is not known."""

    said: Said
    score: float
    close: float | None = None


def said_in(passages: Sequence[Passage]) -> Iterator[Said]:
    """All sentences of the articles, each with what it follows. Passages of an article stand together and in order."""
    for _, of_one in groupby(passages, key=attrgetter("source.id")):
        place, topic = 0, ""
        for passage in of_one:
            before = None
            for sentence in sentences(passage.text, speaker=passage.speaker):
                topic = topic or f"{passage.source.headline}. {sentence.text}"
                yield Said(sentence, passage, place, before, topic)
                place, before = place + 1, sentence


def ranked(question: Question, said: Sequence[Said], *, rarities: Rarities, nearness: Nearness | None = None) -> list[Ranked]:
    """The best first, as many as were looked at closely."""
    weighed = weights(question.terms, rarities)
    entries = [one for one in said if _is_entry_of(question, one)]
    entered = set(map(id, entries))
    likely = [
        *entries,
        *likeliest([one for one in said if id(one) not in entered], weighed, most=max(0, LOOKED_AT - len(entries))),
    ]
    looked_at = _scored(question, likely, rarities, None)
    if nearness is None or not looked_at:
        return looked_at
    few, alike = _for_meaning(looked_at)
    near = nearness.of(question.text, [one.text for one in few], together=[one.passage.source.id for one in few])
    known = [*few, *(said for said, _ in alike)]
    closer = _scored(question, known, rarities, [*near, *(near[n] for _, n in alike)])
    least, compared = closer[-1].score, set(map(id, known))
    others = (one.said for one in looked_at if id(one.said) not in compared)
    return [*closer, *(Ranked(said, least - FURTHER_DOWN * n) for n, said in enumerate(others, start=1))]


def _for_meaning(ranked: Sequence[Ranked]) -> tuple[list[Said], list[tuple[Said, int]]]:
    """The first, as many as time allows; and what says nearly the same as one of these, which is as near as that."""
    few: list[Said] = []
    alike: list[tuple[Said, int]] = []
    told: list[set[str]] = []
    words = 0
    for one in ranked:
        own, length = set(roots(one.said.text)), len(one.said.text.split())
        twin = next((n for n, other in enumerate(told) if len(own & other) > SAME * len(own | other)), None)
        if twin is not None:
            alike.append((one.said, twin))
            continue
        if len(few) == EMBEDDED or (few and words + length > WORDS_EMBEDDED):
            break
        few.append(one.said)
        told.append(own)
        words += length
    return few, alike


def likeliest(said: Sequence[Said], weighed: Mapping[str, float], *, most: int) -> list[Said]:
    """By what of the question stands in each and around it."""
    around: dict[str, float] = {}

    def likely(one: Said) -> float:
        topic = around.setdefault(one.topic, worth(weighed, one.topic)) if one.topic else 0.0
        before = worth(weighed, one.before.text) if one.before else 0.0
        return worth(weighed, one.text) + answering.SAID_BEFORE * max(topic, before) + one.passage.source.score

    scores = [likely(one) for one in said]
    return [said[n] for n in answering.in_order([one.text for one in said], scores)[:most]]


def _scored(question: Question, said: Sequence[Said], rarities: Rarities, near: Sequence[Near] | None) -> list[Ranked]:
    by_sentence = answering.scores(question, [one.candidate for one in said], rarities=rarities, near=near)
    weighed = weights(question.terms, rarities)
    total = sum(weighed.values()) or 1.0
    scores = [
        score
        + ARTICLE * one.passage.source.score
        + OF_ITSELF * (worth(weighed, f"{one.topic} {one.text}") - worth(weighed, one.topic)) / total
        + openly
        + ENTRY * _is_entry_of(question, one)
        for score, one, openly in zip(by_sentence, said, _openly(question, said, near), strict=True)
    ]
    return [
        Ranked(said[n], scores[n], near[n].question if near else None)
        for n in answering.in_order([one.text for one in said], scores)
    ]


def _is_entry_of(question: Question, one: Said) -> bool:
    """A profile's line that begins with all that is asked for beside names: "Political parties: …"."""
    label = _LABEL.match(one.text)
    if not label:
        return False
    named = {stem for name in question.names for stem in roots(name)}
    wanted = set(question.terms) - named
    return bool(wanted and named) and wanted <= set(roots(label[1])) and named <= set(roots(one.passage.source.headline))


def _openly(question: Question, said: Sequence[Said], near: Sequence[Near] | None) -> list[float]:
    """What is asked openly is seldom answered by how an article opens, and often in other words than it is asked in."""
    if near is None or question.asks in CLOSED:
        return [0.0] * len(said)
    less = TELLS_NO_CAUSE * (question.asks is Asks.WHY)
    return [
        MEANT * each.question - OPENING / (1 + one.place) - less * one.passage.source.digest
        for one, each in zip(said, near, strict=True)
    ]


def worth(weighed: Mapping[str, float], text: str) -> float:
    """How much of the question stands in a text, by weight."""
    return sum(weighed[root] for root in weighed.keys() & set(roots(text)))
