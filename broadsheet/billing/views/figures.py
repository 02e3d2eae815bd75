"""The publisher's figures on the desk, and the lists behind them. Whoever may see subscriptions may see these.

Contexts:
desk/figures.html       `readers`, `weeks` (Span, registrations), `trials`, `paused`, `plans` (figures.Held), `subscribers`,
                        `revenue` (currency, money), `churn` (Span, figures.Churn), `failed` (rows of lists), `failures`,
                        `wall_names`, `walls` (figures.Wall), `charts` (name -> finished SVG), `hears`
desk/figures-list.html  `list` (lists.Rolled), `rows` (Row and its cells), `page_obj`, `query` (without the page), `csv`
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from broadsheet.access.terms import WALLS
from broadsheet.billing import figures, lists, plans, stripe_api
from broadsheet.kit import clock
from broadsheet.membership.queries import zone
from broadsheet.newsroom.charts import Chart, Line, figure

A_PAGE = 50
MOST_FAILURES = 20
RIGHT = "billing.view_subscription"


@never_cache
@require_safe
def all_figures(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    at, here = clock.now(), zone()
    weeks, months = figures.weeks(at, here), figures.months(at, here)
    readers, churn, walls = figures.readers(weeks), figures.churn(months), figures.walls_by_week(weeks)
    failed = lists.called("failed", lists.Asked({}, at, here))
    held = figures.by_plan()
    context = {
        "readers": readers,
        "weeks": list(zip(weeks, readers.by_week, strict=True))[::-1],
        "trials": figures.trials().count(),
        "paused": figures.paused().count(),
        "plans": held,
        "subscribers": sum(each.count for each in held),
        "revenue": [(currency, plans.money(amount, currency)) for currency, amount in sorted(figures.monthly_revenue().items())],
        "churn": list(zip(months, churn, strict=True))[::-1],
        "failures": failed.found.count(),
        "failed": lists.cells_of(failed.rows(list(failed.found[:MOST_FAILURES]))),
        "walls": walls[::-1],
        "wall_names": [lists.WALL_NAMES[reason] for reason in WALLS],
        "charts": _charts(weeks, readers, months, churn, walls),
        "hears": stripe_api.hears(),
    }
    return render(request, "desk/figures.html", context)


@never_cache
@require_safe
def figures_list(request: HttpRequest, figure: str) -> HttpResponseBase:
    asked = lists.Asked(request.GET.dict(), clock.now(), zone())
    try:
        rolled = lists.called(figure, asked)
    except lists.NoSuchList:
        raise Http404 from None
    if not request.user.has_perm(rolled.right):
        raise PermissionDenied
    if request.GET.get("as") == "csv":
        return _csv(figure, rolled)
    page = Paginator(rolled.found, A_PAGE).get_page(request.GET.get("p"))
    query = request.GET.copy()
    query.pop("p", None)
    whole = query.copy()
    whole["as"] = "csv"
    context = {
        "list": rolled,
        "rows": lists.cells_of(rolled.rows(list(page.object_list))),
        "page_obj": page,
        "query": query.urlencode(),
        "csv": whole.urlencode(),
    }
    return render(request, "desk/figures-list.html", context)


def _csv(name: str, rolled: lists.Rolled) -> StreamingHttpResponse:
    day = timezone.localdate(clock.now())
    return StreamingHttpResponse(
        lists.csv_of(rolled),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}-{day}.csv"', "X-Content-Type-Options": "nosniff"},
    )


def _charts(
    weeks: tuple[figures.Span, ...],
    readers: figures.Readers,
    months: tuple[figures.Span, ...],
    churn: tuple[figures.Churn, ...],
    walls: tuple[figures.Wall, ...],
) -> dict[str, SafeString]:
    by_week, by_month = [f"{week.first.day} {week.first:%b}" for week in weeks], [f"{month.first:%b}" for month in months]
    came_of_it = {
        "Registered": tuple(wall.registrations for wall in walls),
        "Subscribed": tuple(wall.subscriptions for wall in walls),
    }
    return {
        "registrations": _chart("Registrations a week", by_week, {"": readers.by_week}),
        "churn": _chart("Churn a month, in percent", by_month, {"": tuple(each.percent for each in churn)}),
        "walls": _chart("Walls shown a week", by_week, {"": tuple(wall.all_shown for wall in walls)}),
        "came_of_it": _chart("What came of them", by_week, came_of_it),
    }


def _chart(title: str, labels: list[str], lines: dict[str, Any]) -> SafeString:
    drawn = tuple(Line(name, tuple(map(float, values))) for name, values in lines.items())
    return mark_safe(figure(Chart(title, "line", tuple(labels), drawn)))  # it escapes whatever it is given
