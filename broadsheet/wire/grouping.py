"""Which items tell the same event, decided for each as it arrives. Pure and deterministic; to place changes nothing.

What an item has in common with a story is how much of its words the story has, rare ones counting more, and, where there are
vectors, how near their directions lie. From that is taken what it has in common with the next best stories, so that a subject of
which everybody writes asks for more, and a part a day that lies between them, so that a story ends and the next one of the same
saga begins. Nothing is joined later by itself: that is the editor's.

One setting for all streams, measured by `make bench-stories`.
"""

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from broadsheet.wire.gathered import Gathered, Told, cosine, unit
from broadsheet.wire.terms import is_year, numbers_in, terms_of

DAYS = timedelta(days=7)  # for which a story waits for another telling
BAR = 0.15  # what a telling must have in common with a story to join it
WORDS = 0.4  # beside meaning, which counts 1
LEAST_WORDS_ALONE = 2  # one word in common is no event
WORDS_ALONE = 3.0  # where one of the two has no vector
CROWD, CROWD_OF = 0.8, 5  # of the mean that it has in common with so many next best stories
CROWD_USUAL = 0.25  # where there are fewer
FADING = 0.3  # a day between it and the middle of the story
APART = 0.2  # other numbers and other names: another quake
STRANGERS = 0.2  # other names alone: where one tells of Norway and the other of Nigeria, they seldom tell the same
LEAST_ALIKE = 0.4  # by meaning: where little is told, the nearest story may be far away
IN_SUMMARY, NAMED = 0.5, 0.5  # beside a word of the title
SHARE = 0.25  # power of the share of a story's tellings that have a word
FEW = 4.0  # what is supposed to be missing from every title: one of two words has little in common with anything
KNOWN_BEFORE = 200  # tellings supposed to have been read already, so that the first are not all rare
LOOKED_AT = 20  # stories, the best by words
COMMON = 300  # a word of more stories finds none, and only weighs
SAME_HEADLINE = 86_400  # seconds between two tellings
LEAST_IN_HEADLINE = 4  # terms, that it be no "Morning briefing"
SHOWN = 5
NAME = "@"  # before a name among the words
A_DAY = 86_400  # seconds


@dataclass(frozen=True, slots=True)
class Telling:
    """An item, as it is compared. `published`: where its feed does not say, when it was first met; `names`: keys of actors."""

    id: int
    title: str
    summary: str
    outlet: str
    published: datetime
    language: str
    names: frozenset[str]
    link_key: str
    vector: Sequence[float] | None


@dataclass(frozen=True, slots=True)
class Placing:
    """`story` is None where the telling begins one; the score is then the best that it had with any."""

    story: int | None
    score: float
    shared: tuple[str, ...]
    why: str


class _Likeness(NamedTuple):
    """Of a telling and a story: in all, and after what time and other numbers take from it."""

    story: int
    common: float
    score: float
    by_meaning: bool


