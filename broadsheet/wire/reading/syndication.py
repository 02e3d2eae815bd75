"""RSS, RDF and Atom by feedparser, and its words into ours."""

import re
from datetime import datetime
from html import escape
from io import BytesIO
from typing import Any

import feedparser

from broadsheet.wire.reading import bounds, text
from broadsheet.wire.reading.dates import moment, set_right
from broadsheet.wire.reading.links import canonical_link
from broadsheet.wire.reading.values import Author, Feed, Item, NotAFeed

Said = Any  # feedparser's dictionary, whose keys have other names besides
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_ADDRESS = re.compile(r"[^\s@<>()\"]+@[^\s@<>()\"]+\.[^\s@<>()\"]+")
_MARKED_PAID = {"subscriber only", "subscribers only", "members only", "paywall", "paywalled", "for subscribers"}
_NEWS_ACCESS = {"subscription": True, "registration": True}  # Google's own words; what is open says nothing


def read_syndication(xml: bytes, *, address: str, at: datetime) -> Feed:
    # A stream, never a string: feedparser would fetch what looks like an address, and open what is a file's name. It is not
    # told the address, or an id that looks like a relative link would change with it.
    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        parsed = feedparser.parse(BytesIO(xml), response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except (LookupError, TypeError, ValueError, AttributeError):  # it trips over elements in places where none has a meaning
        raise NotAFeed("Its elements stand where they have no meaning. Look for another feed of the same outlet.") from None
    feed = parsed["feed"]
    link = _link(feed, base=address)
    base = address if parsed.get("version", "").startswith("atom") else link or address
    return Feed(
        kind=parsed.get("version", ""),
        id=text.plain(_text(feed.get("id")), most=bounds.MOST_IN_ID),
        title=_clean(feed, "title", most=bounds.MOST_IN_TITLE),
        link=link,
        description=_clean(feed, "subtitle", most=bounds.MOST_IN_SUMMARY) or _clean(feed, "summary", most=bounds.MOST_IN_SUMMARY),
        language=language_of(feed.get("language")),
        authors=_authors(feed),
        updated=_moment(feed, "updated", at) or _moment(feed, "published", at) or _moment(feed, "created", at),
        items=tuple(_item(entry, base=base, at=at) for entry in parsed["entries"][: bounds.MOST_ITEMS]),
    )


def language_of(said: object) -> str:
    """In lower case, as in en-us; "" where it is no language."""
    language = _text(said)[:40].strip().lower().replace("_", "-")
    return language if _LANGUAGE.fullmatch(language) else ""


def is_marked_paid(categories: tuple[str, ...]) -> bool:
    return any(" ".join(re.split(r"[\s_-]+", category.lower())) in _MARKED_PAID for category in categories)


def paywalled_by(access: object) -> bool | None:
    """By the word of a news sitemap."""
    return _NEWS_ACCESS.get(_text(access).strip().lower())


def _item(entry: Said, *, base: str, at: datetime) -> Item:
    published, updated = set_right(
        _moment(entry, "published", at) or _moment(entry, "created", at), _moment(entry, "updated", at)
    )
    source: Said = entry.get("source") or {}
    categories = _categories(entry)
    return Item(
        id=text.plain(_text(entry.get("id")), most=bounds.MOST_IN_ID),
        title=_clean(entry, "title", most=bounds.MOST_IN_TITLE),
        summary=_clean(entry, "summary", most=bounds.MOST_IN_SUMMARY),
        link=canonical_link(_text(entry.get("feedburner_origlink")), base=base) or _link(entry, base=base),
        authors=_authors(entry) or _authors(source),
        published=published,
        updated=updated,
        language=_language(entry),
        categories=categories,
        paywalled=_paywalled(entry, categories),
        length=_length(entry),
        outlet=_clean(source, "title", most=bounds.MOST_IN_NAME),
        outlet_link=_link(source, base=base) or canonical_link(_text(source.get("href")), base=base),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _link(said: Said, *, base: str) -> str:
    """feedparser may take an enclosure for the link where its address stands in the wrong place."""
    link = _text(said.get("link"))
    alternates = [
        _text(each.get("href")) for each in said.get("links") or [] if each.get("rel") == "alternate" and each.get("href")
    ]
    return canonical_link(alternates[0] if alternates and link not in alternates else link, base=base)


def _clean(said: Said, key: str, *, most: int) -> str:
    value = _text(said.get(key))
    is_plain = _is_plain(said.get(f"{key}_detail") or {}, value)
    return text.plain(value, most=most) if is_plain else text.from_markup(value, most=most)


def _is_plain(detail: Said, value: str) -> bool:
    return bool(detail.get("type") == "text/plain") and not text.has_markup(value)


def _authors(said: Said) -> tuple[Author, ...]:
    details = said.get("authors") or [said.get("author_detail") or {}]
    authors = [_author(detail) for detail in details[: bounds.MOST_AUTHORS] if detail]
    if "@" in (whole := _text(said.get("author"))) and (address := _ADDRESS.search(whole)) and authors:
        # feedparser knows no end of an address that is longer than four letters, and has the rest of it be a name.
        name = whole.replace(address[0], "").strip(" ()<>,;")
        authors[-1] = _author({"name": name, "email": address[0], "href": details[-1].get("href")})
    return tuple(dict.fromkeys(author for author in authors if author))


def _author(detail: Said) -> Author | None:
    name = text.from_markup(_text(detail.get("name")), most=bounds.MOST_IN_NAME)
    email = _text(detail.get("email"))[: bounds.MOST_IN_NAME]
    author = Author(name, email if _ADDRESS.fullmatch(email) else "", canonical_link(_text(detail.get("href"))))
    return author if author != Author("") else None


def _categories(entry: Said) -> tuple[str, ...]:
    names = [_text(tag.get("label")) or _text(tag.get("term")) for tag in (entry.get("tags") or [])[: bounds.MOST_CATEGORIES]]
    clean = (text.from_markup(name, most=bounds.MOST_IN_NAME) for name in names)
    return tuple(dict.fromkeys(name for name in clean if name))


def _moment(said: Said, key: str, at: datetime) -> datetime | None:
    # Asked by `in`: feedparser answers for `updated` with `published`, and warns.
    return moment(said[f"{key}_parsed"], written=_text(said.get(key)), at=at) if f"{key}_parsed" in said else None


def _language(entry: Said) -> str:
    details: list[Said] = [entry.get("title_detail") or {}, entry.get("summary_detail") or {}, *(entry.get("content") or [])]
    said = (language_of(value) for value in (entry.get("language"), *(detail.get("language") for detail in details)))
    return next((language for language in said if language), "")


def _paywalled(entry: Said, categories: tuple[str, ...]) -> bool | None:
    for key in list(entry):
        if key.rpartition("_")[2] == "isaccessibleforfree":
            return {"true": False, "false": True}.get(_text(entry[key]).strip().lower())
    return paywalled_by(entry.get("news_access")) or (True if is_marked_paid(categories) else None)


def _length(entry: Said) -> int | None:
    """Of what is carried as content, in whichever of its forms is longest."""
    carried = [(content, _text(content.get("value"))) for content in entry.get("content") or [] if not content.get("src")]
    counts = [text.words_in(escape(value) if _is_plain(content, value) else value) for content, value in carried]
    return max(counts, default=0) or None
