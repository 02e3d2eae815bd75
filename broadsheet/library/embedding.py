"""Where the passages of pressed articles lie in the model's space, written down beside the index. Needs the extra `meaning`."""

from pathlib import Path

from broadsheet.library.catching_up import documents_of
from broadsheet.library.documents import imprint
from broadsheet.library.minilm import MiniLM
from broadsheet.library.vectors import append, parts_of, read, records, tidy
from broadsheet.press.models import Pressing


class Embedding:
    """One writer's; knows what the file holds, and what is still to be done of what was pressed up to a number."""

    def __init__(self, path: Path, model: MiniLM) -> None:
        self.path = path
        self._model = model
        self._file = path / "vectors"
        tidy(self._file)
        self._imprints = read(self._file).imprints
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
            vectors = self._model.embed([text for _, text in parts_of(document)])
            append(self._file, records(document, vectors))
            self._imprints[document.id] = document.imprint
        return len(taken)  # those that gave no document too: they are pressed again, with another number

    def _what_is_missing(self) -> list[int]:
        rows = Pressing.objects.filter(withdrawn_at__isnull=True).order_by("-change")
        columns = rows.values_list("article_id", "change", "edition_of_text")
        return [
            pk for pk, change, edition in list(columns) if self._imprints.get(pk) != imprint(pk, change=change, edition=edition)
        ]
