"""Tables as CSV, line by line, in which a spreadsheet finds no formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_lines(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    for row in rows:
        yield writer.writerow([defused(cell) for cell in row])


def defused(cell: object) -> object:
    """What a spreadsheet would take for a formula begins with an apostrophe; numbers stay numbers."""
    if isinstance(cell, str) and cell.lstrip(" \u00a0\ufeff").startswith(FORMULA):
        return f"'{cell}"
    return cell


class _Echo:
    def write(self, line: str) -> str:
        return line
