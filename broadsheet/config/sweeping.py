"""Each journey's sweep, once: whatever a nudge missed is done now."""

import sys

from django.conf import settings

from broadsheet.config.preparing import unmigrated
from broadsheet.config.ticks import run_what_is_due
from broadsheet.kit import clock


def sweep() -> None:
    if unmigrated():
        sys.exit(f"There is no publication in {settings.STATE} yet, or it is of an older version: start it first.")
    run_what_is_due(at=clock.now())
    print("Swept: what was due is published, printed, sent and folded in.")
