"""Write to whoever lost a seat and did not end it themselves, once of each occasion; and to whoever manages a group from now on,
or no more.

As an errand, written down with what took the seats: a large team's mails hold up neither that nor any reader at a gate.
"""

from collections.abc import Iterable
from datetime import datetime

from django_tasks import task

from broadsheet.mailroom.actions import post
from broadsheet.mailroom.queries import posted_among
from broadsheet.membership import telling
from broadsheet.membership.policy import ERASED
from broadsheet.membership.seating import Seat


def write_later(seats: Iterable[Seat], *, why: str, day: datetime, at: datetime, since: datetime | None = None) -> None:
    """`why`: removed, rests, unpaid or ended. `day`: from which they no longer read. `since`: what they are written to of once,
    which else is that day."""
    if numbers := [seat.pk for seat in seats]:
        write.enqueue(numbers, why, day.isoformat(), f"{since or day:%Y-%m-%d}", at.isoformat())


@task(queue_name="bulk")
def write(numbers: list[int], why: str, day: str, since: str, at: str) -> None:
    keys = {number: f"seat {number} {why} {since}" for number in numbers}
    told, moment = telling.day_of(datetime.fromisoformat(day)), datetime.fromisoformat(at)
    posted = posted_among(keys.values())
    for seat in Seat.objects.filter(pk__in=numbers).select_related("reader", "group").order_by("pk"):
        if keys[seat.pk] in posted or seat.reader is None or seat.reader.email.endswith(f"@{ERASED}"):
            continue
        context = {"group": seat.group.name, "why": why, "day": told, "account": "/account/"}
        post(kind="seat-ends", to=seat.reader.email, context=context, at=moment, key=keys[seat.pk])


def tell_of_management(seat: Seat, *, begins: bool, at: datetime) -> None:
    """Managing is handed over by itself: whoever pays goes on paying, and alone can end that."""
    reader, payer = seat.reader, telling.payer_of(seat.group)
    if reader is None:
        return
    address = payer.email if payer and payer != reader else ""
    context = {"group": seat.group.name, "begins": begins, "pays": payer == reader, "payer": address, "account": "/account/"}
    post(kind="group-manager", to=reader.email, context=context, at=at)
