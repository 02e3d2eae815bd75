"""`manage.py send_mail`."""

from typing import Any

from django.core.management.base import BaseCommand

from broadsheet.kit import clock
from broadsheet.mailroom.models import Lane
from broadsheet.mailroom.sending import forget_sent, send_due


class Command(BaseCommand):
    help = "Send all mail that is due: run it where no worker does, or to catch up after the mail server was away."

    def handle(self, *args: Any, **options: Any) -> None:
        for lane in Lane:
            self.stdout.write(f"{lane.label}: {send_due(lane=lane, clock=clock.now)} sent")
        self.stdout.write(f"{forget_sent(at=clock.now())} old ones forgotten")
