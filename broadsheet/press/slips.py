"""What a gate reads of the press, in plain SQL: slips, snapshots and the number of the last change. Standard library only.

Every statement is written in the style of SQLite (`?`); `gate.database` adapts it for PostgreSQL. The tables are those of
`press.models`; a house test holds the two together.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from sys import intern
from types import MappingProxyType
from typing import Any

from broadsheet.access.passes import short
from broadsheet.access.terms import Audience

SLIPS_AFTER = """
    SELECT change, path, story, audience, kind, content_type, full_cut, previews, moved_to, withdrawn, gone
    FROM press_slip WHERE change > ? ORDER BY change LIMIT ?
"""
SLIP_AT = """
    SELECT change, path, story, audience, kind, content_type, full_cut, previews, moved_to, withdrawn, gone
    FROM press_slip WHERE path = ?
"""
LAST_CHANGE = "SELECT last FROM kit_counter WHERE name = 'slips'"
SNAPSHOT_BROTLI = "SELECT brotli FROM press_snapshot WHERE digest = ?"
SNAPSHOT_GZIP = "SELECT gzip FROM press_snapshot WHERE digest = ?"

NO_PREVIEWS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Slip:
    """Where the snapshots of one path lie, and whom they are for.

    `story` is what a reading costs: chapters, print view and images of an article share its story. "" on pages that cost
    nothing; `story_in_pass` is the short form under which it stands in passes. `previews` maps a wall's reason to a digest; a
    reason not in it has not been printed yet.
    `gone`: the path has no page any more (a stale listing, a moved slug): whoever asks is sent to Django.
    """

    change: int
    path: str
    story: str
    audience: Audience
    kind: str
    content_type: str
    full: str
    previews: Mapping[str, str] = field(default_factory=lambda: NO_PREVIEWS)
    moved_to: str = ""
    withdrawn: bool = False
    gone: bool = False
    story_in_pass: str = ""
    stands: bool = True  # neither moved, nor withdrawn, nor gone: a page is here


def slip_from(row: Iterable[Any]) -> Slip:
    change, path, story, audience, kind, content_type, full, previews, moved_to, withdrawn, gone = row
    loaded = json.loads(previews) if isinstance(previews, str) else previews
    return Slip(
        change=change,
        path=path,
        story=story,
        audience=Audience(audience),
        kind=intern(kind),  # a gate holds tens of thousands: what repeats is held once
        content_type=intern(content_type),
        full=full,
        previews={intern(reason): digest for reason, digest in loaded.items()} if loaded else NO_PREVIEWS,
        moved_to=moved_to,
        withdrawn=bool(withdrawn),
        gone=bool(gone),
        story_in_pass=short(story) if story else "",
        stands=not (moved_to or withdrawn or gone),
    )
