"""Bodies from elsewhere into blocks: HTML and Markdown in, sanitised stream data out. Pure.

A footnote's place in a text is written `[^mark]`; its text is a block of its own. Links to other articles of the same load are
written `article:slug` and resolved by whoever loads.
"""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape, unescape
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.footnote import footnote_plugin
from selectolax.lexbor import LexborHTMLParser, LexborNode

Block = dict[str, Any]

INLINE = {"a", "b", "strong", "i", "em", "sup", "sub", "br"}
TAGS = INLINE | {
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "blockquote",
    "table",
    "caption",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
SCHEMES = {"http", "https", "mailto", "article"}
HEADINGS = {"h1": "heading", "h2": "heading", "h3": "heading", "h4": "subheading", "h5": "subheading", "h6": "subheading"}


@dataclass(frozen=True, slots=True)
class Body:
    """What a text came to: one of `blocks`, `chapters` (title, blocks) and `talk` (question, answer), and its links."""

    blocks: tuple[Block, ...] = ()
    chapters: tuple[tuple[str, tuple[Block, ...]], ...] = ()
    talk: tuple[tuple[str, str], ...] = ()
    links: tuple[dict[str, Any], ...] = ()


class BadMarkdown(ValueError):
    """A special block that cannot be read; the message names it."""


def blocks_from_html(html: str) -> tuple[Block, ...]:
    """Scripts, styles, frames, handlers and unknown tags are gone; the text of unknown tags stays."""
    clean = nh3.clean(
        html.replace("\x00", ""), tags=TAGS, attributes={"a": {"href"}}, url_schemes=SCHEMES, link_rel=None, strip_comments=True
    )
    body = LexborHTMLParser(clean).body
    return tuple(_blocks(body)) if body else ()


def _blocks(parent: LexborNode) -> Iterator[Block]:
    loose: list[str] = []
    for node in parent.iter(include_text=True):
        tag = node.tag or ""
        if tag == "-text" or tag in INLINE:
            loose.append(node.html or "")
            continue
        yield from _paragraph(loose)
        loose = []
        yield from _block(tag, node)
    yield from _paragraph(loose)


def _block(tag: str, node: LexborNode) -> Iterator[Block]:
    match tag:
        case "p":
            yield from _paragraph([_inner(node)])
        case "ul" | "ol":
            yield {"type": "list", "value": node.html or ""}
        case "blockquote":
            yield {"type": "quotation", "value": _inner(node)}
        case "table":
            yield from _table(node)
        case _ if tag in HEADINGS:
            if text := _text(node):
                yield {"type": HEADINGS[tag], "value": text}
        case _:
            yield from _blocks(node)


def _inner(node: LexborNode) -> str:
    return "".join(child.html or "" for child in node.iter(include_text=True)).strip()


def _text(node: LexborNode) -> str:
    return " ".join(node.text(separator=" ").split())


def _paragraph(pieces: Sequence[str]) -> Iterator[Block]:
    text = "".join(pieces).strip()
    if text and text.replace("<br>", "").strip():
        yield {"type": "paragraph", "value": f"<p>{text}</p>"}


def _table(node: LexborNode) -> Iterator[Block]:
    rows = [[_text(cell) for cell in row.css("th, td")] for row in node.css("tr")]
    caption = node.css_first("caption")
    if rows := [row for row in rows if any(row)]:
        yield {"type": "table", "value": {"caption": _text(caption) if caption else "", "rows": rows}}


# Markdown


def body_from_markdown(text: str) -> Body:
    tokens = _markdown().parse(text)
    draft = _Draft()
    for group in _groups(tokens):
        _take(group, draft)
    return draft.body()


@dataclass(slots=True)
class _Draft:
    """A body being read; whoever adds a block adds it to the open chapter or answer."""

    blocks: list[Block] = field(default_factory=list)
    chapters: list[tuple[str, list[Block]]] = field(default_factory=list)
    talk: list[tuple[str, list[str]]] = field(default_factory=list)
    links: list[dict[str, Any]] = field(default_factory=list)

    def add(self, blocks: Sequence[Block]) -> None:
        (self.chapters[-1][1] if self.chapters else self.blocks).extend(blocks)

    def body(self) -> Body:
        return Body(
            blocks=tuple(self.blocks),
            chapters=tuple((title, tuple(blocks)) for title, blocks in self.chapters),
            talk=tuple((question, "".join(answer)) for question, answer in self.talk),
            links=tuple(self.links),
        )


@cache
def _markdown() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "typographer": True}).enable(["table", "replacements", "smartquotes"])
    reader.validateLink = lambda url: url.partition(":")[0] in SCHEMES or url.startswith("/")  # type: ignore[method-assign]
    footnote_plugin(reader, inline=False)
    container_plugin(reader, "pull")
    reader.add_render_rule("footnote_ref", lambda _self, tokens, at, *_: f"[^{tokens[at].meta['label']}]")
    return reader


