"""How fast bulk mail goes to one mailbox provider, and how much of it in a day. Pure: values in, a moment out.

A provider's road is one small value that many senders share: each takes the next free moment on it. What goes too fast is taken
for spam long before it is refused, so a new sender begins small, and a provider that says “later” is left in peace, longer each
time.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

STATUS = re.compile(r"\b4\.(\d)\.\d{1,3}\b")
TOO_FAST = re.compile(r"\brate\b|too (many|fast)|throttl|try again later|temporarily deferred", re.IGNORECASE)
LINE = re.compile(r"(?P<domain>[\w.-]+\.\w+)[\s:=]+(?P<rate>[1-9][0-9]{0,6})")
BURST = timedelta(seconds=10)  # what was not sent in that time may be sent at once
RESTS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60))  # after the first “later” in a row, the second …
DEFAULT = 600  # messages a minute
# Messages on the first day of sending, on the second …; after the last there is no end of them.
WARM_UP = (500, 1_000, 2_000, 4_000, 8_000, 15_000, 25_000, 40_000, 60_000, 80_000, 100_000)
# Domains of one provider, which counts them together.
PROVIDERS: Mapping[str, tuple[str, ...]] = {
    "gmail.com": ("googlemail.com",),
    "outlook.com": (
        "hotmail.com",
        "live.com",
        "msn.com",
        "hotmail.co.uk",
        "hotmail.fr",
        "hotmail.de",
        "outlook.fr",
        "outlook.de",
    ),
    "yahoo.com": ("ymail.com", "rocketmail.com", "aol.com", "yahoo.co.uk", "yahoo.fr", "yahoo.de", "yahoo.co.in", "myyahoo.com"),
    "icloud.com": ("me.com", "mac.com"),
    "gmx.net": ("gmx.de", "gmx.at", "gmx.ch", "web.de"),
    "proton.me": ("protonmail.com", "pm.me"),
}
PROVIDER_OF = {domain: provider for provider, domains in PROVIDERS.items() for domain in domains}


@dataclass(frozen=True, slots=True)
class Pace:
    """Messages a minute to one provider; `by_provider` where one has its own."""

    usual: int = DEFAULT
    by_provider: Mapping[str, int] = field(default_factory=dict)

    def step(self, provider: str) -> timedelta:
        """Between one message and the next."""
        return timedelta(minutes=1) / max(1, self.by_provider.get(provider, self.usual))


@dataclass(frozen=True, slots=True)
class Road:
    """To one provider. `taken_until`: what has gone is spread up to there. `rests`: how often it said “later” in a row."""

    provider: str
    taken_until: datetime | None = None
    rests: int = 0
    closed_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What a sender gets of a road: so many may go `now`; the others ask again `then`. `day_is_full`: that is on another day."""

    road: Road
    now: int
    then: datetime
    day_is_full: bool = False


def provider_of(address: str) -> str:
    domain = address.rpartition("@")[2].lower()
    return PROVIDER_OF.get(domain, domain)


def domains_of(provider: str) -> tuple[str, ...]:
    return (provider, *PROVIDERS.get(provider, ()))


def pace_from(usual: int, lines: str) -> Pace:
    """`lines`: a provider and its messages a minute on each, as the desk writes them."""
    by_provider: dict[str, int] = {}
    for line in filter(str.strip, lines.splitlines()):
        found = LINE.fullmatch(line.strip())
        if not found:
            raise BadPace(f"“{line.strip()}” is no domain and a number, such as “gmail.com 300”.")
        by_provider[provider_of(found["domain"])] = int(found["rate"])
    return Pace(usual, by_provider)


def take(road: Road, pace: Pace, count: int, *, at: datetime, left: int | None = None) -> Turn:
    """Of so many messages, as many as may go. `left`: of the day; None: as many as there are."""
    now = 0
    while now < count and now != left and go_at(road, pace, at=at) == at:
        road, now = gone(road, pace, at=at), now + 1
    if now == left:
        return Turn(road, now, at + timedelta(days=1), day_is_full=True)
    return Turn(road, now, go_at(road, pace, at=at))


def go_at(road: Road, pace: Pace, *, at: datetime) -> datetime:
    """`at` where the next message may go now, or else when it may."""
    free = (road.taken_until or at) - BURST
    return max(at, free, road.closed_until or at)


def gone(road: Road, pace: Pace, *, at: datetime) -> Road:
    """One more is on its way."""
    return replace(road, taken_until=max(at, road.taken_until or at) + pace.step(road.provider))


def closes_road(code: int, words: str) -> bool:
    """Whether a “later” is about us, rather than about one mailbox that is full, or greylists: RFC 3463 has numbers for it."""
    if status := STATUS.search(words):
        return status[1] in "347"
    return code == 421 or bool(TOO_FAST.search(words))


def took(road: Road) -> Road:
    """It answered with yes, or with a no for ever: either way it listens."""
    return replace(road, rests=0, closed_until=None)


def said_later(road: Road, *, at: datetime) -> Road:
    """Answers to what was on its way when the road was closed already say nothing new."""
    if road.closed_until and at < road.closed_until:
        return road
    rest = RESTS[min(road.rests, len(RESTS) - 1)]
    return replace(road, rests=road.rests + 1, closed_until=at + rest)


def most_on(day: int, plan: Sequence[int] = WARM_UP) -> int | None:
    """Messages on the so-manieth day of sending, from 0; None: as many as there are."""
    return plan[day] if 0 <= day < len(plan) else None


def left_today(day: int, sent: int, plan: Sequence[int] = WARM_UP) -> int | None:
    """How many more may go; None: as many as there are."""
    most = most_on(day, plan)
    return None if most is None else max(0, most - sent)


class BadPace(ValueError):
    """Words from the desk that say no pace. Says which, as a sentence."""
