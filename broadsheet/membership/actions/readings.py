"""Fold the gates' spools into readings. Twice equals once: a reading is known by its file and its number there.

Whoever wants no history is not named in them.
"""

import json
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.db import transaction

from broadsheet.membership.actions.history import unname_readings
from broadsheet.membership.models import Reading

FINISHED = "*.ready"  # a gate hands a file over by giving it this ending (broadsheet/gate/spool.py)
BATCH = 500
LARGEST = 2**63 - 1  # that the database takes

log = logging.getLogger(__name__)
_wanted: dict[str, Callable[[], bool]] = {}
_told_of: set[Path] = set()  # files that stay behind, said once in the log and not every ten seconds


def keep_only_if(reason: str, are_wanted: Callable[[], bool]) -> None:
    """Of a room above: lines of this reason are left out while its rule says no."""
    _wanted[reason] = are_wanted


def fold_readings(spool: Path) -> int:
    """How many lines were folded. A file is removed only after all that it says is in the database; one that cannot be read
    stays, and holds up no other."""
    folded = 0
    for path in sorted(spool.glob(FINISHED)):
        try:
            unwanted = {reason for reason, are_wanted in _wanted.items() if not are_wanted()}
            readings = [reading for reading in _readings_in(path) if reading.reason not in unwanted]
            with transaction.atomic():
                Reading.objects.bulk_create(readings, ignore_conflicts=True, batch_size=BATCH)
                unname_readings(only={reading.reader_id for reading in readings if reading.reader_id})
            path.unlink(missing_ok=True)
        except FileNotFoundError:  # another worker was quicker
            continue
        except OSError as trouble:
            _tell_of(path, trouble)
        else:
            folded += len(readings)
    return folded


def _tell_of(path: Path, trouble: OSError) -> None:
    if path not in _told_of:
        log.error("Readings stay in %s: %s.", path, trouble.strerror)
        _told_of.add(path)


def _readings_in(path: Path) -> Iterator[Reading]:
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines()):
        reading = _reading(f"{path.stem}:{number}", line)
        if reading is None:
            log.warning("A line of %s was torn and is left out.", path.name)
        else:
            yield reading


def _reading(key: str, line: str) -> Reading | None:
    """None where the line was cut off by a kill, or is not one that a gate writes."""
    try:
        said = json.loads(line)
        return Reading(
            key=key[:80],
            story=_word(said["story"])[:40],
            reader_id=_number(said["reader"]),
            institution_id=_number(said["institution"]),
            reason=_word(said["reason"])[:16],
            read_at=datetime.fromtimestamp(said["minute"], UTC),
        )
    except (ValueError, KeyError, TypeError, OverflowError):
        return None


def _word(said: object) -> str:
    word = str(said)
    if not word.isprintable():  # PostgreSQL takes no NUL, and no database half a character
        raise ValueError("a story and a reason are names")
    return word


def _number(said: object) -> int | None:
    if said is not None and (type(said) is not int or not 0 <= said <= LARGEST):  # True would count as 1
        raise TypeError("a reader and an institution are numbers")
    return said
