"""The walls that nobody met before, as the gate has them printed in a full node."""

import logging

from django.db import Error as DatabaseError

from broadsheet.access.terms import Reason
from broadsheet.gate.serving import NotPrinted
from broadsheet.press import walls
from broadsheet.press.actions import StillChanging

log = logging.getLogger(__name__)


def print_wall(path: str, reason: Reason) -> None:
    """Another wall of the same story stands in for one that cannot be printed now."""
    try:
        walls.print_wall(path, reason)
    except (DatabaseError, OSError, StillChanging) as trouble:
        log.warning("The wall %s of %s could not be printed: %s", reason, path, trouble)
        raise NotPrinted from trouble
