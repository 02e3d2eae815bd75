"""Which editions this machine began to send, beside the database: a database that was restored has forgotten, and would again."""

import os
from pathlib import Path

from broadsheet.newsletters.models import Edition


class Ledger:
    """A file of lines, one an edition; only ever added to."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def has(self, edition: Edition) -> bool:
        try:
            return _line(edition) in self._path.read_text().splitlines()
        except FileNotFoundError:
            return False

    def write(self, edition: Edition) -> None:
        """On the disk when this returns. Before anything leaves."""
        if self.has(edition):
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a") as file:
            file.write(f"{_line(edition)}\n")
            file.flush()
            os.fsync(file.fileno())


def _line(edition: Edition) -> str:
    """By what readers would know it again: in a restored database numbers are given anew, and it may have its former address."""
    return f"{edition.newsletter.known_as()} {edition.goes_on:%Y-%m-%d}"
