"""Raw stream data into finished, sanitised HTML, a piece for each place where a text could be cut. Pure.

Wagtail's own block templates are not used: a library of 15,000 articles is pressed from raw data, fifty times faster.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape, unescape
from itertools import groupby
from urllib.parse import urlsplit

import nh3
from selectolax.lexbor import LexborHTMLParser
from slugify import slugify

from broadsheet.newsroom import charts, outward
from broadsheet.newsroom.galley import Chapter, File, Footnote, Picture
from broadsheet.newsroom.words import RawBlock, RawStream, count

TAGS = {"a", "b", "strong", "i", "em", "sup", "sub", "br", "p", "ul", "ol", "li", "blockquote"}
SCHEMES = {"http", "https", "mailto"}
_CLEANER = nh3.Cleaner(tags=TAGS, attributes={"a": {"href"}}, url_schemes=SCHEMES, link_rel=None)
# After one of these a text may be cut; a heading, a question or a picture goes with what follows it.
ENDS = frozenset({"paragraph", "quotation", "list", "answer", "link"})
WRAPPERS = {"links": ('<ul class="links">', "</ul>")}
# What an embed may show; it is printed as a link that says where it leads, so that no other host is asked for anything.
EMBED_HOSTS = {
    "youtube.com": "Video on YouTube",
    "youtu.be": "Video on YouTube",
    "vimeo.com": "Video on Vimeo",
    "soundcloud.com": "Recording on SoundCloud",
    "archive.org": "Item in the Internet Archive",
    "documentcloud.org": "Document on DocumentCloud",
    "datawrapper.de": "Chart on Datawrapper",
    "bsky.app": "Post on Bluesky",
    "x.com": "Post on X",
    "twitter.com": "Post on X",
}

_PAGE_LINK = re.compile(r'<a\b(?=[^>]*\blinktype="page")[^>]*\bid="(\d+)"[^>]*>')
_OTHER_LINK = re.compile(r"<a\b(?=[^>]*\blinktype=)[^>]*>")
_WRITTEN_LINK = re.compile(r'<a\b[^>]*\bhref="([^"]+)"')
_EMPTY_LINK = re.compile(r"<a>(.*?)</a>", re.DOTALL)
_MARK_OR_TAG = re.compile(r"<[^>]*>|\[\^([^\]\s]{1,40})\]")


@dataclass(frozen=True, slots=True)
class Piece:
    """The smallest part that a cut leaves whole."""

    kind: str
    html: str
    words: int = 0
    group: str = ""  # pieces of one group that follow each other stand in one wrapper
    text: str = ""  # of a pull quote: what it repeats
    chapter: Chapter | None = None
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bearings:
    """What raw data only names by number: paths of live pages, pictures."""

    paths: Mapping[int, str] = field(default_factory=dict)
    pictures: Mapping[int, Picture] = field(default_factory=dict)


def pieces(stream: RawStream, bearings: Bearings, *, level: int = 2) -> Iterator[Piece]:
    """`level` is that of the highest heading within this stream."""
    chapters = 0
    for block in stream:
        if block["type"] == "chapter":
            chapters += 1
            yield from _chapter(block, bearings, chapters)
        else:
            yield from _pieces_of(block, bearings, level)


def _chapter(block: RawBlock, bearings: Bearings, number: int) -> Iterator[Piece]:
    title = block["value"]["title"]
    anchor = f"{number}-{slugify(title, max_length=60)}"
    yield Piece(
        "chapter", f'<h2 class="chapter" id="{anchor}">{escape(title)}</h2>', count(title), chapter=Chapter(title, anchor)
    )
    yield from pieces(block["value"]["body"], bearings, level=3)


def _pieces_of(block: RawBlock, bearings: Bearings, level: int) -> Iterator[Piece]:
    kind, value = block["type"], block["value"]
    match kind:
        case "paragraph" | "list" | "quotation":
            yield from _texts(kind, value, bearings)
        case "heading" | "subheading":
            tag = f"h{level + (kind == 'subheading')}"
            yield Piece(kind, f"<{tag}>{escape(value)}</{tag}>", count(value))
        case "exchange":
            yield Piece("question", f'<h2 class="question">{escape(value["question"])}</h2>', count(value["question"]))
            yield from _texts("answer", value["answer"], bearings)
        case "table":
            yield from _table(value)
        case "picture":
            yield from _picture(value, bearings)
        case "chart":
            yield Piece(kind, charts.figure(charts.chart_from(value)))
        case "pull":
            yield Piece(kind, f'<aside class="pull" aria-hidden="true"><p>{escape(value)}</p></aside>', text=value)
        case "embed":
            yield from _embed(value)
        case "link":
            yield Piece("link", outward.printed(value), count(value["headline"]) + count(value.get("note")), group="links")
        case "wall":
            yield Piece("wall", "")
        case _:  # footnotes are printed apart
            return


# Running text


def _texts(kind: str, html: str, bearings: Bearings) -> Iterator[Piece]:
    for part in _paragraphs(safe(html, bearings)):
        if kind == "quotation":
            inner = part if part.startswith(("<p>", "<ul>", "<ol>")) else f"<p>{part}</p>"
            part = inner if inner.startswith("<blockquote>") else f"<blockquote>{inner}</blockquote>"
        yield Piece(kind, part, count(part))


def _paragraphs(html: str) -> list[str]:
    """The elements of a text from first to last: an editor may write several paragraphs in one block."""
    if html.count("<p>") + html.count("<ul>") + html.count("<ol>") + html.count("<blockquote>") <= 1:
        return [html] if html.strip() else []
    body = LexborHTMLParser(html).body
    if body is None:
        return []
    parts = [
        (node.html or "") if node.tag != "-text" else escape(node.text(), quote=False) for node in body.iter(include_text=True)
    ]
    return [part for part in parts if part.strip() and part != "<p></p>"]


def safe(html: str, bearings: Bearings) -> str:
    """Only the tags of running text; links to our pages by their present path, links elsewhere without an opener."""
    linked = _PAGE_LINK.sub(lambda found: _page_link(found, bearings), html)
    linked = _OTHER_LINK.sub("<a>", linked)
    clean = _CLEANER.clean(linked)
    return _EMPTY_LINK.sub(r"\1", clean.replace('<a href="http', '<a rel="noopener" href="http'))


def _page_link(found: re.Match[str], bearings: Bearings) -> str:
    path = bearings.paths.get(int(found[1]))
    return f'<a href="{escape(path)}">' if path else "<a>"


def linked_pages(streams: Sequence[RawStream]) -> set[int]:
    """The pages that texts link to by number."""
    return {int(found) for stream in streams for html in _htmls(stream) for found in _PAGE_LINK.findall(html)}


def linked_addresses(streams: Sequence[RawStream]) -> list[str]:
    """The addresses that texts link to as they are written, in the order of print."""
    found = [unescape(href) for stream in streams for html in _htmls(stream) for href in _WRITTEN_LINK.findall(html)]
    return list(dict.fromkeys(found))


def shown_images(streams: Sequence[RawStream]) -> set[int]:
    images = {block["value"].get("image") for stream in streams for block in flat(stream) if block["type"] == "picture"}
    return {image for image in images if image}


def flat(stream: RawStream) -> Iterator[RawBlock]:
    """All blocks, those of chapters too."""
    for block in stream:
        if block["type"] == "chapter":
            yield from flat(block["value"]["body"])
        else:
            yield block


def _htmls(stream: RawStream) -> Iterator[str]:
    for block in flat(stream):
        value = block["value"]
        if isinstance(value, str):
            yield value
        elif block["type"] in {"exchange", "footnote"}:
            yield value.get("answer") or value.get("text") or ""


# Things beside the text


def _table(value: Mapping[str, object]) -> Iterator[Piece]:
    rows = value.get("rows")
    if not isinstance(rows, list) or not rows:
        return
    caption = escape(str(value.get("caption") or ""))
    head = "".join(f'<th scope="col">{escape(cell or "")}</th>' for cell in rows[0])
    body = "".join(f"<tr>{_row(row)}</tr>" for row in rows[1:])
    title = f"<caption>{caption}</caption>" if caption else ""
    yield Piece(
        "table",
        f'<div class="table" role="region" tabindex="0" aria-label="{caption or "Table"}"><table>{title}'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>",
    )


def _row(row: Sequence[str | None]) -> str:
    cells = [escape(cell or "") for cell in row]
    return "".join(f'<th scope="row">{cell}</th>' if at == 0 else f"<td>{cell}</td>" for at, cell in enumerate(cells))


def _picture(value: Mapping[str, object], bearings: Bearings) -> Iterator[Piece]:
    found = bearings.pictures.get(int(str(value.get("image") or 0)))
    if found is None:
        return
    picture = replace(
        found, alt=str(value.get("alt") or ""), caption=str(value.get("caption") or ""), credit=str(value.get("credit") or "")
    )
    yield Piece("picture", figure(picture), files=sources(picture))


def figure(picture: Picture) -> str:
    credit = f'<span class="credit">{escape(picture.credit)}</span>' if picture.credit else ""
    words = " ".join(part for part in (escape(picture.caption), credit) if part)
    caption = f"<figcaption>{words}</figcaption>" if words else ""
    srcset = f' srcset="{escape(picture.srcset)}" sizes="(min-width: 48rem) 44rem, 100vw"' if picture.srcset else ""
    return (
        f'<figure class="picture"><img src="{escape(picture.src)}"{srcset} width="{picture.width}" height="{picture.height}" '
        f'alt="{escape(picture.alt)}" loading="lazy" decoding="async">{caption}</figure>'
    )


def sources(picture: Picture) -> tuple[str, ...]:
    """Every file that a browser might ask for to show this picture."""
    chosen = [source.split()[0] for source in picture.srcset.split(",") if source.strip()]
    return tuple(dict.fromkeys([picture.src, *chosen]))


def embed_label(url: str) -> str | None:
    """What an embed's link says of its host; None where the host is not on the list."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    names = [label for known, label in EMBED_HOSTS.items() if host == known or host.endswith(f".{known}")]
    return names[0] if names and parts.scheme == "https" else None


