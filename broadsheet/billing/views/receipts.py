"""A receipt, as PDF. Contexts: pages/receipt-later.html `page`, where Stripe does not answer."""

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from broadsheet.billing import receipts, stripe_api
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
    try:
        made = receipts.receipt_of(bill)
    except (stripe_api.NotConfigured, stripe_api.Unreachable, stripe_api.Refused):
        page = PageMeta(title="No receipt just now", kind="account", noindex=True)
        return render(request, "pages/receipt-later.html", {"page": page}, status=503)
    response = HttpResponse(made, content_type="application/pdf")
    named = content_disposition_header(as_attachment=True, filename=receipts.filename_of(bill))
    response["Content-Disposition"] = str(named)
    return response
