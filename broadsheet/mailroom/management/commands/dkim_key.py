"""`manage.py dkim_key`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from broadsheet.mailroom import dkim


class Command(BaseCommand):
    help = "Say what DNS is to hold so that receivers believe our signatures; before that, given a FILE, make a key in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="where the new private key is to lie")
        parser.add_argument("--kind", choices=["rsa", "ed25519"], default="rsa", help="ed25519 only as a second one beside RSA")

    def handle(self, *args: Any, file: Path | None, kind: str, **options: Any) -> None:
        if file is None:
            self._say_records()
            return
        try:
            file.touch(mode=0o600, exist_ok=False)
        except OSError as trouble:
            raise CommandError(f"{file} cannot be made: {trouble.strerror}. Nothing was changed.") from None
        file.write_text(dkim.new_key(kind))
        self.stdout.write(
            f"A key lies in {file}. Set BROADSHEET_DKIM_KEY_FILE={file.resolve()}, then say this again without FILE."
        )

    def _say_records(self) -> None:
        if not settings.DKIM_KEYS:
            raise CommandError("No key is set: `broadsheet manage dkim_key FILE` makes one.")
        for key in settings.DKIM_KEYS:
            record = dkim.record_of(key)
            self.stdout.write(f"At the DNS of {key.domain} add a record:\n  name   {record.name}\n  type   TXT")
            self.stdout.write(f"  value  {record.value}\n")