class Grouper:
    """The tellings of the last days, by story. Made again by putting the stored ones, in the same order."""

    def __init__(self) -> None:
        self._stories: dict[int, Gathered] = {}
        self._standing: dict[int, int] = {}  # in which story a telling stands
        self._known: Counter[str] = Counter()  # tellings that have a term
        self._places: defaultdict[str, dict[int, int]] = defaultdict(dict)  # how many tellings of which stories have a term
        self._links: defaultdict[str, dict[int, None]] = defaultdict(dict)
        self._headlines: defaultdict[frozenset[str], dict[int, None]] = defaultdict(dict)
        self._by_age: list[tuple[int, int]] = []
        self._muted: set[int] = set()

    def __len__(self) -> int:
        return len(self._standing)

    def place(self, telling: Telling, at: datetime) -> Placing:
        told = _told(telling)
        if certain := self._certain(told):
            return certain
        weights = {term: weight * self._rarity(term) for term, weight in told.weights.items()}
        found = self._likenesses(told, weights, since=int((at - DAYS).timestamp()))
        if not found:
            return Placing(None, 0.0, (), "nothing of the last days has its words")
        best = max(found, key=lambda each: (each.score, -each.story))
        crowd = sorted((each.common for each in found if each.story != best.story), reverse=True)[:CROWD_OF]
        crowd += [CROWD_USUAL] * (CROWD_OF - len(crowd))
        score = best.score - CROWD * sum(crowd) / CROWD_OF
        shared = self._shared(telling, weights, best.story)
        too_little = best.common < LEAST_ALIKE if best.by_meaning else len(shared) < LEAST_WORDS_ALONE
        if score < BAR or too_little:
            return Placing(None, score, shared, f"the nearest story has too little in common with it: {', '.join(shared)}")
        return Placing(best.story, score, shared, f"it has in common with the story: {', '.join(shared)}")

    def put(self, telling: Telling, story: int) -> None:
        """It stands there from now on, and nowhere else."""
        self._leave(telling.id)
        self._enter(_told(telling), story)

    def leave(self, id: int) -> None:
        """It is not known any more."""
        self._leave(id)

    def story_of(self, id: int) -> int | None:
        """Where it stands; None of one that is not known, or forgotten."""
        return self._standing.get(id)

    def merge(self, into: int, other: int) -> None:
        """All that tells the other tells `into` from now on; whether that one is muted stays as it was."""
        self._move(tuple(self._stories[other].told) if other in self._stories else (), into)
        self._muted.discard(other)

    def split(self, ids: Collection[int], story: int) -> None:
        """They stand there from now on. Ids that are forgotten by now are passed over."""
        self._move([id for id in ids if id in self._standing], story)

    def mute(self, story: int) -> None:
        """New tellings go on joining it, so that they stay unseen; it does not fade as long as it is told."""
        self._muted.add(story)

    def forget(self, before: datetime) -> None:
        """What was published before. A story that nothing is left of is gone."""
        end = math.ceil(before.timestamp())
        while self._by_age and self._by_age[0][0] < end:
            moment, id = heapq.heappop(self._by_age)
            story = self._standing.get(id)
            if story is None or self._stories[story].told[id].at != moment:
                continue  # put again since, with another date
            self._leave(id)
            if story not in self._stories:
                self._muted.discard(story)

    def _certain(self, told: Told) -> Placing | None:
        if told.id in self._standing:
            return Placing(self._standing[told.id], 1.0, (), "it stands there already")
        if told.link_key and (same := self._links.get(told.link_key)):
            return Placing(self._standing[max(same)], 1.0, (), "the same page was told before")
        if len(told.headline) < LEAST_IN_HEADLINE:
            return None
        alike = [id for id in self._headlines.get(told.headline, ()) if abs(self._told(id).at - told.at) <= SAME_HEADLINE]
        if alike:
            latest = self._told(max(alike))
            by = "the same outlet" if latest.outlet == told.outlet else latest.outlet
            return Placing(self._standing[latest.id], 1.0, (), f"the same headline, of {by}")
        return None

    def _likenesses(self, told: Told, weights: Mapping[str, float], *, since: int) -> list[_Likeness]:
        whole = sum(weights.values()) + FEW
        shares = self._shares(weights)
        nearest = heapq.nlargest(LOOKED_AT, ((share, -story) for story, share in shares.items()))
        return [
            self._likeness(told, -story, share / whole)
            for share, story in nearest
            if self._stories[-story].last >= since or -story in self._muted
        ]

    def _shares(self, weights: Mapping[str, float]) -> dict[int, float]:
        """How much of the words each story has. Rarest first: a common word finds nothing where a rarer one found something."""
        shares: dict[int, float] = {}
        for term in sorted(weights, key=lambda term: (-weights[term], term)):
            places, weight = self._places.get(term, {}), weights[term]
            among = shares.keys() & places.keys() if shares and len(places) > COMMON else places
            for story in among:
                many, all_of_it = places[story], len(self._stories[story].told)
                shares[story] = shares.get(story, 0.0) + (weight if many == all_of_it else weight * (many / all_of_it) ** SHARE)
        return shares

    def _likeness(self, told: Told, story: int, words: float) -> _Likeness:
        gathered = self._stories[story]
        common, by_meaning = WORDS_ALONE * words, False
        if told.vector and (direction := gathered.direction):
            common, by_meaning = cosine(told.vector, direction) + WORDS * words, True
        fading = 0.0 if story in self._muted else FADING * abs(told.at - gathered.middle) / A_DAY
        apart = 0.0 if not _are_strangers(told, gathered) else STRANGERS + (APART if _counts_otherwise(told, gathered) else 0.0)
        return _Likeness(story, common, common - fading - apart, by_meaning)

    def _shared(self, telling: Telling, weights: Mapping[str, float], story: int) -> tuple[str, ...]:
        """As it wrote them."""
        shared = sorted((term for term in weights if term in self._stories[story].terms), key=lambda term: (-weights[term], term))
        words = terms_of(telling.summary, telling.language) | terms_of(telling.title, telling.language)
        return tuple(words.get(term, term.removeprefix(NAME)) for term in shared[:SHOWN])

    def _rarity(self, term: str) -> float:
        return math.log(1 + (len(self._standing) + KNOWN_BEFORE) / (self._known[term] + 1))

    def _told(self, id: int) -> Told:
        return self._stories[self._standing[id]].told[id]

    def _move(self, ids: Collection[int], story: int) -> None:
        for told in [self._told(id) for id in ids]:
            self._leave(told.id)
            self._enter(told, story)

    def _enter(self, told: Told, story: int) -> None:
        self._standing[told.id] = story
        self._stories.setdefault(story, Gathered()).add(told)
        for term in told.weights:
            self._known[term] += 1
            self._places[term][story] = self._places[term].get(story, 0) + 1
        if told.link_key:
            self._links[told.link_key][told.id] = None
        self._headlines[told.headline][told.id] = None
        heapq.heappush(self._by_age, (told.at, told.id))

    def _leave(self, id: int) -> None:
        if id not in self._standing:
            return
        story = self._standing.pop(id)
        told = self._stories[story].told[id]
        self._stories[story].remove(told)
        if not self._stories[story].told:
            del self._stories[story]
        for term in told.weights:
            _take(self._known, term)
            _take(self._places[term], story)
            if not self._places[term]:
                del self._places[term]
        _drop(self._links, told.link_key, id)
        _drop(self._headlines, told.headline, id)


