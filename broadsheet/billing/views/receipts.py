"""A receipt, as PDF: of a bill, or of a year that was given. Contexts: pages/receipt-later.html `page`, where Stripe does not
answer."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from broadsheet.billing import receipts, stripe_api
from broadsheet.billing.actions.given import given_by
from broadsheet.design.page import PageMeta
from broadsheet.membership.models import Reader
from broadsheet.membership.origin import our_own_forms


@our_own_forms
@login_required
@require_safe
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    reader = request.user
    assert isinstance(reader, Reader)
    bill = get_object_or_404(receipts.bills_of(reader).filter(Q(paid__gt=0) | Q(credit__gt=0), status="paid"), pk=pk)
    return _printed(request, lambda: receipts.receipt_of(bill), filename=receipts.filename_of(bill))


@our_own_forms
@login_required
@require_safe
def receipt_of_year(request: HttpRequest, pk: int) -> HttpResponse:
    reader = request.user
    assert isinstance(reader, Reader)
    year = get_object_or_404(given_by(reader), pk=pk)
    if not receipts.has_receipt_of_year(year):
        raise Http404
    return _printed(request, lambda: receipts.receipt_of_year(year, reader), filename=receipts.filename_of_year(year))


def _printed(request: HttpRequest, make: Callable[[], bytes], *, filename: str) -> HttpResponse:
    try:
        made = make()
    except (stripe_api.NotConfigured, stripe_api.Unreachable, stripe_api.Refused):
        page = PageMeta(title="No receipt just now", kind="account", noindex=True)
        return render(request, "pages/receipt-later.html", {"page": page}, status=503)
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = str(content_disposition_header(as_attachment=True, filename=filename))
    return response
