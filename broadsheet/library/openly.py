"""Whether what everybody is shown of an article says by itself all that was asked for. Pure."""

from broadsheet.library.letters import folded
from broadsheet.library.query import Beginning, Node, Phrase, Query, Word, is_filter
from broadsheet.library.stems import STEMMED
from broadsheet.library.tantivy_index import Card


def says(card: Card, query: Query) -> bool:
    """In headline, standfirst, names of contributors and countries; field words go by what is open anyway."""
    named = (value.name for value in (*card.contributors, *card.countries))
    parts = [f" {folded(part)} " for part in (card.headline, card.standfirst, *named)]
    asked = (item for item in query.items if not item.minus and not is_filter(item))
    return all(any(_stands_in(parts, node) for node in item.any_of) for item in asked)


def _stands_in(parts: list[str], node: Node) -> bool:
    match node:
        case Word(text) if stems := STEMMED.analyze(text):
            return {*stems} <= {*STEMMED.analyze("".join(parts))}
        case Word(text) | Phrase(text):
            return any(f" {folded(text)} " in part for part in parts)
        case Beginning(text):
            return any(f" {text}" in part for part in parts)
    return True
