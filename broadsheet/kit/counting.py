"""Give numbers under one lock: whoever follows by cursor misses nothing, since a lower number never commits later."""

from django.db import transaction

from broadsheet.kit.models import Counter


def next_number(name: str) -> int:
    """The next number of this counter; holds the counter until the surrounding transaction ends, so call it late."""
    return next_numbers(name, count=1)[0]


def next_numbers(name: str, *, count: int) -> range:
    if not transaction.get_connection().in_atomic_block:
        raise NotInTransaction(f"A number of {name} is only in order inside the transaction that uses it.")
    Counter.objects.get_or_create(name=name)
    counter = Counter.objects.select_for_update().get(name=name)
    first = counter.last + 1
    counter.last += count
    counter.save(update_fields=["last"])
    return range(first, first + count)


def last_number(name: str) -> int:
    return Counter.objects.filter(name=name).values_list("last", flat=True).first() or 0


class NotInTransaction(Exception):
    """A number was asked for outside a transaction."""
