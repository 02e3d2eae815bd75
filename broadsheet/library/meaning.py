"""How near documents are to a query in meaning: the model and the space together. Needs the extra `meaning`."""

from collections.abc import Collection, Sequence
from functools import lru_cache

import numpy as np

from broadsheet.library import ranking
from broadsheet.library.minilm import MiniLM
from broadsheet.library.sight import STRANGER, Sight
from broadsheet.library.vectors import EVERYBODYS, Floats, Space

FED_FROM = 3  # documents towards whose best passages a query is drawn
FED = 0.2  # how far


class Meanings:
    """A `finder.Meaning`."""

    def __init__(self, model: MiniLM, space: Space) -> None:
        self._space = space
        self._asked = lru_cache(maxsize=1_000)(lambda text: model.embed([text])[0])

    def nearest(self, text: str, *, sight: Sight, lit: Collection[int], most: int) -> list[int]:
        return self._space.nearest(self._asked(text), sight=sight, lit=lit, most=most) if len(self._space.ids) else []

    def like(self, document_id: int, text: str, *, most: int) -> dict[int, float]:
        """The documents nearest to one, all by what everybody may read; `text` stands for one that is not embedded yet."""
        space = self._space
        own = np.flatnonzero((space.ids == document_id) & (space.whose == EVERYBODYS))
        asked = _unit(np.mean([space.at(int(row)) for row in own], axis=0)) if len(own) else self._asked(text)
        near = self._space.nearest(asked, sight=STRANGER, lit=(), most=most + 1)
        ids = [one for one in near if one != document_id]
        return dict(zip(ids, map(float, space.closeness(asked, ids, sight=STRANGER, lit=())[0]), strict=True))

    def closeness(
        self, text: str, ids: Sequence[int], *, sight: Sight, lit: Collection[int], words: Sequence[float]
    ) -> list[float]:
        """Of each document, to the query drawn a little towards the best of them, by words and meaning."""
        asked = self._asked(text)
        close, best = self._space.closeness(asked, ids, sight=sight, lit=lit)
        order = np.argsort(-np.array(ranking.fused(words, close.tolist())), kind="stable")
        first = [self._space.at(best[n]) for n in order[:FED_FROM] if best[n] >= 0]
        if not first:
            return [float(one) for one in close]
        drawn: Floats = (1 - FED) * asked + FED * _unit(np.mean(first, axis=0))
        return [float(one) for one in self._space.closeness(_unit(drawn), ids, sight=sight, lit=lit)[0]]


def _unit(vector: Floats) -> Floats:
    return vector / np.linalg.norm(vector)
