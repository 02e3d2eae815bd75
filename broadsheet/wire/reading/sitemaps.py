"""News sitemaps: addresses with Google's `news:` beside them. Given XML that was sifted."""

from datetime import datetime
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from broadsheet.wire.reading import bounds, text
from broadsheet.wire.reading.dates import moment_of, set_right
from broadsheet.wire.reading.links import canonical_link
from broadsheet.wire.reading.syndication import language_of, paywalled_by
from broadsheet.wire.reading.values import Feed, Item, NotAFeed

NO_NEWS = "It is a sitemap without news: it names pages and no headlines. Look in the outlet's robots.txt for its news sitemap."


def read_sitemap(xml: bytes, *, address: str, at: datetime) -> Feed:
    entries = [url for url in fromstring(xml) if _name(url) == "url"]
    told = [(url, news) for url in entries if (news := _within(url, "news")) is not None]
    if entries and not told:
        raise NotAFeed(NO_NEWS)
    items = tuple(_item(url, news, base=address, at=at) for url, news in told[: bounds.MOST_ITEMS])
    names = [name for _, news in told if (name := _said(news, "publication", "name"))]
    return Feed(
        kind="news sitemap",
        title=text.plain(names[0] if names else "", most=bounds.MOST_IN_TITLE),
        language=next((item.language for item in items if item.language), ""),
        updated=max((moment for item in items if (moment := item.updated or item.published)), default=None),
        items=items,
        trouble="" if len(told) == len(entries) else f"{len(entries) - len(told)} of its pages say nothing of news.",
    )


def _item(url: Element, news: Element, *, base: str, at: datetime) -> Item:
    published, updated = set_right(moment_of(_said(news, "publication_date"), at=at), moment_of(_said(url, "lastmod"), at=at))
    keywords = [text.plain(word, most=bounds.MOST_IN_NAME) for word in _said(news, "keywords").split(",")]
    return Item(
        title=text.plain(_said(news, "title"), most=bounds.MOST_IN_TITLE),
        link=canonical_link(_said(url, "loc"), base=base),
        published=published,
        updated=updated,
        language=language_of(_said(news, "publication", "language")),
        categories=tuple(dict.fromkeys(word for word in keywords if word))[: bounds.MOST_CATEGORIES],
        paywalled=paywalled_by(_said(news, "access")),
    )


def _within(element: Element, name: str) -> Element | None:
    return next((child for child in element if _name(child) == name), None)


def _said(element: Element, *path: str) -> str:
    found: Element | None = element
    for name in path:
        found = None if found is None else _within(found, name)
    return (found.text or "").strip() if found is not None else ""


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()
