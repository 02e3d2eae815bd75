"""A process that writes an index of invented documents, and may be killed or kept from writing large files.

`python -m tests.library.a_writer FOLDER UNTIL [LARGEST]`. Change n is of article n % ARTICLES; each seventh takes it away. After
each commit a line is printed.
"""

import random
import resource
import signal
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from broadsheet.access.terms import Audience
from broadsheet.library.documents import Document, Mark, Named
from broadsheet.library.keeping import Press, keep_up, the_writer
from broadsheet.library.writing import Changes, Unwritable

ARTICLES, AT_ONCE = 60, 5
CANNOT_WRITE = 3
WORDS = ("dam", "river", "coup", "gold", "grain", "strike", "port")


def document(change: int) -> Document:
    words = random.Random(change).choices(WORDS, k=200)
    article = change % ARTICLES + 1
    return Document(
        id=article,
        change=change,
        story=f"s{article}",
        path=f"/notes/{article}/",
        audience=Audience.METERED,
        dated_at=datetime(2026, 3, 2, tzinfo=UTC),
        headline=f"Change {change}",
        standfirst="",
        free=" ".join(words[:100]),
        rest=" ".join(words[100:]),
        label="Note",
        type=Named("note", "Note"),
    )


def stands(until: int) -> dict[int, Document]:
    """What an index that is whole holds, by number."""
    found: dict[int, Document] = {}
    for change in range(1, until + 1):
        each = document(change)
        found.pop(each.id, None)
        if change % 7:
            found[each.id] = each
    return found


def changes_after(cursor: int, until: int) -> Changes:
    """As the press gives them: of each article only its newest printing."""
    newest = {document(change).id: change for change in range(1, until + 1)}
    left = sorted(change for change in newest.values() if change > cursor)
    for begin in range(0, len(left), AT_ONCE):
        some = left[begin : begin + AT_ONCE]
        yield (
            Mark(some[-1], document(some[-1]).imprint),
            [document(change) for change in some if change % 7],
            [document(change).id for change in some if not change % 7],
        )


def press_until(until: int) -> Press:
    standing = stands(until)

    def imprints() -> Iterator[dict[int, int]]:
        yield {pk: standing[pk].imprint for pk in sorted(standing)}

    def anew(ids: Sequence[int]) -> Iterator[tuple[list[Document], list[int]]]:
        for begin in range(0, len(ids), AT_ONCE):
            some = ids[begin : begin + AT_ONCE]
            yield [standing[pk] for pk in some if pk in standing], [pk for pk in some if pk not in standing]

    return Press(
        newest=lambda: Mark(until),
        stands=lambda mark: mark.change <= until,
        imprints=imprints,
        changes_after=lambda cursor: changes_after(cursor, until),
        anew=anew,
    )


def main(folder: Path, until: int, largest: int | None = None) -> None:
    if largest is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # as on a full disk: the write fails
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    try:
        with the_writer(folder):
            keep_up(folder, press=press_until(until), told=lambda count: print(count, flush=True))
    except Unwritable as trouble:
        print(trouble, file=sys.stderr)
        sys.exit(CANNOT_WRITE)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
