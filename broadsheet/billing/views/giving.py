"""Give a year, and redeem one.

Contexts, `page` (a PageMeta) in each:
pages/give-year.html     `offers` (plans.Offer with `plan`), `form`, `today`, `error`, `known` (they are logged in),
                         `withdrawal_days`
pages/year-given.html    `year` (models.GivenYear), `code` ("" until it is paid), `day`
pages/redeem.html        `code`, `reader`, `renews` (the day on which their subscription does, or None), `begins`, `ends` (days,
                         after it is redeemed), `error`
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.billing import actions, plans, stripe_api
from broadsheet.billing.actions import given_years
from broadsheet.billing.models import Plan, Price, SellingRules
from broadsheet.billing.views.buying import AWAY, paying
from broadsheet.design.page import PageMeta
from broadsheet.kit import clock
from broadsheet.membership.limits import is_within, later
from broadsheet.membership.models import Reader
from broadsheet.membership.origin import our_own_forms
from broadsheet.membership.policy import NoAddress, tidy_address
from broadsheet.membership.views.joining import see_other

ASKED = "/join/?next=/subscribe/gift/"
DELIVERED_AT = time(8)
LATEST = timedelta(days=365)
WRONG = "This code opens nothing: it is not one of ours, was redeemed before, or its payment was taken back."
ENDLESS = "You read everything without an end, so the year would be lost on you. Give the code to somebody else."
NOT_NOW = "It cannot be looked up just now. Please try again in a minute."
GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


class RecipientForm(forms.Form):
    to_address = forms.EmailField(max_length=254)

    def clean_to_address(self) -> str:
        try:
            return tidy_address(self.cleaned_data["to_address"])
        except NoAddress as trouble:
            raise forms.ValidationError(str(trouble)) from None


class YearForm(RecipientForm):
    price = forms.ModelChoiceField(queryset=Price.objects.none())
    from_name = forms.CharField(max_length=80)
    message = forms.CharField(max_length=300, required=False)
    day = forms.DateField()

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        field = self.fields["price"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = given_prices()

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if not self.today <= day <= self.today + LATEST:
            raise forms.ValidationError("Choose a day between today and a year from now.")
        return day


def given_prices() -> Any:
    on_offer = Price.objects.filter(withdrawn_at=None, plan__withdrawn_at=None, every=Price.Every.YEAR)
    return on_offer.filter(plan__kind=Plan.Kind.PERSONAL).select_related("plan").order_by("plan__order", "currency")


@our_own_forms
@GET_OR_POST
def give_year(request: HttpRequest) -> HttpResponse:
    """Anybody sees what there is to give and what it costs; whoever gives is asked who they are."""
    reader, at = request.user, clock.now()
    today = timezone.localdate(at)
    if not isinstance(reader, Reader):
        return _give_page(request, YearForm(today=today), today) if request.method != "POST" else see_other(ASKED)
    if request.method != "POST":
        return _give_page(request, YearForm(today=today), today)
    form = YearForm(request.POST, today=today)
    if not form.is_valid():
        error = str(next(iter(form.errors.values()))[0])
        return _give_page(request, form, today, error=error, status=422)
    if not is_within(request, "give-year", key=str(reader.pk)):
        return later(request, action="give-year")
    stated = form.cleaned_data
    try:
        url = given_years.begin_giving(
            giver=reader,
            price=stated["price"],
            to_address=stated["to_address"],
            from_name=stated["from_name"],
            message=stated["message"],
            deliver_at=datetime.combine(stated["day"], DELIVERED_AT, tzinfo=timezone.get_default_timezone()),
            at=at,
        )
    except actions.NotOnOffer as trouble:
        return _give_page(request, form, today, error=str(trouble), status=409)
    except (stripe_api.NotConfigured, stripe_api.Unreachable, stripe_api.Refused):
        return _give_page(request, form, today, error=AWAY, status=503)
    return HttpResponseRedirect(url, status=303)


@our_own_forms
@login_required
@require_safe
def year_given(request: HttpRequest) -> HttpResponse:
    reader, at = request.user, clock.now()
    assert isinstance(reader, Reader)
    try:
        year = given_years.end_giving(request.GET.get("session", "")[:80], giver=reader, at=at)
    except (actions.NotTheirs, stripe_api.Unreachable, stripe_api.NotConfigured, stripe_api.Refused):
        return see_other("/subscribe/gift/")
    context = {
        "page": _page("Your gift"),
        "year": year,
        "code": given_years.code_of(year) if year.paid_at else "",
        "day": timezone.localdate(year.deliver_at),
    }
    return render(request, "pages/year-given.html", context)


@our_own_forms
@login_required
@GET_OR_POST
def redeem(request: HttpRequest) -> HttpResponse:
    """The code is typed, and stands in no address, since addresses are logged."""
    reader = request.user
    assert isinstance(reader, Reader)
    if request.method != "POST":
        return _redeem_page(request, reader)
    typed = request.POST.get("code", "")[:60]
    if not is_within(request, "gift-code", key=str(reader.pk)):
        return later(request, action="gift-code")
    try:
        term = given_years.redeem(typed, reader=reader, at=clock.now())
    except given_years.NoSuchCode:
        return _redeem_page(request, reader, code=typed, error=WRONG, status=422)
    except given_years.NeedsNone:
        return _redeem_page(request, reader, code=typed, error=ENDLESS, status=409)
    except (stripe_api.NotConfigured, stripe_api.Unreachable, stripe_api.Refused):
        return _redeem_page(request, reader, code=typed, error=NOT_NOW, status=503)
    begins, ends = (timezone.localdate(moment) for moment in (term.starts_at, term.ends_at) if moment)
    return _redeem_page(request, reader, begins=begins, ends=ends)


def _give_page(request: HttpRequest, form: YearForm, today: date, *, error: str = "", status: int = 200) -> HttpResponse:
    offers = [(price.plan.name, price.pk, plans.money(price.amount, price.currency)) for price in given_prices()]
    context = {"page": _page("Give a year"), "form": form, "offers": offers, "today": today, "error": error}
    context |= {"known": request.user.is_authenticated, "withdrawal_days": SellingRules.load().withdrawal_days}
    return paying(render(request, "pages/give-year.html", context, status=status))


def _redeem_page(request: HttpRequest, reader: Reader, *, status: int = 200, **context: Any) -> HttpResponse:
    held = actions.held_by(reader)
    renews = timezone.localdate(held.period_ends_at) if held and held.cancel_at is None else None
    context = {"page": _page("Redeem a gift"), "renews": renews, **context}
    return render(request, "pages/redeem.html", context, status=status)


def _page(title: str) -> PageMeta:
    return PageMeta(title=title, kind="subscribe", noindex=True)
