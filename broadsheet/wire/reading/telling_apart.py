"""Which items of a feed are one piece, and by what a piece is known again. Ids are missing, all the same, or used again.

A link is believed more than an id: it leads the reader somewhere, so that an outlet sees when it is wrong.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

from broadsheet.wire.reading.links import is_front_page, link_key
from broadsheet.wire.reading.values import Item

LONG_AGO = datetime.min.replace(tzinfo=UTC)


def identity(item: Item) -> str:
    """The same whenever the piece is met again: anywhere by its link; within one source by an id or by its words."""
    if item.link and item.link_tells:
        return f"link:{link_key(item.link)}"
    if item.id:
        return f"id:{item.id.removeprefix('https://').removeprefix('http://')}"
    return f"text:{sha256(f'{item.title}|{item.summary}|{item.link}'.encode()).hexdigest()[:32]}"


def told_apart(items: Iterable[Item], *, pages: Iterable[str]) -> tuple[Item, ...]:
    """Each piece once, in its newest form, newest first. `pages` are the feed's own addresses, at which no piece stands."""
    known = _without_shared_links(_without_shared_ids(list(items)), {link_key(page) for page in pages})
    newest: dict[Hashable, Item] = {}
    named: dict[tuple[str, str], str] = {}  # the same id and title is the same piece, wherever it stands
    for item in known:
        own = identity(item)
        key = named.setdefault((item.id, item.title), own) if item.id and item.title else own
        if key not in newest or _last(item) > _last(newest[key]):
            newest[key] = item
    return tuple(sorted(newest.values(), key=lambda item: item.published or LONG_AGO, reverse=True))


def _without_shared_ids(items: list[Item]) -> list[Item]:
    """An id that several pieces bear is none."""
    bearers = defaultdict(set)
    for item in items:
        bearers[item.id].add((link_key(item.link), item.title))
    shared = {id for id, pieces in bearers.items() if _all_differ(pieces)}
    return [replace(item, id="") if item.id in shared else item for item in items]


def _all_differ(pieces: set[tuple[str, str]]) -> bool:
    """Both in where they stand and in what they are called: else it is one piece, moved or renamed."""
    return min(len({link for link, _ in pieces}), len({title for _, title in pieces})) > 1


def _without_shared_links(items: list[Item], pages: set[str]) -> list[Item]:
    """Of a podcast all episodes may lead to one page."""
    standing = defaultdict(set)
    for item in items:
        standing[link_key(item.link)].add((item.id, item.title))
    shared = {key for key, pieces in standing.items() if _all_differ(pieces) and all(id for id, _ in pieces)}
    return [
        replace(item, link_tells=False) if link_key(item.link) in shared | pages or is_front_page(item.link) else item
        for item in items
    ]


def _last(item: Item) -> datetime:
    return item.updated or item.published or LONG_AGO
