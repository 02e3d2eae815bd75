"""Print the publication by hand."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from broadsheet.kit import clock
from broadsheet.newsroom.queries import printable
from broadsheet.press import actions, queries


class Command(BaseCommand):
    help = (
        "Print pages: --all after the looks have changed (and in a new publication), --stale after a crash or a full disk to do "
        "again what was missed, --squeeze to compress at the highest level what was printed in haste."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--all", action="store_true", help="every article and every page that was ever asked for")
        what.add_argument("--stale", action="store_true", help="what is missing or older than its article")
        what.add_argument("--squeeze", action="store_true", help="compress again")

    def handle(self, *args: Any, **options: Any) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, transient=True) as bar:
            if options["all"]:
                done = self._all(bar)
            elif options["stale"]:
                done = self._stale()
            else:
                done = self._squeeze(bar)
        self.stdout.write(done)

    def _all(self, bar: Progress) -> str:
        at = clock.now()
        ids = list(printable(at=at).order_by("dated_at", "pk").values_list("pk", flat=True))
        counted = bar.add_task("Articles", total=len(ids))
        run = actions.press_many(ids, at=at, progress=lambda count: bar.advance(counted, count), anew=True)
        pages = actions.press_all_pages(at=at)
        return f"{run.pressed} articles and {pages} pages printed."

    def _stale(self) -> str:
        at = clock.now()
        found = actions.press_stale(at=at, press_one=lambda article_id: actions.press(article_id, at=at))
        pages = actions.print_due(at=at)
        dropped = actions.drop_superseded(at=at)
        return f"{found} articles were not as they should be; {pages} pages printed again, {dropped} old snapshots dropped."

    def _squeeze(self, bar: Progress) -> str:
        total = queries.unsqueezed_count()
        counted = bar.add_task("Snapshots", total=total)
        return f"{actions.squeeze(most=total, progress=lambda count: bar.advance(counted, count))} snapshots squeezed."
