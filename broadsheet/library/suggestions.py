"""What is suggested while somebody types: each leads somewhere, an article to its page, a name to a search narrowed to it."""

from dataclasses import dataclass

from broadsheet.library.asked import Asked
from broadsheet.library.queries import MOST_NAMED, MOST_SUGGESTED, NAMES, Suggestion, named, suggest
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
    found = [_leading(one) for one in suggest(typed)]
    before, _, last = typed.rpartition(" ")
    if before and not any(one.kind != "Article" for one in found):
        names = named(last, wholly=False, most=MOST_NAMED) if len(last) > 1 else []
        beside = [
            Suggested(NAMES[facet], value.name, Asked(before).narrowed(facet, value.slug).address) for facet, value in names
        ]
        found = beside + found
    return found[:MOST_SUGGESTED]


def _leading(one: Suggestion) -> Suggested:
    return Suggested(one.kind, one.text, one.path or Asked().narrowed(*facet_of(one)).address)
