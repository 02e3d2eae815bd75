"""How often readers came from each edition, as far as the house rule has it counted.

Context of desk/visits.html: `rows` (edition and visits), `page_obj`, `counted` (it is now), `may_change`, `rule` (its page)
"""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from broadsheet.newsletters import visits
from broadsheet.newsletters.archive import gone_out
from broadsheet.newsletters.views.editions import refuse_who_may_not

A_PAGE = 50


@never_cache
@require_safe
def from_editions(request: HttpRequest) -> HttpResponse:
    refuse_who_may_not(request)
    page = Paginator(gone_out(), A_PAGE).get_page(request.GET.get("p"))
    editions = list(page.object_list)
    counts = visits.visits_of(editions)
    context = {
        "rows": [(edition, counts[edition.pk]) for edition in editions],
        "page_obj": page,
        "counted": visits.are_counted(),
        "may_change": request.user.has_perm("newsletters.change_newsletterrules"),
        "rule": reverse("wagtailsettings:edit", args=["newsletters", "newsletterrules"]),
    }
    return render(request, "desk/visits.html", context)
