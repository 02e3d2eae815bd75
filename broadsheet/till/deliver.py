"""Webhooks: each event, signed as Stripe signs, to each endpoint that hears it; tried again with back-off until it is taken.

The caller decides when, by calling; mischief (doubled, dropped, late, shuffled deliveries) is asked for with an object handed in.
"""

import hashlib
import hmac
import json
import random
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from broadsheet.till.books import Books, Doc
from broadsheet.till.drawer import Drawer

HOUR = 3600
BACK_OFF = (60, 300, HOUR // 2, 2 * HOUR, 5 * HOUR, 10 * HOUR, 12 * HOUR, 12 * HOUR, 12 * HOUR, 12 * HOUR)  # about three days
TIMEOUT = 10.0
Post = Callable[[str, bytes, Mapping[str, str]], int]  # url, body, headers → status; 0 where nobody answered


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    request = urllib.request.Request(url, data=body, headers=dict(headers), method="POST")
    try:
        with OPENER.open(request, timeout=TIMEOUT) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        refused.close()
        return refused.code
    except OSError:
        return 0


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        """Stripe follows no redirect: it is a failed delivery."""


OPENER = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


@dataclass
class Mischief:
    """What goes wrong on the way, as shares of the deliveries by a seeded chance; `post` may stay in this process."""

    double: float = 0.0
    drop: float = 0.0  # as if sent and lost: never tried again
    delay: float = 0.0
    delay_for: int = 2 * HOUR
    shuffle: bool = False
    post: Post = post
    chance: random.Random = field(default_factory=lambda: random.Random(1))

    def strikes(self, share: float) -> bool:
        return share > 0 and self.chance.random() < share


@dataclass(frozen=True, slots=True)
class Delivery:
    seq: int
    event: str
    endpoint: str
    tries: int


def deliver_due(till: Drawer, now: int, mischief: Mischief) -> int:
    """Each delivery is claimed, sent outside any transaction, and its outcome written down."""
    claimed = _claim(till, now)
    if mischief.shuffle:
        mischief.chance.shuffle(claimed)
    for delivery in claimed:
        _deliver(till, delivery, now, mischief)
    return len(claimed)


def _claim(till: Drawer, now: int) -> list[Delivery]:
    """Whoever dies while sending leaves a delivery that is due again later."""
    with till.store.writing() as rows:
        due = rows.execute(
            "SELECT seq, event, endpoint, tries FROM deliveries WHERE due <= ? ORDER BY due, seq", (now,)
        ).fetchall()
        rows.executemany("UPDATE deliveries SET due = ? WHERE seq = ?", [(now + BACK_OFF[0], row[0]) for row in due])
    return [Delivery(*row) for row in due]


def _deliver(till: Drawer, delivery: Delivery, now: int, mischief: Mischief) -> None:
    if delivery.tries == 0 and mischief.strikes(mischief.delay):
        _settle(till, delivery, now + mischief.delay_for, 0, "delayed")
        return
    if mischief.strikes(mischief.drop):
        _settle(till, delivery, None, 1, "dropped")
        return
    with till.books(now) as books:
        event, endpoint = books.find(delivery.event), books.find(delivery.endpoint)
    if event is None or endpoint is None or endpoint.get("deleted") or endpoint["status"] != "enabled":
        _settle(till, delivery, None, 0, "endpoint gone")
        return
    status = send(event, endpoint, now, mischief.post)
    if mischief.strikes(mischief.double):
        send(event, endpoint, now, mischief.post)
    if 200 <= status < 300:
        _settle(till, delivery, None, 1, str(status))
        with till.books(now) as books:
            _count_down(books, delivery.event)
    else:
        later = now + BACK_OFF[delivery.tries] if delivery.tries < len(BACK_OFF) else None
        _settle(till, delivery, later, 1, str(status or "no answer"))


def _settle(till: Drawer, delivery: Delivery, due: int | None, tries: int, answer: str) -> None:
    with till.store.writing() as rows:
        rows.execute(
            "UPDATE deliveries SET due = ?, tries = tries + ?, answer = ? WHERE seq = ?", (due, tries, answer, delivery.seq)
        )


def _count_down(books: Books, ident: str) -> None:
    event = books.get(ident, "event")
    event["pending_webhooks"] = max(0, event["pending_webhooks"] - 1)
    books.save(event)


def send(event: Doc, endpoint: Doc, now: int, to: Post) -> int:
    body = payload(event)
    headers = {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": signature(body, endpoint["_secret"], now),
               "User-Agent": "Stripe/1.0 (the till)"}  # fmt: skip
    return to(endpoint["url"], body, headers)


def payload(event: Doc) -> bytes:
    return json.dumps(event, indent=2).encode()


def signature(body: bytes, secret: str, at: int) -> str:
    signed = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={signed}"
