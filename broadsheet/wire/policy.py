"""What the wire decides by itself: in what order the desk shows its stories, which piece of one is the best to read, and when
one that was dropped comes back."""

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

HALF_LIFE = timedelta(hours=12)  # in which what an outlet told weighs half
OURS, MOST_OURS = 1.0, 2  # a country or issue of ours counts as twice as many outlets; a second one once more
BACK_WITH = 2  # times as many outlets
SHORT, LONG = 250, 4_000  # words: a telegram, and what is as long as anybody reads
SIGNED, OPEN, IN_OURS, UNKNOWN_LENGTH = 1.5, 1.0, 2.0, 0.5
HOUSES = frozenset({"staff", "newsroom", "editors", "editor", "desk", "admin", "reuters", "ap", "afp", "dpa", "tass", "xinhua"})
AGENCIES = frozenset({"associated press", "the associated press", "agence france-presse", "deutsche presse-agentur"})


@dataclass(frozen=True, slots=True)
class Told:
    """An outlet told a story: how much that says, when it first did and when it last did."""

    standing: int
    first_at: datetime
    last_at: datetime


def heat(told: Iterable[Told], *, ours: int) -> float:
    """By what the desk puts stories in order. The order of two stories does not change as time goes by, only as they do.

    Each outlet weighs its standing, half of that for each half-life that it lies back, so that what many tell at once stands
    above what as many told in the course of days. An outlet that goes on telling counts as in the middle of its first and last.
    `ours`: how many of the countries and issues that it is about are among our own.
    """
    powers = [math.log2(one.standing) + _middle(one) / HALF_LIFE.total_seconds() for one in told if one.standing > 0]
    if not powers:
        return 0.0
    most = max(powers)
    return most + math.log2(sum(2 ** (power - most) for power in powers)) + OURS * min(ours, MOST_OURS)


def _middle(told: Told) -> float:
    return (told.first_at.timestamp() + told.last_at.timestamp()) / 2


def comes_back(*, outlets: int, dropped_with: int) -> bool:
    """Whether a story that was dropped has become another: one outlet more of one is none."""
    return outlets >= BACK_WITH * max(dropped_with, 1)


@dataclass(frozen=True, slots=True)
class Reading:
    """One piece of a story, by what is known before it is read. `words`, `paywalled`: None where its outlet does not say."""

    standing: int
    signed: bool
    words: int | None
    foreign: bool
    paywalled: bool | None


def merit(reading: Reading) -> float:
    """By which of a story's pieces the best is picked: what somebody wrote at length, for a reader who can open and read it.
    Who told it first or most often, as agencies do, says nothing of that."""
    length = UNKNOWN_LENGTH if reading.words is None else math.log2(min(max(reading.words, SHORT), LONG) / SHORT)
    return reading.standing + length + SIGNED * reading.signed - IN_OURS * reading.foreign - OPEN * bool(reading.paywalled)


def is_signed(authors: Collection[str], *, outlet: str) -> bool:
    """By somebody: an outlet's own name, an agency's or “staff” is nobody's."""
    return any(_is_somebody(author.casefold(), outlet.casefold()) for author in authors)


def _is_somebody(author: str, outlet: str) -> bool:
    return bool(author) and author not in AGENCIES and author not in outlet and HOUSES.isdisjoint(author.split())
