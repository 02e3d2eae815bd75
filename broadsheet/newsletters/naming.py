"""Several newsletters named in one sentence."""

from collections.abc import Iterable


def named(names: Iterable[str]) -> str:
    """ "The Daily", "The Daily and Africa", "The Daily, Africa and Asia"; "" of none."""
    *before, last = list(names) or [""]
    return f"{', '.join(before)} and {last}" if before else last
