"""What rooms above know of an item, handed down: whom and what it is about, and where it lies in a model's space.

Without them items have no subjects, and stories are told by their words alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

MOST_SUBJECTS = 12
UNIT = 127  # of a direction, kept as signed bytes


@dataclass(frozen=True, slots=True)
class Written:
    """What there is to go by. `language`: as the feed says, "" where it does not."""

    title: str
    summary: str
    language: str
    on: date


# "country:KE", "region:africa", "issue:water", the weightiest first; one tuple an item.
Subjects = Callable[[Sequence[Written]], Sequence[tuple[str, ...]]]
# A unit vector of 384 numbers each; None where there is no model.
Directions = Callable[[Sequence[str]], Sequence[Sequence[float]] | None]


def _no_subjects(items: Sequence[Written]) -> Sequence[tuple[str, ...]]:
    return [()] * len(items)


def _no_directions(texts: Sequence[str]) -> None:
    return None


@dataclass(slots=True)
class _Known:
    subjects: Subjects = _no_subjects
    directions: Directions = _no_directions


_known = _Known()


def register(*, subjects: Subjects, directions: Directions) -> None:
    _known.subjects, _known.directions = subjects, directions


def subjects_of(items: Sequence[Written]) -> list[tuple[str, ...]]:
    return [tuple(found[:MOST_SUBJECTS]) for found in _known.subjects(items)] if items else []


def directions_of(items: Sequence[Written]) -> list[bytes | None]:
    """As rows keep them."""
    vectors = _known.directions([f"{item.title}. {item.summary}".strip() for item in items]) if items else None
    if vectors is None:
        return [None] * len(items)
    return [packed(vector) for vector in vectors]


def packed(vector: Sequence[float]) -> bytes:
    return bytes(round(each * UNIT) & 0xFF for each in vector)


def unpacked(kept: bytes) -> list[float]:
    return [(each - 256 if each > UNIT else each) / UNIT for each in kept]
