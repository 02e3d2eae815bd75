"""The feeds of the demo's foreign press, in five formats. Pure: values in, bytes out."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import Any
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from broadsheet.config.demo.foreign_press import Outlet, Told

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RSS1 = "http://purl.org/rss/1.0/"
SCHEMA = "https://schema.org/"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
PREFIXES = {"content": CONTENT, "dc": DC, "news": NEWS, "rdf": RDF, "schema": SCHEMA}
FOR_SUBSCRIBERS = "Subscribers only"
TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "rdf": "application/rdf+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json",
    "sitemap": "application/xml; charset=utf-8",
}

for prefix, address in PREFIXES.items():
    register_namespace(prefix, address)


def feed_of(outlet: Outlet, items: Sequence[Told], *, base: str, start: datetime) -> bytes:
    """`base` is where the outlets stand, without a slash at its end; `start` is what the items count from."""
    return WRITERS[outlet.format](outlet, items, base, start)


def categories_of(outlet: Outlet, item: Told) -> list[str]:
    marks = [FOR_SUBSCRIBERS] if item.paid and outlet.paid == "category" else []
    return [*([item.under] if item.under else []), *marks]


def content_of(outlet: Outlet, item: Told) -> str:
    """As HTML; "" where the feed does not carry it."""
    if not outlet.whole or item.paid or not item.text:
        return ""
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in (item.summary, *item.text))


def _rss(outlet: Outlet, items: Sequence[Told], base: str, start: datetime) -> bytes:
    root = Element("rss", version="2.0")
    channel = SubElement(root, "channel")
    said = {"title": outlet.name, "link": base + outlet.path, "description": outlet.line, "language": outlet.language}
    _say(channel, said)
    if items:
        _say(channel, {"lastBuildDate": format_datetime(items[0].dated(start))})
    for item in items:
        entry = SubElement(channel, "item")
        _say(entry, {"title": item.headline, "link": base + item.path, "guid": base + item.path, "description": item.summary})
        _say(entry, {"pubDate": format_datetime(item.dated(start)), f"{{{DC}}}creator": item.by})
        _say_each(entry, "category", categories_of(outlet, item))
        _say(entry, {f"{{{CONTENT}}}encoded": content_of(outlet, item)})
        if outlet.paid == "schema":
            _say(entry, {f"{{{SCHEMA}}}isAccessibleForFree": "false" if item.paid else "true"})
    return _written(root)


def _rdf(outlet: Outlet, items: Sequence[Told], base: str, start: datetime) -> bytes:
    root = Element(f"{{{RDF}}}RDF")
    about = f"{{{RDF}}}about"
    channel = SubElement(root, f"{{{RSS1}}}channel", {about: base + outlet.path})
    _say(channel, {f"{{{RSS1}}}title": outlet.name, f"{{{RSS1}}}link": base + outlet.path, f"{{{RSS1}}}description": outlet.line})
    _say(channel, {f"{{{DC}}}language": outlet.language})
    listed = SubElement(SubElement(channel, f"{{{RSS1}}}items"), f"{{{RDF}}}Seq")
    for item in items:
        SubElement(listed, f"{{{RDF}}}li", {f"{{{RDF}}}resource": base + item.path})
        entry = SubElement(root, f"{{{RSS1}}}item", {about: base + item.path})
        _say(entry, {f"{{{RSS1}}}title": item.headline, f"{{{RSS1}}}link": base + item.path})
        _say(entry, {f"{{{RSS1}}}description": item.summary, f"{{{DC}}}creator": item.by})
        _say(entry, {f"{{{DC}}}date": item.dated(start).isoformat(), f"{{{CONTENT}}}encoded": content_of(outlet, item)})
        _say_each(entry, f"{{{DC}}}subject", categories_of(outlet, item))
    return _written(root, default=RSS1)


def _atom(outlet: Outlet, items: Sequence[Told], base: str, start: datetime) -> bytes:
    root = Element("feed", {"xmlns": ATOM, "xml:lang": outlet.language})
    updated = (items[0].dated(start) if items else start).isoformat()
    _say(root, {"id": f"tag:{outlet.slug}.example,2026:feed", "title": outlet.name, "subtitle": outlet.line, "updated": updated})
    SubElement(root, "link", rel="self", href=base + outlet.feed_path)
    SubElement(root, "link", rel="alternate", type="text/html", href=base + outlet.path)
    _say(SubElement(root, "author"), {"name": outlet.name})
    for item in items:
        entry, moment = SubElement(root, "entry"), item.dated(start).isoformat()
        _say(entry, {"id": f"tag:{outlet.slug}.example,2026:{item.slug}", "title": item.headline})
        SubElement(entry, "link", rel="alternate", type="text/html", href=base + item.path)
        _say(entry, {"published": moment, "updated": moment, "summary": item.summary})
        if item.by:
            _say(SubElement(entry, "author"), {"name": item.by})
        for name in categories_of(outlet, item):
            SubElement(entry, "category", term=name)
        if content := content_of(outlet, item):
            SubElement(entry, "content", type="html").text = content
    return _written(root)


def _sitemap(outlet: Outlet, items: Sequence[Told], base: str, start: datetime) -> bytes:
    root = Element(f"{{{SITEMAP}}}urlset")
    for item in items:
        page = SubElement(root, f"{{{SITEMAP}}}url")
        _say(page, {f"{{{SITEMAP}}}loc": base + item.path})
        news = SubElement(page, f"{{{NEWS}}}news")
        publication = SubElement(news, f"{{{NEWS}}}publication")
        _say(publication, {f"{{{NEWS}}}name": outlet.name, f"{{{NEWS}}}language": outlet.language})
        _say(news, {f"{{{NEWS}}}access": "Subscription" if item.paid else ""})
        _say(news, {f"{{{NEWS}}}publication_date": item.dated(start).isoformat(), f"{{{NEWS}}}title": item.headline})
        _say(news, {f"{{{NEWS}}}keywords": ", ".join(categories_of(outlet, item))})
    return _written(root, default=SITEMAP)


def _json(outlet: Outlet, items: Sequence[Told], base: str, start: datetime) -> bytes:
    said = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "description": outlet.line,
        "language": outlet.language,
        "home_page_url": base + outlet.path,
        "feed_url": base + outlet.feed_path,
        "items": [_json_item(outlet, item, base, start) for item in items],
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


def _json_item(outlet: Outlet, item: Told, base: str, start: datetime) -> dict[str, Any]:
    said = {
        "id": item.slug,
        "url": base + item.path,
        "title": item.headline,
        "summary": item.summary,
        "date_published": item.dated(start).isoformat(),
        "authors": [{"name": item.by}] if item.by else [],
        "tags": categories_of(outlet, item),
        "content_html": content_of(outlet, item),
    }
    return {name: value for name, value in said.items() if value}


def _say(parent: Element, said: dict[str, str]) -> None:
    """What is not said has no element."""
    for name, value in said.items():
        if value:
            SubElement(parent, name).text = value


def _say_each(parent: Element, name: str, values: Iterable[str]) -> None:
    for value in values:
        _say(parent, {name: value})


def _written(root: Element, *, default: str | None = None) -> bytes:
    return tostring(root, encoding="utf-8", xml_declaration=True, default_namespace=default)


WRITERS: dict[str, Callable[[Outlet, Sequence[Told], str, datetime], bytes]] = {
    "rss": _rss,
    "rdf": _rdf,
    "atom": _atom,
    "json": _json,
    "sitemap": _sitemap,
}
