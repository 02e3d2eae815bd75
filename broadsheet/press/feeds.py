"""RSS 2.0, Atom and JSON Feed of every list: the newest articles, each to its cut and no further."""

import json
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed

from broadsheet.newsroom.galley import Galley, without_rest
from broadsheet.newsroom.galleys import galleys_of
from broadsheet.newsroom.models import Article
from broadsheet.newsroom.typeset import house
from broadsheet.press import pages, queries
from broadsheet.press.headings import Heading, heading_of
from broadsheet.press.kinds import Sheet
from broadsheet.press.pages import whole
from broadsheet.press.policy import FEED_LENGTH, LATEST

MOST_CONTENT = 20_000  # characters: an open article may be a book, and a feed is fetched every hour
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_OWN_PATH = re.compile(r"""(\s(?:href|src)=["'])/(?!/)""")


def compose_feed(path: str, match: re.Match[str], at: datetime) -> Sheet | None:
    """`/feed.rss` is that of the whole publication, `/countries/mali/feed.rss` that of a list."""
    heading = heading_of(match["list"] or LATEST)
    if heading is None:
        return None
    ids = queries.newest_on(heading.list, count=FEED_LENGTH)
    found = {galley.id: galley for galley in galleys_of(list(Article.objects.filter(pk__in=ids)), at=at)}
    galleys = [without_rest(found[pk]) for pk in ids if pk in found]
    title = f"{house().name}: {heading.title}" if match["list"] else house().name
    written = WRITERS[match["format"]](clean(title), heading, galleys, path)
    base = f"list:{heading.list}"
    shown = {f"{kind}:{galley.id}" for galley in galleys for kind in ("article", "cut")}
    return Sheet(
        path=path,
        html=written,
        keys=frozenset({base, f"{base}:feed", *heading.keys, *shown}),
        content_type=f"{pages.MIME[match['format']]}; charset=utf-8",
    )


def clean(text: str) -> str:
    """Without the characters that no XML may carry."""
    return _CONTROLS.sub("", text)


def content_of(galley: Galley) -> str:
    """The free part with whole addresses; the standfirst alone says enough of what is too long for a feed."""
    html = galley.free if len(galley.free) <= MOST_CONTENT else ""
    return clean(_OWN_PATH.sub(rf"\g<1>{house().url}/", html))


class _Rss(Rss201rev2Feed):
    """With the free part beside the standfirst."""

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:content": "http://purl.org/rss/1.0/modules/content/"}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        if item["content"]:
            handler.addQuickElement("content:encoded", item["content"])


class Atom(Atom1Feed):
    """With the free part beside the standfirst."""

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        if item["content"]:
            handler.addQuickElement("content", item["content"], {"type": "html"})


def _syndicated(feed_type: type[SyndicationFeed], title: str, heading: Heading, galleys: Sequence[Galley], path: str) -> str:
    feed = feed_type(
        title=title,
        link=whole(heading.path),
        description=clean(heading.standfirst) or title,
        language="en-GB",
        feed_url=whole(path),
        author_name=house().name,
    )
    for galley in galleys:
        feed.add_item(
            title=clean(galley.headline),
            link=whole(galley.path),
            description=clean(galley.standfirst),
            author_name=clean(", ".join(person.name for person in galley.bylines)) or house().name,
            pubdate=galley.dated_at,
            updateddate=galley.changed_at,
            unique_id=whole(f"/#{galley.story}"),
            unique_id_is_permalink=False,
            categories=[clean(link.text) for link in (*galley.countries, *galley.issues)],
            content=content_of(galley),
        )
    return str(feed.writeString("utf-8"))


def _json(title: str, heading: Heading, galleys: Sequence[Galley], path: str) -> str:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": whole(heading.path),
        "feed_url": whole(path),
        "description": clean(heading.standfirst),
        "language": "en-GB",
        "authors": [{"name": house().name, "url": whole("/")}],
        "items": [_json_item(galley) for galley in galleys],
    }
    return json.dumps(feed, ensure_ascii=False)


def _json_item(galley: Galley) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": whole(f"/#{galley.story}"),
        "url": whole(galley.path),
        "title": clean(galley.headline),
        "summary": clean(galley.standfirst),
        "date_published": galley.dated_at.isoformat(),
        "date_modified": galley.changed_at.isoformat(),
        "authors": [{"name": clean(person.name), "url": whole(person.path)} for person in galley.bylines],
        "tags": [clean(link.text) for link in (*galley.countries, *galley.issues)],
    }
    if content := content_of(galley):
        item["content_html"] = content
    else:
        item["content_text"] = item["summary"]
    if galley.picture:
        item["image"] = whole(galley.picture.src)
    return item


WRITERS: dict[str, Callable[[str, Heading, Sequence[Galley], str], str]] = {
    "rss": lambda *of: _syndicated(_Rss, *of),
    "atom": lambda *of: _syndicated(Atom, *of),
    "json": _json,
}
