"""Withdraw from a contract: the right in words; what is stated and what goes back, and one button that confirms it.

Contexts, `page` (a PageMeta) in each:
pages/withdrawal.html  `days`, `seller` (lines)
pages/withdraw.html    `stated` (models.Ending or None: it has come in, `when`), `last` (a day), `closed` (it is over), `plan`,
                       `bought` (a day), `publication`, `team`, `name`, `address`, `money` ("" none, None unknown),
                       `charged` (whether anything was), `part` (not all of that goes back now), `credited` (a credit paid of it)
"""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.billing import actions, receipts
from broadsheet.billing import withdrawal as days
from broadsheet.billing.actions.withdrawing import in_words, told_of
from broadsheet.billing.actions.writing import moment_of
from broadsheet.billing.models import Plan, SellingRules, Subscription
from broadsheet.billing.views.holding import own_page
from broadsheet.design.page import PageMeta
from broadsheet.kit import clock
from broadsheet.membership import papers
from broadsheet.membership.models import Reader
from broadsheet.membership.origin import our_own_forms
from broadsheet.membership.telling import day_of
from broadsheet.membership.views.joining import see_other

HERE = "/account/subscription/withdraw/"
SHOWN_FOR = timedelta(days=60)
MOST_LETTERS = 120


@require_safe
def withdrawal(request: HttpRequest) -> HttpResponse:
    """What the right is, for whoever has not bought yet; it knows no reader."""
    page = PageMeta(title="Your right to withdraw", kind="subscribe", path="/subscribe/withdrawal/")
    context = {"page": page, "days": SellingRules.load().withdrawal_days, "seller": receipts.seller()}
    return render(request, "pages/withdrawal.html", context)


@our_own_forms
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest) -> HttpResponse:
    reader, at = request.user, clock.now()
    assert isinstance(reader, Reader)
    held, stated = actions.held_by(reader), actions.withdrawn_by(reader)
    if stated and (held is None or held == stated.subscription) and at - stated.wanted_at < SHOWN_FOR:
        money = in_words(stated.subscription, stated.refund or None)
        return _page(request, reader, stated=stated, when=moment_of(stated.wanted_at), money=money)
    last = days.last_day(held) if held else None
    if held is None or last is None:
        return see_other("/account/subscription/")
    if request.method == "POST" and "confirm" in request.POST:
        name = " ".join(request.POST.get("name", "").split())[:MOST_LETTERS]
        try:
            actions.withdraw(held, name=name, at=at)
        except actions.TooLate:
            return _statement(request, reader, held, last, closed=True, status=409)
        response = see_other(HERE)
        papers.hand_over(response, [papers.arrival_said()])  # thanks for the purchase are over
        return response
    return _statement(request, reader, held, last, closed=not days.is_open(held, at=at))


def _statement(
    request: HttpRequest, reader: Reader, held: Subscription, last: date, *, closed: bool, status: int = 200
) -> HttpResponse:
    plan = held.price.plan if held.price else None
    return _page(
        request,
        reader,
        status=status,
        last=formats.date_format(last, "j F Y"),
        closed=closed,
        plan=plan.name if plan else "",
        bought=day_of(held.starts_at),
        team=plan is not None and plan.kind == Plan.Kind.TEAM,
        name=reader.get_full_name(),
        **told_of(held, None if closed else actions.goes_back(held)),
    )


def _page(request: HttpRequest, reader: Reader, *, status: int = 200, **context: Any) -> HttpResponse:
    about = {"page": own_page("Withdraw from the contract"), "publication": settings.PUBLICATION_NAME, "address": reader.email}
    return render(request, "pages/withdraw.html", about | context, status=status)
