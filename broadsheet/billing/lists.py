"""The lists behind the publisher's figures: each figure leads to its own, on the screen by pages, or whole as CSV."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from django.db.models import QuerySet
from django.utils import formats, timezone

from broadsheet.access.terms import WALLS
from broadsheet.billing import currencies, figures, plans
from broadsheet.billing.models import Checkout, Coupon, Subscription
from broadsheet.kit.spreadsheets import csv_lines
from broadsheet.membership.models import Deed, Reader
from broadsheet.newsroom.models import Article

BATCH = 500
GONE = "a reader who is gone"
LONGEST_NUMBER = 18  # digits that a database takes
WALL_NAMES = {
    "register": "Register",
    "return": "Come back with a code",
    "confirm": "Confirm",
    "spent": "Spent",
    "subscribe": "Subscribe",
    "payment-failed": "Payment failed",
}

Choice = Mapping[str, str]  # what the address asks for
Cells = tuple[object, ...]


class NoSuchList(LookupError):
    pass


@dataclass(frozen=True, slots=True)
class Row:
    """`reader` and `article`: whom or what the first cell leads to on the desk."""

    cells: Cells
    reader: int | None = None
    article: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    choice: Choice
    at: datetime
    zone: tzinfo

    def span(self, spans: Sequence[figures.Span], name: str) -> figures.Span | None:
        """The one whose first day was asked for, if it is one of those that are counted."""
        return next((span for span in spans if span.first.isoformat() == self.choice.get(name)), None)

    def number(self, name: str) -> int | None:
        written = self.choice.get(name, "")
        return int(written) if written.isdecimal() and len(written) <= LONGEST_NUMBER else None


@dataclass(frozen=True, slots=True)
class Rolled:
    """`says`: what is counted, in a sentence. `none`: what it means where nothing is."""

    title: str
    says: str
    columns: tuple[str, ...]
    found: QuerySet[Any]
    rows: Callable[[Sequence[Any]], list[Row]]
    right: str = "billing.view_subscription"
    none: str = "Nothing is in it."


def called(name: str, asked: Asked) -> Rolled:
    make = LISTS.get(name)
    if make is None:
        raise NoSuchList(name)
    return make(asked)


def csv_of(rolled: Rolled) -> Iterator[str]:
    """Line by line, in batches, so that a hundred thousand rows take no more memory than a few."""
    return csv_lines(_whole(rolled))


def _whole(rolled: Rolled) -> Iterator[Cells]:
    yield rolled.columns
    batch: list[Any] = []
    for each in rolled.found.iterator(chunk_size=BATCH):
        batch.append(each)
        if len(batch) == BATCH:
            yield from _told(rolled, batch)
            batch = []
    yield from _told(rolled, batch)


def _told(rolled: Rolled, batch: Sequence[Any]) -> Iterator[Cells]:
    return (tuple(map(told, row.cells)) for row in rolled.rows(batch))


def told(cell: object) -> object:
    """In a file, so that other programs can sort by it."""
    if isinstance(cell, datetime):
        return timezone.localtime(cell).strftime("%Y-%m-%d %H:%M")
    return "" if cell is None else cell


# Readers


def _readers(asked: Asked) -> Rolled:
    found, says = figures.registered(), "Everybody who has an account, staff too."
    none = "Nobody has an account yet."
    if asked.choice.get("confirmed"):
        found, says = found.filter(confirmed_at__isnull=False), "Whose address is confirmed."
        none = "Nobody has confirmed an address yet."
    if span := asked.span(figures.weeks(asked.at, asked.zone), "week"):
        found = found.filter(joined_at__gte=span.begins, joined_at__lt=span.ends)
        says, none = f"Who registered in the week from {_day(span.first)}.", "Nobody registered in that week."
    columns = ("Address", "Registered", "Confirmed")
    return Rolled("Readers", says, columns, found.order_by("-joined_at", "-pk"), _of_readers, none=none)


def _of_readers(found: Sequence[Reader]) -> list[Row]:
    return [Row((reader.email, reader.joined_at, reader.confirmed_at), reader=reader.pk) for reader in found]


# Subscriptions

SOLD = ("Address", "Plan", "Seats", "Price", "Every", "Currency", "Bought", "Article")
HOLDING = ("Address", "Plan", "Seats", "Price", "Every", "Currency", "Status", "Since", "Period ends", "Ended")


def _held(title: str, says: str, found: QuerySet[Subscription], *, none: str) -> Rolled:
    rows = found.select_related("customer__reader", "price__plan").order_by("-starts_at", "-pk")
    return Rolled(title, says, HOLDING, rows, _of_subscriptions, none=none)


def _of_subscriptions(found: Sequence[Subscription]) -> list[Row]:
    return [Row(_cells(one), reader=one.customer.reader_id) for one in found]


def _cells(one: Subscription) -> Cells:
    price = one.price
    sold = (
        (price.plan.name, one.quantity, plans.money(price.amount * one.quantity, price.currency))
        if price
        else ("", one.quantity, "")
    )
    each = (price.every, price.currency) if price else ("", "")
    return (one.customer.reader.email, *sold, *each, _status(one), one.starts_at, one.period_ends_at, one.ended_at)


def _status(one: Subscription) -> str:
    paused = one.paused and one.ended_at is None
    return f"{one.get_status_display()}, paused" if paused else str(one.get_status_display())


def _subscribers(asked: Asked) -> Rolled:
    found = figures.subscribers()
    if (plan := asked.number("plan")) is not None:
        found = found.filter(price__plan=plan)
    if asked.choice.get("plan") == "none":
        found = found.filter(price=None)
    if currencies.is_currency(currency := asked.choice.get("currency", "")):
        found = found.filter(price__currency=currency)
    says = "Whose subscription is paid, or whose last charge failed and is tried again."
    return _held("Subscribers", says, found, none="Nobody subscribes in this way just now.")


def _trials(asked: Asked) -> Rolled:
    none = "Nobody is on trial just now. Trials begin where a plan has days of trial, under Billing, Plans."
    return _held("Trials", "Whose trial runs: nothing was charged yet.", figures.trials(), none=none)


def _paused(asked: Asked) -> Rolled:
    says = "Set to pause, even while a paid period still runs; or the trial ended without a card. Nothing is charged meanwhile."
    return _held("Paused", says, figures.paused(), none="Nobody has paused just now.")


def _failed(asked: Asked) -> Rolled:
    says = "Whose last charge failed, and is tried again by Stripe."
    return _held("Failed charges", says, figures.failed(), none="Every last charge went through.")


def _redeemed(asked: Asked) -> Rolled:
    number = asked.number("coupon")
    found = figures.subscriptions().filter(coupon__isnull=False)
    coupon = Coupon.objects.filter(pk=number).first() if number is not None else None
    if number is not None:
        found = found.filter(coupon=number)
    which = f"the coupon {coupon}" if coupon else "a coupon"
    says = f"Whose subscription was bought with {which}, ended ones too, as far as our payment partner has told us."
    return _held("Redeemed", says, found, none="We know of nobody who redeemed it.")


def _ended(asked: Asked) -> Rolled:
    spans = figures.months(asked.at, asked.zone)
    span = asked.span(spans, "month") or spans[-1]
    says = f"What ran when {span.first:%B %Y} began, trials aside, and ended in it."
    return _held("Ended", says, figures.subscriptions().filter(figures.ended_in(span)), none="None of them ended in it.")


def _ran(asked: Asked) -> Rolled:
    spans = figures.months(asked.at, asked.zone)
    span = asked.span(spans, "month") or spans[-1]
    says = f"What ran when {span.first:%B %Y} began, trials aside."
    found = figures.subscriptions().filter(figures.active_at(span.begins))
    return _held("Ran at the beginning", says, found, none="Nothing that was paid for ran then.")


def _sold(asked: Asked) -> Rolled:
    spans, says = figures.weeks(asked.at, asked.zone), "Bought on the way from an article, in the last twelve weeks."
    if span := asked.span(spans, "week"):
        spans, says = (span,), f"Bought on the way from an article, in the week from {_day(span.first)}."
    found = figures.sold_from_an_article(spans).select_related("reader", "price__plan").order_by("-bought_at", "-pk")
    none = "Nobody subscribed on the way from an article then."
    return Rolled("Subscribed from an article", f"{says} As it was bought.", SOLD, found, _of_sold, none=none)


def _of_sold(found: Sequence[Checkout]) -> list[Row]:
    return [Row(_bought(one), reader=one.reader_id) for one in found]


def _bought(one: Checkout) -> Cells:
    price, address = one.price, one.reader.email if one.reader else GONE
    cost = plans.money(price.amount * one.quantity, price.currency)
    return (address, price.plan.name, one.quantity, cost, price.every, price.currency, one.bought_at, one.next_path)


# The wall


def _walls(asked: Asked) -> Rolled:
    spans, says = figures.weeks(asked.at, asked.zone), "How often an article’s wall was shown in the last twelve weeks"
    if span := asked.span(spans, "week"):
        spans, says = (span,), f"How often an article’s wall was shown in the week from {_day(span.first)}"
    columns = ("Article", "Shown", *(WALL_NAMES[reason] for reason in WALLS), "Registered there", "Subscribed from there")
    says += ", and who registered or subscribed on the way from it."
    none = "No wall was shown then, or its readings have not been counted yet."
    found = figures.walls_by_article(spans)
    return Rolled("The wall, by article", says, columns, found, lambda found: _of_walls(found, spans), none=none)


def _of_walls(found: Sequence[dict[str, Any]], spans: Sequence[figures.Span]) -> list[Row]:
    numbers = [int(row["story"][1:]) for row in found if row["story"][1:].isdecimal()]
    headlines = dict(Article.objects.filter(pk__in=numbers).values_list("pk", "title"))
    return [_of_wall(wall, headlines) for wall in figures.with_what_came_of_it(found, spans)]


def _of_wall(wall: figures.WallOfArticle, headlines: Mapping[int, str]) -> Row:
    number = int(wall.story[1:]) if wall.story[1:].isdecimal() else None
    headline = headlines.get(number or 0)
    cells = (headline or wall.story, wall.all_shown, *wall.shown, wall.registrations, wall.subscriptions)
    return Row(cells, article=number if headline else None)


# What staff did


def _deeds(asked: Asked) -> Rolled:
    found = Deed.objects.select_related("reader").order_by("-done_at", "-pk")
    if (reader := asked.number("reader")) is not None:
        found = found.filter(reader=reader)
    says = "What staff did to readers’ accounts. Nothing is ever removed from here."
    columns, none = ("Reader", "When", "Who", "What", "In detail"), "Staff have done nothing to a reader’s account yet."
    return Rolled("What staff did", says, columns, found, _of_deeds, "membership.view_deed", none)


def _of_deeds(found: Sequence[Deed]) -> list[Row]:
    return [
        Row(
            (
                deed.reader.email if deed.reader else GONE,
                deed.done_at,
                deed.by_address,
                deed.get_kind_display(),
                deed.what,
            ),
            reader=deed.reader_id,
        )
        for deed in found
    ]


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


LISTS: dict[str, Callable[[Asked], Rolled]] = {
    "readers": _readers,
    "subscribers": _subscribers,
    "trials": _trials,
    "paused": _paused,
    "failed": _failed,
    "redeemed": _redeemed,
    "ran": _ran,
    "ended": _ended,
    "sold": _sold,
    "walls": _walls,
    "deeds": _deeds,
}


def cells_of(rows: Iterable[Row]) -> list[tuple[Row, list[object]]]:
    return [(row, [moment_of(cell) if isinstance(cell, datetime) else told(cell) for cell in row.cells]) for row in rows]


def moment_of(moment: datetime) -> str:
    """As it is written everywhere on the desk."""
    return formats.date_format(timezone.localtime(moment), "j F Y, H:i")
