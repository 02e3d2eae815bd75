"""What the mail provider tells, once its door has believed it."""

from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, tracking
from django.dispatch import receiver

from broadsheet.kit import clock
from broadsheet.mailroom.providers import notice_of
from broadsheet.mailroom.returning import take_notice
from broadsheet.mailroom.suppressing import say_arrived


@receiver(tracking)
def hear(sender: Any, event: AnymailTrackingEvent, esp_name: str, **_: Any) -> None:
    at = clock.now()
    if event.event_type == EventType.DELIVERED and event.recipient:
        say_arrived(address=event.recipient, at=min(at, event.timestamp or at))
    elif notice := notice_of(event, source=esp_name.lower()):
        take_notice(notice, at=at)
