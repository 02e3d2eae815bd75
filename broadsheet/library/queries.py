"""Search and suggestions, for pages, the API and rooms above: values in, values out.

Everything obeys the `sight.Sight` handed in: hits, counts, order, snippets and corrections come from what it may read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from weakref import WeakKeyDictionary

from broadsheet.library import finder, highlights, openly
from broadsheet.library.catching_up import folder, printed
from broadsheet.library.documents import Named
from broadsheet.library.finder import Finding
from broadsheet.library.highlights import Piece, Wanted
from broadsheet.library.keeping import NotBuilt, Printed, Reader, Stand
from broadsheet.library.letters import folded
from broadsheet.library.looking import Looking
from broadsheet.library.query import Beginning, Query, Tag, parse
from broadsheet.library.sight import STRANGER, Sight
from broadsheet.library.stems import STEMMED
from broadsheet.library.tantivy_index import FACETS, Card, Hit
from broadsheet.library.values import Value, Values

PAGE = 10
MOST_VALUES = 12  # of a facet
MOST_SUGGESTED, MOST_NAMED = 8, 4  # all, and values of facets among them
NAMES = {"country": "Country", "author": "Contributor", "issue": "Issue", "region": "Region", "series": "Series"}


class Sort(StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Result:
    """An article as it stands in a page of results. `snippet` is empty where the words stand in headline or standfirst alone."""

    card: Card
    headline: tuple[Piece, ...]
    standfirst: tuple[Piece, ...]
    snippet: tuple[Piece, ...]
    full: bool  # the gate would serve all of it now


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet, and how many results narrowing to it leaves."""

    value: Named
    count: int
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Results:
    """`read_as`: what was searched instead, where the library does not know a word, or nothing is as typed."""

    total: int = 0
    results: tuple[Result, ...] = ()
    facets: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    read_as: str = ""
    page: int = 1
    pages: int = 0
    sort: Sort = Sort.RELEVANCE
    built: bool = True  # False while the first index is being built


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`path` of an article; of any other kind "", and `query` narrows to it."""

    kind: str
    text: str
    path: str = ""
    query: str = ""


@lru_cache(maxsize=8)
def _reader(place: Path) -> Reader:
    return Reader(place, printed=printed)


def index_here() -> Reader:
    """This machine's, kept open."""
    return _reader(folder())


def search(
    typed: str,
    *,
    at: datetime,
    within: str = "",
    sight: Sight = STRANGER,
    sort: Sort = Sort.RELEVANCE,
    page: int = 1,
    most: int = PAGE,
    reader: Reader | None = None,
) -> Results:
    """Whatever is typed has an answer. `within`: field words besides, read for themselves. `most` stand on a page."""
    query = parse(within).beside(parse(typed)) if within else parse(typed)
    reader = reader or index_here()
    try:
        with reader.reading():
            return _search(reader, query, at=at, sight=sight, sort=sort, page=page, most=most)
    except NotBuilt:
        return Results(remarks=("The library is being put in order; try again in a minute.",), built=False)


def _search(reader: Reader, query: Query, *, at: datetime, sight: Sight, sort: Sort, page: int, most: int) -> Results:
    looking = reader.looking(sight)
    meaning = reader.meaning(looking)
    if sort is Sort.RELEVANCE:
        find = partial(finder.find, looking, meaning=meaning, at=at.timestamp())
    else:
        find = partial(finder.found, looking, meaning=meaning)
    finding = find(query)
    read_as = ""
    if better := finder.reread(looking, finding):
        second = find(better)
        if second.total:
            finding, read_as = second, str(better)
    results = _results(finding, remarks=_remarks(looking, query), read_as=read_as, sort=sort, page=max(1, page), most=most)
    return _as_they_stand(results, finding.query, sight, reader.printed) if reader.printed else results


def _as_they_stand(results: Results, query: Query, sight: Sight, printed: Printed) -> Results:
    """Nothing of what was taken off the site or shut since it was indexed, wherever a writer stands still.

    What counts or reads it otherwise by such an article is left out with it.
    """
    stands = printed([one.card.id for one in results.results])
    shown = tuple(one for each in results.results if (one := _as_it_stands(each, query, sight, stands.get(each.card.id))))
    total = results.total - len(results.results) + len(shown)
    if total == results.total:
        return replace(results, results=shown)
    return replace(results, results=shown, total=total, pages=results.pages if total else 0, facets={}, read_as="")


def _as_it_stands(result: Result, query: Query, sight: Sight, now: Stand | None) -> Result | None:
    """Of another printing, whose cut may be another, strangers see what they would see without its text."""
    if now is None:
        return None
    if now.imprint == result.card.imprint or sight.is_full(story=result.card.story, audience=now.audience):
        return result
    return replace(result, snippet=(), full=False) if openly.says(result.card, query) else None