def _groups(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Top-level blocks, each with all its tokens."""
    group: list[Token] = []
    depth = 0
    for token in tokens:
        group.append(token)
        depth += token.nesting
        if depth == 0:
            yield group
            group = []


def _take(group: Sequence[Token], draft: _Draft) -> None:
    head = group[0]
    match head.type:
        case "fence":
            _take_fence(head, draft)
        case "heading_open" if head.tag == "h1":
            draft.chapters.append((_plain(group), []))
        case "container_pull_open":
            draft.add([{"type": "pull", "value": _plain(group)}])
        case "footnote_block_open":
            draft.add(list(_footnotes(group)))
        case _:
            _take_text(group, draft)


def _take_text(group: Sequence[Token], draft: _Draft) -> None:
    html = _markdown().renderer.render(group, _markdown().options, {})
    if html.startswith("<p>Q: "):
        draft.talk.append((_plain(group).removeprefix("Q: "), []))
    elif draft.talk:
        draft.talk[-1][1].append(nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, url_schemes=SCHEMES, link_rel=None))
    else:
        draft.add(blocks_from_html(html))


def _take_fence(token: Token, draft: _Draft) -> None:
    kind = token.info.strip()
    if kind not in {"chart", "link"}:
        raise BadMarkdown(f"a fenced block is either chart or link, not {kind!r}")
    try:
        value = tomllib.loads(token.content)
    except tomllib.TOMLDecodeError as trouble:
        raise BadMarkdown(f"a {kind} block is not TOML: {trouble}") from None
    if kind == "chart":
        draft.add([{"type": "chart", "value": _chart(value)}])
    else:
        draft.links.append(_link(value))


def _chart(value: dict[str, Any]) -> dict[str, Any]:
    try:
        series = [{"name": line.get("name", ""), "values": [float(v) for v in line["values"]]} for line in value["series"]]
        labels = [str(label) for label in value["labels"]]
    except (KeyError, TypeError, ValueError) as trouble:
        raise BadMarkdown(f"a chart needs labels and series with values: {trouble!r}") from None
    if any(len(line["values"]) != len(labels) for line in series):
        raise BadMarkdown(f"chart {value.get('title', '')!r}: every series needs as many values as there are labels")
    words = {name: str(value.get(name, "")) for name in ("title", "unit", "source")}
    return {**words, "kind": value.get("kind", "line"), "labels": labels, "series": series}


def _link(value: dict[str, Any]) -> dict[str, Any]:
    if not value.get("headline") or not str(value.get("url", "")).startswith(("https://", "http://")):
        raise BadMarkdown("a link needs a headline and a web address")
    words = {name: str(value.get(name, "")) for name in ("headline", "url", "outlet", "author", "note")}
    return {**words, "minutes": value.get("minutes"), "paywalled": bool(value.get("paywalled", False))}


def _footnotes(group: Sequence[Token]) -> Iterator[Block]:
    mark = ""
    inner: list[Token] = []
    for token in group:
        if token.type == "footnote_open":
            mark, inner = str(token.meta.get("label") or token.meta["id"] + 1), []
        elif token.type == "footnote_close":
            yield {"type": "footnote", "value": {"mark": mark, "text": _footnote_text(inner)}}
        elif token.type != "footnote_anchor":
            inner.append(token)


def _footnote_text(tokens: list[Token]) -> str:
    html = _markdown().renderer.render(tokens, _markdown().options, {})
    return "".join(str(block["value"]) for block in blocks_from_html(html))


def _plain(group: Sequence[Token]) -> str:
    inline = [token for token in group if token.type == "inline"]
    return " ".join(_text_of(token) for token in inline).strip()


def _text_of(token: Token) -> str:
    parts = [
        child.content if child.type in {"text", "code_inline"} else " " for child in token.children or [] if child.nesting == 0
    ]
    return unescape(escape("".join(parts), quote=False))
