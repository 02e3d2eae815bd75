"""From a query to hits in their order: by words, by meaning where there is a model. Pages and benchmarks take this one way."""

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest
from itertools import pairwise
from operator import itemgetter
from typing import Protocol

from broadsheet.library import english, ranking
from broadsheet.library.letters import folded
from broadsheet.library.looking import Looking, Matching
from broadsheet.library.query import Item, Node, Phrase, Query, Word, is_filter
from broadsheet.library.sight import Sight
from broadsheet.library.stems import STEMMED
from broadsheet.library.tantivy_index import Hit

LOOKED_AT = 200  # of the words' order, that are looked at once more
NEAREST = 100  # found by meaning besides
FEW_ARTICLES = 50_000  # in so many, words are looked for in all sooner than in each of those that are looked at once more
ENOUGH = 100  # with fewer hits, fewer of the words need to occur
SHARES = (1.0, 0.75, 0.5)  # of the words, before a single one is enough
MOST_MEANT = 5  # words that somebody may have meant, of which some may be left of articles that are gone
MOST_MISTYPED, LONGEST_MISTYPED = 8, 30  # words of a query, and letters of one, that are looked for as somebody meant them
DEEPEST = 2_000  # hits by relevance that can be paged through


class Meaning(Protocol):
    def like(self, document_id: int, text: str, *, most: int) -> dict[int, float]: ...

    def nearest(self, text: str, *, sight: Sight, lit: Collection[int], most: int) -> list[int]: ...

    def closeness(
        self, text: str, ids: Sequence[int], *, sight: Sight, lit: Collection[int], words: Sequence[float]
    ) -> list[float]: ...


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found; `ordered` are the first by relevance, the others follow by words."""

    looking: Looking
    query: Query
    matching: Matching
    total: int
    ordered: tuple[Hit, ...] = ()
    scoring: Matching | None = None


def find(looking: Looking, query: Query, *, meaning: Meaning | None, at: float) -> Finding:
    """By relevance. `at`: seconds since 1970, for what is new."""
    asked = stems_of(query)
    matching, near = _matching(looking, query, meaning)
    if not _asks_for_words(query):
        return Finding(looking, query, matching, looking.count(matching))
    scoring = looking.scoring(asked)
    total, hits = looking.hits_of_all(matching, scoring, most=LOOKED_AT)
    missing = set(near) - set(looking.ids(hits)) if near and total > len(hits) else set()
    if missing:
        hits += looking.hits(looking.among(missing, matching), scoring, most=len(missing))
    if hits:
        hits = _fed(looking, matching, hits, asked, all_of_it=total == len(hits))
    return Finding(looking, query, matching, total, tuple(_ordered(looking, query, matching, hits, meaning, at)), scoring)


def found(looking: Looking, query: Query, *, meaning: Meaning | None) -> Finding:
    """The same, in no order."""
    matching, _ = _matching(looking, query, meaning)
    return Finding(looking, query, matching, looking.count(matching))


def _asks_for_words(query: Query) -> bool:
    return any(not is_filter(item) and not item.minus for item in query.items)


def stems_of(query: Query) -> Counter[str]:
    return Counter(stem for text in query.words for stem in STEMMED.analyze(text))


def _matching(looking: Looking, query: Query, meaning: Meaning | None) -> tuple[Matching, list[int]]:
    """What matches, and what is near besides.

    Operators are taken at their word. Of plain words fewer need occur where all hardly do; what is near in meaning joins.
    """
    if not query.is_plain or not query.words:
        return looking.matching(query.items), []
    near = meaning.nearest(text_of(query), sight=looking.sight, lit=looking.lit_ids(), most=NEAREST) if meaning else []
    query = _without_stop_words(query)
    least = _least(looking, tuple(item for item in query.items if not is_filter(item)))
    return looking.matching(query.items, least=least, also=near), near


def _least(looking: Looking, words: tuple[Item, ...]) -> int:
    """How many of the words must occur, so that enough does."""
    numbers = dict.fromkeys(math.ceil(share * len(words)) for share in SHARES)
    return next((least for least in numbers if least > 1 and _finds_enough(looking, words, least)), 1)


def _finds_enough(looking: Looking, words: tuple[Item, ...], least: int) -> bool:
    """Not counted where too few have any of the rarest words, of which one must occur."""
    rarest = sorted(map(looking.at_most, words))[: len(words) - least + 1]
    return sum(rarest) >= ENOUGH and looking.count(looking.matching(words, least=least)) >= ENOUGH


def _without_stop_words(query: Query) -> Query:
    """Unless there is nothing else."""
    told = tuple(item for item in query.items if is_filter(item) or any(_says_something(node) for node in item.any_of))
    return replace(query, items=told) if any(not is_filter(item) for item in told) else query


def _says_something(node: Node) -> bool:
    return isinstance(node, Word) and bool(STEMMED.analyze(node.text))


def text_of(query: Query) -> str:
    return " ".join(query.words)


def _fed(looking: Looking, matching: Matching, hits: list[Hit], asked: Counter[str], *, all_of_it: bool) -> list[Hit]:
    """In the order of a second look: words that the best documents share lead to others like them, and neighbours count."""
    weights = {stem: float(times) for stem, times in asked.items()}
    documents = [(score, looking.stems_of(address)) for score, address in hits[: ranking.FEEDBACK_FROM]]
    weights = ranking.expanded(weights, documents=documents, rarities=looking.rarities)
    pairs = list(pairwise(asked))
    if looking.size <= FEW_ARTICLES:
        return looking.hits(matching, looking.scoring(weights, pairs=pairs), most=len(hits))
    return looking.rescored(matching if all_of_it else looking.these(hits), weights, pairs=pairs, most=len(hits))


def _ordered(
    looking: Looking, query: Query, matching: Matching, hits: list[Hit], meaning: Meaning | None, at: float
) -> list[Hit]:
    scores = [score for score, _ in hits]
    if meaning and hits and (text := text_of(query)):
        ids = looking.ids(hits)
        closeness = meaning.closeness(text, ids, sight=looking.sight, lit=looking.lit_ids(), words=scores)
        scores = ranking.fused(scores, closeness)
    fresh = ranking.freshened(scores, moments=looking.days(hits), at=at)
    scored = [(score, address) for score, (_, address) in zip(fresh, hits, strict=True)]
    return _headlines_first(looking, query, matching, sorted(scored, key=itemgetter(0), reverse=True))


def _headlines_first(looking: Looking, query: Query, matching: Matching, hits: list[Hit]) -> list[Hit]:
    words = folded(text_of(query))
    if not words or not looking.is_headline(words):
        return hits
    first = looking.with_headline(matching, words)
    wanted = {place(hit) for hit in first}
    return [*first, *(hit for hit in hits if place(hit) not in wanted)]


def place(hit: Hit) -> tuple[int, int]:
    _, address = hit
    return address.segment_ord, address.doc


def page_of(finding: Finding, *, skip: int, most: int) -> list[Hit]:
    """By relevance, as far as `DEEPEST`."""
    until = min(skip + most, DEEPEST)
    if until <= len(finding.ordered) or finding.scoring is None:
        return list(finding.ordered[skip:until])
    looking = finding.looking
    known = {place(hit) for hit in finding.ordered}
    rest = [hit for hit in looking.hits(finding.matching, finding.scoring, most=until) if place(hit) not in known]
    return [*finding.ordered, *rest][skip:until]


# What was meant


def reread(looking: Looking, finding: Finding) -> Query | None:
    """Another reading of a query: with words that the library knows, or plainly where nothing is as it says."""
    query = finding.query
    if slips := corrections(looking, query):
        return query.reworded(slips)
    if finding.total or query.is_plain:
        return None
    return query.plainly()


def corrections(looking: Looking, query: Query) -> dict[str, str]:
    """For what is no word of English and stands in no text, the most frequent word that is a slip of the finger or two away."""
    words = [node.text for item in query.items if not item.minus for node in item.any_of if isinstance(node, Word)]
    unknown = [word for word in dict.fromkeys(words) if _may_be_mistyped(looking, folded(word))]
    meant = {word: _meant(looking, folded(word)) for word in unknown[:MOST_MISTYPED]}
    return {word: better for word, better in meant.items() if better}


def _may_be_mistyped(looking: Looking, word: str) -> bool:
    might_be = " " not in word and 4 <= len(word) <= LONGEST_MISTYPED and not word.isdigit()
    return might_be and not looking.frequency(word) and word not in english.words()


def _meant(looking: Looking, word: str) -> str:
    near = {other: times for other in ranking.one_slip_away(word) if (times := looking.frequency(other))}
    if not near:
        known = looking.words_beginning(word[:2], most=20_000)
        near = {other: times for other, times in known if ranking.is_two_slips_away(word, other)}
    best = nlargest(MOST_MEANT, near, key=lambda other: (near[other], other))
    return next((other for other in best if looking.count(looking.matching([Item((Phrase(other),))]))), "")
