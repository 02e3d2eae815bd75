"""When Python looks for cycles: rarely, in a process that serves."""

import gc

AFTER = 50_000  # objects; a page of results makes some thousand, and Python's own 700 would have it look a dozen times a page


def settle() -> None:
    """Once a process is open: what it has by then stays, and a collection that walks all of it would stall every reader."""
    gc.freeze()
    gc.set_threshold(AFTER, 20, 50)
