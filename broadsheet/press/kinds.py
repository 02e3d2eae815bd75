"""The registry of pressed pages: rooms above and beside register what they print; press stores it and keeps it fresh."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from broadsheet.access.terms import Audience, Reason


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page composed, not yet compressed. `previews` holds the walls printed now; others are printed on first need.

    `files`: those under /media/ that it shows beside what articles show.
    `until`: when it goes stale of itself, whatever happens (a slot that ends, news that is no longer new).
    """

    path: str
    html: str
    keys: frozenset[str]
    content_type: str = "text/html; charset=utf-8"
    audience: Audience = Audience.OPEN
    story: str = ""
    previews: dict[Reason, str] = field(default_factory=dict)
    until: datetime | None = None
    files: frozenset[str] = frozenset()


Compose = Callable[[str, re.Match[str], datetime], Sheet | None]
Lead = Callable[[str, re.Match[str]], str]


def _nowhere(path: str, match: re.Match[str]) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class PageKind:
    """`compose` answers None where there is no such page; then `lead` says where it stands now, or "". An `eager` page that goes
    stale is printed again at once; others at their next request."""

    name: str
    paths: re.Pattern[str]
    compose: Compose
    eager: bool = False
    lead: Lead = _nowhere


_kinds: dict[str, PageKind] = {}
_slots: dict[tuple[str, str], list[Callable[[str], str]]] = {}


def register(kind: PageKind) -> None:
    _kinds[kind.name] = kind


def register_slot(page: str, slot: str, component: Callable[[str], str]) -> None:
    """`component(path)` answers finished HTML for a named place on pages of this kind; "" prints nothing."""
    _slots.setdefault((page, slot), []).append(component)


def slot(page: str, name: str, path: str) -> str:
    return "".join(component(path) for component in _slots.get((page, name), []))


def kinds() -> Iterable[PageKind]:
    return _kinds.values()


def kind_named(name: str) -> PageKind | None:
    return _kinds.get(name)


def kind_of(path: str) -> tuple[PageKind, re.Match[str]] | None:
    for kind in reversed(_kinds.values()):  # rooms above register later, and theirs stands
        if match := kind.paths.fullmatch(path):
            return kind, match
    return None
