"""Sitemaps by month, the news sitemap, and what robots are told. Only what stands on the site is named."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from io import StringIO
from xml.sax.xmlreader import AttributesImpl

from django.utils.xmlutils import SimplerXMLGenerator

from broadsheet.newsroom.typeset import house
from broadsheet.press import pages, queries
from broadsheet.press.feeds import clean
from broadsheet.press.kinds import Sheet
from broadsheet.press.policy import LATEST

NEWS_FOR = timedelta(hours=48)
MOST_NEWS = 1000
XML = "application/xml; charset=utf-8"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
NONE = AttributesImpl({})
NO_ROBOTS = (
    *("/admin/", "/accounts/", "/account/", "/join/", "/leave/", "/documents/", "/demo/", "/cite/"),
    *("/research/", "/briefing/"),
)


_beside: list[str] = []


def name_on_the_index(path: str) -> None:
    """A sitemap of a room above."""
    _beside.append(path)


def compose_index(path: str, match: re.Match[str], at: datetime) -> Sheet:
    with _Xml("sitemapindex") as xml:
        for beside in ("/sitemap-pages.xml", *_beside):
            xml.leaf_in("sitemap", {"loc": pages.whole(beside)})
        for month, changed_at in queries.sitemap_months():
            xml.leaf_in("sitemap", {"loc": pages.whole(f"/sitemap-{month}.xml"), "lastmod": changed_at.isoformat()})
    return Sheet(path=path, html=xml.text, keys=frozenset({"sitemap"}), content_type=XML)


def compose_month(path: str, match: re.Match[str], at: datetime) -> Sheet | None:
    rows = queries.sitemap_of(match["month"])
    if not rows:
        return None
    return Sheet(path=path, html=urlset(rows), keys=frozenset({f"sitemap:{match['month']}"}), content_type=XML)


def urlset(pages_changed: Iterable[tuple[str, datetime | None]]) -> str:
    """Paths with when they last changed, where that is known."""
    with _Xml("urlset") as xml:
        for path, changed_at in pages_changed:
            lastmod = {"lastmod": changed_at.isoformat()} if changed_at else {}
            xml.leaf_in("url", {"loc": pages.whole(path)} | lastmod)
    return xml.text


def compose_pages(path: str, match: re.Match[str], at: datetime) -> Sheet:
    """The front page, indexes, and every list on which something stands."""
    lists = queries.lists_changed()
    indexes = sorted({name.partition("/")[0] for name, _ in lists if "/" in name})
    rows = [("/", None), *((f"/{name}/", None) for name in indexes), *((f"/{name}/", changed_at) for name, changed_at in lists)]
    return Sheet(path=path, html=urlset(rows), keys=frozenset({"sitemap"}), content_type=XML)


def compose_news(path: str, match: re.Match[str], at: datetime) -> Sheet:
    ids = queries.newest_on(LATEST, count=MOST_NEWS, since=at - NEWS_FOR)
    teasers = [teaser for teaser in pages.in_order(ids) if teaser.dated_at <= at]
    with _Xml("urlset", **{"xmlns:news": NEWS}) as xml:
        for teaser in teasers:
            xml.startElement("url", NONE)
            xml.leaf("loc", pages.whole(teaser.path))
            xml.startElement("news:news", NONE)
            xml.leaf_in("news:publication", {"news:name": house().name, "news:language": "en"})
            xml.leaf("news:publication_date", teaser.dated_at.isoformat())
            xml.leaf("news:title", teaser.headline)
            xml.endElement("news:news")
            xml.endElement("url")
    keys = frozenset({"news", *pages.article_keys(teasers)})
    until = min((teaser.dated_at for teaser in teasers), default=None)
    return Sheet(path=path, html=xml.text, keys=keys, content_type=XML, until=until + NEWS_FOR if until else None)


def compose_robots(path: str, match: re.Match[str], at: datetime) -> Sheet:
    lines = [
        "User-agent: *",
        *(f"Disallow: {closed}" for closed in NO_ROBOTS),
        "",
        *(f"Sitemap: {pages.whole(sitemap)}" for sitemap in ("/sitemap.xml", "/news-sitemap.xml")),
    ]
    return Sheet(path=path, html="\n".join([*lines, ""]), keys=frozenset(), content_type="text/plain; charset=utf-8")


class _Xml(SimplerXMLGenerator):
    """One document with one root."""

    def __init__(self, root: str, **attributes: str) -> None:
        self._out = StringIO()
        super().__init__(self._out, "utf-8")
        self._root = root
        self._attributes = AttributesImpl({"xmlns": SITEMAP, **attributes})

    def __enter__(self) -> "_Xml":
        self.startDocument()
        self.startElement(self._root, self._attributes)
        return self

    def __exit__(self, *trouble: object) -> None:
        self.endElement(self._root)
        self.endDocument()

    @property
    def text(self) -> str:
        return self._out.getvalue()

    def leaf(self, name: str, text: str) -> None:
        self.addQuickElement(name, clean(text))

    def leaf_in(self, name: str, leaves: dict[str, str]) -> None:
        self.startElement(name, NONE)
        for leaf, text in leaves.items():
            self.leaf(leaf, text)
        self.endElement(name)
