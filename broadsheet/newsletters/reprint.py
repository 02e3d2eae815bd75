"""An article's text as an edition reprints it: the site's HTML taken apart into blocks that mail can carry. Pure.

What mail cannot show (charts, tables, what lies elsewhere) is named where it stood. Notes and their marks stay with the article.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from broadsheet.design.mjml import attribute
from broadsheet.newsroom.galley import Picture

KEPT = frozenset({"a", "b", "strong", "i", "em", "sub", "sup"})
DROPPED = frozenset({"audio", "details", "iframe", "script", "style", "svg", "template", "video"})
LISTS = frozenset({"ul", "ol"})
SCHEMES = ("http://", "https://", "mailto:")


class Kind(StrEnum):
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    SUBHEADING = "subheading"
    QUESTION = "question"
    QUOTATION = "quotation"
    PULL = "pull"
    BULLETS = "bullets"
    NUMBERS = "numbers"
    PICTURE = "picture"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Block:
    """`parts`: well-formed HTML of running text, one for each item of a list; of what is elsewhere, what it is."""

    kind: Kind
    parts: tuple[str, ...] = ()
    picture: Picture | None = None


def reprinted(html: str, *, address: str, gated: bool) -> tuple[Block, ...]:
    """`address`: of the article. `gated`: its pictures would not load for whoever is not logged in, and are left out."""
    body = LexborHTMLParser(html).body
    return tuple(_Reprint(address, gated).blocks(body)) if body else ()


@dataclass(frozen=True, slots=True)
class _Reprint:
    address: str
    gated: bool

    def blocks(self, parent: LexborNode) -> Iterator[Block]:
        for node in parent.iter(include_text=False):
            for block in self._blocks_of(node):
                if block.picture or any(part.strip() for part in block.parts):
                    yield block

    def _blocks_of(self, node: LexborNode) -> Iterator[Block]:
        classes = (node.attributes.get("class") or "").split()
        match node.tag:
            case "figure" if "picture" in classes:
                yield from self._picture(node)
            case "figure":
                yield Block(Kind.ELSEWHERE, (f"chart {_titled(node.css_first('figcaption strong'))}",))
            case "div" if "table" in classes:
                yield Block(Kind.ELSEWHERE, (f"table {_titled(node.css_first('caption'))}",))
            case "aside":
                yield Block(Kind.PULL, (self._inner(node),))
            case "p" if "embed" in classes:
                host = node.css_first(".embed-host")
                what = escape(_text(host)) if host else "link"
                yield Block(Kind.ELSEWHERE, (f"{what} {_titled(node.css_first('a'))}",))
            case "ul" | "ol":
                items = tuple(self._inner(item) for item in node.iter() if item.tag == "li")
                yield Block(Kind.NUMBERS if node.tag == "ol" else Kind.BULLETS, items)
            case "blockquote":
                yield Block(Kind.QUOTATION, tuple(self._paragraphs(node)))
            case "h2" | "h3" | "h4":
                yield Block(_heading(node.tag, classes), (self._inner(node),))
            case "p":
                yield Block(Kind.PARAGRAPH, (self._inner(node),))
            case tag if tag not in DROPPED:
                yield from self.blocks(node)

    def _paragraphs(self, node: LexborNode) -> Iterator[str]:
        within = [child for child in node.iter() if child.tag in {"p", *LISTS}]
        for child in within or [node]:
            parts = [item for item in child.iter() if item.tag == "li"] if child.tag in LISTS else [child]
            yield from (self._inner(part) for part in parts)

    def _picture(self, node: LexborNode) -> Iterator[Block]:
        image = node.css_first("img")
        if image is None or self.gated:
            return
        said = image.attributes
        credit = _text(node.css_first(".credit"))
        picture = Picture(
            src=urljoin(self.address, said.get("src") or ""),
            alt=said.get("alt") or "",
            width=int(said.get("width") or 0),
            height=int(said.get("height") or 0),
            caption=_text(node.css_first("figcaption")).removesuffix(credit).strip(),
            credit=credit,
        )
        yield Block(Kind.PICTURE, picture=picture)

    # Running text

    def _inner(self, node: LexborNode) -> str:
        return "".join(self._written(child) for child in node.iter(include_text=True)).strip()

    def _written(self, node: LexborNode) -> str:
        tag, classes = node.tag or "", (node.attributes.get("class") or "").split()
        if tag == "-text":
            return escape(node.text_content or "", quote=False)
        if tag == "br":
            return "<br/>"
        if tag in DROPPED or "mark" in classes or tag.startswith("-"):
            return ""
        within = self._inner(node) if tag in {"li", "p", *LISTS} else "".join(map(self._written, node.iter(include_text=True)))
        if tag == "li":
            return f"<br/>– {within}"  # of a list within a list
        if tag == "a":
            href = _led(node.attributes.get("href") or "", self.address)
            return f'<a href="{attribute(href)}">{within}</a>' if href else within
        return f"<{tag}>{within}</{tag}>" if tag in KEPT else within


def _heading(tag: str, classes: list[str]) -> Kind:
    if "question" in classes:
        return Kind.QUESTION
    return Kind.HEADING if tag == "h2" else Kind.SUBHEADING


def _led(href: str, address: str) -> str:
    """ "" of what leads nowhere. A place within the article leads to the article."""
    try:
        whole = href if href.startswith(SCHEMES) else urljoin(address, href)
    except ValueError:  # such as brackets that are no IPv6 address
        return ""
    return whole.replace(" ", "%20") if whole.startswith(SCHEMES) else ""


def _text(node: LexborNode | None) -> str:
    return " ".join(node.text().split()) if node else ""


def _titled(node: LexborNode | None) -> str:
    title = _text(node)
    return f"“{escape(title, quote=False)}”" if title else ""
