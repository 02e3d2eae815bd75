"""What the grouping remembers: tellings, and all that those of one story say together. What is removed leaves no trace."""

import math
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from operator import add, mul
from typing import TypeAlias

Vector: TypeAlias = array  # of floats: Python 3.11 has no name for that


@dataclass(frozen=True, slots=True)
class Told:
    """`at` in whole seconds; `weights` of its terms; `headline`: the terms of its title alone."""

    id: int
    at: int
    outlet: str
    weights: Mapping[str, float]
    numbers: frozenset[str]
    names: frozenset[str]
    link_key: str
    headline: frozenset[str]
    vector: Vector | None


class Gathered:
    """The tellings of a story. The sum of their vectors is made when it is asked for, and again where one left."""

    def __init__(self) -> None:
        self.told: dict[int, Told] = {}
        self.terms: Counter[str] = Counter()
        self.numbers: Counter[str] = Counter()
        self.names: Counter[str] = Counter()
        self._seconds = 0
        self._last: int | None = None
        self._sum: Vector | None = None
        self._direction: Vector | None = None

    def add(self, told: Told) -> None:
        self.told[told.id] = told
        self._count(told, 1)
        if self._last is not None or len(self.told) == 1:
            self._last = max(told.at, self._last or told.at)
        if told.vector:
            self._direction = None
            self._sum = _plus(self._sum, told.vector) if self._sum else None

    def remove(self, told: Told) -> None:
        del self.told[told.id]
        self._count(told, -1)
        self._last = self._sum = self._direction = None

    def _count(self, told: Told, by: int) -> None:
        self._seconds += by * told.at
        for counted, keys in ((self.terms, told.weights), (self.numbers, told.numbers), (self.names, told.names)):
            for key in keys:
                counted[key] += by
                if not counted[key]:
                    del counted[key]

    @property
    def last(self) -> int:
        if self._last is None:
            self._last = max(told.at for told in self.told.values())
        return self._last

    @property
    def middle(self) -> float:
        """The mean moment of its tellings, in seconds."""
        return self._seconds / len(self.told)

    @property
    def direction(self) -> Vector | None:
        """Of length 1; None where none of its tellings has a vector. Most stories are one telling, and need no sum."""
        if self._direction is None:
            vectors = [told.vector for told in self.told.values() if told.vector] if self._sum is None else []
            if len(vectors) == 1:
                self._direction = vectors[0]
                return self._direction
            for vector in vectors:
                self._sum = _plus(self._sum, vector)
            self._direction = unit(self._sum) if self._sum else None
        return self._direction


def unit(vector: Sequence[float]) -> Vector | None:
    """None of a vector of zeros: it has no direction."""
    length = math.sqrt(cosine(vector, vector))
    return array("f", map(mul, vector, repeat(1 / length))) if length else None


def cosine(one: Sequence[float], other: Sequence[float]) -> float:
    """Of two vectors of length 1."""
    return sum(map(mul, one, other))


def _plus(summed: Vector | None, vector: Vector) -> Vector:
    return array("d", map(add, summed, vector)) if summed else array("d", vector)