def _embed(value: Mapping[str, str]) -> Iterator[Piece]:
    if label := embed_label(value["url"]):
        yield Piece(
            "embed",
            f'<p class="embed"><a rel="noopener" href="{escape(value["url"])}">{escape(value["title"])}</a> '
            f'<span class="embed-host">{escape(label)}</span></p>',
        )


# Notes and cuts


def joined(parts: Sequence[Piece]) -> str:
    """The HTML of pieces that follow each other; those of one group in one wrapper."""
    html = []
    for group, run in groupby(parts, key=lambda piece: piece.group):
        before, after = WRAPPERS.get(group, ("", ""))
        html.append(before + "".join(piece.html for piece in run) + after)
    return "".join(html)


def files_of(free: Sequence[Piece], rest: Sequence[Piece]) -> tuple[File, ...]:
    shown = {path: True for piece in free for path in piece.files}
    return tuple(File(path, free) for path, free in ({path: False for piece in rest for path in piece.files} | shown).items())


@dataclass(slots=True)
class _Marks:
    """Numbers the marks of footnotes in the order in which they stand, and keeps the piece that first has each."""

    notes: Mapping[str, str]
    numbers: dict[str, int] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)

    def put_into(self, html: str, *, place: int) -> str:
        return _MARK_OR_TAG.sub(lambda found: self._put(found, place), html)

    def _put(self, found: re.Match[str], place: int) -> str:
        mark = found[1]
        if mark is None:
            return found[0]
        if mark not in self.notes:
            return ""
        own = "" if mark in self.numbers else f' id="mark-{len(self.numbers) + 1}"'
        number = self.number(mark, place=place)
        return f'<sup class="mark"><a{own} href="#note-{number}" aria-label="Note {number}">{number}</a></sup>'

    def number(self, mark: str, *, place: int) -> int:
        self.places.setdefault(mark, place)
        return self.numbers.setdefault(mark, len(self.numbers) + 1)


def with_notes(parts: Sequence[Piece], notes: Mapping[str, str]) -> tuple[list[Piece], list[tuple[Footnote, int]]]:
    """The pieces with their marks linked, and each footnote with the place of the piece that first has its mark.

    A mark without a footnote is dropped; a footnote without a mark stands at the end.
    """
    marks = _Marks(notes)
    marked = [
        replace(piece, html=marks.put_into(piece.html, place=place)) if "[^" in piece.html and piece.kind in ENDS else piece
        for place, piece in enumerate(parts)
    ]
    for mark in notes:
        marks.number(mark, place=len(parts))
    found = [(Footnote(str(number), str(number), notes[mark]), marks.places[mark]) for mark, number in marks.numbers.items()]
    return marked, found


def notes_in(stream: RawStream, bearings: Bearings) -> dict[str, str]:
    blocks = [block["value"] for block in flat(stream) if block["type"] == "footnote"]
    return {str(value["mark"]): safe(value["text"], bearings) for value in blocks}
