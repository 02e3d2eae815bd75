"""Which feeds a web page names: in its head, where browsers look, and among its links, where people do."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from broadsheet.wire.reading import bounds, text
from broadsheet.wire.reading.decoding import decoded
from broadsheet.wire.reading.links import canonical_link, link_key

_TYPES = {
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
    "application/x.atom+xml",
    "application/x-rss+xml",
}
_PERHAPS = {"application/json", "application/xml", "text/xml"}  # of a feed only where its address says so too
_LIKELY = re.compile(
    r"(^|[/._-])(rss|atom|rdf|feeds?|jsonfeed)(2|\d{3})?([/._-]|$)|[/._-]news[_-]?sitemap[^/]*\.xml$|/index\.(xml|rdf)$",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_BASE, _LINK = (re.compile(rf"<(?P<name>{name})\s[^<>]{{1,3000}}>", re.IGNORECASE) for name in ("base", "link"))
_ANCHOR = re.compile(r"<(?P<name>a)\s[^<>]{1,3000}>(?:.{0,300}?(?=</a|<a\s|\Z))?", re.IGNORECASE | re.DOTALL)
_COMMENTS = re.compile(r"comment|kommentar|commentaire|comentario|/replies", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """`is_named` in the page's head; else it is a link that looks like one."""

    link: str
    title: str
    is_named: bool


def feeds_named_in(page: bytes, *, content_type: str, address: str) -> tuple[Found, ...]:
    """The likeliest first; those of comments last."""
    html = _COMMENT.sub("", decoded(page[: bounds.MOST_PAGE], content_type))
    stated = next(_tags(_BASE, html, 1), None)
    base = (canonical_link(_said(stated, "href"), base=address) if stated else "") or address
    found = [*_in_head(html, base), *_among_links(html, base)]
    once = {link_key(each.link): each for each in reversed(found) if each.link}
    kept = [each for each in found if once.get(link_key(each.link)) is each]
    return tuple(sorted(kept, key=_is_of_comments)[: bounds.MOST_FOUND])


def _tags(wanted: re.Pattern[str], html: str, most: int) -> Iterator[LexborNode]:
    """Each read by itself: a tree of a page that is nested without end takes minutes to build."""
    for match in islice(wanted.finditer(html), most):
        body = LexborHTMLParser(match[0]).css_first(match["name"])
        if body is not None:
            yield body


def _in_head(html: str, base: str) -> Iterator[Found]:
    for node in _tags(_LINK, html, bounds.MOST_LINKS):
        rel, kind, link = (
            _said(node, "rel").lower().split(),
            _said(node, "type").lower().partition(";")[0].strip(),
            _said(node, "href"),
        )
        is_feed = kind in _TYPES or (kind in _PERHAPS and _LIKELY.search(link)) or "feed" in rel
        if is_feed and ("alternate" in rel or "feed" in rel):
            yield Found(
                canonical_link(link, base=base), text.plain(_said(node, "title"), most=bounds.MOST_IN_TITLE), is_named=True
            )


def _among_links(html: str, base: str) -> Iterator[Found]:
    for node in _tags(_ANCHOR, html, bounds.MOST_LINKS):
        link = canonical_link(_said(node, "href"), base=base)
        if _LIKELY.search(_path(link)):
            title = _said(node, "title") or node.text(deep=True)
            yield Found(link, text.plain(title, most=bounds.MOST_IN_TITLE), is_named=False)


def _is_of_comments(found: Found) -> bool:
    return _COMMENTS.search(f"{found.title} {_path(found.link)}") is not None


def _path(link: str) -> str:
    """And the host, of which feeds.example/… is one; not the scheme."""
    return link.partition("://")[2]


def _said(node: LexborNode, name: str) -> str:
    return (node.attributes.get(name) or "")[: bounds.MOST_IN_LINK]
