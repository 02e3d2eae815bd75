"""What the API asks and answers, as values, and the OpenAPI document written from them: one source for both."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from pydantic import Field, TypeAdapter

from broadsheet.access.terms import Audience
from broadsheet.library.asked import API, MOST_PAGES, Asked, asked_in, is_slug, page_in
from broadsheet.library.documents import Named
from broadsheet.library.highlights import Piece
from broadsheet.library.queries import PAGE, Choice, Result, Results, Sort
from broadsheet.library.query import LONGEST
from broadsheet.library.suggestions import Suggested
from broadsheet.library.tantivy_index import FACETS

MOST = 50  # articles in one answer
SUGGEST, DOCUMENT = "/api/suggest", "/api/openapi.json"
PROBLEM = "application/problem+json"


class Unanswerable(Exception):
    """A question that cannot be meant; says what would have been right."""


@dataclass(frozen=True, slots=True)
class Question:
    asked: Asked
    limit: int


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet, and how many articles narrowing to it leaves."""

    slug: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """`full`: whoever asks may read all of it now. Texts come in pieces, of which the marked ones were looked for."""

    id: int
    url: str
    headline: tuple[Piece, ...]
    standfirst: tuple[Piece, ...]
    snippet: tuple[Piece, ...]
    label: str
    audience: Audience
    full: bool
    published_at: datetime
    contributors: tuple[Named, ...]
    countries: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """`read_as`: what was searched instead, where nothing is written as it was asked. `next`: the page after this, if any."""

    total: int
    page: int
    pages: int
    limit: int
    sort: Sort
    read_as: str
    remarks: tuple[str, ...]
    results: tuple[FoundArticle, ...]
    facets: Mapping[str, tuple[FacetValue, ...]]
    next: str | None


@dataclass(frozen=True, slots=True)
class SuggestAnswer:
    suggestions: tuple[Suggested, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """RFC 9457."""

    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: str
    type: str = "about:blank"


ANSWERS: dict[str, TypeAdapter[Any]] = {kind.__name__: TypeAdapter(kind) for kind in (SearchAnswer, SuggestAnswer, Problem)}


def written(answer: SearchAnswer | SuggestAnswer | Problem) -> bytes:
    return ANSWERS[type(answer).__name__].dump_json(answer)


# Questions

SLUGS = {"type": "array", "items": {"type": "string"}}
SAID: dict[str, tuple[str, dict[str, Any]]] = {
    "q": ("What to look for, in the language of /search/help/.", {"type": "string", "maxLength": LONGEST}),
    **{facet: (f"Narrows to this {facet}, by its slug; may be given again.", SLUGS) for facet in FACETS},
    "sort": ("In which order.", {"type": "string", "enum": [sort.value for sort in Sort], "default": Sort.RELEVANCE.value}),
    "page": ("Which page, from 1.", {"type": "integer", "minimum": 1, "maximum": MOST_PAGES, "default": 1}),
    "limit": ("Articles on a page.", {"type": "integer", "minimum": 1, "maximum": MOST, "default": PAGE}),
}


def question(fields: Mapping[str, list[str]]) -> Question:
    """Stricter than the page: a program is told what it got wrong."""
    if unknown := sorted(set(fields) - set(SAID)):
        raise Unanswerable(f"There is no parameter {unknown[0][:50]!r}. There are: {', '.join(SAID)}.")
    for name in ("q", "sort", "page", "limit"):
        if len(fields.get(name, ())) > 1:
            raise Unanswerable(f"{name} may be given once.")
    for facet in FACETS:
        if wrong := [said for said in fields.get(facet, ()) if not is_slug(facet, said)]:
            raise Unanswerable(f"{facet} takes a slug such as those in the facets of an answer, not {wrong[0][:50]!r}.")
    sort, page, limit = (_once(fields, name) for name in ("sort", "page", "limit"))
    if sort not in list(Sort):
        raise Unanswerable(f"sort is one of {', '.join(Sort)}.")
    if not page_in(page):
        raise Unanswerable(f"page is a number from 1 to {MOST_PAGES}.")
    if not 1 <= page_in(limit) <= MOST:
        raise Unanswerable(f"limit is a number from 1 to {MOST}.")
    return Question(asked_in(fields), page_in(limit))


def _once(fields: Mapping[str, list[str]], name: str) -> str:
    return fields[name][0] if fields.get(name) else str(SAID[name][1]["default"])


# Answers


def answer_to(question: Question, results: Results, *, base: str) -> SearchAnswer:
    following = [*question.asked.on(results.page + 1).parameters, ("limit", str(question.limit))]
    return SearchAnswer(
        total=results.total,
        page=results.page,
        pages=results.pages,
        limit=question.limit,
        sort=results.sort,
        read_as=results.read_as,
        remarks=tuple(dict.fromkeys((*question.asked.query.remarks, *results.remarks))),
        results=tuple(_article(result, base) for result in results.results),
        facets={name: tuple(map(_value, choices)) for name, choices in results.facets.items()},
        next=f"{base}{API}?{urlencode(following)}" if results.page < results.pages else None,
    )


def _article(found: Result, base: str) -> FoundArticle:
    card = found.card
    return FoundArticle(
        id=card.id,
        url=f"{base}{card.path}",
        headline=found.headline,
        standfirst=found.standfirst,
        snippet=found.snippet,
        label=card.label,
        audience=card.audience,
        full=found.full,
        published_at=card.dated_at,
        contributors=card.contributors,
        countries=card.countries,
    )


def _value(choice: Choice) -> FacetValue:
    return FacetValue(choice.value.slug, choice.value.name, choice.count)


# The document

Kind = tuple[str, Literal["serialization"], TypeAdapter[Any]]


SEES = "Whoever asks finds and is shown what they may read: as a stranger, or with the cookies of their session."
PROBLEMS = {
    "400": "The question cannot be meant.",
    "429": "Too often; Retry-After says how long to wait.",
    "503": "There is no index yet; Retry-After.",
}


def openapi(*, name: str, base: str) -> dict[str, Any]:
    kinds: list[Kind] = [(kind, "serialization", adapter) for kind, adapter in ANSWERS.items()]
    _, schemas = TypeAdapter.json_schemas(kinds, ref_template="#/components/schemas/{model}")
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{name}: the library", "version": "1", "description": SEES},
        "servers": [{"url": base}],
        "paths": {
            API: {"get": _asking("search", "Search the library", list(SAID), "SearchAnswer")},
            SUGGEST: {"get": _asking("suggest", "Articles and names that begin so", ["q"], "SuggestAnswer")},
        },
        "components": {"schemas": schemas["$defs"]},
    }


def _asking(name: str, summary: str, parameters: list[str], answer: str) -> dict[str, Any]:
    said = [{"name": each, "in": "query", "description": SAID[each][0], "schema": SAID[each][1]} for each in parameters]
    problems = {status: _response(says, PROBLEM, "Problem") for status, says in PROBLEMS.items()}
    responses = {"200": _response("The answer.", "application/json", answer), **problems}
    return {"operationId": name, "summary": summary, "parameters": said, "responses": responses}


def _response(says: str, media_type: str, kind: str) -> dict[str, Any]:
    return {"description": says, "content": {media_type: {"schema": {"$ref": f"#/components/schemas/{kind}"}}}}
