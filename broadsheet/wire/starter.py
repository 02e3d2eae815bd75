"""A list of well-known sources to begin with, folder by folder. What is taken of it is listed, and not listened to."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from broadsheet.wire.actions.listening import Listed, import_list, key_of
from broadsheet.wire.models import Source
from broadsheet.wire.reading.opml import Outlines, read_outlines, write_outlines

FILE = Path(__file__).with_name("starter.opml")


@dataclass(frozen=True, slots=True)
class Folder:
    """`known`: how many of its sources are on our list already."""

    name: str
    outlets: tuple[str, ...]
    known: int


@cache
def _list() -> Outlines:
    return read_outlines(FILE.read_bytes())


def folders() -> list[Folder]:
    """In the order of the list."""
    outlines = _list().feeds
    known = set(Source.objects.values_list("address_key", flat=True))
    named = dict.fromkeys(_folder(outline.folders) for outline in outlines)
    of = {name: [outline for outline in outlines if _folder(outline.folders) == name] for name in named}
    return [
        Folder(name, tuple(outline.title for outline in some), sum(key_of(outline.feed) in known for outline in some))
        for name, some in of.items()
    ]


def take(names: Collection[str], *, at: datetime) -> Listed:
    outlines = _list()
    chosen = [outline for outline in outlines.feeds if _folder(outline.folders) in names]
    return import_list(write_outlines(outlines.title, chosen), listening=False, at=at)


def _folder(folders: tuple[str, ...]) -> str:
    return " / ".join(folders)
