"""What may not go yet is put off until its mailbox provider has room again. That counts as no try."""

from datetime import datetime

from django.db.models import QuerySet

from broadsheet.mailroom.pacing import BURST, Pace, Turn, domains_of
from broadsheet.newsletters.models import Delivery, Edition

LUMPS = (50, 1_000)  # deliveries put off to one moment, at least and at most
OVERTAKEN = "A newer edition began before its turn came: few mails a day go to its provider yet."


def put_off(edition: Edition, waiting: QuerySet[Delivery], turn: Turn, pace: Pace, *, at: datetime) -> None:
    """All that waits for a provider, as it may have room for it: else each would be looked at again and again."""
    provider = turn.road.provider
    waiting = waiting.filter(due_at__lte=at, domain__in=domains_of(provider))
    if turn.day_is_full:
        if _is_overtaken(edition):
            waiting.update(passed_over_at=at, trouble=OVERTAKEN)
        else:
            waiting.update(due_at=turn.then)
        return
    step = pace.step(provider)
    least, most = LUMPS
    lump = min(max(BURST // step, least), most)
    keys = list(waiting.order_by("due_at", "pk").values_list("pk", flat=True))
    for first in range(0, len(keys), lump):
        some = Delivery.objects.filter(pk__in=keys[first : first + lump], claim="", due_at__lte=at)
        some.update(due_at=turn.then + first * step)


def _is_overtaken(edition: Edition) -> bool:
    newer = Edition.objects.filter(newsletter=edition.newsletter_id, goes_on__gt=edition.goes_on)
    return newer.exclude(begun_at=None).exists()
