"""What staff do for one reader, on the desk: free reading, more days, money back. Nobody does it to whom they may not change.

Contexts:
desk/reader.html  what billing.staff_desk.shown_of says; `may_change`, `may_look`, `may_refund`
desk/refund.html  `bill`, `reader`, `paid`, `left` (money), `credit` (money or ""), `customer`, `error`
                  and `form` (None: nothing is left)
"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from broadsheet.billing import actions, plans, staff_desk, stripe_api
from broadsheet.billing.models import Invoice
from broadsheet.kit import clock
from broadsheet.membership import actions as membership
from broadsheet.membership.models import Reader, Term
from broadsheet.membership.rights import may_change

AWAY = "Stripe does not answer. It may have been done: look again in a minute, before you do it once more."
UNDER_WAY = "Another refund of this charge was just asked for, and Stripe has not answered. Wait ten minutes, then look again."
CHANGED = "Somebody has paid back meanwhile. This is how it is now."


@never_cache
@require_safe
def reader_page(request: HttpRequest, reader_id: int) -> HttpResponse:
    reader = _reader(request, reader_id, "membership.change_reader")
    by = request.user
    context = staff_desk.shown_of(reader, at=clock.now()) | {
        "may_change": _may(by, reader, "membership.change_term"),
        "may_look": _may(by, reader, "membership.look_as_reader") and not reader.is_staff and reader.is_active,
        "may_refund": _may(by, reader, "membership.refund_charge"),
    }
    return render(request, "desk/reader.html", context)


@require_POST
def comp(request: HttpRequest, reader_id: int) -> HttpResponse:
    reader = _reader(request, reader_id, "membership.change_term")
    form = staff_desk.CompForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Free reading is given for a number of days.")
        return redirect("readers_page", reader.pk)
    stated = form.cleaned_data
    membership.give_comp_on_the_desk(by=_by(request), reader=reader, days=stated["days"], note=stated["note"], at=clock.now())
    messages.success(request, f"{reader} reads everything for {stated['days']} days.")
    return redirect("readers_page", reader.pk)


@require_POST
def extend(request: HttpRequest, term_id: int) -> HttpResponse:
    term = get_object_or_404(Term, pk=term_id)
    reader = _reader(request, term.reader_id, "membership.change_term")
    form = staff_desk.ExtendForm(request.POST)
    if not form.is_valid():
        messages.error(request, "A term is extended by a number of days.")
        return redirect("readers_page", reader.pk)
    stated = form.cleaned_data
    try:
        membership.extend_term(term, by=_by(request), days=stated["days"], shown=stated["shown"], at=clock.now())
    except (membership.ExtendedAlready, membership.WithoutEnd):
        messages.warning(request, "It was extended already. This is how it is now.")
    else:
        messages.success(request, f"Extended by {stated['days']} days.")
    return redirect("readers_page", reader.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def refund(request: HttpRequest, invoice_id: int) -> HttpResponse:
    bill = get_object_or_404(Invoice.objects.select_related("customer__reader", "subscription"), pk=invoice_id)
    reader = _reader(request, bill.customer.reader_id, "membership.refund_charge")
    try:
        charged = actions.charged_for(bill)
    except (stripe_api.NotConfigured, stripe_api.Unreachable, stripe_api.Refused):
        messages.error(request, "Stripe does not answer just now. Nothing was done.")
        return redirect("readers_page", reader.pk)
    form = staff_desk.RefundForm(request.POST or None, currency=charged.currency)
    error = ""
    if request.method == "POST" and form.is_valid():
        error = _paid_back(request, bill, form)
        if not error:
            return redirect("readers_page", reader.pk)
        charged = actions.charged_for(bill) if error != AWAY else charged
    return _refund_page(request, bill, charged, form, error)


def _paid_back(request: HttpRequest, bill: Invoice, form: staff_desk.RefundForm) -> str:
    """What went wrong; "" where nothing did."""
    stated = form.cleaned_data
    try:
        actions.pay_back(
            bill,
            amount=stated["amount"],
            shown_back=stated["shown_back"],
            why=stated["why"],
            by=_by(request),
            at=clock.now(),
        )
    except actions.TooMuch:
        return "That is more than is left of this charge."
    except actions.UnderWay:
        return UNDER_WAY
    except actions.Changed:
        return CHANGED
    except stripe_api.Unreachable:
        return AWAY
    except stripe_api.Refused as refused:
        return f"Stripe refused it: {refused}"
    messages.success(request, f"{plans.money(stated['amount'], bill.currency)} goes back.")
    return ""


def _refund_page(
    request: HttpRequest, bill: Invoice, charged: actions.Charged, form: staff_desk.RefundForm, error: str
) -> HttpResponse:
    if not form.is_bound or error:
        form = staff_desk.RefundForm(
            initial={"amount": plans.plain(charged.left, charged.currency), "shown_back": charged.back}, currency=charged.currency
        )
    context = {
        "bill": bill,
        "reader": bill.customer.reader,
        "paid": plans.money(charged.amount, charged.currency),
        "left": plans.money(charged.left, charged.currency),
        "credit": plans.money(charged.credit, charged.currency) if charged.credit else "",
        "customer": charged.customer,
        "form": form if charged.left > 0 else None,
        "error": error,
    }
    return render(request, "desk/refund.html", context, status=409 if error else 200)


def _reader(request: HttpRequest, reader_id: int, right: str) -> Reader:
    reader = get_object_or_404(Reader, pk=reader_id)
    if not _may(request.user, reader, right):
        raise PermissionDenied
    return reader


def _may(by: object, reader: Reader, right: str) -> bool:
    return isinstance(by, Reader) and by.has_perm(right) and may_change(by, reader)


def _by(request: HttpRequest) -> Reader:
    assert isinstance(request.user, Reader)
    return request.user
