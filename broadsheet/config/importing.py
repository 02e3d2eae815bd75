"""Imports a library and prints it, with progress, and leaves a report that names every item."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from broadsheet.kit import clock
from broadsheet.newsroom.imports.axes import lay_out_places
from broadsheet.newsroom.imports.library import Line, import_library, lines, opened
from broadsheet.newsroom.imports.shelf import NoIndex, Outcome, Shelf
from broadsheet.press.actions import press_many, press_pages

CHANGED = (Outcome.IMPORTED, Outcome.UPDATED)


def import_from(file: Path, *, source: str, report: Path | None) -> None:
    if not file.is_file():
        sys.exit(f"There is no file {file}.")
    at = clock.now()
    report = report or Path(settings.STATE) / "imports" / f"{file.name}-{at:%Y%m%d-%H%M%S}.jsonl"
    report.parent.mkdir(parents=True, exist_ok=True)
    try:
        counted = bring_in(file, source=source, report=report)
    except NoIndex as trouble:
        sys.exit(str(trouble))
    except (OSError, EOFError) as trouble:
        sys.exit(f"{file} cannot be read to its end: {trouble}. What came before is in; run the import again with a whole file.")
    print(", ".join(f"{counted[outcome]:,} {outcome}" for outcome in Outcome), f"\nItem by item: {report}", sep="")


def bring_in(file: Path, *, source: str, report: Path) -> Counter[Outcome]:
    """Shelve and print the whole file; how many came to which outcome."""
    lay_out_places()
    shelf = Shelf(source=source, zone=timezone.get_default_timezone())  # type: ignore[arg-type]
    counted: Counter[Outcome] = Counter()
    with progress_of(file) as advance, report.open("w") as told:
        for settled in import_library(file, shelf, at=clock.now()):
            changed = [line.shelved.article_id for line in settled if line.shelved.outcome in CHANGED]
            press_many([pk for pk in changed if pk], at=clock.now())
            counted.update(line.shelved.outcome for line in settled)
            _tell(told, settled)
            advance(len(settled))
    press_pages(at=clock.now())
    return counted


def _tell(report: IO[str], settled: list[Line]) -> None:
    for line in settled:
        item = {"line": line.number, "id": line.shelved.id, "outcome": line.shelved.outcome, "remarks": line.shelved.remarks}
        report.write(json.dumps(item, ensure_ascii=False) + "\n")
    report.flush()


@contextmanager
def progress_of(file: Path) -> Iterator[Callable[[int], None]]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with opened(file) as stream:
        total = sum(1 for _ in lines(stream))
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(f"Importing {file.name}", total=total)
        yield lambda count: progress.advance(task, count)
