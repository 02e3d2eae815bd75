"""The account's list of years that were given. No code stands on it.

Context of pages/given-years.html, `page` (a PageMeta) beside: `years` (OnAccount), `error`, `news` (a sentence).
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from broadsheet.billing import plans, receipts
from broadsheet.billing.actions import given
from broadsheet.billing.actions.given_years import receipt_path
from broadsheet.billing.models import GivenYear
from broadsheet.billing.views.giving import RecipientForm
from broadsheet.design.page import PageMeta
from broadsheet.kit import clock
from broadsheet.membership.limits import is_within, later
from broadsheet.membership.models import Reader
from broadsheet.membership.origin import our_own_forms
from broadsheet.membership.views.joining import see_other

PAGE = "/account/given-years/"
TOO_LATE = "It is too late for that. This is how it is now."
NEWS = {"moved": "The address is changed.", "sent": "The mail is on its way.", "back": "The money goes back the way it was paid."}


@dataclass(frozen=True, slots=True)
class OnAccount:
    """A year as its giver sees it. `back_until`: the last day on which they take the money back; None where they cannot.
    `receipt`: its path, "" where there is none."""

    row: GivenYear
    money: str
    is_open: bool
    back_until: date | None
    receipt: str


@our_own_forms
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def given_years(request: HttpRequest) -> HttpResponse:
    reader, at = request.user, clock.now()
    assert isinstance(reader, Reader)
    if request.method != "POST":
        return _page(request, reader, at, news=NEWS.get(request.GET.get("done", ""), ""))
    named = request.POST.get("year", "")
    is_number = named.isascii() and named.isdecimal() and len(named) < 12
    year = given.given_by(reader).filter(pk=named).first() if is_number else None
    if year is None:
        return see_other(PAGE)
    if not is_within(request, "give-year", key=str(reader.pk)):
        return later(request, action="give-year")
    try:
        return _done(request, reader, year, at)
    except given.TooLate:
        return _page(request, reader, at, error=TOO_LATE, status=409)


def _done(request: HttpRequest, reader: Reader, year: GivenYear, at: datetime) -> HttpResponse:
    if "take-back" in request.POST:
        given.take_back(year, at=at)
        return see_other(f"{PAGE}?done=back")
    form = RecipientForm(request.POST)
    if not form.is_valid():
        return _page(request, reader, at, error=str(form.errors["to_address"][0]), status=422)
    given.send_to(year, address=form.cleaned_data["to_address"], shown=request.POST.get("sent", ""), at=at)
    return see_other(f"{PAGE}?done={'sent' if year.delivered_at else 'moved'}")


def _page(request: HttpRequest, reader: Reader, at: datetime, *, status: int = 200, **said: str) -> HttpResponse:
    years = [
        OnAccount(
            row=year,
            money=plans.money(year.price.amount, year.price.currency),
            is_open=given.is_open(year),
            back_until=given.last_day(year) if given.may_take_back(year, at=at) else None,
            receipt=receipt_path(year) if receipts.has_receipt_of_year(year) else "",
        )
        for year in given.given_by(reader)
    ]
    page = PageMeta(title="Years that you gave", kind="account", path=PAGE, noindex=True)
    return render(request, "pages/given-years.html", {"page": page, "years": years, **said}, status=status)
