"""From the wall to the plans, to Stripe's page, and back to the paragraph.

The page of plans is pressed and knows no reader, so where somebody comes from is kept in a cookie of theirs for an hour.

Contexts, `page` (a PageMeta) in each:
pages/plan-confirm.html  `offer` (plans.Offer), `plan` (models.Plan), `seats`, `total` (money), `lasting` (of an
                         introduction), `first`, `renews` (money), `trial_ends_on`, `renews_on` (days), `withdrawal_days`,
                         `set_off` (money of a credit, or ""), `today` (money), `error`
pages/plan-held.html     `has` (words, "" of what is not sold here any more), `rests` (whether it is paused), `owes` (whether
                         a bill of it can be paid)
pages/plan-waiting.html  `session`, `next`: paid or not, Stripe has not said so yet;
                         `again` (a path, where its reader left), `has`
"""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.billing import actions, offers, plans, stripe_api, telling
from broadsheet.billing.actions.crediting import credit_of
from broadsheet.billing.models import Checkout, Plan, Price, SellingRules, Subscription
from broadsheet.billing.policy import Status
from broadsheet.design.inline import content_security
from broadsheet.design.page import PageMeta
from broadsheet.kit import clock
from broadsheet.membership import papers
from broadsheet.membership.limits import is_within, later
from broadsheet.membership.models import Reader
from broadsheet.membership.origin import local_path, our_own_forms
from broadsheet.membership.telling import day_of
from broadsheet.membership.views.joining import back_to, see_other
from broadsheet.press import views as press

WAY_COOKIE = "way"  # where the wall stood
WAY_KEPT = 3_600  # seconds
PAY_AT = "https://checkout.stripe.com https://billing.stripe.com"
AWAY = "The payment page could not be opened just now, and nothing was charged. Please try again in a minute."
INVITE = "Invite your colleagues"
NEWS_FOR = timedelta(hours=1)
GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def come_from(request: HttpRequest) -> HttpResponse:
    response = see_other(plans.PATH)
    response.set_cookie(WAY_COOKIE, local_path(request.GET.get("next")), max_age=WAY_KEPT, httponly=True, samesite="Lax")
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def subscribe(request: HttpRequest) -> HttpResponse:
    """Where no gate has answered."""
    return press.page(request, plans.PATH)


@our_own_forms
@GET_OR_POST
def confirm(request: HttpRequest, chosen: str = "", seats: str = "") -> HttpResponse:
    """What was chosen, once more in words; the button leads to Stripe. Whoever is not in yet registers first, and comes back: by
    a path that names the choice, since a way back has no query, and may be gone on with in another browser."""
    price = plans.price_named(request.POST.get("price") or chosen)
    if price is None:
        return see_other(plans.PATH)
    quantity = plans.seats_typed(request.POST.get("seats") or seats, price)
    reader = request.user
    if not isinstance(reader, Reader):
        return see_other(f"/join/?{urlencode({'next': plans.path_of(price, quantity)})}")
    if held := actions.held_by(reader):
        return _held_page(request, held)
    if request.method != "POST" or "pay" not in request.POST:
        return _confirm_page(request, price, quantity)
    if not is_within(request, "checkout", key=str(reader.pk)):
        return later(request, action="checkout")
    return _led_to_pay(request, reader, price, quantity)


def _led_to_pay(request: HttpRequest, reader: Reader, price: Price, seats: int) -> HttpResponse:
    try:
        url = actions.begin_checkout(reader, price, quantity=seats, next_path=_way(request), at=clock.now())
    except actions.NotOnOffer as trouble:
        return _confirm_page(request, price, seats, error=str(trouble), status=422)
    except actions.HeldAlready:
        return see_other("/account/subscription/")
    except (stripe_api.NotConfigured, stripe_api.Unreachable, stripe_api.Refused):
        return _confirm_page(request, price, seats, error=AWAY, status=503)
    return HttpResponseRedirect(url, status=303)


