"""Bring in a list of sources by hand."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from broadsheet.kit import clock
from broadsheet.wire.actions.listening import import_list
from broadsheet.wire.reading.opml import NotAList


class Command(BaseCommand):
    help = (
        "Listen to the sources of a list (OPML), when a publication begins or moves here from another feed reader. What is on "
        "the list already stays as it is, so it may be run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("list", type=Path, help="the file, as feed readers export it")
        parser.add_argument("--only-list", action="store_true", help="put them on the list; nobody is asked")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            listed = import_list(options["list"].read_bytes(), listening=not options["only_list"], at=clock.now())
        except (OSError, NotAList) as trouble:
            raise CommandError(str(trouble)) from trouble
        self.stdout.write(f"{listed.added} put on the list, {listed.known} were on it before. {listed.trouble}".strip())
