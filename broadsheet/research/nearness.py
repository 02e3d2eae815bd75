"""How near sentences are to a question in meaning. Needs the extra `meaning`; without it all goes by words."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from broadsheet.library.minilm import MiniLM
from broadsheet.library.vectors import Floats
from broadsheet.research.answering import Near

MOST_KEPT = 1_000  # questions


class Nearness:
    """Some hundred sentences a second on one core."""

    def __init__(self, model: MiniLM) -> None:
        self._model = model
        self._asked = lru_cache(maxsize=MOST_KEPT)(lambda text: model.embed([text])[0])

    def of(self, question: str, texts: Sequence[str], *, together: Sequence[object]) -> list[Near]:
        """`together`: what each belongs to; those of one article stand around each other."""
        return near(self._asked(question), self._model.embed(texts), together=together) if texts else []

    def embed(self, texts: Sequence[str]) -> Floats:
        return self._model.embed(texts)


def near(asked: Floats, vectors: Floats, *, together: Sequence[object]) -> list[Near]:
    """All of these are unit vectors."""
    around = np.empty(len(vectors), np.float32)
    rows: dict[object, list[int]] = {}
    for row, of in enumerate(together):
        rows.setdefault(of, []).append(row)
    for some in rows.values():
        mean = vectors[some].mean(axis=0)
        around[some] = vectors[some] @ (mean / max(float(np.linalg.norm(mean)), 1e-9))
    return [Near(*pair) for pair in zip((vectors @ asked).tolist(), around.tolist(), strict=True)]
