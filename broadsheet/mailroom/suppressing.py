"""Write an address no more, or again. Whoever sends asks `queries.suppressed_among` first."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from broadsheet.mailroom.folding import folded, seal, seals
from broadsheet.mailroom.heeding import Why, lifted_by_arriving
from broadsheet.mailroom.models import Return, Suppression

ARRIVED, DESK = "arrived", "desk"


def suppress(*, address: str, why: Why, at: datetime) -> Suppression:
    """Twice is as once. An older secret's seal of the same address counts as this one."""
    with transaction.atomic():
        known = Suppression.objects.filter(address_seal__in=seals(address), why=why, lifted_at=None).first()
        if known:
            return known
        made, _ = Suppression.objects.get_or_create(address_seal=seal(address), why=why, lifted_at=None, defaults={"since": at})
        return made


def lift(*, address: str, by: str, at: datetime, whys: Iterable[Why] = tuple(Why)) -> int:
    """How many reasons were lifted. What came back before counts no longer."""
    with transaction.atomic():
        _overtake(address, at)
        standing = Suppression.objects.filter(address_seal__in=seals(address), why__in=list(whys), lifted_at=None, since__lte=at)
        return standing.update(lifted_at=at, lifted_by=by)


def say_arrived(*, address: str, at: datetime) -> int:
    """Mail got there: its server took it, or its reader typed what stood in it. Complaints and wishes stay."""
    return lift(address=address, by=ARRIVED, at=at, whys=[why for why in Why if lifted_by_arriving(why)])


def _overtake(address: str, at: datetime) -> None:
    Return.objects.filter(address=folded(address), overtaken_at=None, came_at__lte=at).update(overtaken_at=at)
