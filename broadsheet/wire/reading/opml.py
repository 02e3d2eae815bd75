"""Lists of feeds (OPML 2.0), in and out: what other readers give away, and what we do."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from defusedxml.ElementTree import fromstring

from broadsheet.wire.reading import bounds, text
from broadsheet.wire.reading.decoding import decoded, root_of
from broadsheet.wire.reading.links import canonical_link, link_key
from broadsheet.wire.reading.sifting import sifted
from broadsheet.wire.reading.syndication import language_of

MOST_FOLDERS = 8  # within each other


class NotAList(ValueError):
    """What was given is no list of feeds; the sentence says what is."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed in a list, the site that it is of, and the folders that it lies in, from the outermost. `language`: "" where the
    list says none."""

    feed: str
    title: str
    site: str = ""
    folders: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class Outlines:
    title: str
    feeds: tuple[Outline, ...]
    trouble: str = ""


def read_outlines(body: bytes) -> Outlines:
    """Each feed once, in the first folder that has it. Raises NotAList."""
    if len(body) > bounds.MOST_BYTES:
        raise NotAList(f"It has more than {bounds.MOST_BYTES:,} bytes. Divide the list.")
    written = decoded(body, "").lstrip("\ufeff \t\r\n")
    if root_of(written) != "opml":
        raise NotAList("It is no list of feeds. Export one from your feed reader: a file that ends in .opml.")
    sieved = sifted(written, entries=frozenset({"outline"}), most=bounds.MOST_OUTLINES)
    document = fromstring(sieved.xml)
    found = list(_feeds_in(document.find("body"), ()))
    kept = {link_key(outline.feed): outline for outline in reversed(found) if outline.feed}
    feeds = tuple(outline for outline in found if kept.get(link_key(outline.feed)) is outline)
    refused = sum(1 for outline in found if not outline.feed)
    trouble = (*sieved.trouble, f"{refused} of its feeds have no address on the web." if refused else "")
    title = text.plain(document.findtext("head/title") or "", most=bounds.MOST_IN_TITLE)
    return Outlines(title, feeds, " ".join(sentence for sentence in trouble if sentence))


def write_outlines(title: str, feeds: Iterable[Outline]) -> bytes:
    """What is read of it again is the same."""
    root = Element("opml", version="2.0")
    SubElement(SubElement(root, "head"), "title").text = text.plain(title, most=bounds.MOST_IN_TITLE)
    open_folders: list[tuple[str, Element]] = [("", SubElement(root, "body"))]
    for outline in feeds:
        _enter(open_folders, outline.folders)
        said = {"type": "rss", "text": text.plain(outline.title, most=bounds.MOST_IN_TITLE), "xmlUrl": outline.feed}
        more = {"htmlUrl": outline.site, "language": outline.language}
        SubElement(open_folders[-1][1], "outline", said | {name: value for name, value in more.items() if value})
    indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode").encode() + b"\n"


def _feeds_in(parent: Element | None, folders: tuple[str, ...]) -> Iterable[Outline]:
    """A feed without an address that we follow has "" for it."""
    for element in parent if parent is not None else ():
        said = {name.lower(): value for name, value in element.attrib.items()}
        name = text.plain(said.get("title") or said.get("text") or "", most=bounds.MOST_IN_TITLE)
        if "xmlurl" in said:
            feed = canonical_link(_of_web(said["xmlurl"]))
            site, language = canonical_link(said.get("htmlurl", "")), language_of(said.get("language", ""))
            yield Outline(feed, name or feed, site, folders, language if len(language) <= bounds.MOST_IN_LANGUAGE else "")
            yield from _feeds_in(element, folders)
        else:
            yield from _feeds_in(element, (*folders, name)[:MOST_FOLDERS] if name else folders)


def _of_web(address: str) -> str:
    """Some readers write feed://… or feed:https://…"""
    rest = re.sub("^feed:", "", address.strip(), flags=re.IGNORECASE)
    return f"http:{rest}" if rest.startswith("//") else rest


def _enter(open_folders: list[tuple[str, Element]], folders: tuple[str, ...]) -> None:
    """Close what the next feed does not lie in, open what it does: folders keep the order of their feeds."""
    pairs = zip((name for name, _ in open_folders[1:]), folders, strict=False)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    del open_folders[1 + shared :]
    for name in folders[shared:]:
        open_folders.append((name, SubElement(open_folders[-1][1], "outline", text=name)))
