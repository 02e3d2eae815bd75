"""`manage.py take_returned_mail`."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from broadsheet.kit import clock
from broadsheet.mailroom.letterbox import MOST_BYTES, NoLetterbox, address_of
from broadsheet.mailroom.returning import empty_letterbox, takes_out


class Command(BaseCommand):
    help = "Take a mail that came back: run by the mail server for each, which pipes it in; or with --mailbox for all in one."

    def add_arguments(self, parser: CommandParser) -> None:
        said = "a Maildir, an mbox, or an address such as imaps://user:password@host/INBOX; alone: BROADSHEET_RETURNS_MAILBOX"
        parser.add_argument("--mailbox", nargs="?", const=settings.MAIL_RETURNS_MAILBOX, help=said)

    def handle(self, *args: Any, mailbox: str | None, **options: Any) -> None:
        at = clock.now()
        try:
            if mailbox is not None:
                self.stdout.write(f"{empty_letterbox(address_of(mailbox), at=at)} taken out")
            else:
                understood = takes_out(sys.stdin.buffer.read(MOST_BYTES), at=at)
                self.stdout.write("taken" if understood else "seen: nothing that came back")
        except NoLetterbox as trouble:
            raise CommandError(str(trouble)) from None
        except DatabaseError as trouble:  # else the mail server would return to whoever sent it what was returned to us
            raise CommandError(f"Try again later: {trouble}", returncode=os.EX_TEMPFAIL) from None
