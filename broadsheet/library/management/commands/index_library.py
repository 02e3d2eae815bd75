"""The library's index on this machine, by hand."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from broadsheet.library.catching_up import build_anew, catch_up
from broadsheet.library.follower import embed_all, follow
from broadsheet.library.keeping import BeingWritten, NotTheModel
from broadsheet.library.writing import Unwritable


class Command(BaseCommand):
    help = (
        "Bring this machine's search index up to date. --anew builds it from nothing while the old one serves, --follow keeps it "
        "up with the press where no worker runs, --meaning embeds all that is left. Stop the worker first, except for --follow."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        for word, means in (("anew", "from nothing"), ("follow", "until stopped"), ("meaning", "embed what is left")):
            what.add_argument(f"--{word}", dest="what", action="store_const", const=word, help=means)

    def handle(self, *args: Any, what: str | None, **options: Any) -> None:
        if what == "follow":
            stopping = threading.Event()
            for end in (signal.SIGTERM, signal.SIGINT):
                signal.signal(end, lambda *_: stopping.set())
            return follow(stopping)
        does = {"anew": build_anew, "meaning": embed_all, None: catch_up}[what]
        try:
            done = does(told=lambda count: self.stderr.write(f"{count:,} articles …"))
        except (BeingWritten, NotTheModel, Unwritable) as trouble:
            raise CommandError(str(trouble)) from trouble
        self.stdout.write(f"Done: {done:,} articles.")
        return None
