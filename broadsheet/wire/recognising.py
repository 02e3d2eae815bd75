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
    """As rows keep them. Of the title alone, which says what happened, and takes a quarter of the time.

    None of a language that the model has not learnt: to it all Arabic is alike.
    """
    read = [place for place, item in enumerate(items) if is_english(item.language)]
    vectors = _known.directions([items[place].title for place in read]) if read else None
    known = dict(zip(read, vectors, strict=True)) if vectors is not None else {}
    return [packed(known[place]) if place in known else None for place in range(len(items))]


def is_english(language: str) -> bool:
    """Where a feed does not say, it is taken for English."""
    return primary(language) in ("", "en")


def primary(language: str) -> str:
    """The language of a tag: "de" of "de-AT"."""
    return language.replace("_", "-").partition("-")[0].lower()


def packed(vector: Sequence[float]) -> bytes:
    return bytes(round(each * UNIT) & 0xFF for each in vector)


def unpacked(kept: bytes) -> list[float]:
    return [(each - 256 if each > UNIT else each) / UNIT for each in kept]
