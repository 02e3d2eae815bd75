"""How near sentences are to a question in meaning. Needs the extra `meaning`; without it all goes by words."""

from collections.abc import Sequence
from functools import lru_cache
from threading import Lock

import numpy as np

from broadsheet.library.minilm import MiniLM
from broadsheet.library.vectors import Floats
from broadsheet.research.answering import Near

MOST_KEPT, SENTENCES_KEPT = 1_000, 4_000  # questions, and sentences of what was asked last, some 8 MB


class Nearness:
    """Some hundred sentences a second on one core; what was looked at just now, for another page or file of a brief, at once."""

    def __init__(self, model: MiniLM, *, keeps: int = SENTENCES_KEPT) -> None:
        self._model, self._keeps = model, keeps
        self._asked = lru_cache(maxsize=MOST_KEPT)(lambda text: model.embed([text])[0])
        self._kept: dict[str, Floats] = {}
        self._lock = Lock()

    def of(self, question: str, texts: Sequence[str], *, together: Sequence[object]) -> list[Near]:
        """`together`: what each belongs to; those of one article stand around each other."""
        return near(self._asked(question), self._vectors(texts), together=together) if texts else []

    def _vectors(self, texts: Sequence[str]) -> Floats:
        with self._lock:
            known = {text: self._kept[text] for text in texts if text in self._kept}
        unknown = [text for text in dict.fromkeys(texts) if text not in known]
        if unknown:
            known |= {text: vector.copy() for text, vector in zip(unknown, self._model.embed(unknown), strict=True)}
        with self._lock:
            self._kept |= known
            for text in list(self._kept)[: max(0, len(self._kept) - self._keeps)]:
                del self._kept[text]
        return np.stack([known[text] for text in texts])

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
