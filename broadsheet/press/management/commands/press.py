"""Print the publication by hand."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from broadsheet.kit import clock
from broadsheet.press import by_hand


class Command(BaseCommand):
    help = (
        "Print pages: --all after the looks have changed (and in a new publication), --stale after a crash or a full disk to do "
        "again what was missed, --squeeze to compress at the highest level what was printed in haste."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        for word, does, means in (
            ("--all", by_hand.press_all, "every article, and every page that was ever asked for"),
            ("--stale", by_hand.press_missed, "what is missing or older than its article"),
            ("--squeeze", by_hand.squeeze_all, "compress again"),
        ):
            what.add_argument(word, dest="does", action="store_const", const=does, help=means)

    def handle(self, *args: Any, **options: Any) -> None:
        with by_hand.bar_of_progress() as bar:
            done = options["does"](bar, at=clock.now())
        self.stdout.write(done)