def _results(finding: Finding, *, remarks: tuple[str, ...], read_as: str, sort: Sort, page: int, most: int) -> Results:
    looking = finding.looking
    reachable = finding.total if finding.scoring is None else min(finding.total, finder.DEEPEST)
    pages = min(-(-reachable // most), finder.DEEPEST // most)
    page = min(page, max(1, pages))
    skip = (page - 1) * most
    if finding.scoring is not None:
        hits = finder.page_of(finding, skip=skip, most=most)
    else:
        hits = looking.by_date(finding.matching, most=most, skip=skip, newest_first=sort is not Sort.OLDEST)
    wanted = wanted_of(finding.query)
    return Results(
        total=finding.total,
        results=tuple(_result(looking, hit, wanted) for hit in hits),
        facets=_facets(finding),
        remarks=remarks,
        read_as=read_as,
        page=page,
        pages=pages,
        sort=sort,
    )


def _result(looking: Looking, hit: Hit, wanted: Wanted) -> Result:
    card, free, rest = looking.opened(hit[1])
    full = looking.sight.is_full(story=card.story, audience=card.audience)
    text = f"{free}\n{rest}" if rest else free
    return Result(
        card=card,
        headline=highlights.marked(card.headline, wanted),
        standfirst=highlights.marked(card.standfirst, wanted),
        snippet=highlights.snippet(text, wanted),
        full=full,
    )


@lru_cache(maxsize=50_000)
def _stems(word: str) -> tuple[str, ...]:
    return tuple(STEMMED.analyze(word))


def wanted_of(query: Query) -> Wanted:
    nodes = [node for item in query.items if not item.minus for node in item.any_of]
    beginnings = tuple(node.text for node in nodes if isinstance(node, Beginning))
    return Wanted(frozenset(finder.stems_of(query)), beginnings, _stems)


def _facets(finding: Finding) -> dict[str, tuple[Choice, ...]]:
    """What is chosen stands first; choosing it again lets it go. Years stand in their order, the newest first."""
    items = finding.query.items
    chosen = {(node.field, folded(node.value)) for item in items for node in item.any_of if isinstance(node, Tag)}

    def choices(name: str, counted: list[tuple[Named, int]]) -> Iterator[Choice]:
        for value, count in counted:
            yield Choice(
                value, count, bool(chosen) and not chosen.isdisjoint((name, folded(key)) for key in (value.slug, value.name))
            )

    counted = finding.looking.facets(finding.matching, most=MOST_VALUES, total=finding.total)
    counted["year"].sort(key=lambda one: one[0].slug, reverse=True)
    return {name: tuple(sorted(choices(name, counted[name]), key=lambda choice: not choice.chosen)) for name in FACETS}


def _remarks(looking: Looking, query: Query) -> tuple[str, ...]:
    tags = [node for item in query.items for node in item.any_of if isinstance(node, Tag)]
    unknown = [tag for tag in tags if not looking.knows(tag)]
    return (*query.remarks, *(f"The library knows no {tag.field} “{tag.value}”." for tag in unknown))


# While somebody types


def suggest(typed: str, *, reader: Reader | None = None) -> list[Suggestion]:
    """Values of facets and headlines that begin so; from what everybody may read. A letter by itself begins too much."""
    words = folded(typed).split()
    if len("".join(words)) < 2:
        return []
    reader = reader or index_here()
    try:
        with reader.reading():
            return _suggest(reader, words)
    except NotBuilt:
        return []


def _suggest(reader: Reader, words: list[str]) -> list[Suggestion]:
    looking = reader.looking(STRANGER)
    named = [
        Suggestion(NAMES[facet], value.name, query=str(Tag(facet, value.slug)))
        for facet, value in islice(_values(reader, looking).beginning(words), MOST_NAMED)
    ]
    articles = looking.headlines(words[:-1], words[-1], most=MOST_SUGGESTED - len(named))
    if reader.printed:
        stands = reader.printed([card.id for card in articles])
        articles = [card for card in articles if card.id in stands]
    return [*named, *(Suggestion("Article", card.headline, path=card.path) for card in articles)]


def examples(*, reader: Reader | None = None) -> dict[str, str]:
    """The slug of the most frequent value of each facet that has names."""
    reader = reader or index_here()
    try:
        with reader.reading():
            return _values(reader, reader.looking(STRANGER)).first
    except NotBuilt:
        return {}


def named(typed: str, *, wholly: bool, most: int, reader: Reader | None = None) -> list[Value]:
    """Values of facets whose name is this, or in whose name words begin so."""
    words = folded(typed).split()
    if not words:
        return []
    reader = reader or index_here()
    try:
        with reader.reading():
            values = _values(reader, reader.looking(STRANGER))
    except NotBuilt:
        return []
    return list(islice(values.called(" ".join(words)) if wholly else values.beginning(words), most))


_KEPT: WeakKeyDictionary[Reader, tuple[object, Values]] = WeakKeyDictionary()


def _values(reader: Reader, looking: Looking) -> Values:
    """Counted once a generation."""
    generation = reader.generation()
    if (kept := _KEPT.get(reader)) and kept[0] == generation:
        return kept[1]
    values = Values(looking.facets(looking.everything(), most=5_000))
    _KEPT[reader] = (generation, values)
    return values


__all__ = ["Choice", "Result", "Results", "Sort", "Suggestion", "examples", "named", "search", "suggest"]
