"""How near documents are to a query in meaning: the model and the space together. Needs the extra `meaning`."""

from collections.abc import Collection, Sequence
from copy import copy
from functools import lru_cache
from typing import Self

import numpy as np

from broadsheet.library import ranking
from broadsheet.library.looking import Looking
from broadsheet.library.minilm import MiniLM
from broadsheet.library.sight import STRANGER, Sight
from broadsheet.library.vectors import EVERYBODYS, Floats, Space

FED_FROM = 3  # documents towards whose best passages a query is drawn
FED = 0.2  # how far
# Closeness of a passage to a query. Judged collections lose nothing by these; letters at random seldom come as near as the first.
LEAST_OF_BEST, LEAST = 0.35, 0.2
NOBODYS = 0  # no article has this number


class Meanings:
    """A `finder.Meaning`. Within an index, what was embedded of a text that is another by now is for whoever reads all of it."""

    def __init__(self, model: MiniLM, space: Space) -> None:
        self._space = space
        self._looking: Looking | None = None
        self._asked = lru_cache(maxsize=1_000)(lambda text: model.embed([text])[0])

    def within(self, looking: Looking) -> Self:
        those = copy(self)
        those._looking = looking
        return those

    def _outdated(self, ids: Collection[int], *, sight: Sight, lit: Collection[int]) -> set[int]:
        if self._looking is None or sight.entitled:
            return set()
        stands, embedded = self._looking.imprints_of(ids), self._space.imprints
        return {pk for pk in ids if pk not in lit and stands.get(pk) != embedded.get(pk)}

    def nearest(self, text: str, *, sight: Sight, lit: Collection[int], most: int) -> list[int]:
        """None where nothing is as near as that which says the like: the library has nothing on it."""
        near = self._nearest(self._asked(text), sight=sight, lit=lit, most=most) if len(self._space.ids) else {}
        return [pk for pk, close in near.items() if close >= LEAST] if max(near.values(), default=0.0) >= LEAST_OF_BEST else []

    def _nearest(self, asked: Floats, *, sight: Sight, lit: Collection[int], most: int) -> dict[int, float]:
        found = self._space.nearest(asked, sight=sight, lit=lit, most=most)
        outdated = self._outdated(found, sight=sight, lit=lit)
        return {pk: close for pk, close in found.items() if pk not in outdated}

    def like(self, document_id: int, text: str, *, most: int) -> dict[int, float]:
        """The documents nearest to one, all by what everybody may read; `text` stands for one that is not embedded yet."""
        space = self._space
        outdated = self._outdated([document_id], sight=STRANGER, lit=())
        own = np.flatnonzero((space.ids == document_id) & (space.whose == EVERYBODYS) & (document_id not in outdated))
        asked = _unit(np.mean([space.at(int(row)) for row in own], axis=0)) if len(own) else self._asked(text)
        near = self._nearest(asked, sight=STRANGER, lit=(), most=most + 1)
        ids = [one for one in near if one != document_id]
        return dict(zip(ids, map(float, space.closeness(asked, ids, sight=STRANGER, lit=())[0]), strict=True))

    def closeness(
        self, text: str, ids: Sequence[int], *, sight: Sight, lit: Collection[int], words: Sequence[float]
    ) -> list[float]:
        """Of each document, to the query drawn a little towards the best of them, by words and meaning."""
        asked = self._asked(text)
        outdated = self._outdated(ids, sight=sight, lit=lit)
        ids = [NOBODYS if pk in outdated else pk for pk in ids]
        close, best = self._space.closeness(asked, ids, sight=sight, lit=lit)
        known = [row >= 0 for row in best]
        order = np.argsort(-np.array(ranking.fused(words, ranking.filled(close.tolist(), words, known=known))), kind="stable")
        first = [self._space.at(best[n]) for n in order[:FED_FROM] if best[n] >= 0]
        if not first:
            return close.tolist()
        drawn: Floats = (1 - FED) * asked + FED * _unit(np.mean(first, axis=0))
        return ranking.filled(self._space.closeness(_unit(drawn), ids, sight=sight, lit=lit)[0].tolist(), words, known=known)


def _unit(vector: Floats) -> Floats:
    return vector / np.linalg.norm(vector)
