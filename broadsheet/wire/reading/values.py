"""What a feed says, in the one form that the house knows, whatever it was written in.

Every string is text, not HTML: whoever prints it escapes it. "" is said of what a feed does not say; None of what nobody knows.
"""

from dataclasses import dataclass
from datetime import datetime


class NotAFeed(ValueError):
    """What was fetched is no feed; the sentence says what to do instead."""


@dataclass(frozen=True, slots=True)
class Author:
    """`name` is "" where a feed gives an address alone: that is nobody's byline."""

    name: str
    email: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One entry. `length` is in words, of a text that is never kept; None where the feed does not carry it.

    `published` and `updated` are never later than the reading. `outlet` is whom a feed that gathers from others took it from.
    """

    id: str = ""
    title: str = ""
    summary: str = ""
    link: str = ""
    authors: tuple[Author, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    language: str = ""
    categories: tuple[str, ...] = ()
    paywalled: bool | None = None
    length: int | None = None
    outlet: str = ""
    outlet_link: str = ""
    link_tells: bool = True  # False where several pieces stand at the link, or it is the outlet's front page

    @property
    def can_be_shown(self) -> bool:
        return bool(self.title and self.link)


@dataclass(frozen=True, slots=True)
class Feed:
    """Items stand newest first, those without a date last. `trouble` is in sentences; "" where there was none."""

    kind: str
    id: str = ""
    title: str = ""
    link: str = ""
    description: str = ""
    language: str = ""
    authors: tuple[Author, ...] = ()
    updated: datetime | None = None
    items: tuple[Item, ...] = ()
    trouble: str = ""
