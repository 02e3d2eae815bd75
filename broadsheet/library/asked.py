"""What is asked of a search, as the address of a page says it, and back again. Whatever an address says asks something.

One order of writing: what was typed, then what it is narrowed to, then the order and the page; what says nothing is left out.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import quote_plus, urlencode

from broadsheet.library.queries import Sort
from broadsheet.library.query import LONGEST, Query, parse
from broadsheet.library.tantivy_index import FACETS

PAGE, API = "/search/", "/api/search"
MOST_FILTERS = 12
MOST_PAGES = 1_000
_SLUG = re.compile(r"[\w-]{1,100}")
_YEAR = re.compile(r"[1-9]\d{3}", re.ASCII)

Filter = tuple[str, str]  # a facet and the slug of its value
Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """`filters` stand in the order of facets."""

    typed: str = ""
    filters: tuple[Filter, ...] = ()
    sort: Sort = Sort.RELEVANCE
    page: int = 1

    @property
    def query(self) -> Query:
        return parse(self.typed)

    @property
    def text(self) -> str:
        """All of it in the language of queries, what it is narrowed to first, where no quotation mark left open swallows it."""
        return f"{self.within} {self.query}".strip()

    @property
    def within(self) -> str:
        """What it is narrowed to, in the language of queries."""
        return " ".join(_written(*each) for each in self.filters)

    def narrowed(self, facet: str, slug: str) -> "Asked":
        """Of years there is one: an article has no second."""
        others = [each for each in self.filters if each[0] != "year" or facet != "year"]
        return replace(self, filters=_in_order([*others, (facet, slug)]), page=1)

    def addresses(self, facet: str) -> Callable[[str], str]:
        """Of it narrowed to one more value of the facet, by its slug: a page has sixty, alike but for that."""
        if facet != "year" and any(each[0] == facet for each in self.filters):
            return lambda slug: self.narrowed(facet, slug).address
        before, _, after = self.narrowed(facet, "-").address.partition(f"{facet}=-")
        return lambda slug: f"{before}{facet}={_quoted(slug)}{after}"

    def widened(self, facet: str, slug: str, *, name: str = "") -> "Asked":
        """Without that, whether it was chosen or typed, by its slug or its name."""
        filters = tuple(each for each in self.filters if each != (facet, slug))
        typed = self.typed if filters != self.filters else str(self.query.without(facet, slug).without(facet, name or slug))
        return replace(self, typed=typed, filters=filters, page=1)

    def sorted_by(self, sort: Sort) -> "Asked":
        return replace(self, sort=sort, page=1)

    def on(self, page: int) -> "Asked":
        return replace(self, page=page)

    @property
    def parameters(self) -> list[tuple[str, str]]:
        said = [("q", self.typed)] if self.typed else []
        said += self.filters
        said += [("sort", self.sort.value)] if self.sort is not Sort.RELEVANCE else []
        return said + ([("page", str(self.page))] if self.page > 1 else [])

    @property
    def address(self) -> str:
        return f"{PAGE}?{written}" if (written := urlencode(self.parameters)) else PAGE


def asked_in(fields: Fields) -> Asked:
    """What cannot be meant is left out."""
    filters = [(facet, slug) for facet in FACETS for slug in fields.get(facet, ()) if is_slug(facet, slug)]
    return Asked(
        typed=" ".join("".join(c if c.isprintable() else " " for c in _last(fields, "q")[: LONGEST + 1]).split()),
        filters=_in_order(filters)[:MOST_FILTERS],
        sort=next((sort for sort in Sort if sort == _last(fields, "sort")), Sort.RELEVANCE),
        page=page_in(_last(fields, "page")) or 1,
    )


def page_in(said: str) -> int:
    """0 where it is none."""
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 6 and 0 < int(said) <= MOST_PAGES else 0


def is_slug(facet: str, said: str) -> bool:
    return bool((_YEAR if facet == "year" else _SLUG).fullmatch(said))


def days_of(year: str) -> str:
    return f"after:{year} before:{int(year) + 1:04}" if int(year) < 9999 else f"after:{year}"


_quoted = lru_cache(maxsize=20_000)(quote_plus)


def _last(fields: Fields, name: str) -> str:
    said = fields.get(name, ())
    return said[-1] if said else ""


def _in_order(filters: Sequence[Filter]) -> tuple[Filter, ...]:
    years = [each for each in filters if each[0] == "year"][-1:]
    others = {each for each in filters if each[0] != "year"}
    return tuple(sorted({*others, *years}, key=lambda each: (FACETS.index(each[0]), each[1])))


def _written(facet: str, slug: str) -> str:
    return days_of(slug) if facet == "year" else f"{facet}:{slug}"
