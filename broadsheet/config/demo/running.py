"""Sets the demo up where that is still to do, says where to begin, and runs it on this machine only."""

from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from broadsheet.config import importing, running
from broadsheet.config.demo import loading
from broadsheet.config.demo.cast import assemble_cast
from broadsheet.config.demo.editions import lay_out_editions
from broadsheet.config.demo.members import CAST
from broadsheet.config.demo.outlets import first_start
from broadsheet.config.demo.research import lay_out_research
from broadsheet.config.demo.till import open_the_till
from broadsheet.config.demo.wire import lay_out_wire
from broadsheet.config.preparing import prepare, unmigrated
from broadsheet.kit import clock
from broadsheet.newsroom.models import Article

APPLICATION = "broadsheet.config.demo.wsgi:application"

console = Console()


def run_demo(*, port: int, library: Path | None) -> None:
    set_up(library=library)
    _say_where_to_begin(port)
    running.run([running.web(host="127.0.0.1", port=port, workers=2, application=APPLICATION), running.worker()])


def set_up(*, library: Path | None) -> None:
    """Whatever is there already is left alone, so that a second start takes seconds."""
    if unmigrated():
        console.print("Making the database …")
    prepare()
    at = clock.now()
    first_start(at)
    if Article.objects.filter(source=loading.SOURCE).count() < loading.count():
        _load()
    with transaction.atomic():
        assemble_cast(at)
    open_the_till(at)
    if library:
        _bring_library(library)
    lay_out_wire(at=at, zone=ZoneInfo(settings.TIME_ZONE))
    importing.print_waiting()
    lay_out_editions(at=at)
    lay_out_research(at=clock.now())  # after all that was printed meanwhile


def _load() -> None:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(f"Writing {settings.PUBLICATION_NAME}", total=loading.count())
        loading.load(
            name=settings.PUBLICATION_NAME,
            at=clock.now(),
            zone=ZoneInfo(settings.TIME_ZONE),
            advance=lambda: progress.advance(task),
        )
    call_command("rebuild_references_index", verbosity=0)


def _bring_library(library: Path) -> None:
    if not Article.objects.filter(source="library").exists():
        console.print(f"Importing {library.name}; a large one takes a few minutes.")
    importing.import_from(library, source="library", report=None, audiences_by_kind=True)


def _say_where_to_begin(port: int) -> None:
    at = f"http://127.0.0.1:{port}"
    console.print(f"\n[bold]{settings.PUBLICATION_NAME}[/bold] is on {at}/", highlight=False)
    console.print(
        f"Begin at [bold]{at}/demo/[/bold]: enter with one click as any of the cast, read the mail, move the clock.\n",
        highlight=False,
    )
    for member in CAST:
        console.print(f"  {member.name:<6} {member.address:<28} {member.who}", highlight=False)
    console.print(
        "\nWhoever logs in with an address above finds the code in /demo/outbox/.\n"
        f"Browsers take a passkey at a name only: to try one, open http://localhost:{port}/. Ctrl-C ends the demo.\n",
        highlight=False,
    )
