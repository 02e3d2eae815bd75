"""Mail providers whose API sends, and what they tell of mail that came back, in our words. Anymail knows how each speaks.

Not here: Amazon SES, whose API needs a large library of its own; its SMTP door does the same.
"""

import hashlib
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason

from broadsheet.mailroom.bounced import MOST_WORDS, scrubbed
from broadsheet.mailroom.provided import MARK
from broadsheet.mailroom.returning import Notice
from broadsheet.mailroom.status import Kind, kind_of, telling, written

BOUNCED_BEFORE = {
    RejectReason.INVALID: Kind.HARD,
    RejectReason.BOUNCED: Kind.HARD,
    RejectReason.SPAM: Kind.COMPLAINT,
    RejectReason.UNSUBSCRIBED: Kind.ASKED,
}
KIND_OF = {
    EventType.DEFERRED: Kind.DELAYED,
    EventType.COMPLAINED: Kind.COMPLAINT,
    EventType.UNSUBSCRIBED: Kind.ASKED,
    EventType.AUTORESPONDED: Kind.AUTO_REPLY,
}
SAYS_HOW = ("Type", "type", "event", "bounce_type", "bounceType", "severity")  # where one provider or another says soft or hard
SOFT = ("soft", "temporary", "transient", "undetermined")


def notice_of(event: AnymailTrackingEvent, *, source: str) -> Notice | None:
    """None where it is about nothing that came back, or about nobody."""
    kind = _kind(event)
    if kind is None or not event.recipient:
        return None
    words = " ".join(str(part) for part in (event.description, event.mta_response) if part)
    return Notice(
        key=_key(event, source),
        source=source,
        address=event.recipient,
        kind=kind,
        status=written(telling("", words)),
        words=scrubbed(words)[:MOST_WORDS],
        mark=str(event.metadata.get(MARK, "")) if isinstance(event.metadata, dict) else "",
    )


def _kind(event: AnymailTrackingEvent) -> Kind | None:
    match event.event_type:
        case EventType.BOUNCED:
            return _bounce(event)
        case EventType.REJECTED:  # the provider did not even try, for what it remembers
            return BOUNCED_BEFORE.get(event.reject_reason, Kind.SOFT)
    return KIND_OF.get(event.event_type)


def _bounce(event: AnymailTrackingEvent) -> Kind:
    """What the server answered says most; then what the provider makes of it."""
    words = " ".join(str(part) for part in (event.mta_response, event.description) if part)
    if event.reject_reason == RejectReason.INVALID:
        return Kind.HARD
    if _is_called_soft(event.esp_event):
        return Kind.SOFT
    if telling("", words):
        return kind_of(status="", words=words)
    return BOUNCED_BEFORE.get(event.reject_reason, Kind.SOFT) if event.reject_reason else kind_of(status="", words=words)


def _is_called_soft(told: Any) -> bool:
    inner = told.get("event-data", told) if isinstance(told, dict) else {}
    said = (str(inner.get(name, "")).casefold() for name in SAYS_HOW)
    return any(word in each for each in said for word in SOFT)


def _key(event: AnymailTrackingEvent, source: str) -> str:
    told = (source, event.event_id or f"{event.message_id} {event.timestamp}", event.event_type, event.recipient)
    return hashlib.sha256("\n".join(map(str, told)).encode("utf-8", "replace")).hexdigest()
