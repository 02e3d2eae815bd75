"""The kinds of pages that the press itself prints, and their addresses."""

import re

from broadsheet.newsroom.addresses import AXIS_FOLDERS
from broadsheet.press import feeds, front, house_pages, kinds, listings, sitemaps, trouble
from broadsheet.press.kinds import PageKind

_FOLDERS = "|".join(AXIS_FOLDERS.values())
_SLUG = "[a-z0-9_-]+"
# "latest", "briefings", "countries/mali"; "countries" alone is an index.
_LIST = rf"(?P<list>(?:{_FOLDERS})/{_SLUG}|(?!(?:{_FOLDERS})/){_SLUG})"


def _kind(name: str, paths: str, compose: kinds.Compose, *, eager: bool = False) -> None:
    kinds.register(PageKind(name, re.compile(paths), compose, eager=eager))


def register_all() -> None:
    """An eager page is asked for all the time, or first by whoever hears of something new; the others can wait for a reader."""
    _kind("front", "/", front.compose_front, eager=True)
    _kind("head", f"/{_LIST}/", listings.compose_head, eager=True)
    _kind("index", rf"/(?P<axis>{_FOLDERS})/", listings.compose_index)
    _kind("page", rf"/{_LIST}/page/(?P<number>[1-9]\d{{0,5}})/", listings.compose_page)
    _kind("month", rf"/{_LIST}/(?P<year>(?:19|20)\d\d)/(?P<month>0[1-9]|1[0-2])/", listings.compose_month)
    _kind("archive", rf"/{_LIST}/archive/", listings.compose_archive)
    _kind("feed", rf"(?:/{_LIST})?/feed\.(?P<format>rss|atom|json)", feeds.compose_feed)
    _kind("sitemap", r"/sitemap\.xml", sitemaps.compose_index)
    _kind("sitemap-month", r"/sitemap-(?P<month>(?:19|20)\d\d-(?:0[1-9]|1[0-2]))\.xml", sitemaps.compose_month)
    _kind("sitemap-pages", r"/sitemap-pages\.xml", sitemaps.compose_pages)
    _kind("news-sitemap", r"/news-sitemap\.xml", sitemaps.compose_news)
    _kind("withdrawn", "/withdrawn/", trouble.compose_withdrawn, eager=True)
    _kind("house", house_pages.PATHS, house_pages.compose)
    _kind("robots", r"/robots\.txt", sitemaps.compose_robots)
