"""Write to whoever lost a seat and did not end it themselves: once of each occasion.

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


def write_later(seats: Iterable[Seat], *, why: str, day: datetime, at: datetime) -> None:
    """`why`: removed, rests or ended. `day`: from which they no longer read; of one they are written to once."""
    if numbers := [seat.pk for seat in seats]:
        write.enqueue(numbers, why, day.isoformat(), at.isoformat())


@task(queue_name="bulk")
def write(numbers: list[int], why: str, day: str, at: str) -> None:
    since = datetime.fromisoformat(day)
    keys = {number: f"seat {number} {why} {since:%Y-%m-%d}" for number in numbers}
    posted = posted_among(keys.values())
    for seat in Seat.objects.filter(pk__in=numbers).select_related("reader", "group").order_by("pk"):
        if keys[seat.pk] in posted or seat.reader is None or seat.reader.email.endswith(f"@{ERASED}"):
            continue
        context = {"group": seat.group.name, "why": why, "day": telling.day_of(since), "account": "/account/"}
        post(kind="seat-ends", to=seat.reader.email, context=context, at=datetime.fromisoformat(at), key=keys[seat.pk])
