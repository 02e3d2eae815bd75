"""A body that was fetched becomes a feed: whatever is malformed gives what can be had, and says what was wrong with it."""

from dataclasses import replace
from datetime import datetime

from broadsheet.wire.reading.bounds import MOST_BYTES
from broadsheet.wire.reading.decoding import decoded, root_of
from broadsheet.wire.reading.json_feed import read_json
from broadsheet.wire.reading.sifting import sifted
from broadsheet.wire.reading.sitemaps import read_sitemap
from broadsheet.wire.reading.syndication import read_syndication
from broadsheet.wire.reading.telling_apart import told_apart
from broadsheet.wire.reading.values import Feed, Item, NotAFeed

SYNDICATED = {"rss", "rdf", "feed", "channel", "item", "entry"}
OTHERS = {
    "html": "It is a web page. Give that page's address to have its feeds looked for.",
    "opml": "It is a list of feeds (OPML). Import it as a list of sources.",
    "sitemapindex": "It is a list of sitemaps. Give the address of its news sitemap.",
}
NEITHER = "It is no feed that we know: neither RSS, Atom, RDF or JSON Feed nor a news sitemap. Look for one on the outlet's page."


def read(body: bytes, *, content_type: str, address: str, at: datetime) -> Feed:
    """`address` is where it was found in the end; `at` is now. Raises NotAFeed, with a sentence for whoever named it."""
    if len(body) > MOST_BYTES:
        raise NotAFeed(f"It has more than {MOST_BYTES:,} bytes. Look for a shorter feed of the same outlet.")
    text = decoded(body, content_type).lstrip("\ufeff \t\r\n\0")
    if not text:
        raise NotAFeed("Nothing came back: the answer was empty. Open the address in a browser to see what stands there.")
    kind = read_json if text[0] in "{[" else _read_xml
    return _finished(kind(text, address=address, at=at), address)


def _read_xml(text: str, *, address: str, at: datetime) -> Feed:
    root = root_of(text)
    if root in OTHERS:
        raise NotAFeed(OTHERS[root])
    if root == "urlset":
        sieved = sifted(text, entries=frozenset({"url"}))
        feed = read_sitemap(sieved.xml, address=address, at=at)
    elif root in SYNDICATED:
        sieved = sifted(text)
        feed = read_syndication(sieved.xml, address=address, at=at)
    else:
        raise NotAFeed(NEITHER)
    return replace(feed, trouble=" ".join((*sieved.trouble, feed.trouble)).strip())


def _finished(feed: Feed, address: str) -> Feed:
    """Each piece once, in order. What says nothing at all is left out."""
    said = [replace(item, language=item.language or feed.language) for item in feed.items if item != Item()]
    unlinked = sum(1 for item in said if not item.link)
    trouble = f"{unlinked} of {len(said)} entries lead to no page." if unlinked else ""
    return replace(
        feed,
        items=told_apart(said, pages=(page for page in (feed.link, address) if page)),
        trouble=" ".join((feed.trouble, trouble)).strip(),
    )
