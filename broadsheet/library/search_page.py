"""What a page of results shows beside them: how to narrow and to widen, and what helps where nothing was found."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from broadsheet.library.asked import Asked
from broadsheet.library.queries import Choice, Results, Sort, Suggestion, named, search
from broadsheet.library.query import Tag, parse
from broadsheet.library.sight import Sight

FACETS = {
    "region": "Region",
    "country": "Country",
    "issue": "Issue",
    "type": "Type",
    "series": "Series",
    "author": "Contributor",
    "year": "Year",
}
LISTS = {
    "region": "/regions/",
    "country": "/countries/",
    "issue": "/issues/",
    "series": "/series/",
    "author": "/contributors/",
}
SORTS = {Sort.RELEVANCE: "Relevance", Sort.NEWEST: "Newest first", Sort.OLDEST: "Oldest first"}
SHOWN = 6  # values of a facet, before "More"
MOST_PAGES_NAMED = 4
LONGEST_NAME = 100  # characters typed in which a name is looked for


@dataclass(frozen=True, slots=True)
class Way:
    """A link to another search; `count` of what is found there, None where nobody counted."""

    text: str
    address: str
    count: int | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    title: str
    ways: tuple[Way, ...]
    more: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """`taken` is what it is narrowed to, each with the search without it; `pages` are our own on what was typed."""

    asked: Asked
    results: Results
    remarks: tuple[str, ...]
    facets: tuple[Facet, ...]
    taken: tuple[Way, ...]
    sorts: tuple[Way, ...]
    pages: tuple[Way, ...]
    newer: str
    older: str
    in_part: bool  # texts of articles are searched to their cuts


def search_page(asked: Asked, *, sight: Sight, at: datetime) -> SearchPage:
    results = search(asked.typed, within=asked.within, at=at, sight=sight, sort=asked.sort, page=asked.page)
    taken = [Way(_name_of(results, *each), asked.widened(*each).address, chosen=True) for each in asked.filters]
    if not results.total and results.built:
        wider = (asked.widened(*each) for each in asked.filters)
        found = (search(each.typed, within=each.within, at=at, sight=sight, sort=each.sort) for each in wider)
        taken = [replace(way, count=each.total) for way, each in zip(taken, found, strict=True)]
    return SearchPage(
        asked=asked,
        results=results,
        remarks=tuple(dict.fromkeys((*asked.query.remarks, *results.remarks))),
        facets=tuple(_facet(asked, name, choices) for name, choices in results.facets.items() if _is_worth_it(choices)),
        taken=tuple(taken),
        sorts=tuple(Way(text, asked.sorted_by(sort).address, chosen=sort is asked.sort) for sort, text in SORTS.items()),
        pages=pages_named(asked.typed, wholly=bool(results.total)),
        newer=asked.on(results.page - 1).address if results.page > 1 else "",
        older=asked.on(results.page + 1).address if results.page < results.pages else "",
        in_part=not sight.entitled,
    )


def _is_worth_it(choices: Iterable[Choice]) -> bool:
    """One value that all have narrows nothing."""
    choices = tuple(choices)
    return len(choices) > 1 or any(choice.chosen for choice in choices)


def _facet(asked: Asked, name: str, choices: tuple[Choice, ...]) -> Facet:
    narrowed = asked.addresses(name)
    ways = sorted((_way(asked, name, choice, narrowed) for choice in choices), key=lambda way: not way.chosen)
    return Facet(FACETS[name], tuple(ways[:SHOWN]), tuple(ways[SHOWN:]))


def _way(asked: Asked, name: str, choice: Choice, narrowed: Callable[[str], str]) -> Way:
    value = choice.value
    if choice.chosen or (name, value.slug) in asked.filters:
        return Way(value.name, asked.widened(name, value.slug, name=value.name).address, choice.count, chosen=True)
    return Way(value.name, narrowed(value.slug), choice.count)


def _name_of(results: Results, facet: str, slug: str) -> str:
    """As its slug says it, where nothing that was found tells its name."""
    found = (choice.value.name for choice in results.facets.get(facet, ()) if choice.value.slug == slug)
    return next(found, slug.replace("-", " ").title())


def pages_named(typed: str, *, wholly: bool) -> tuple[Way, ...]:
    """Our own pages whose name is this, or begins so."""
    found = named(typed[:LONGEST_NAME], wholly=wholly, most=MOST_PAGES_NAMED)
    return tuple(Way(value.name, f"{LISTS[facet]}{value.slug}/") for facet, value in found)


def facet_of(one: Suggestion) -> tuple[str, str]:
    """What a suggestion narrows to; ("", "") of an article."""
    tags = [node for item in parse(one.query).items for node in item.any_of if isinstance(node, Tag)]
    return (tags[-1].field, tags[-1].value) if tags else ("", "")
