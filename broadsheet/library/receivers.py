"""A rule of the library was changed: pages are there now that were not, or no more."""

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from broadsheet.kit import clock
from broadsheet.library import policy
from broadsheet.library.models import LibraryRules
from broadsheet.press import actions as press
from broadsheet.press.tasks import wake


@receiver(post_save, sender=LibraryRules)
def print_what_gathers(sender: object, **_: object) -> None:
    transaction.on_commit(_print_again)


def _print_again() -> None:
    press.stale({policy.RULES}, at=clock.now())
    wake()
