"""What happens at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections


def at_once(acts):
    """What each answers: each in a thread with a connection of its own, and all begin together."""
    together = Barrier(len(acts))

    def alone(act):
        try:
            together.wait()
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(alone, acts))
