"""Sanitised HTML of an article as XHTML that an e-book may carry: what it names there is there. Pure.

Pictures stay on the site, and are named where they stood.
"""

from collections.abc import Iterator
from html import escape
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

KEPT = frozenset(
    """a b blockquote br caption cite dd dl dt em figcaption figure h2 h3 h4 h5 h6 i li ol p q strong sub sup table tbody td tfoot
    th thead tr ul""".split()  # noqa: SIM905
)
DROPPED = frozenset({"audio", "iframe", "script", "style", "svg", "summary", "template", "video"})
SCHEMES = ("http://", "https://", "mailto:")
ANYWHERE = ("id", "colspan", "rowspan", "scope")


def xhtml(html: str, *, base: str) -> str:
    """`base`: where the article stands, with scheme and host; its links are whole, but for those within the text."""
    body = LexborHTMLParser(html).body
    if body is None:
        return ""
    anchors = {anchor for node in body.css("[id]") if (anchor := node.attributes.get("id"))}
    return "".join(_inner(body, base, anchors))


def _inner(node: LexborNode, base: str, anchors: set[str]) -> Iterator[str]:
    for child in node.iter(include_text=True):
        tag = child.tag or ""
        if tag == "-text":
            yield escape(child.text_content or "", quote=False)
        elif tag == "img":
            yield f"<span>[{escape(child.attributes.get('alt') or 'Picture', quote=False)}]</span>"
        elif tag in KEPT:
            within = "".join(_inner(child, base, anchors))
            yield f"<{tag}{_attributes(child, base, anchors)}/>" if tag == "br" else _tag(child, within, base, anchors)
        elif not tag.startswith("-") and tag not in DROPPED:
            yield from _inner(child, base, anchors)


def _tag(node: LexborNode, within: str, base: str, anchors: set[str]) -> str:
    return f"<{node.tag}{_attributes(node, base, anchors)}>{within}</{node.tag}>"


def _attributes(node: LexborNode, base: str, anchors: set[str]) -> str:
    kept = {name: value for name in ANYWHERE if (value := node.attributes.get(name))}
    if node.tag == "a" and (href := _led(node.attributes.get("href") or "", base, anchors)):
        kept["href"] = href
    return "".join(f' {name}="{escape(value)}"' for name, value in kept.items())


def _led(href: str, base: str, anchors: set[str]) -> str:
    """ "" of what leads nowhere."""
    if href.startswith("#"):
        return href if href[1:] in anchors else ""
    whole = href if href.startswith(SCHEMES) else urljoin(base, href)
    return whole.replace(" ", "%20") if whole.startswith(SCHEMES) else ""
