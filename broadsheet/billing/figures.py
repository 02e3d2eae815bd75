"""The publisher's figures: counted by the database, from our own rows alone. The page says in words what each of them counts.

A week begins on Monday, a month on the first, at midnight in the publication's zone. Everything takes a fixed number of queries.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from broadsheet.access.terms import WALLS
from broadsheet.billing import stripe_api
from broadsheet.billing.models import Checkout, Invoice, Price, Subscription
from broadsheet.billing.policy import Status
from broadsheet.membership.models import Opening, Reader, Reading
from broadsheet.press.models import Slip

WEEKS, MONTHS = 12, 12
PAYING = (Status.ACTIVE, Status.PAST_DUE)
NEVER_BEGAN = (Status.INCOMPLETE, Status.INCOMPLETE_EXPIRED)


@dataclass(frozen=True, slots=True)
class Span:
    """A week or a month, half-open."""

    first: date
    begins: datetime
    ends: datetime


def weeks(at: datetime, zone: tzinfo, *, count: int = WEEKS) -> tuple[Span, ...]:
    """The newest last; it is the one that runs."""
    today = at.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    firsts = [monday - timedelta(weeks=back) for back in range(count - 1, -2, -1)]
    return _spans(firsts, zone)


def months(at: datetime, zone: tzinfo, *, count: int = MONTHS) -> tuple[Span, ...]:
    today = at.astimezone(zone).date()
    number = today.year * 12 + today.month - 1
    return _spans([date(each // 12, each % 12 + 1, 1) for each in range(number - count + 1, number + 2)], zone)


def _spans(firsts: Sequence[date], zone: tzinfo) -> tuple[Span, ...]:
    begins = [datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC) for day in firsts]
    return tuple(Span(firsts[at], begins[at], begins[at + 1]) for at in range(len(firsts) - 1))


# Who is counted


def registered() -> QuerySet[Reader]:
    return Reader.objects.filter(joined_at__isnull=False)


def subscriptions() -> QuerySet[Subscription]:
    """Of the mode that our key is for: what was tried out is no figure."""
    return Subscription.objects.filter(live=stripe_api.is_live()).exclude(status__in=NEVER_BEGAN)


def subscribers() -> QuerySet[Subscription]:
    return subscriptions().filter(status__in=PAYING, paused=False)


def paused() -> QuerySet[Subscription]:
    """Set to pause, or a trial that ended without a card: nothing is charged until that is over."""
    return subscriptions().filter(Q(status__in=PAYING, paused=True) | Q(status=Status.PAUSED))


def trials() -> QuerySet[Subscription]:
    return subscriptions().filter(status=Status.TRIALING)


def failed() -> QuerySet[Subscription]:
    return subscribers().filter(status=Status.PAST_DUE)


def active_at(moment: datetime) -> Q:
    """Begun, not ended, and past its trial."""
    return Q(starts_at__lt=moment) & (Q(ended_at=None) | Q(ended_at__gte=moment)) & _trial_over_by(moment)


def ended_in(span: Span) -> Q:
    """Ran at its beginning and ended within it: what came and went in between is no part of what could be lost."""
    return active_at(span.begins) & Q(ended_at__lt=span.ends)


def _trial_over_by(moment: datetime) -> Q:
    return Q(trial_ends_at=None) | Q(trial_ends_at__lte=moment)


# Readers


@dataclass(frozen=True, slots=True)
class Readers:
    registered: int
    confirmed: int
    by_week: tuple[int, ...]


def readers(spans: Sequence[Span]) -> Readers:
    counted = registered().aggregate(
        registered=Count("pk"), confirmed=Count("confirmed_at"), **_each(spans, lambda span: _within("joined_at", span))
    )
    return Readers(counted["registered"], counted["confirmed"], _numbers(counted, len(spans)))


# Subscriptions


@dataclass(frozen=True, slots=True)
class Held:
    """Of one plan: how many subscriptions, and how many seats they pay for."""

    plan: int | None
    name: str
    count: int
    seats: int


def by_plan() -> list[Held]:
    rows = subscribers().values("price__plan_id", "price__plan__name").annotate(count=Count("pk"), seats=Sum("quantity"))
    return [
        Held(row["price__plan_id"], row["price__plan__name"] or "Made at Stripe", row["count"], row["seats"])
        for row in rows.order_by("price__plan__order", "price__plan__name")
    ]


def monthly_revenue() -> dict[str, int]:
    """Currency -> the smallest unit a month. Price by quantity, less the discounts on the running period's bills, each divided by
    the months that it is for. Trials count nothing."""
    of_price = ("price__currency", "price__every")
    asked = subscribers().filter(price__isnull=False).values(*of_price).annotate(sum=Sum(F("price__amount") * F("quantity")))
    bills = Invoice.objects.filter(subscription__in=subscribers().filter(price__isnull=False), discount__gt=0)
    running = bills.filter(made_at__gte=F("subscription__period_starts_at")).exclude(status="void")
    of_bill = tuple(f"subscription__{name}" for name in of_price)
    spared = running.values(*of_bill).annotate(sum=Sum("discount"))
    parts = [(*(row[name] for name in of_price), row["sum"]) for row in asked.order_by(*of_price)]
    parts += [(*(row[name] for name in of_bill), -row["sum"]) for row in spared.order_by(*of_bill)]
    total: dict[str, float] = {}
    for currency, every, amount in parts:
        total[currency] = total.get(currency, 0) + amount / Price(every=every).months
    return {currency: max(0, round(amount)) for currency, amount in total.items()}


@dataclass(frozen=True, slots=True)
class Churn:
    at_beginning: int
    ended: int

    @property
    def percent(self) -> float:
        return round(self.ended * 100 / self.at_beginning, 1) if self.at_beginning else 0.0


def churn(spans: Sequence[Span]) -> tuple[Churn, ...]:
    begun = {f"begun_{at}": Count("pk", filter=active_at(span.begins)) for at, span in enumerate(spans)}
    counted = subscriptions().aggregate(**begun, **_each(spans, ended_in))
    return tuple(Churn(counted[f"begun_{at}"], number) for at, number in enumerate(_numbers(counted, len(spans))))


# The wall


@dataclass(frozen=True, slots=True)
class Wall:
    """One week: how often each wall was shown, and what came of it."""

    span: Span
    shown: tuple[int, ...]  # in the order of WALLS
    registrations: int
    subscriptions: int

    @property
    def all_shown(self) -> int:
        return sum(self.shown)


@dataclass(frozen=True, slots=True)
class WallOfArticle:
    story: str
    shown: tuple[int, ...]
    registrations: int
    subscriptions: int

    @property
    def all_shown(self) -> int:
        return sum(self.shown)


def walls_by_week(spans: Sequence[Span]) -> tuple[Wall, ...]:
    counted: QuerySet[Any] = _walls(spans).values("reason").annotate(**_each(spans, lambda span: _within("read_at", span)))
    shown = {row["reason"]: _numbers(row, len(spans)) for row in counted.order_by()}
    nobody = (0,) * len(spans)
    begun = _numbers(_first_articles(spans).aggregate(**_each(spans, lambda span: _within("opened_at", span))), len(spans))
    sold = sold_from_an_article(spans).aggregate(**_each(spans, lambda span: _within("bought_at", span)))
    return tuple(
        Wall(span, tuple(shown.get(reason, nobody)[at] for reason in WALLS), begun[at], sold[f"span_{at}"] or 0)
        for at, span in enumerate(spans)
    )


def walls_by_article(spans: Sequence[Span]) -> QuerySet[Any]:
    """Rows of `story`, `shown` and each wall by its place in WALLS, the most shown first."""
    each = {f"wall_{at}": Count("pk", filter=Q(reason=reason)) for at, reason in enumerate(WALLS)}
    return _walls(spans).values("story").annotate(shown=Count("pk"), **each).order_by("-shown", "story")


def with_what_came_of_it(rows: Iterable[dict[str, Any]], spans: Sequence[Span]) -> list[WallOfArticle]:
    rows = list(rows)
    stories = [row["story"] for row in rows]
    begun = _first_articles(spans).filter(story__in=stories).values("story").annotate(count=Count("pk")).order_by()
    registrations = {row["story"]: row["count"] for row in begun}
    sold = _sold_by_story(stories, spans)
    return [
        WallOfArticle(
            row["story"],
            tuple(row[f"wall_{at}"] for at in range(len(WALLS))),
            registrations.get(row["story"], 0),
            sold.get(row["story"], 0),
        )
        for row in rows
    ]


def _walls(spans: Sequence[Span]) -> QuerySet[Reading]:
    return Reading.objects.filter(reason__in=WALLS, read_at__gte=spans[0].begins, read_at__lt=spans[-1].ends)


def _first_articles(spans: Sequence[Span]) -> QuerySet[Opening]:
    """The article that was opened by registering; a visitor who never confirmed has none."""
    first = Opening.objects.filter(counted=False, opened_at__gte=spans[0].begins, opened_at__lt=spans[-1].ends)
    return first.filter(allowance__in=Reader.objects.filter(confirmed_at__isnull=False).values("allowance"))


def sold_from_an_article(spans: Sequence[Span]) -> QuerySet[Checkout]:
    """By the Checkout, which remembers the path that its reader came from: what becomes of the subscription, or of its reader,
    changes nothing."""
    bought = Checkout.objects.filter(live=stripe_api.is_live(), bought_at__gte=spans[0].begins, bought_at__lt=spans[-1].ends)
    return bought.filter(next_path__in=Slip.objects.exclude(story="").values("path"))


def _sold_by_story(stories: Sequence[str], spans: Sequence[Span]) -> dict[str, int]:
    story_at = dict(Slip.objects.filter(story__in=stories).values_list("path", "story"))
    rows = sold_from_an_article(spans).filter(next_path__in=list(story_at)).values("next_path").annotate(count=Count("pk"))
    sold: dict[str, int] = {}
    for row in rows.order_by():
        story = story_at[row["next_path"]]
        sold[story] = sold.get(story, 0) + row["count"]
    return sold


# Counting


def _within(field: str, span: Span) -> Q:
    return Q(**{f"{field}__gte": span.begins, f"{field}__lt": span.ends})


def _each(spans: Sequence[Span], of: Any) -> dict[str, Count]:
    """One count a span, so that the database reads its rows once."""
    return {f"span_{at}": Count("pk", filter=of(span)) for at, span in enumerate(spans)}


def _numbers(counted: dict[str, Any], spans: int) -> tuple[int, ...]:
    return tuple(counted[f"span_{at}"] for at in range(spans))