def _take(counts: dict[Any, int], key: object) -> None:
    """One less; none is not kept."""
    counts[key] -= 1
    if not counts[key]:
        del counts[key]


def _drop(index: dict[Any, dict[int, None]], key: object, id: int) -> None:
    if key in index:
        index[key].pop(id, None)
        if not index[key]:
            del index[key]


def _told(telling: Telling) -> Told:
    title = terms_of(telling.title, telling.language)
    summary = terms_of(telling.summary, telling.language)
    named = [f"{NAME}{name}" for name in sorted(telling.names)]
    weights = dict.fromkeys(named, NAMED) | dict.fromkeys(summary, IN_SUMMARY) | dict.fromkeys(title, 1.0)
    return Told(
        id=telling.id,
        at=int(telling.published.timestamp()),
        outlet=telling.outlet,
        weights=weights,
        numbers=frozenset(number for number in numbers_in(telling.title) if not is_year(number)),
        names=telling.names,
        link_key=telling.link_key,
        headline=frozenset(title),
        vector=unit(telling.vector) if telling.vector is not None else None,
    )


def _are_strangers(told: Told, gathered: Gathered) -> bool:
    return bool(told.names and gathered.names) and told.names.isdisjoint(gathered.names)


def _counts_otherwise(told: Told, gathered: Gathered) -> bool:
    """A quake of 7.1, one of 6.2. Of one country that is no sign: numbers differ in one story too, as the dead are counted."""
    return bool(told.numbers and gathered.numbers) and told.numbers.isdisjoint(gathered.numbers)
