"""Which stories matter most at a moment, and by what of them. Pure.

A score is a sum of parts, each between 0 and 1, times its weight: what the desk says of a story's place can be read off it. More
outlets, of a higher standing, sooner, of more that is ours, or a story that is newer, never stand lower for it.
"""

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from broadsheet.wire.policy import Told

OUTLETS, SPEED, OURS, NOVELTY = 0.4, 0.2, 0.25, 0.15  # sum 1
MANY = 60  # standings together that count in full: twenty outlets read around the world
AT_ONCE, QUICK = timedelta(hours=3), 20  # standings of whom joined in the last hours that count in full
MOST_OURS = 2  # countries and issues of ours; more add nothing
NEW = timedelta(hours=12)  # after which a story is half as new


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story, with each outlet that tells it, and what it is about."""

    story: int
    told: tuple[Told, ...]
    subjects: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ranked:
    story: int
    score: float
    outlets: float
    speed: float
    ours: float
    novelty: float


def rank(stories: Iterable[Candidate], at: datetime, ours: Collection[str]) -> list[Ranked]:
    """Best first; of two alike the newer number. What has not been told yet at `at` is passed over."""
    known = [_known(story, at) for story in stories]
    ranked = [_ranked(story, at, frozenset(ours)) for story in known if story.told]
    return sorted(ranked, key=lambda one: (one.score, one.story), reverse=True)


def _known(story: Candidate, at: datetime) -> Candidate:
    return Candidate(story.story, tuple(told for told in story.told if told.first_at <= at), story.subjects)


def _ranked(story: Candidate, at: datetime, ours: frozenset[str]) -> Ranked:
    outlets = _of_many(sum(told.standing for told in story.told), MANY)
    speed = _of_many(sum(told.standing for told in story.told if told.first_at > at - AT_ONCE), QUICK)
    about = min(len(ours & story.subjects), MOST_OURS) / MOST_OURS
    novelty = 0.5 ** ((at - min(told.first_at for told in story.told)) / NEW)
    score = OUTLETS * outlets + SPEED * speed + OURS * about + NOVELTY * novelty
    return Ranked(story.story, score, outlets, speed, about, novelty)


def _of_many(amount: int, many: int) -> float:
    """The tenth outlet says less than the second."""
    return min(1.0, math.log1p(amount) / math.log1p(many))
