"""Count what became of an edition's letters once it is over; half a year later forget to whom each went."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from broadsheet.newsletters.models import Delivery, Edition, Tally
from broadsheet.newsletters.progress import NOBODY, counted

SETTLED = timedelta(hours=1)  # longer than any letter is under way
KEPT = timedelta(days=180)  # what comes back comes within days, a wish to leave by mail within months
AT_ONCE = 2_000


def tally_what_is_over(*, at: datetime) -> int:
    """How many editions were counted."""
    over = Q(done_at__lte=at - SETTLED) | Q(cancelled_at__lte=at - SETTLED)
    editions = list(Edition.objects.filter(over, tally=None).exclude(begun_at=None).values_list("pk", flat=True))
    for number in editions:
        _tally(number, at=at)
    return len(editions)


def _tally(edition_id: int, *, at: datetime) -> None:
    with transaction.atomic():
        Edition.objects.select_for_update().get(pk=edition_id)
        counts = counted([edition_id]).get(edition_id, NOBODY)
        fields = {name.replace("-", "_"): number for name, number in counts.items()}
        Tally.objects.get_or_create(edition_id=edition_id, defaults={**fields, "counted_at": at})


def count_returned(number: int, *, at: datetime) -> None:
    """Of a delivery, by its number, and once. It may well come back after its edition was counted."""
    edition = Delivery.objects.filter(pk=number).values_list("edition", flat=True).first()
    if edition is None:
        return
    with transaction.atomic():
        Edition.objects.select_for_update().get(pk=edition)
        if Delivery.objects.filter(pk=number, returned_at=None).update(returned_at=at):
            Tally.objects.filter(edition=edition).update(returned=F("returned") + 1)


def forget_deliveries(*, at: datetime) -> int:
    """How many rows were deleted, some thousands at a time."""
    old, forgotten = Delivery.objects.filter(edition__tally__counted_at__lte=at - KEPT), 0
    while keys := list(old.order_by("edition", "pk").values_list("pk", flat=True)[:AT_ONCE]):
        forgotten += Delivery.objects.filter(pk__in=keys).delete()[0]
    return forgotten
