"""The index as it stood at one moment, looked at with one sight: matching documents, their order, counts, terms.

What is in sight decides which of Tantivy's fields are asked, so neither a hit nor a score comes from what may not be read.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from heapq import nlargest
from operator import itemgetter
from typing import cast

import tantivy
from tantivy import DocAddress, FieldType, Occur

from broadsheet.access.terms import Audience
from broadsheet.library.documents import Mark, Named
from broadsheet.library.letters import folded
from broadsheet.library.query import Beginning, Day, Item, Node, Phrase, Tag, Word, is_filter
from broadsheet.library.ranking import idf_of
from broadsheet.library.sight import Sight
from broadsheet.library.stems import AS_WRITTEN, STEMMED
from broadsheet.library.tantivy_index import BASIC, FACETS, SCHEMA, Card, Hit, card_of, code_of, days_until, stored

PAIR_WINDOW = 7  # words between two neighbours of a query that still count as near
PAIR_WEIGHT = 0.2
MOST_YEARS = 25  # in a facet
MOST_VALUES = 65_000  # of a facet: Tantivy's own limit, so that counts are exact
MOST_EXPANDED = 50  # words that begin alike: Tantivy's own limit
ANY = tantivy.Query.const_score_query(tantivy.Query.all_query(), 0.0)
MANY_ARTICLES, MOST_OF_THEM = 50_000, 0.5  # in so many, where so large a share matches, the others are counted
ALL_VALUES = dict.fromkeys(FACETS, MOST_VALUES)
Matching = tantivy.Query
Bucket = tuple[int, int]  # a value's code, and how many have it
Clause = tuple[Occur, tantivy.Query]


class Counted:
    """What terms weigh in one generation of the index: counted once, as feedback asks for thousands."""

    def __init__(self) -> None:
        self.frequencies: dict[tuple[str, str], int] = {}
        self.rarities: dict[str, dict[str, float]] = {"free": {}, "full": {}}
        self.values: dict[int, Named] = {}  # of facets, by their code
        self.whole: dict[str, list[Bucket]] = {}  # of each facet, how many articles have each value

    @property
    def many(self) -> int:
        return len(self.frequencies) + sum(map(len, self.rarities.values()))


class Looking:
    """An index as it stood at one moment, looked at with one sight."""

    def __init__(self, searcher: tantivy.Searcher, sight: Sight, counted: Counted | None = None) -> None:
        """What was `counted` is kept there by whoever looks again into the same."""
        self.searcher, self.sight = searcher, sight
        self._counted = counted or Counted()
        self.size = max(1, searcher.num_docs - 1)
        self._rows: dict[tuple[int, int], tantivy.Document] = {}
        self.field = "full" if sight.entitled else "free"
        self._lit = None if sight.entitled else self._stories_in_full()

    def _doc_freq(self, field: str, term: str) -> int:
        known = self._counted.frequencies.get((field, term))
        if known is None:
            known = self._counted.frequencies[field, term] = int(self.searcher.doc_freq(field, term))
        return known

    def mark(self) -> Mark:
        hits = self.searcher.search(_term("kind_of_row", "cursor"), limit=1).hits
        said = json.loads(stored(self.searcher.doc(hits[0][1]), "card")) if hits else 0
        return Mark(*said) if isinstance(said, list) else Mark(said)  # in version 3 a number alone

    # Which documents

    def matching(self, items: Sequence[Item], *, least: int | None = None, also: Collection[int] = ()) -> tantivy.Query:
        """Documents in which all items hold, or so many of the words at least; those `also` for which the field words hold."""
        filters = [self._item(item) for item in items if is_filter(item)]
        wanted = [self._item(item) for item in items if not is_filter(item) and not item.minus]
        banned = [self._item(item) for item in items if not is_filter(item) and item.minus]
        clauses: list[Clause] = [*filters, *banned]
        if not wanted:  # whatever has words is an article
            clauses.append((Occur.Must, self.everything()))
        if wanted:
            words = tantivy.Query.boolean_query(
                [(Occur.Should, query) for _, query in wanted], minimum_number_should_match=least or len(wanted)
            )
            either = [words, tantivy.Query.term_set_query(SCHEMA, "id", list(also))] if also else [words]
            clauses.append((Occur.Must, _any(either)))
        return tantivy.Query.const_score_query(tantivy.Query.boolean_query(clauses), 0.0)

    def at_most(self, item: Item) -> int:
        """It holds in no more documents than so many, by how often its words stand."""
        stems = [STEMMED.analyze(node.text) if isinstance(node, Word) else [] for node in item.any_of]
        field = "full" if self._lit else self.field
        return sum(min((self._doc_freq(field, stem) for stem in each), default=self.size) for each in stems)

    def _item(self, item: Item) -> Clause:
        return (Occur.MustNot if item.minus else Occur.Must), _any([self._node(node) for node in item.any_of])

    def _node(self, node: Node) -> tantivy.Query:
        match node:
            case Tag(field, value):
                return _term("tags", f"{field}={folded(value)}")
            case Day(field, _, on):
                return self._dated(field, on)
            case Word(text):
                stems = STEMMED.analyze(text)
                if stems:
                    return self._in_sight(lambda field: _all([_term(field, stem) for stem in stems]))
                return self._as_written(text)
            case Phrase(text):
                return self._as_written(text)
            case Beginning(text):
                return self._in_sight(lambda field: self._beginning(f"{field}_words", text))

    def _dated(self, field: str, on: date) -> tantivy.Query:
        name, bound = ("day", days_until(on)) if self._has_days() else ("dated", days_until(on) * 86_400)
        if field == "before":
            return tantivy.Query.range_query(SCHEMA, name, FieldType.Integer, upper_bound=bound, include_upper=False)
        return tantivy.Query.range_query(SCHEMA, name, FieldType.Integer, lower_bound=bound)

    def _has_days(self) -> bool:
        """None before version 5, where days go by UTC."""
        try:
            self.searcher.fast_field_values("day", [])
        except ValueError:
            return False
        return True

    def _as_written(self, text: str) -> tantivy.Query:
        words = AS_WRITTEN.analyze(text)
        if len(words) < 2:
            return self._in_sight(lambda field: _term(f"{field}_words", words[0] if words else ""))
        return self._in_sight(lambda field: tantivy.Query.phrase_query(SCHEMA, f"{field}_words", list(words)))

    def _beginning(self, field: str, text: str) -> tantivy.Query:
        """A pattern takes half a millisecond to make; without one Tantivy looks at so many words alone."""
        if len(self.searcher.terms_with_prefix(field, text, limit=MOST_EXPANDED + 1)) > MOST_EXPANDED:
            return tantivy.Query.regex_query(SCHEMA, field, f"{text}.*")
        return tantivy.Query.phrase_prefix_query(SCHEMA, field, [text])

    def _in_sight(self, of: Callable[[str], tantivy.Query]) -> tantivy.Query:
        """In the free text of all, and in the full text of what is read in full."""
        if not self._lit:
            return of(self.field)
        return _any([of("free"), _all([of("full"), self._lit])])

    def _stories_in_full(self) -> tantivy.Query | None:
        sight, kinds = self.sight, []
        if sight.standing.registered:
            kinds.append(_term("audience", Audience.REGISTERED.value))
        if sight.standing.given:
            kinds.append(tantivy.Query.term_set_query(SCHEMA, "story", sorted(sight.standing.given)))
        if sight.metered:
            opened = tantivy.Query.term_set_query(SCHEMA, "story", sorted(sight.metered))
            kinds.append(_all([opened, _term("audience", Audience.METERED.value)]))
        return _any(kinds) if kinds else None

    # In which order

    def scoring(self, weights: Mapping[str, float], *, pairs: Collection[tuple[str, str]] = ()) -> tantivy.Query:
        """By stems and their weights (BM25). `pairs`: neighbours of a query; a little more where they stand near each other.

        What is read in full one by one is scored in its full text by the rarity of words in free ones.
        """
        if not weights:
            return tantivy.Query.empty_query()
        if not self._lit:
            return _any(self._scored(weights, self.field, pairs))
        unlit = tantivy.Query.boolean_query(
            [(Occur.Must, _any(self._scored(weights, "free", pairs))), (Occur.MustNot, self._lit)]
        )
        lit = _all([_any(self._scored(weights, "full")), tantivy.Query.const_score_query(self._lit, 0.0)])
        return _any([unlit, lit])

    def _scored(self, weights: Mapping[str, float], field: str, pairs: Iterable[tuple[str, str]] = ()) -> list[tantivy.Query]:
        boosts = [(_term(field, stem), weight * self._rarity(stem, field)) for stem, weight in weights.items()]
        near = [tantivy.Query.phrase_query(SCHEMA, field, list(pair), slop=PAIR_WINDOW) for pair in pairs]
        return [tantivy.Query.boost_query(*boost) for boost in (*boosts, *((each, PAIR_WEIGHT) for each in near))]

    def _rarity(self, stem: str, field: str) -> float:
        if field == self.field:
            return 1.0
        return self.idf(stem) / idf_of(self._doc_freq(field, stem), self.size)

    def idf(self, stem: str) -> float:
        return self.rarities([stem])[0]

    def rarities(self, stems: Collection[str]) -> list[float]:
        """Inverse document frequencies, one a stem."""
        known = self._counted.rarities[self.field]
        # Not by taking sets from each other: that would go through all that is known.
        for stem in [stem for stem in stems if stem not in known]:
            known[stem] = idf_of(self.searcher.doc_freq(self.field, stem), self.size)
        return list(map(known.__getitem__, stems))

    def frequency(self, word: str) -> int:
        """Documents in which the word stands as written, folded, as far as is in sight without opening one by one."""
        return self._doc_freq(f"{self.field}_words", word)

    def knows(self, tag: Tag) -> bool:
        return self.searcher.doc_freq("tags", f"{tag.field}={folded(tag.value)}") > 0

    def words_beginning(self, beginning: str, *, most: int) -> list[tuple[str, int]]:
        return self.searcher.terms_with_prefix(f"{self.field}_words", beginning, limit=most)

    # Answers

    def count(self, matching: tantivy.Query) -> int:
        return int(self.searcher.search(matching, limit=1).count)  # type: ignore[attr-defined]

    def hits(self, matching: tantivy.Query, scoring: tantivy.Query, *, most: int, skip: int = 0) -> list[Hit]:
        return self.searcher.search(_led(matching, scoring), limit=most, offset=skip, count=False).hits

    def rescored(
        self, few: tantivy.Query, weights: Mapping[str, float], *, pairs: Collection[tuple[str, str]], most: int
    ) -> list[Hit]:
        """A few documents in the order of many words.

        Each word is looked for in these alone; as one query of alternatives they would be looked for in the whole index.
        """
        if not self._lit:
            query = _one_by_one(few, self._scored(weights, self.field, pairs))
        else:
            unlit = tantivy.Query.boolean_query([(Occur.Must, few), (Occur.MustNot, self._lit)])
            lit = _all([few, tantivy.Query.const_score_query(self._lit, 0.0)])
            either = [_one_by_one(unlit, self._scored(weights, "free", pairs)), _one_by_one(lit, self._scored(weights, "full"))]
            query = _any(either)
        return self.searcher.search(query, limit=most, count=False).hits

    def hits_of_all(self, matching: tantivy.Query, scoring: tantivy.Query, *, most: int) -> tuple[int, list[Hit]]:
        """How many match, and the first of them."""
        found = self.searcher.search(_led(matching, scoring), limit=most)
        return int(found.count), found.hits  # type: ignore[attr-defined]

    def is_headline(self, words: str) -> bool:
        return self.searcher.doc_freq("headline", words) > 0

    def with_headline(self, matching: tantivy.Query, words: str) -> list[Hit]:
        query = _all([matching, tantivy.Query.const_score_query(_term("headline", words), 0.0)])
        return self.searcher.search(query, limit=5, order_by_field="dated").hits

    def by_date(self, matching: tantivy.Query, *, most: int, skip: int, newest_first: bool) -> list[Hit]:
        order = tantivy.Order.Desc if newest_first else tantivy.Order.Asc
        return self.searcher.search(matching, limit=most, offset=skip, count=False, order_by_field="dated", order=order).hits

    def among(self, ids: Collection[int], matching: tantivy.Query) -> tantivy.Query:
        chosen = tantivy.Query.const_score_query(tantivy.Query.term_set_query(SCHEMA, "id", list(ids)), 0.0)
        return _all([matching, chosen])

    def these(self, hits: Sequence[Hit]) -> tantivy.Query:
        """One by one, which for a few hundred is done in half the time of a set."""
        found = [tantivy.Query.term_query(SCHEMA, "id", one, "basic") for one in self.ids(hits)]
        return tantivy.Query.const_score_query(_any(found), 0.0) if found else tantivy.Query.empty_query()

    def lit_ids(self) -> frozenset[int]:
        """Metered and members' articles that are read in full one by one; those for the registered need not be named."""
        stories = self.sight.metered | self.sight.standing.given
        if not self._lit or not stories:
            return frozenset()
        query = _all([self._lit, tantivy.Query.term_set_query(SCHEMA, "story", sorted(stories))])
        return frozenset(self.ids(self.searcher.search(query, limit=len(stories), count=False).hits))

    def ids(self, hits: Sequence[Hit]) -> list[int]:
        return self._numbers("id", hits)

    def imprints(self, first: int, last: int) -> dict[int, int]:
        """By number, of the articles from the first number to the last."""
        asked = tantivy.Query.range_query(SCHEMA, "id", FieldType.Unsigned, lower_bound=first, upper_bound=last)
        return self._imprints(asked, most=max(1, self.searcher.num_docs))

    def imprints_of(self, ids: Collection[int]) -> dict[int, int]:
        asked = tantivy.Query.term_set_query(SCHEMA, "id", list(ids))
        return self._imprints(asked, most=len(ids)) if ids else {}

    def _imprints(self, asked: tantivy.Query, *, most: int) -> dict[int, int]:
        places = [address for _, address in self.searcher.search(asked, limit=most, count=False).hits]
        ids, imprints = (self.searcher.fast_field_values(name, places) for name in ("id", "imprint"))
        return {int(pk or 0): int(one or 0) for pk, one in zip(ids, imprints, strict=True)}

    def days(self, hits: Sequence[Hit]) -> list[int]:
        """Seconds since 1970."""
        return self._numbers("dated", hits)

    def _numbers(self, name: str, hits: Sequence[Hit]) -> list[int]:
        found = self.searcher.fast_field_values(name, [address for _, address in hits])
        return cast(list[int], [one or 0 for one in found])

    def facets(self, matching: tantivy.Query, *, most: int, total: int = 0) -> dict[str, list[tuple[Named, int]]]:
        """The most frequent of each; of years so many that an archive has no gap. `total`: how many match, if that is known."""
        size = {name: max(most, MOST_YEARS) if name == "year" else most for name in FACETS}
        by_the_others = self.size > MANY_ARTICLES and total > MOST_OF_THEM * self.size
        counted = self._left_by_the_others(matching, size) if by_the_others else self._buckets(matching, size)
        values = self._values({code for buckets in counted.values() for code, _ in buckets})
        return {name: [(values[code], count) for code, count in counted[name]] for name in FACETS}

    def _left_by_the_others(self, matching: tantivy.Query, size: Mapping[str, int]) -> dict[str, list[Bucket]]:
        """What all have, less what those have that do not match: where most do, these are fewer to go through."""
        if not self._counted.whole:
            self._counted.whole = self._buckets(self.everything(), ALL_VALUES)
        others = tantivy.Query.boolean_query([(Occur.Must, self.everything()), (Occur.MustNot, matching)])
        left: dict[str, list[Bucket]] = {}
        for name, buckets in self._buckets(others, ALL_VALUES).items():
            lacking = dict(buckets)
            counts = ((code, count - lacking.get(code, 0)) for code, count in self._counted.whole[name])
            left[name] = nlargest(size[name], (one for one in counts if one[1]), key=itemgetter(1))
        return left

    def _buckets(self, matching: tantivy.Query, size: Mapping[str, int]) -> dict[str, list[Bucket]]:
        """The most frequent first."""
        wanted = {name: {"terms": {"field": name, "size": size[name], "segment_size": MOST_VALUES}} for name in FACETS}
        counted = self.searcher.aggregate(matching, wanted)
        return {name: [(int(one["key"]), int(one["doc_count"])) for one in counted[name]["buckets"]] for name in FACETS}

    def _values(self, codes: Collection[int]) -> dict[int, Named]:
        """Read again for a code that came since: a searcher may be newer than what was counted."""
        if not self._counted.values.keys() >= set(codes):
            terms = [term for term, _ in self.searcher.terms_with_prefix("value", "", limit=len(FACETS) * MOST_VALUES)]
            self._counted.values = {code_of(term): _named(term) for term in terms}  # so before version 5
            called = defaultdict[str, list[str]](list)
            for term in terms:
                called["\t".join(term.split("\t", 2)[:2])].append(term)
            self._counted.values |= {code_of(value): _named(self._newest(each)) for value, each in called.items()}
        return self._counted.values

    def _newest(self, terms: Sequence[str]) -> str:
        """Of a value that was renamed: what the newest article calls it."""
        return max(terms, key=self._last_dated) if len(terms) > 1 else terms[0]

    def _last_dated(self, term: str) -> float:
        """-inf: it stands in articles alone that are gone."""
        hits = self.searcher.search(_term("value", term), limit=1, count=False, order_by_field="dated").hits
        return hits[0][0] if hits else float("-inf")

    def _row(self, address: DocAddress) -> tantivy.Document:
        """What feedback looks at is often shown then."""
        place = address.segment_ord, address.doc
        if place not in self._rows:
            self._rows[place] = self.searcher.doc(address)
        return self._rows[place]

    def card(self, address: DocAddress) -> Card:
        return card_of(self._row(address))

    def opened(self, address: DocAddress) -> tuple[Card, str, str]:
        """The card, and the text before and beyond the cut; nothing beyond where it may not be read."""
        row = self._row(address)
        card = card_of(row)
        full = self.sight.is_full(story=card.story, audience=card.audience)
        return card, stored(row, "text"), stored(row, "rest") if full else ""

    def stems_of(self, address: DocAddress) -> Counter[str]:
        """Of the headline, twice, and of how the text begins; beyond the cut only for whoever reads everything."""
        row = self._row(address)
        lead = (stored(row, "lead_in_full") if self.sight.entitled else "") or stored(row, "lead")
        return Counter(lead.split())

    def headlines(self, words: Sequence[str], beginning: str, *, most: int) -> list[Card]:
        """The newest articles in whose headline all words stand and one begins so."""
        clauses = [_term("headline_words", word) for word in words]
        clauses.append(self._beginning("headline_words", beginning))
        found = self.searcher.search(_all(clauses), limit=most, count=False, order_by_field="dated").hits
        return [self.card(address) for _, address in found]

    def everything(self) -> tantivy.Query:
        return _term("kind_of_row", "article")


def _named(term: str) -> Named:
    _, slug, name = term.split("\t", 2)
    return Named(slug, name)


def _led(matching: tantivy.Query, scoring: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.boolean_query([(Occur.Must, matching), (Occur.Should, scoring)])


def _one_by_one(few: tantivy.Query, scored: Iterable[tantivy.Query]) -> tantivy.Query:
    each = (tantivy.Query.boolean_query([(Occur.Must, ANY), (Occur.Should, one)]) for one in scored)
    return _all([few, *each])


def _term(field: str, value: str) -> tantivy.Query:
    return (
        tantivy.Query.term_query(SCHEMA, field, value, "basic")
        if field in BASIC
        else tantivy.Query.term_query(SCHEMA, field, value)
    )


def _any(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(Occur.Should, query) for query in queries])


def _all(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(Occur.Must, query) for query in queries])
