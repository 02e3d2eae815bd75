"""How the large mailbox providers see us: what came back of what was sent, held against what they bear. And who is stopped."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Count, QuerySet

from broadsheet.mailroom import heeding, marks
from broadsheet.mailroom.heeding import Why
from broadsheet.mailroom.models import Dispatch, MailRules, Return, Suppression
from broadsheet.mailroom.status import Kind

SPAN = timedelta(days=30)
LAST = 20
TOO_FEW = 100  # of so few a single one is percents


class Health(StrEnum):
    GOOD = "good"
    WATCH = "watch"
    BAD = "bad"
    TOO_FEW = "too few to tell"


@dataclass(frozen=True, slots=True)
class Bound:
    """Percents: below the first is good, from the second on is bad."""

    good: float
    bad: float


# As Google and Yahoo have said since February 2024 of whoever sends thousands; of bounces what mail providers bear.
COMPLAINTS, BOUNCES = Bound(good=0.1, bad=0.3), Bound(good=1.0, bad=2.0)


@dataclass(frozen=True, slots=True)
class Rate:
    count: int
    of: int
    bound: Bound

    @property
    def percent(self) -> float:
        return 100 * self.count / self.of if self.of else 0.0

    @property
    def health(self) -> Health:
        if self.of < TOO_FEW:
            return Health.TOO_FEW
        if self.percent < self.bound.good:
            return Health.GOOD
        return Health.BAD if self.percent >= self.bound.bad else Health.WATCH


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the last thirty days, but `stopped` and `waiting`. `doubted`: what was not believed. `waiting`: addresses with soft
    bounces that are still written to."""

    sent: int
    complaints: Rate
    bounces: Rate
    soft: int
    replies: int
    doubted: int
    stopped: dict[Why, int]
    waiting: int


def figures(*, at: datetime) -> Figures:
    since = at - SPAN
    sent = Dispatch.objects.filter(sent_at__gt=since, sent_at__lte=at).count() + marks.sent_between(since, at)
    came = Return.objects.filter(came_at__gt=since, came_at__lte=at)
    counts = dict(came.filter(doubt="").values_list("kind").annotate(Count("pk")).order_by())
    return Figures(
        sent=sent,
        complaints=Rate(counts.get(Kind.COMPLAINT, 0), sent, COMPLAINTS),
        bounces=Rate(counts.get(Kind.HARD, 0), sent, BOUNCES),
        soft=counts.get(Kind.SOFT, 0),
        replies=counts.get(Kind.AUTO_REPLY, 0),
        doubted=came.exclude(doubt="").count(),
        stopped=_stopped(),
        waiting=_waiting(at),
    )


def last_returns() -> QuerySet[Return]:
    return Return.objects.exclude(kind=Kind.AUTO_REPLY).order_by("-came_at", "-pk")[:LAST]


def _stopped() -> dict[Why, int]:
    standing = Suppression.objects.filter(lifted_at=None).values_list("why").annotate(Count("pk")).order_by()
    counts = dict(standing)
    return {why: counts.get(why, 0) for why in Why}


def _waiting(at: datetime) -> int:
    rules = MailRules.load()
    since = heeding.SoftRule(bounces=rules.soft_bounces, days=rules.soft_days).since(at)
    soft = Return.objects.filter(kind=Kind.SOFT, doubt="", overtaken_at=None, came_at__gt=since)
    return soft.values("address").distinct().count()
