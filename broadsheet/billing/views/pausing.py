"""Pause a subscription, and go on with it.

Contexts, `page` (a PageMeta) and `error` in each:
pages/pause.html   `pauses` (months, a day), `paid_until` (a day), `closed` (why it cannot)
pages/go-on.html   `due` (money, "" where nothing is), `amount`, `says` (how it stands)
"""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from broadsheet.billing import actions, plans, stripe_api
from broadsheet.billing.actions.pausing import why_no_pause
from broadsheet.billing.models import Subscription
from broadsheet.billing.policy import BEFORE_RENEWAL
from broadsheet.billing.views.holding import AWAY, UNHEARD, home_saying, own_page, own_reader, says_of
from broadsheet.kit import clock
from broadsheet.membership.origin import our_own_forms
from broadsheet.membership.telling import day_of
from broadsheet.membership.views.joining import see_other

HOME = "/account/subscription/"
AGAIN = "The sum has changed since you opened this page. This is how it is now."
DECLINED = "The card was not charged, so it rests as before. See to the card on your subscription’s page, then try again."


@our_own_forms
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pause(request: HttpRequest) -> HttpResponse:
    held = actions.held_by(own_reader(request))
    if held is None or (held.paused and held.cancel_at):
        return see_other(HOME)
    try:
        if held.paused:
            return _going_on(request, held)
        return _pausing(request, held)
    except (stripe_api.NotConfigured, stripe_api.Unreachable, stripe_api.Refused):
        error = UNHEARD if request.method == "POST" else AWAY
        return render(request, "pages/pause.html", {"page": own_page("Pause your subscription"), "error": error}, status=503)


def _pausing(request: HttpRequest, held: Subscription) -> HttpResponse:
    error = ""
    if request.method == "POST" and "months" in request.POST:
        typed = request.POST["months"]
        try:
            actions.pause(
                held, months=int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 3 else 0, at=clock.now()
            )
        except actions.NotNow as trouble:
            error = str(trouble)
        else:
            return home_saying("Your subscription is paused.")
    found = actions.pauses_for(held, stripe_api.subscription(held.reference))
    context = {
        "page": own_page("Pause your subscription"),
        "pauses": [(months, day_of(ends_at + BEFORE_RENEWAL)) for months, ends_at in found.items()],
        "paid_until": day_of(held.period_ends_at),
        "closed": "" if found else why_no_pause(held),
        "error": error,
    }
    return render(request, "pages/pause.html", context, status=422 if error else 200)


def _going_on(request: HttpRequest, held: Subscription) -> HttpResponse:
    error, status, at = "", 200, clock.now()
    if request.method == "POST" and "due" in request.POST:
        try:
            actions.go_on(held, promised=request.POST["due"], at=at)
        except actions.Changed:
            error, status = AGAIN, 409
        except stripe_api.Declined:
            error, status = DECLINED, 422
        else:
            return home_saying("Your subscription goes on.")
    going_on = actions.going_on_of(held, at=at)
    currency = held.price.currency if held.price else ""
    context = {
        "page": own_page("Go on with your subscription"),
        "due": plans.money(going_on.due, currency) if going_on.due else "",
        "amount": going_on.due,
        "restarts": going_on.restarts,
        "says": says_of(held),
        "error": error,
    }
    return render(request, "pages/go-on.html", context, status=status)
