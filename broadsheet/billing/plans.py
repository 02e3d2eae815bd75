"""The page of plans: pressed, so that it is there at once and knows no reader."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from broadsheet.billing import currencies
from broadsheet.billing import offers as introductions
from broadsheet.billing.models import Coupon, Plan, Price, SellingRules
from broadsheet.membership.errands import Errand
from broadsheet.press import pages
from broadsheet.press.kinds import Sheet

PATH = "/subscribe/"
KEY = "plans"
CHOSEN = re.compile(rf"{PATH}confirm/(\d+)/(\d+)/")
GIFTS = {
    f"{PATH}redeem/": Errand("You were given a year.", "First an account, then the code of your gift, and you read everything."),
    f"{PATH}gift/": Errand("You give a year to somebody else.", "First an account, then the gift and its payment."),
}
ORDER = list(Price.Every.values)


@dataclass(frozen=True, slots=True)
class Offer:
    """A price as it is read: `money` as "€9" or "€9.50", `each` what it is for, `spares` how much less than by the month;
    `first` what it begins with, as "€1 for the first month, then"."""

    id: int
    money: str
    currency: str
    every: str
    each: str
    spares: str = ""
    first: str = ""


@dataclass(frozen=True, slots=True)
class OnOffer:
    name: str
    slug: str
    standfirst: str
    gives: tuple[str, ...]
    trial_days: int
    least_seats: int
    by_the_seat: bool
    offers: tuple[Offer, ...]  # in one currency, the first by its letters
    elsewhere: tuple[Offer, ...] = ()  # in the others


def compose_plans(path: str, match: re.Match[str], at: datetime) -> Sheet:
    page = pages.page_meta(
        title=_("Subscribe"), path=PATH, kind="subscribe", description=_("What a subscription opens, what it costs, how it ends.")
    )
    context = {"plans": on_offer(at=at), "withdrawal_days": SellingRules.load().withdrawal_days}
    return pages.sheet("pages/plans.html", page, context, {KEY})


def on_offer(*, at: datetime) -> list[OnOffer]:
    plans = Plan.objects.filter(withdrawn_at=None).prefetch_related("prices__introduction__plans")
    shown = [(plan, [price for price in plan.prices.all() if price.withdrawn_at is None]) for plan in plans]
    return [_plan(plan, prices, at) for plan, prices in shown if prices]


def money(amount: int, currency: str) -> str:
    """In the smallest unit; without a fraction where there is none."""
    places = currencies.decimals(currency)
    written = currencies.written(amount, currency)
    return written.removesuffix("." + "0" * places) if places else written


def price_named(named: str) -> Price | None:
    """On offer now."""
    on_offer = Price.objects.filter(withdrawn_at=None, plan__withdrawn_at=None).select_related("plan")
    return on_offer.filter(pk=named).first() if named.isascii() and named.isdecimal() and len(named) < 12 else None


def seats_typed(typed: str, price: Price) -> int:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 5 else price.plan.least_seats


def path_of(price: Price, seats: int) -> str:
    """Of the page on which a choice is confirmed."""
    return f"{PATH}confirm/{price.pk}/{seats}/"


def errand_of(path: str) -> Errand | None:
    """What was chosen or given, for whoever must log in before they go on."""
    if path in GIFTS:
        return GIFTS[path]
    chosen = CHOSEN.fullmatch(path)
    price = price_named(chosen[1]) if chosen else None
    if not (chosen and price):
        return None
    says = f"You chose {in_words(price, seats_typed(chosen[2], price))}."
    return Errand(says, "First an account, then the payment.", other=("Choose another plan", PATH))


def in_words(price: Price, seats: int) -> str:
    """A plan, and what it costs."""
    by_the_seat = f", {seats} {'seat' if seats == 1 else 'seats'}" if price.plan.kind == Plan.Kind.TEAM else ""
    return f"{price.plan.name}{by_the_seat}, {money(price.amount * seats, price.currency)} {price.get_every_display()}"


def plain(amount: int, currency: str) -> str:
    """As a number in a form."""
    return f"{currencies.in_units(amount, currency):f}"


def _plan(plan: Plan, prices: list[Price], at: datetime) -> OnOffer:
    monthly = {price.currency: price.amount for price in prices if price.every == Price.Every.MONTH}
    prices.sort(key=lambda price: (price.currency, ORDER.index(price.every)))
    offers = [_offer(price, monthly.get(price.currency), introductions.introduction_of(price, at=at)) for price in prices]
    return OnOffer(
        name=plan.name,
        slug=plan.slug,
        standfirst=plan.standfirst,
        gives=tuple(line.strip() for line in plan.gives.splitlines() if line.strip()),
        trial_days=plan.trial_days,
        least_seats=plan.least_seats,
        by_the_seat=plan.kind == Plan.Kind.TEAM,
        offers=tuple(offer for offer in offers if offer.currency == offers[0].currency),
        elsewhere=tuple(offer for offer in offers if offer.currency != offers[0].currency),
    )


def _offer(price: Price, monthly: int | None, introduction: Coupon | None = None) -> Offer:
    months = price.months
    spared = 100 - round(price.amount * 100 / (monthly * months)) if monthly and months > 1 else 0
    return Offer(
        id=price.pk,
        money=money(price.amount, price.currency),
        currency=price.currency,
        every=price.get_every_display(),
        each=_("a seat, {every}").format(every=price.get_every_display()) if price.plan.kind == Plan.Kind.TEAM else "",
        spares=_("{percent} % less").format(percent=spared) if spared > 0 else "",
        first=first_of(price, introduction) if introduction else "",
    )


def first_of(price: Price, introduction: Coupon) -> str:
    lasting = introductions.lasting(introduction, price)
    begins = money(introductions.after(introduction, price.amount), price.currency)
    ends = introduction.lasts != introduction.Lasts.FOREVER
    words = _("{money} {lasting}, then") if ends else _("{money} {lasting}, instead of")
    return words.format(money=begins, lasting=lasting)


def offers_of(prices: Iterable[Price]) -> list[Offer]:
    return [_offer(price, None) for price in prices]
