"""What a reader holds: see it, see to card and bills at Stripe's portal, end it or take that back.

Contexts, `page` (a PageMeta) in each:
pages/subscription.html  `held` (models.Subscription or None), `price` (models.Price or None), `money`, `says` (a sentence),
                         `ends` (whether it does), `news` (a sentence or ""), `changes`, `pauses` (whether it can),
                         `bills` (Bill), `owes` (whether one can be paid), `error`
                         and `withdraws` (whether one may withdraw from the contract), `arrival` (what was just bought, or ""),
                         `carriers` (telling.Carrier: what else one reads by),
                         `credit` (money left over for the next bills, or ""),
                         `begun` (what was chosen and not paid for, in words), `unsure` (it may have been paid: nobody says so
                         just now), `again` (where one goes on with that),
                         `invite` (the words of a link to a team's group, or "")
pages/cancel.html        `held`, `at_end` (a day), `paused` (what is read meanwhile, or ""), `withdraws`, `error`,
                         `refund` (money, "" where there is none),
                         `team` (whether it is a team's plan), `rows` (how that comes out),
                         `credit` (money that stays with Stripe, or ""),
                         `owed` (owing.Owed: what could not be charged, or None)
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from broadsheet.billing import actions, plans, receipts, reckoning, stripe_api, telling, withdrawal
from broadsheet.billing.actions.crediting import credit_of
from broadsheet.billing.models import Checkout, Invoice, Plan, Subscription
from broadsheet.billing.owing import OWING, owed_by
from broadsheet.billing.policy import Status
from broadsheet.billing.views.buying import paying
from broadsheet.design.page import PageMeta
from broadsheet.kit import clock
from broadsheet.membership import papers
from broadsheet.membership.models import Reader, Term
from broadsheet.membership.origin import our_own_forms
from broadsheet.membership.telling import Carrier, carriers_of, day_of
from broadsheet.membership.views.joining import see_other

AWAY = "Our payment partner does not answer just now. Nothing was changed; please try again in a minute."
UNHEARD = (
    "Our payment partner did not answer in time. Your subscription’s page shows in a few minutes whether anything was changed."
)
MOST_BILLS = 36
BACK = "back"  # in the address to which Stripe's portal leads back
STILL_TRUE = timedelta(seconds=5)  # what Stripe said so lately is not asked for again, however often a page is
JUST_ASKED = timedelta(seconds=1)  # nor of whoever was led to pay a bill, and comes back from that
MAY_PAY_FOR = 1_800  # seconds
MAY_BE_PAID = "What was open may be paid: our payment partner does not say so just now. Please look again in a minute."
ASKING = 3 * stripe_api.PATIENCE  # seconds for which whoever asks alone waits for Stripe, or nobody asks one that is away
UNBOUGHT = (Status.INCOMPLETE, Status.INCOMPLETE_EXPIRED)
SAID = {"paid": "paid", "open": "not paid yet", "void": "not charged", "uncollectible": "not paid"}


class Look(StrEnum):
    """What became of a page of payment that was left. UNSURE: nobody can say so just now. OVER: nothing is left to go on with."""

    UNPAID = "unpaid"
    UNSURE = "unsure"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Bill:
    day: str
    money: str
    says: str
    receipt: int | None  # its number, where it has one


@our_own_forms
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def subscription(request: HttpRequest) -> HttpResponse:
    reader = own_reader(request)
    held = actions.held_by(reader)
    if request.method == "POST" and held is not None and "keep" in request.POST:
        try:
            kept = actions.keep(held, at=clock.now())
        except (stripe_api.NotConfigured, stripe_api.Unreachable, stripe_api.Refused):
            return _subscription_page(request, reader, held, error=UNHEARD, status=503)
        return home_saying(f"It goes on. {says_of(kept)}")
    led, heard = held is not None and held.status in OWING and bool(cache.get(_led_to_bill(reader))), True
    still_true = JUST_ASKED if led else STILL_TRUE
    if held is not None and (BACK in request.GET or held.status in OWING) and clock.now() - held.asked_at > still_true:
        held, heard = _as_it_is_now(held, reader)
    if held is None and (begun := actions.left_open(reader, at=clock.now())):
        look = _look_at(begun, reader)
        return _subscription_page(request, reader, actions.held_by(reader), begun=begun, look=look)
    return _subscription_page(request, reader, held, may_be_paid=led and not heard)


def _as_it_is_now(held: Subscription, reader: Reader) -> tuple[Subscription | None, bool]:
    """Back from a page of Stripe's, or while something is owed: whoever has just mended it is not asked for money once more. And
    whether Stripe said so."""
    try:
        actions.follow(held.reference, at=clock.now())
    except (stripe_api.NotConfigured, stripe_api.Unreachable, stripe_api.Refused, actions.OtherMode):
        return held, False
    return actions.held_by(reader), True


def _led_to_bill(reader: Reader) -> str:
    return f"led-to-bill-{reader.pk}"


def _look_at(begun: Checkout, reader: Reader) -> Look:
    """Whoever left a page of payment may have paid on it before. One at a time asks, and not again for a while."""
    last = f"checkout-looked-at-{begun.pk}"
    if not cache.add(last, Look.UNSURE.value, ASKING):
        return Look(cache.get(last, Look.UNSURE))
    look = _looked_at(begun, reader)
    if look != Look.UNSURE:
        cache.set(last, look.value, STILL_TRUE.seconds)
    return look


def _looked_at(begun: Checkout, reader: Reader) -> Look:
    try:
        _, bought = actions.end_checkout(begun.reference, reader=reader, at=clock.now())
    except (stripe_api.Unreachable, actions.NobodysSubscription):
        return Look.UNSURE
    except (stripe_api.NotConfigured, stripe_api.Refused, actions.OtherMode):
        return Look.OVER
    return Look.OVER if bought else Look.UNPAID


@our_own_forms
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest) -> HttpResponse:
    """One screen: at the end of what was paid, or now with the rest given back. What is given back stands there before."""
    reader = own_reader(request)
    held, at = actions.held_by(reader), clock.now()
    if held is None:
        return see_other("/account/subscription/")
    farewell = None
    try:
        if request.method == "POST" and "now" not in request.POST:
            ending = actions.end_with_its_period(held, at=at)
            ends = f"It ends on {day_of(ending.cancel_at)}. Until then you can take that back." if ending.cancel_at else ""
            return home_saying(ends)
        farewell = actions.farewell_of(held, at=at)
        if request.method != "POST":
            return _cancel_page(request, held, farewell)
        actions.end_now(held, farewell, promised=request.POST.get("refund", ""), at=at)
    except actions.Changed:
        again = "The sum has changed since you opened this page. This is how it is now."
        return _cancel_page(request, held, farewell, error=again, status=409)
    except (stripe_api.NotConfigured, stripe_api.Unreachable, stripe_api.Refused):
        asked = request.method == "POST" and ("now" not in request.POST or farewell is not None)
        return _cancel_page(request, held, farewell, error=UNHEARD if asked else AWAY, status=503)
    back = f" {plans.money(farewell.refund, farewell.currency)} goes back to your card." if farewell.refund else ""
    return home_saying(f"Your subscription has ended.{back}")


@our_own_forms
@login_required
@require_POST
def portal(request: HttpRequest) -> HttpResponse:
    """Card, address and bills are seen to at Stripe's own portal."""
    reader = own_reader(request)
    try:
        url = actions.portal_of(reader)
    except (stripe_api.NotConfigured, stripe_api.Unreachable, stripe_api.Refused):
        return _subscription_page(request, reader, actions.held_by(reader), error=AWAY, status=503)
    return HttpResponseRedirect(url, status=303)


