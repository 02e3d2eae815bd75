"""One of many processes does a thing: a lease in the database, taken by conditional update and lost when it is not renewed."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from broadsheet.kit.models import Lease


def take_lease(name: str, *, holder: str, lasts: timedelta, at: datetime) -> bool:
    """Whether `holder` has the lease until `at + lasts`: it was free, had run out, or was this holder's already."""
    ours_or_free = Lease.objects.filter(Q(until__lte=at) | Q(holder=holder), name=name)
    if ours_or_free.update(holder=holder, until=at + lasts):
        return True
    try:
        with transaction.atomic():
            Lease.objects.create(name=name, holder=holder, until=at + lasts)
    except IntegrityError:
        return False
    return True


def give_back(name: str, *, holder: str) -> None:
    """So that the next need not wait until it runs out. What another has taken meanwhile stays theirs."""
    Lease.objects.filter(name=name, holder=holder).delete()
