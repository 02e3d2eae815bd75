"""Where the passages of pressed articles lie in the model's space, written down beside the index. Needs the extra `meaning`."""

from functools import lru_cache
from pathlib import Path

from broadsheet.library.catching_up import documents_of
from broadsheet.library.minilm import MiniLM
from broadsheet.library.vectors import append, parts_of, read, records
from broadsheet.press.models import Pressing


@lru_cache(maxsize=1)
def model() -> MiniLM:
    return MiniLM()


class Embedding:
    """One writer's; knows what the file holds, and what is still to be done of what was pressed up to a number."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path / "vectors"
        self._changes = read(self._file).changes
        self._newest = 0
        self._missing: list[int] = []

    def go_on(self, *, newest: int, most: int) -> int:
        """The newest articles first. How many were embedded; some ten passages each, twenty to sixty a second.

        `newest`: the press's last number.
        """
        if newest != self._newest:
            self._newest, self._missing = newest, self._what_is_missing()
        taken, self._missing = self._missing[:most], self._missing[most:]
        for document in documents_of(list(Pressing.objects.filter(article_id__in=taken))) if taken else ():
            vectors = model().embed([text for _, text in parts_of(document)])
            append(self._file, records(document, vectors))
            self._changes[document.id] = document.change
        return len(taken)  # those that gave no document too: they are pressed again, with another number

    def _what_is_missing(self) -> list[int]:
        rows = Pressing.objects.filter(withdrawn_at__isnull=True).order_by("-change").values_list("article_id", "change")
        return [pk for pk, change in rows.iterator() if self._changes.get(pk) != change]
