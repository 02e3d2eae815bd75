"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json
from datetime import datetime
from typing import Any

from broadsheet.wire.reading import bounds, text
from broadsheet.wire.reading.dates import moment_of, set_right
from broadsheet.wire.reading.links import canonical_link
from broadsheet.wire.reading.syndication import is_marked_paid, language_of
from broadsheet.wire.reading.values import Author, Feed, Item, NotAFeed

Said = dict[str, Any]


def read_json(written: str, *, address: str, at: datetime) -> Feed:
    said = _object(written)
    if not isinstance(said.get("items"), list):
        raise NotAFeed("It is JSON, but no JSON Feed: it has no list of items. Look for the outlet's feed on its front page.")
    entries = [entry for entry in said["items"] if isinstance(entry, dict)]
    trouble = [f"Only the first {bounds.MOST_ITEMS:,} entries were read."] if len(entries) > bounds.MOST_ITEMS else []
    trouble += ["Some of its items are no objects."] if len(entries) < len(said["items"]) else []
    link = canonical_link(_text(said, "home_page_url"), base=address)
    items = tuple(_item(entry, base=link or address, at=at) for entry in entries[: bounds.MOST_ITEMS])
    return Feed(
        kind="json" + _text(said, "version")[-3:].replace(".", ""),
        id=text.plain(_text(said, "feed_url"), most=bounds.MOST_IN_ID),
        title=text.plain(_text(said, "title"), most=bounds.MOST_IN_TITLE),
        link=link,
        description=text.plain(_text(said, "description"), most=bounds.MOST_IN_SUMMARY),
        language=language_of(said.get("language")),
        authors=_authors(said),
        updated=max((moment for item in items if (moment := item.updated or item.published)), default=None),
        items=items,
        trouble=" ".join(trouble),
    )


def _object(written: str) -> Said:
    if written.count("{") + written.count("[") > bounds.MOST_BRACES:
        raise NotAFeed(f"It has more than {bounds.MOST_BRACES:,} objects. Ask the outlet for a shorter feed.")
    try:
        said = json.loads(written)
    except (ValueError, RecursionError):
        raise NotAFeed("It begins as JSON and cannot be read as such. Look whether the address is the feed's own.") from None
    return said if isinstance(said, dict) else {}


def _item(entry: Said, *, base: str, at: datetime) -> Item:
    published, updated = set_right(moment_of(entry.get("date_published"), at=at), moment_of(entry.get("date_modified"), at=at))
    tags = entry.get("tags")
    names = tags[: bounds.MOST_CATEGORIES] if isinstance(tags, list) else []
    clean = (text.plain(name, most=bounds.MOST_IN_NAME) for name in names if isinstance(name, str))
    categories = tuple(dict.fromkeys(name for name in clean if name))
    id_ = entry.get("id")
    return Item(
        id=text.plain(id_ if isinstance(id_, str) else str(id_) if isinstance(id_, int) else "", most=bounds.MOST_IN_ID),
        title=text.plain(_text(entry, "title"), most=bounds.MOST_IN_TITLE),
        summary=_summary(entry),
        # A link blog's items are about what they lead to: their own page comes first all the same, since it is theirs.
        link=canonical_link(_text(entry, "url"), base=base) or canonical_link(_text(entry, "external_url"), base=base),
        authors=_authors(entry),
        published=published,
        updated=updated,
        language=language_of(entry.get("language")),
        categories=categories,
        paywalled=True if is_marked_paid(categories) else None,
        length=max(text.words_in(_text(entry, "content_html")), text.words_in(_text(entry, "content_text"))) or None,
    )


def _summary(entry: Said) -> str:
    said = text.plain(_text(entry, "summary") or _text(entry, "content_text"), most=bounds.MOST_IN_SUMMARY)
    return said or text.from_markup(_text(entry, "content_html"), most=bounds.MOST_IN_SUMMARY)


def _authors(said: Said) -> tuple[Author, ...]:
    """A list since 1.1, one object before."""
    listed = said.get("authors") if isinstance(said.get("authors"), list) else [said.get("author")]
    details = [detail for detail in (listed or [])[: bounds.MOST_AUTHORS] if isinstance(detail, dict)]
    authors = [
        Author(text.plain(_text(detail, "name"), most=bounds.MOST_IN_NAME), link=canonical_link(_text(detail, "url")))
        for detail in details
    ]
    return tuple(dict.fromkeys(author for author in authors if author != Author("")))


def _text(said: Said, key: str) -> str:
    value = said.get(key)
    # JSON can spell halves of characters, which no other place could write down.
    return value.encode("utf-8", "ignore").decode() if isinstance(value, str) else ""
