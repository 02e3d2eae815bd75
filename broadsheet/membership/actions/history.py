"""What a reader has read, as far as their name stands by it: unnamed, one story or all, and not named any more if they wish.

The readings themselves stay, for the counts of the house and of institutions. The meter counts openings, and knows no history.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from broadsheet.membership.models import Reader, Reading


def forget_readings(reader: Reader, *, story: str = "") -> int:
    """Of one story; without one, of all."""
    theirs = Reading.objects.filter(reader_id=reader.pk)
    return (theirs.filter(story=story) if story else theirs).update(reader_id=None)


@transaction.atomic
def stop_history(reader: Reader, *, at: datetime) -> None:
    """What was written down is forgotten, and nothing more is."""
    Reader.objects.filter(pk=reader.pk, no_history_since=None).update(no_history_since=at)
    forget_readings(reader)


def resume_history(reader: Reader) -> None:
    Reader.objects.filter(pk=reader.pk).update(no_history_since=None)


def unname_readings(*, only: Collection[int] | None = None) -> int:
    """Those of readers who want no history; `only`: among these. They may have lain in a spool when it was switched off."""
    unwilling = Reader.objects.filter(no_history_since__isnull=False)
    if only is not None:
        unwilling = unwilling.filter(pk__in=only)
    return Reading.objects.filter(reader_id__in=list(unwilling.values_list("pk", flat=True))).update(reader_id=None)
