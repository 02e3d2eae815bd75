"""The door through which a gate has a wall printed that nobody met before."""

from django.db import close_old_connections

from broadsheet.access.terms import Reason
from broadsheet.kit import clock
from broadsheet.press import actions


def print_wall(path: str, reason: str) -> None:
    """Print the preview of this page for this wall; called in a server's thread, outside any request of Django's."""
    close_old_connections()
    try:
        actions.print_wall(path, Reason(reason), at=clock.now())
    finally:
        close_old_connections()