@our_own_forms
@login_required
@require_POST
def pay(request: HttpRequest) -> HttpResponse:
    """The bill that is open, on Stripe's page for it: with this card or another."""
    reader = own_reader(request)
    try:
        url = actions.open_bill_of(reader)
    except (stripe_api.NotConfigured, stripe_api.Unreachable, stripe_api.Refused):
        return _subscription_page(request, reader, actions.held_by(reader), error=AWAY, status=503)
    if not url:
        return see_other("/account/subscription/")
    cache.set(_led_to_bill(reader), True, MAY_PAY_FOR)
    return HttpResponseRedirect(url, status=303)


def _subscription_page(
    request: HttpRequest,
    reader: Reader,
    held: Subscription | None,
    *,
    begun: Checkout | None = None,
    look: Look = Look.OVER,
    may_be_paid: bool = False,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    """`begun`: a page of payment that was left, and `look` what became of it. `may_be_paid`: so may be the bill that is open."""
    bills = receipts.bills_of(reader).filter(Q(due__gt=0) | Q(credit__gt=0)).exclude(subscription__status__in=UNBOUGHT)
    bills = bills.select_related("subscription").order_by("-made_at")[:MOST_BILLS]
    price, credit = held.price if held else None, credit_of(reader)
    context = {
        "page": own_page("Your subscription"),
        "held": held,
        "price": price,
        "money": plans.money(price.amount * held.quantity, price.currency) if held and price else "",
        "says": says_of(held) if held else "",
        "ends": held.cancel_at is not None if held else False,
        "withdraws": withdrawal.is_open(held, at=clock.now()) if held else False,
        "news": actions.news_of_change(held, at=clock.now()) if held else "",
        "changes": held is not None and not actions.why_not_now(held) and bool(actions.prices_for(held)),
        "pauses": held is not None and bool(actions.pauses_for(held)),
        "bills": [_bill(bill) for bill in bills],
        "credit": credit.money if credit else "",
        "owes": actions.open_bills_of(reader).exists(),
        "carriers": [one for one in carriers_of(reader, at=clock.now()) if not _is_shown_above(one, held)],
        "error": error,
    }
    if held is None and begun is not None and look != Look.OVER:
        context["begun"], context["unsure"] = plans.in_words(begun.price, begun.quantity), look == Look.UNSURE
        context["again"] = plans.path_of(begun.price, begun.quantity)
    if may_be_paid:
        context["says"], context["owes"] = MAY_BE_PAID, False
    context["arrival"], context["invite"] = papers.arrival_in(request.COOKIES)
    response = paying(render(request, "pages/subscription.html", context, status=status))
    papers.hand_over(response, [papers.arrival_said()] if context["arrival"] else [])
    papers.hand_over_fresh(request, response, at=clock.now())
    return response


def _is_shown_above(carrier: Carrier, held: Subscription | None) -> bool:
    return carrier.source == Term.Source.SUBSCRIPTION or (carrier.own and held is not None)


def _cancel_page(
    request: HttpRequest, held: Subscription, farewell: actions.Farewell | None, *, error: str = "", status: int = 200
) -> HttpResponse:
    """Without a farewell, since Stripe does not answer, it is ended with its period only."""
    credit = credit_of(own_reader(request)) if farewell else None
    context = {
        "page": own_page("End your subscription"),
        "held": held,
        "at_end": day_of(held.period_ends_at),
        "paused": telling.read_while_paused(held, at=clock.now()) if held.paused else "",
        "team": held.price is not None and held.price.plan.kind == Plan.Kind.TEAM,
        "farewell": farewell,
        "refund": plans.money(farewell.refund, farewell.currency) if farewell and farewell.refund else "",
        "rows": reckoning.rows(farewell.reckoned) if farewell else [],
        "credit": credit.money if credit else "",
        "withdraws": withdrawal.is_open(held, at=clock.now()),
        "owed": owed_by(held, at=clock.now()),
        "error": error,
    }
    return render(request, "pages/cancel.html", context, status=status)


def says_of(held: Subscription) -> str:
    """How it stands, in a sentence or two."""
    if held.cancel_at and (owed := owed_by(held, at=clock.now())):
        return f"It ends on {day_of(held.cancel_at)}. {owed.says}"
    reads = telling.read_while_paused(held, at=clock.now()) if held.paused else ""
    if held.cancel_at and held.paused:
        return f"Its charges are paused: {reads}. It ends on {day_of(held.cancel_at)}."
    if held.cancel_at:
        return f"It ends on {day_of(held.cancel_at)}, and you read everything until then."
    if held.paused:
        goes_on = telling.goes_on_at(held)
        again = f" It goes on by itself on {day_of(goes_on)}." if goes_on else ""
        return f"Its charges are paused: {reads}.{again}"
    match Status(held.status):
        case Status.TRIALING:
            return telling.trial_of(held)
        case Status.PAST_DUE | Status.UNPAID:
            owed = owed_by(held, at=clock.now())
            return owed.says if owed else "The last charge failed. See to the card below, and everything goes on as before."
        case Status.PAUSED:
            return "It rests, since the trial ended without a card. Add one below, and it goes on."
        case _:
            return f"It renews on {day_of(held.period_ends_at)}."


def _bill(bill: Invoice) -> Bill:
    receipt = bill.pk if receipts.has_receipt(bill) else None
    says = "not collected" if bill.is_given_up else SAID.get(bill.status, bill.status)
    if bill.credit and bill.status == "paid":
        part = f", {plans.money(bill.credit, bill.currency)} of it" if bill.due else ""
        says = f"{says}{part} from your credit"
    if bill.refunded:
        says = f"{says}; {plans.money(bill.refunded, bill.currency)} went back"
    return Bill(day_of(bill.made_at), plans.money(bill.due + bill.credit, bill.currency), says, receipt)


def home_saying(words: str) -> HttpResponse:
    """Back on the subscription's page, which says once what was just done; no older news of a purchase stays."""
    response = see_other("/account/subscription/")
    papers.hand_over(response, [papers.arrived(words) if words else papers.arrival_said()])
    return response


def own_reader(request: HttpRequest) -> Reader:
    assert isinstance(request.user, Reader)
    return request.user


def own_page(title: str) -> PageMeta:
    return PageMeta(title=title, kind="account", noindex=True)
