"""To whom an edition went, by how it fared: on the screen by pages, or whole as CSV. For whoever may see readers."""

from collections.abc import Iterator
from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from broadsheet.kit.spreadsheets import csv_lines
from broadsheet.newsletters import progress
from broadsheet.newsletters.models import Delivery
from broadsheet.newsletters.views.editions import TO_LIST, edition_of, refuse_who_may_not

A_PAGE, AT_ONCE = 50, 2_000
COLUMNS = ("Address", "Cut", "Sent", "Refused", "Passed over", "In doubt since", "Returned", "Tries", "What was said")


@never_cache
@require_safe
def deliveries(request: HttpRequest, edition_id: int, state: str) -> HttpResponseBase:
    refuse_who_may_not(request, TO_LIST)
    edition, asked = edition_of(edition_id), progress.STATES.get(state)
    if asked is None:
        raise Http404
    found = edition.deliveries.filter(asked.which).order_by("to")
    if request.GET.get("as") == "csv":
        name = f"{edition.newsletter.slug}-{edition.goes_on}-{state}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
        return StreamingHttpResponse(csv_lines(_rows(found)), content_type="text/csv; charset=utf-8", headers=headers)
    counts = progress.counts_of([edition]).get(edition.pk, progress.NOBODY)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("p"))
    context = {
        "edition": edition,
        "state": asked,
        "name": state,
        "count": counts[state],
        "states": [(each, one, counts[each]) for each, one in progress.STATES.items()],
        "rows": list(page.object_list),
        "page_obj": page,
        "forgotten": bool(counts[state]) and not found.exists(),
    }
    return render(request, "desk/deliveries.html", context)


def _rows(found: QuerySet[Delivery]) -> Iterator[tuple[object, ...]]:
    """A hundred thousand take no more memory than a few."""
    yield COLUMNS
    for row in found.iterator(chunk_size=AT_ONCE):
        moments = (row.sent_at, row.failed_at, row.passed_over_at, row.doubted_at, row.returned_at)
        yield (row.to, row.cut, *map(_told, moments), row.tries, row.trouble)


def _told(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S") if moment else ""
