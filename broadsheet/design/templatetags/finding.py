"""What repeats on a page of results: ten articles and some sixty links. Written straight, in a tenth of the time of templates."""

from collections.abc import Iterable
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from broadsheet.design.templatetags.design import day, iso, local

register = template.Library()


@register.simple_tag
def found(results: Iterable[Any]) -> SafeString:
    """Articles as they were found (library.queries.Result)."""
    return mark_safe("".join(map(_article, results)))


@register.simple_tag
def narrow(facets: Iterable[Any]) -> SafeString:
    """The ways to narrow a search (library.search_page.Facet), those of a facet that are too many folded."""
    return mark_safe("".join(map(_facet, facets)))


def _article(found: Any) -> str:
    card, at = found.card, local(found.card.dated_at)
    standfirst = f'\n<p class="teaser-standfirst">{_marked(found.standfirst)}</p>' if found.standfirst else ""
    snippet = f'\n<p class="found-snippet">{_marked(found.snippet)}</p>' if found.snippet else ""
    return f"""<article class="teaser">
<p class="teaser-kicker dots">{_kicker(card)}</p>
<h2 class="teaser-headline"><a href="{escape(card.path)}">{_marked(found.headline)}</a></h2>{standfirst}{snippet}
<p class="teaser-foot dots">{_byline(card)}<time datetime="{iso(at)}">{day(at)}</time></p>
</article>
"""


def _kicker(card: Any) -> str:
    parts = [f'<span class="teaser-label">{escape(card.label)}</span>']
    parts += [f"<span>{escape(country.name)}</span>" for country in card.countries[:1]]
    parts += ['<span class="teaser-members">Subscribers</span>'] if card.audience == "members" else []
    return " ".join(parts)


def _byline(card: Any) -> str:
    names = ", ".join(escape(one.name) for one in card.contributors)
    return f'<span class="teaser-byline">{names}</span> ' if names else ""


def _marked(pieces: Iterable[Any]) -> str:
    """Pieces of a text (library.highlights.Piece), those that were looked for marked."""
    return "".join(f"<mark>{escape(one.text)}</mark>" if one.marked else escape(one.text) for one in pieces)


def _facet(facet: Any) -> str:
    title = escape(facet.title)
    more = f'<summary>More<span class="hidden"> of {title}</span></summary>'
    folded = f"<details>{more}{_ways(facet.more)}</details>" if facet.more else ""
    return f"<section><h2>{title}</h2>{_ways(facet.ways)}{folded}</section>\n"


def _ways(ways: Iterable[Any]) -> str:
    """Each the search narrowed to one value (library.search_page.Way)."""
    return f"<ul>{''.join(map(_way, ways))}</ul>"


def _way(way: Any) -> str:
    chosen = ' aria-current="true"' if way.chosen else ""
    count = f' <span class="count">{way.count}</span>'
    return f'<li><a href="{escape(way.address)}" rel="nofollow"{chosen}>{escape(way.text)}</a>{count}</li>'
