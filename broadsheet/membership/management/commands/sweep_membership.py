"""`manage.py sweep_membership`."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from broadsheet.kit import clock
from broadsheet.membership import actions


class Command(BaseCommand):
    help = "Fold the gates' readings in and forget what is old: run it where no worker does, or before reading the figures."

    def handle(self, *args: Any, **options: Any) -> None:
        at = clock.now()
        self.stdout.write(f"{actions.fold_readings(settings.SPOOL)} readings folded in")
        self.stdout.write(f"{actions.forget_revocations(at=at)} revocations forgotten")
        self.stdout.write(f"{actions.forget_knocks(at=at)} unconfirmed addresses forgotten")
        self.stdout.write(f"{actions.forget_visitors(at=at)} visitors of past months forgotten")
