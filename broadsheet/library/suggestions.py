"""What is suggested while somebody types: each leads somewhere, an article to its page, a name to a search narrowed to it."""

from dataclasses import dataclass

from broadsheet.library.asked import Asked
from broadsheet.library.queries import MOST_SUGGESTED, Suggestion, suggest
from broadsheet.library.search_page import facet_of

LONGEST = 100  # characters that are looked at


@dataclass(frozen=True, slots=True)
class Suggested:
    """`kind`: Article, Country, Contributor, Issue, Region or Series. `path` leads there, with its query."""

    kind: str
    text: str
    path: str


def suggested(typed: str) -> list[Suggested]:
    """By all that was typed; then by its last word, which a name of a country or an issue may begin beside other words."""
    typed = " ".join(typed[:LONGEST].split())
    found = [_leading(one, Asked()) for one in suggest(typed)]
    before, _, last = typed.rpartition(" ")
    if before and not any(one.kind != "Article" for one in found):
        found = [_leading(one, Asked(before)) for one in suggest(last) if one.kind != "Article"] + found
    return found[:MOST_SUGGESTED]


def _leading(one: Suggestion, beside: Asked) -> Suggested:
    return Suggested(one.kind, one.text, one.path or beside.narrowed(*facet_of(one)).address)
