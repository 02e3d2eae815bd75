"""Alerts as their readers see them, the sight that each has without a request, and the addresses that open without logging in."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings

from broadsheet.kit.signing import Signer
from broadsheet.library.following import Followed, followed
from broadsheet.library.models import Alert
from broadsheet.library.policy import Often
from broadsheet.library.sight import Sight, sight_of
from broadsheet.membership.models import Reader
from broadsheet.membership.papers import pass_of
from broadsheet.membership.queries import holding_of

PAGE = "/account/alerts/"
WHEN = {
    Often.AT_ONCE: "as soon as it is out",
    Often.DAILY: "each morning at seven",
    Often.WEEKLY: "each Monday at seven in the morning",
}
ENDING = re.compile(r"(?P<number>[1-9][0-9]{0,17})-(?P<imprint>[0-9a-f]{16})")
MOST_NAME = 80  # characters of a search in a subject line or a heading


@dataclass(frozen=True, slots=True)
class Wanted:
    """`name`: of what is followed, or the search as it was saved. `kind`: "search", "country" and so on. `path` leads to it."""

    number: int
    kind: str
    name: str
    path: str
    often: Often
    paused: bool
    has_feed: bool

    @property
    def is_search(self) -> bool:
        return self.kind == "search"

    @property
    def short(self) -> str:
        return self.name if len(self.name) <= MOST_NAME else f"{self.name[:MOST_NAME].rstrip()} …"

    @property
    def when(self) -> str:
        return WHEN[self.often]

    @property
    def why(self) -> str:
        return f"you saved the search “{self.short}”" if self.is_search else f"you follow {self.name}"


def wanted(alerts: Iterable[Alert]) -> list[Wanted]:
    """In the order given; what is gone from the desk is left out."""
    rows = list(alerts)
    things = {one.number: one for one in followed(row.follow for row in rows if row.follow)}
    return [told for row in rows if (told := _wanted(row, things))]


def _wanted(alert: Alert, things: Mapping[int, Followed]) -> Wanted | None:
    said = (Often(alert.often), alert.paused_at is not None, bool(alert.feed))
    if alert.text:
        return Wanted(alert.pk, "search", alert.text, f"/search/?{urlencode({'q': alert.text})}", *said)
    thing = things.get(alert.follow_id or 0)
    return Wanted(alert.pk, thing.label.lower(), thing.name, thing.path, *said) if thing else None


def sight_of_reader(reader: Reader, *, at: datetime) -> Sight:
    """What the gate would serve them now, wherever they are: what an institution's network opens is not theirs."""
    held = pass_of(reader, holding_of(reader, at=at, generation=0), session_key="", at=at)
    return sight_of(held.standing(at.timestamp()), held.meter())


# Addresses that open without logging in


@dataclass(frozen=True, slots=True)
class Ending:
    """What the link in a mail ends. A restored backup gives numbers out again, so the imprint says whose alert it was of what."""

    number: int
    imprint: str

    @classmethod
    def of(cls, alert: Alert) -> "Ending":
        follow, joined = alert.follow, alert.reader.joined_at
        about = f"{follow.kind} {follow.row} {follow.other}" if follow else alert.text
        said = f"{alert.reader_id} {int(joined.timestamp()) if joined else 0} {about}"
        return cls(alert.pk, hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=8).hexdigest())

    def find(self) -> Alert | None:
        """None: it is over."""
        alert = Alert.objects.select_related("reader", "follow").filter(pk=self.number).first()
        return alert if alert and Ending.of(alert) == self else None


def end_path(alert: Alert) -> str:
    ending = Ending.of(alert)
    return f"/alerts/end/{_signer().sign(f'{ending.number}-{ending.imprint}')}/"


def ending_in(token: str) -> Ending | None:
    """None of what we did not sign."""
    found = ENDING.fullmatch(_signer().unsign(token) or "")
    return Ending(int(found["number"]), found["imprint"]) if found else None


def _signer() -> Signer:
    return Signer((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS), purpose="alert-end")


def feed_path(secret: str) -> str:
    return f"/feeds/alerts/{secret}/"


def hash_of(secret: str) -> str:
    """A secret of 192 bits needs no salt."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
