"""Imports a library and prints it, with progress, and leaves a report that names every item."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

from django.conf import settings
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from broadsheet.kit import clock
from broadsheet.newsroom.imports.axes import lay_out_places
from broadsheet.newsroom.imports.library import Line, import_library, lines, opened
from broadsheet.newsroom.imports.shelf import NoIndex, Outcome, Shelf
from broadsheet.newsroom.tasks import index_what_came
from broadsheet.press.actions import press_many
from broadsheet.press.queries import unpressed


def import_from(file: Path, *, source: str, report: Path | None, audiences_by_kind: bool = False) -> None:
    if not file.is_file():
        sys.exit(f"There is no file {file}.")
    report = report or Path(settings.STATE) / "imports" / f"{file.name}-{clock.now():%Y%m%d-%H%M%S}.jsonl"
    report.parent.mkdir(parents=True, exist_ok=True)
    try:
        counted = bring_in(file, source=source, report=report, audiences_by_kind=audiences_by_kind)
    except NoIndex as trouble:
        sys.exit(str(trouble))
    except (OSError, EOFError) as trouble:
        sys.exit(f"{file} cannot be read to its end: {trouble}. What came before is in; run the import again with a whole file.")
    print(", ".join(f"{counted[outcome]:,} {outcome}" for outcome in Outcome), f"\nItem by item: {report}", sep="")


def bring_in(file: Path, *, source: str, report: Path, audiences_by_kind: bool = False) -> Counter[Outcome]:
    """Shelve the whole file, then print what is not printed yet; how many lines came to which outcome."""
    lay_out_places()
    shelf = Shelf(source=source, zone=ZoneInfo(settings.TIME_ZONE))
    counted: Counter[Outcome] = Counter()
    with opened(file) as stream:
        total = sum(1 for _ in lines(stream))
    with progress_over(f"Importing {file.name}", total) as advance, report.open("w") as told:
        for settled in import_library(file, shelf, at=clock.now(), audiences_by_kind=audiences_by_kind):
            counted.update(line.shelved.outcome for line in settled)
            _tell(told, settled)
            advance(len(settled))
    if counted[Outcome.IMPORTED] or counted[Outcome.UPDATED]:
        index_what_came.enqueue()
    print_waiting()
    return counted


def print_waiting() -> None:
    """Everything that should be on the site and is not, also what an import that was stopped left behind."""
    at = clock.now()
    if waiting := unpressed(at):
        with progress_over("Printing articles", len(waiting)) as advance:
            press_many(waiting, at=at, progress=advance)


def _tell(report: IO[str], settled: list[Line]) -> None:
    for line in settled:
        item = {"line": line.number, "id": line.shelved.id, "outcome": line.shelved.outcome, "remarks": line.shelved.remarks}
        report.write(json.dumps(item, ensure_ascii=False) + "\n")
    report.flush()


@contextmanager
def progress_over(what: str, total: int) -> Iterator[Callable[[int], None]]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(what, total=total)
        yield lambda count: progress.advance(task, count)
