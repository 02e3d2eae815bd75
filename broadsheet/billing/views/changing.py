"""Another price or number of seats: chosen, shown with what it costs, confirmed.

Contexts, `page` (a PageMeta) and `error` in each:
pages/plan-change.html      `held`, `has` (words), `choices` (number, words), `seats`, `by_the_seat`, `closed` (why it cannot),
                            `elsewhere` (plans of other kinds, by name), `owes` (whether a bill of it can be paid)
pages/plan-changed-to.html  `change` (models.PlanChange), `has`, `becomes` (words), `fewer` (whether seats are), `due`, `kept`,
                            `renews` (money, "" where none), `renews_at` (a day)
"""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from broadsheet.billing import actions, plans, stripe_api
from broadsheet.billing.models import Plan, PlanChange, Price, Subscription
from broadsheet.billing.views.buying import paying
from broadsheet.billing.views.holding import AWAY, UNHEARD, home_saying, own_page, own_reader
from broadsheet.kit import clock
from broadsheet.membership.origin import our_own_forms
from broadsheet.membership.telling import day_of
from broadsheet.membership.views.joining import see_other

HOME = "/account/subscription/"
SINCE = "This is not as it was when you opened the page. Here it is as it is now, and nothing was changed."


@our_own_forms
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    held = actions.held_by(own_reader(request))
    if held is None:
        return see_other(HOME)
    if request.method != "POST":
        return _choices(request, held)
    at = clock.now()
    return _confirmed(request, held, at=at) if "change" in request.POST else _shown(request, held, at=at)


def _shown(request: HttpRequest, held: Subscription, *, at: datetime, error: str = "", status: int = 200) -> HttpResponse:
    """What was chosen, with what it costs."""
    price = Price.objects.select_related("plan").filter(pk=_number(request, "price")).first()
    if price is None:
        return _choices(request, held, error=error or "Choose one of these.", status=422)
    quantity = _number(request, "seats") if price.plan.kind == Plan.Kind.TEAM else 1
    try:
        shown = actions.show_change(held, price, quantity=quantity, at=at)
    except (actions.NotOnOffer, actions.NotNow) as trouble:
        return _choices(request, held, error=str(trouble), status=422)
    except (stripe_api.NotConfigured, stripe_api.Unreachable, stripe_api.Refused):
        return _choices(request, held, error=AWAY, status=503)
    return _figure(request, shown, error=error, status=status)


def _confirmed(request: HttpRequest, held: Subscription, *, at: datetime) -> HttpResponse:
    try:
        actions.change_plan(held, _number(request, "change"), at=at)
    except actions.Changed:
        return _shown(request, held, at=at, error=SINCE, status=409)
    except (actions.NotOnOffer, actions.NotNow) as trouble:
        return _choices(request, held, error=str(trouble), status=422)
    except stripe_api.Refused:
        return see_other(HOME)  # which says what became of it, and how to mend it
    except (stripe_api.NotConfigured, stripe_api.Unreachable):
        return _choices(request, held, error=UNHEARD, status=503)
    return home_saying("" if actions.news_of_change(held, at=at) else "Your subscription is changed.")


def _choices(request: HttpRequest, held: Subscription, *, error: str = "", status: int = 200) -> HttpResponse:
    found = actions.prices_for(held)
    by_the_seat = held.price is not None and held.price.plan.kind == Plan.Kind.TEAM
    context = {
        "page": own_page("Change your subscription"),
        "held": held,
        "has": plans.in_words(held.price, held.quantity) if held.price else "",
        "choices": [(price.pk, _each(price)) for price in found],
        "seats": held.quantity,
        "by_the_seat": by_the_seat,
        "closed": actions.why_not_now(held),
        "elsewhere": _other_kinds(held),
        "owes": actions.open_bills_of(held.customer.reader).exists(),
        "error": error,
    }
    return paying(render(request, "pages/plan-change.html", context, status=status))


def _other_kinds(held: Subscription) -> list[str]:
    """What it cannot become: such a contract is ended, and another begun."""
    others = Plan.objects.filter(withdrawn_at=None, prices__withdrawn_at=None, prices__isnull=False)
    return list(others.exclude(kind=held.price.plan.kind).distinct().values_list("name", flat=True)) if held.price else []


def _figure(request: HttpRequest, shown: PlanChange, *, error: str, status: int) -> HttpResponse:
    held, price = shown.subscription, shown.price
    assert held.price is not None
    whole = price.amount * shown.quantity
    context = {
        "page": own_page("Change your subscription"),
        "change": shown,
        "has": plans.in_words(held.price, held.quantity),
        "becomes": plans.in_words(price, shown.quantity),
        "fewer": shown.quantity < held.quantity,
        "due": plans.money(shown.due, price.currency) if shown.due else "",
        "kept": plans.money(shown.kept, price.currency) if shown.kept else "",
        "renews": plans.money(max(0, whole - shown.kept), price.currency) if shown.kept < whole else "",
        "renews_at": day_of(shown.renews_at),
        "error": error,
    }
    return render(request, "pages/plan-changed-to.html", context, status=status)


def _each(price: Price) -> str:
    (offer,) = plans.offers_of([price])
    return f"{price.plan.name}, {offer.money} {offer.each or offer.every}"


def _number(request: HttpRequest, name: str) -> int:
    typed = request.POST.get(name, "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 12 else 0
