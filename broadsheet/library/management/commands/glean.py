"""`manage.py glean`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from broadsheet.kit import clock
from broadsheet.library.actions.gleaning import forget_gleanings, glean_new


class Command(BaseCommand):
    help = (
        "Glean what was pressed and not gleaned yet: whom each article names, of which days it tells, where it links. The worker "
        "does it by itself. --anew goes through all articles again, while pages stand: after names were added to the gazetteer."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--anew", action="store_true", help="all of it again")

    def handle(self, *args: Any, anew: bool, **options: Any) -> None:
        if anew:
            forget_gleanings()
        done = glean_new(at=clock.now(), progress=lambda count: self.stderr.write(f"{count:,} articles more …"))
        self.stdout.write(f"Gleaned: {done:,} articles.")
