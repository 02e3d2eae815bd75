"""Whom and when a passage is about: by its own words, by those around it, and by what its article as a whole is about. Pure.

A name counts that stands in the passage or the one before, in the headline or where the article opens; a country by its capital
and its leaders too, where the article names it; a person by the surname, where the article has the whole name, or is theirs.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from datetime import timedelta
from functools import cached_property

from broadsheet.library.gazetteer import Sort, shipped
from broadsheet.library.letters import folded
from broadsheet.research.asking import YEAR, Month
from broadsheet.research.kin import roots
from broadsheet.research.sources import Passage

BEFORE = 2  # paragraphs that are read with one in which somebody goes on speaking
OPENING = 2  # paragraphs in which an article says what it is about
STILL_NEWS = timedelta(days=21)  # after which a month is told of no more without being named
TITLES = frozenset(
    [
        "president",
        "prime",
        "minister",
        "chancellor",
        "king",
        "queen",
        "sultan",
        "emir",
        "prince",
        "princess",
        "pope",
        "general",
        "admiral",
        "colonel",
        "senator",
        "secretary",
        "sir",
        "lord",
        "lady",
        "dame",
        "mr",
        "mrs",
        "ms",
        "dr",
        "professor",
        "premier",
        "governor",
        "ambassador",
        "chairman",
        "captain",
        "major",
        "marshal",
        "minister",
        "foreign",
    ]
)
_SPAN = re.compile(r"\b(1[5-9]\d\d|20\d\d) ?[–-] ?(1[5-9]\d\d|20\d\d)\b")
MIDDLE = r"(?: \w+){0,2}? "  # between a first name and a surname


class Article:
    """Its paragraphs, as far as they may be read."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.source, self.passages = passages[0].source, passages
        self._places = {one.number: n for n, one in enumerate(passages)}
        self._around: dict[int, Surroundings] = {}

    def around(self, passage: Passage) -> "Surroundings":
        if passage.number not in self._around:
            self._around[passage.number] = Surroundings(self, self._places[passage.number])
        return self._around[passage.number]

    @cached_property
    def opening(self) -> str:
        return "\n".join((self.source.headline, *(one.text for one in self.passages[:OPENING])))

    @cached_property
    def opening_words(self) -> frozenset[str]:
        return frozenset(folded(self.opening).split())

    @cached_property
    def opening_years(self) -> frozenset[int]:
        """With those between, where its headline names a time that lasted."""
        spans = [range(int(first), int(last) + 1) for first, last in _SPAN.findall(self.source.headline)]
        return frozenset(map(int, YEAR.findall(self.opening))).union(*spans)

    @cached_property
    def opening_actors(self) -> frozenset[str]:
        """The headline by itself too: one that is shouted says nothing of what stands below."""
        on = self.source.dated_on
        return frozenset(mention.key for text in (self.opening, self.source.headline) for mention in shipped().find(text, on=on))

    @cached_property
    def folded(self) -> str:
        return " ".join(folded(f"{self.source.headline}\n{self._whole}\n{' '.join(self.source.contributors)}").split())

    @cached_property
    def _whole(self) -> str:
        return "\n".join(one.text for one in self.passages)

    @cached_property
    def _named(self) -> tuple[list[int], list[str]]:
        """Where somebody is named, read as one text: what speaks only for those whom the article names elsewhere counts."""
        head = f"{self.source.headline}\n"
        found = shipped().find(head + self._whole, on=self.source.dated_on)
        return [one.start - len(head) for one in found], [one.key for one in found]

    @cached_property
    def _begins(self) -> list[int]:
        begins = [0]
        for one in self.passages:
            begins.append(begins[-1] + len(one.text) + 1)
        return begins

    def named_in(self, first: int, last: int) -> frozenset[str]:
        """Keys of the actors in these of its paragraphs, the last exclusive; with a leader the country that is led."""
        starts, keys = self._named
        own = keys[bisect_left(starts, self._begins[first]) : bisect_left(starts, self._begins[last])]
        return frozenset(own) | {shipped().actors[key].of for key in own}

    def has_name(self, words: Sequence[str]) -> bool:
        """The whole of it, with at most two more between the first and the last."""
        return bool(re.search(rf"\b{MIDDLE.join(map(re.escape, words))}\b", self.folded))


class Surroundings:
    """What stands around a passage, with the headline above it."""

    def __init__(self, article: Article, n: int) -> None:
        self.article, self._n = article, n
        near = article.passages[max(0, n - BEFORE) : n + 1] if article.passages[n].speaker else article.passages[n : n + 1]
        self.text = "\n".join((article.source.headline, *(one.text for one in near)))

    @cached_property
    def roots(self) -> frozenset[str]:
        return frozenset(roots(self.text))

    @cached_property
    def words(self) -> frozenset[str]:
        by = " ".join((self.article.passages[self._n].speaker, *self.article.source.contributors))
        return frozenset(folded(f"{self.text} {self._before} {by}").split()) | self.article.opening_words

    @property
    def _before(self) -> str:
        return self.article.passages[max(0, self._n - 1)].text

    @cached_property
    def years(self) -> frozenset[int]:
        named = frozenset(map(int, YEAR.findall(f"{self.text} {self._before}")))
        return named | self.article.opening_years | {self.article.source.dated_on.year}

    @cached_property
    def _actors(self) -> frozenset[str]:
        return frozenset(mention.key for mention in shipped().find(self.text, on=self.article.source.dated_on))

    @cached_property
    def _more_actors(self) -> frozenset[str]:
        return self.article.named_in(max(0, self._n - BEFORE), self._n + 1)

    def names(self, key: str) -> bool:
        """An actor of the gazetteer."""
        if key in self._actors or key in self.article.opening_actors or key in self._more_actors:
            return True
        actor = shipped().actors[key]
        return actor.sort is Sort.PERSON and self.has_name(actor.name)

    def has_name(self, name: str) -> bool:
        """As it is written, without titles; or its last word, where the article has the whole of it or is by who is so called."""
        words = [word for word in folded(name).split() if word not in TITLES] or folded(name).split()
        if self.words.issuperset(words):
            return True
        return len(words) > 1 and words[-1] in self.words and self.article.has_name(words)

    def is_of(self, month: Month) -> bool:
        """It names it, or came out in it, or soon after."""
        dated = self.article.source.dated_on
        if month.first <= dated < month.until + STILL_NEWS:
            return True
        return month.first.year in self.years and month.name in self.words
