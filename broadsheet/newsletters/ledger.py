"""How far editions went, kept beside the database: one that was restored from a copy has forgotten, and would send them again.

A moment is written into the database first and then into the ledger. So a ledger is ahead of a database only where that was
restored, and never after a mere crash.
"""

import os
from datetime import datetime
from pathlib import Path

from django.db.models import Q

from broadsheet.newsletters.models import Edition
from broadsheet.newsletters.policy import LATE


def ledger_in(state: Path) -> "Ledger":
    return Ledger(state / "ledger")


class Ledger:
    """A folder with a file an edition, in which stands the last moment of it that is known on this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def last(self, edition: Edition) -> datetime | None:
        """None: as far as is known here it never began."""
        try:
            return datetime.fromisoformat(self._path(edition).read_text())
        except FileNotFoundError:
            return None

    def is_ahead_of(self, edition: Edition) -> bool:
        """Of one that began: it went further than the database knows. Asked in this order, for others are sending it too."""
        known = self.last(edition)
        began, moved = Edition.objects.values_list("begun_at", "moved_at").get(pk=edition.pk)
        return known is not None and began is not None and known > max(began, moved or began)

    def note_move(self, edition: Edition, *, at: datetime) -> None:
        """Before anything leaves, and after."""
        earlier = Q(moved_at=None) | Q(moved_at__lt=at)
        Edition.objects.filter(earlier, pk=edition.pk).update(moved_at=at)
        self.write(edition, at=at)

    def learn(self, *, at: datetime) -> None:
        """What others began and sent. An edition of longer ago waits for the desk by itself, in whatever database."""
        for edition in Edition.objects.filter(begun_at__gte=at - LATE).select_related("newsletter"):
            if edition.begun_at:
                self.write(edition, at=max(edition.begun_at, edition.moved_at or edition.begun_at))

    def write(self, edition: Edition, *, at: datetime) -> None:
        """On the disk when this returns, and never back to what was before."""
        known = self.last(edition)
        if known is not None and known >= at:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        fresh = self._folder / f".{os.getpid()}-{os.urandom(4).hex()}"
        with fresh.open("w") as file:
            file.write(at.isoformat())
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path(edition))
        _sync(self._folder)

    def _path(self, edition: Edition) -> Path:
        """By what readers would know it again: a restored database gives numbers anew, and may have its former address."""
        return self._folder / f"{edition.newsletter.known_as()}-{edition.goes_on:%Y-%m-%d}"


def _sync(folder: Path) -> None:
    """That a name stands in it outlives a loss of power too."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