@our_own_forms
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """Back from Stripe's page. Access waits for no notice: what was paid is asked for at once. Without a session, as when they
    had to log in again on the way, it is the Checkout that they began last."""
    reader, session = request.user, request.GET.get("session", "")[:80]
    if not isinstance(reader, Reader):
        return see_other("/join/?next=/subscribe/done/")
    session = session or actions.last_begun(reader)
    try:
        checkout, subscription = actions.end_checkout(session, reader=reader, at=clock.now())
    except (actions.NotTheirs, actions.OtherMode, stripe_api.Refused):  # such as one that was begun before the mode changed
        return see_other("/account/subscription/")
    except (stripe_api.Unreachable, stripe_api.NotConfigured, actions.NobodysSubscription):
        checkout, subscription = None, None
    if checkout is None or subscription is None:
        return _waiting_page(request, session, checkout)
    response = see_other(back_to(checkout.next_path))
    response.delete_cookie(WAY_COOKIE)
    at = clock.now()
    if at - subscription.starts_at < NEWS_FOR:
        papers.hand_over(response, [papers.arrived(*bought(subscription))])
    papers.hand_over_fresh(request, response, at=at)
    return response


def bought(held: Subscription) -> tuple[str, ...]:
    """For whoever has just paid; of a team also the way to invite the others. Scripts can read it: it names nobody."""
    until, renews = day_of(held.period_ends_at), telling.sum_of_renewal(held)
    if held.status == Status.TRIALING:
        says = f"Thank you. Your trial runs until {until}, and nothing was charged yet."
    else:
        for_it = f" for {renews}" if renews else ""
        says = f"Thank you. You are a subscriber now: it renews on {until}{for_it}. A receipt is on its way to your address."
    team = held.price is not None and held.price.plan.kind == Plan.Kind.TEAM
    return (says, INVITE) if team else (says,)


def _confirm_page(request: HttpRequest, price: Price, seats: int, *, error: str = "", status: int = 200) -> HttpResponse:
    (offer,) = plans.offers_of([price])
    at, reader = clock.now(), request.user
    assert isinstance(reader, Reader)
    introduction = offers.introduction_for(reader, price, at=at)
    coming = offers.coming(price, seats, introduction, tries=not offers.has_had(reader), at=at)
    credit = credit_of(reader)
    set_off = min(credit.amount, coming.first) if credit and credit.currency == price.currency and not coming.trial_ends_at else 0
    context = {
        "page": _page("Your subscription"),
        "offer": offer,
        "plan": price.plan,
        "price": price,
        "seats": seats,
        "total": plans.money(price.amount * seats, price.currency),
        "lasting": offers.lasting(introduction, price) if introduction else "",
        "first": plans.money(coming.first, price.currency),
        "set_off": plans.money(set_off, price.currency) if set_off else "",
        "today": plans.money(coming.first - set_off, price.currency),
        "trial_ends_on": day_of(coming.trial_ends_at) if coming.trial_ends_at else "",
        "renews_on": day_of(coming.renews_at),
        "renews": plans.money(coming.renews, price.currency),
        "withdrawal_days": SellingRules.load().withdrawal_days,
        "error": error,
    }
    return paying(render(request, "pages/plan-confirm.html", context, status=status))


def _waiting_page(request: HttpRequest, session: str, checkout: Checkout | None) -> HttpResponse:
    """Whoever left Stripe's page, or whose bank was not answered, has paid nothing: they are told so, and may try again."""
    context = {"page": _page("Waiting for the payment"), "session": session, "next": checkout.next_path if checkout else "/"}
    if checkout and "left" in request.GET:
        context["page"] = _page("The payment was not finished")
        context["again"] = plans.path_of(checkout.price, checkout.quantity)
        context["has"] = plans.in_words(checkout.price, checkout.quantity)
    return render(request, "pages/plan-waiting.html", context, status=202)


def _held_page(request: HttpRequest, held: Subscription) -> HttpResponse:
    """It is changed, not bought again."""
    has = plans.in_words(held.price, held.quantity) if held.price else ""
    context = {"page": _page("You subscribe already"), "has": has, "rests": held.paused and not held.cancel_at}
    context["owes"] = actions.open_bills_of(held.customer.reader).exists()
    return paying(render(request, "pages/plan-held.html", context))


def paying(response: HttpResponse) -> HttpResponse:
    """A page whose form ends at Stripe, which browsers must be told."""
    response["Content-Security-Policy"] = content_security().replace("form-action 'self'", f"form-action 'self' {PAY_AT}")
    return response


def _way(request: HttpRequest) -> str:
    return local_path(request.COOKIES.get(WAY_COOKIE), otherwise="/account/subscription/")


def _page(title: str, **more: Any) -> PageMeta:
    return PageMeta(title=title, kind="subscribe", noindex=True, **more)
