"""My briefing: the page that it comes to, what a reader sets, and the end of its mails.

Contexts, `page` (a PageMeta) in each:
pages/briefing.html      `items` (briefings_shown.Item each), `morning` (models.Morning, or None of no briefing yet),
                         `wanted` (whether one is set), `following` (the moment of the next one, or None),
                         `now` (whether one can be asked for), `others` (models.Morning each, of those that brought something)
pages/briefing-set.html  `briefing` (models.Briefing, or None), `groups` (a heading and its `Part`s),
                         `days` (number, name, chosen), `hours`, `numbers`, `hour`, `most`, `by_mail`, `error`
pages/briefing-end.html  `over`, `token`, `known` (whether we signed it)
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from broadsheet.design.page import PageMeta
from broadsheet.kit import clock
from broadsheet.library.views.doors import LARGEST, number, shelf_door
from broadsheet.library.views.search import sight_of
from broadsheet.membership.models import Reader
from broadsheet.membership.views.joining import see_other
from broadsheet.newsroom.models import Country, Issue, Region
from broadsheet.research import bringing
from broadsheet.research.actions import briefings as actions
from broadsheet.research.briefings_shown import PAGE, SETTINGS, items_of
from broadsheet.research.ends import briefing_in
from broadsheet.research.models import Briefing, Choice, Morning
from broadsheet.research.views.doors import closed

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MORNING = 7
MOST_LISTED = 31
NOTHING_CHOSEN = "Choose one thing at least that it looks at."
NO_SUCH_NUMBER = "Choose days of the week, an hour, and from three to twelve items."
ELSEWHERE = "In no region"


class Part(NamedTuple):
    """Of what can be chosen. `boxes`: of each its key, its name, and whether it is chosen; `chosen`: whether one is."""

    name: str
    boxes: list[tuple[str, str, bool]]
    chosen: bool


class Filled(NamedTuple):
    """A form, filled in. `hour` and `most`: None where neither says a number."""

    on: frozenset[str]
    days: frozenset[int]
    hour: int | None
    most: int | None
    by_mail: bool


@shelf_door
def briefing(request: HttpRequest, reader: Reader) -> HttpResponse:
    if request.method == "POST":
        actions.bring_now(reader, at=clock.now())
        return see_other(PAGE)
    return _page(request, reader, Morning.objects.filter(reader=reader).first())


@shelf_door
def earlier_briefing(request: HttpRequest, reader: Reader, pk: int) -> HttpResponse:
    """What it brought comes no more, so that whoever missed a day finds it here."""
    if pk > LARGEST:
        raise Http404(pk)
    return _page(request, reader, get_object_or_404(Morning, reader=reader, pk=pk))


def _page(request: HttpRequest, reader: Reader, morning: Morning | None) -> HttpResponse:
    wanted = Briefing.objects.filter(reader=reader).first()
    others = Morning.objects.filter(reader=reader, items__isnull=False).distinct()
    context = {
        "page": PageMeta(title="My briefing", kind="briefing", path=PAGE, noindex=True),
        "items": items_of(list(morning.items.all()), sight=sight_of(request)) if morning else [],
        "morning": morning,
        "wanted": wanted is not None,
        "following": _next(wanted) if wanted else None,
        "now": wanted is not None and actions.can_be_asked_for(wanted),
        "others": [one for one in others[:MOST_LISTED] if one != morning],
    }
    return closed(render(request, "pages/briefing.html", context))


def _next(wanted: Briefing) -> object:
    return bringing.next_due(wanted.weekdays, wanted.hour, at=clock.now(), zone=timezone.get_default_timezone())


@shelf_door
def set_briefing(request: HttpRequest, reader: Reader) -> HttpResponse:
    if request.method != "POST":
        return _form(request, reader)
    if "end" in request.POST:
        actions.end_briefing(reader)
        return see_other(SETTINGS)
    try:
        actions.set_briefing(
            reader,
            choices=[choice for typed in request.POST.getlist("on") if (choice := _choice(typed))],
            days=[_typed(day) for day in request.POST.getlist("day")],
            hour=_typed(request.POST.get("hour", "")),
            most=_typed(request.POST.get("most", "")),
            by_mail="by-mail" in request.POST,
            at=clock.now(),
        )
    except actions.NothingChosen:
        return _form(request, reader, error=NOTHING_CHOSEN)
    except actions.NotANumber:
        return _form(request, reader, error=NO_SUCH_NUMBER)
    return see_other(PAGE)


def _typed(typed: str) -> int:
    """Raises NotANumber: Monday and midnight are 0, what says neither is not."""
    found = _digits(typed)
    if found is None:
        raise actions.NotANumber
    return found


def _digits(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= 2 else None


def _choice(typed: str) -> tuple[str, int] | None:
    kind, _, row = typed.partition(":")
    return (kind, number(row)) if number(row) else None


def _form(request: HttpRequest, reader: Reader, *, error: str = "") -> HttpResponse:
    row = Briefing.objects.filter(reader=reader).first()
    filled = _as_typed(request.POST) if error else _as_set(row)
    context = {
        "page": PageMeta(title="Your briefing", kind="account", path=SETTINGS, noindex=True),
        "briefing": row,
        "groups": _groups(filled.on),
        "days": [(day, name, day in filled.days) for day, name in enumerate(DAYS)],
        "hours": [(hour, f"{hour:02}:00") for hour in bringing.HOURS],
        "numbers": range(bringing.LEAST, bringing.MOST + 1),
        "hour": filled.hour,
        "most": filled.most,
        "by_mail": filled.by_mail,
        "error": error,
    }
    return closed(render(request, "pages/briefing-set.html", context, status=422 if error else 200))


def _as_set(row: Briefing | None) -> Filled:
    if row is None:
        return Filled(frozenset(), frozenset(bringing.WEEKDAYS), MORNING, bringing.USUAL, by_mail=False)
    on = frozenset(choice.key for choice in row.choices.all())
    return Filled(on, row.weekdays, row.hour, row.most, row.by_mail)


def _as_typed(form: QueryDict) -> Filled:
    """Of one that was refused: whoever sent it need not fill it in again."""
    return Filled(
        on=frozenset(form.getlist("on")),
        days=frozenset(day for typed in form.getlist("day") if (day := _digits(typed)) is not None),
        hour=_digits(form.get("hour", "")),
        most=_digits(form.get("most", "")),
        by_mail="by-mail" in form,
    )


def _groups(chosen: Collection[str]) -> list[tuple[str, list[Part]]]:
    def part(name: str, kind: Choice.Kind, rows: Iterable[Region | Country | Issue]) -> Part:
        boxes = [(key := f"{kind}:{row.pk}", row.name, key in chosen) for row in rows]
        return Part(name, boxes, any(box[-1] for box in boxes))

    groups = [
        ("Regions", [part("", Choice.Kind.REGION, Region.objects.order_by("name"))]),
        ("Issues", [part("", Choice.Kind.ISSUE, Issue.objects.order_by("name"))]),
        ("Countries", [part(name, Choice.Kind.COUNTRY, rows) for name, rows in _countries_by_region().items()]),
    ]
    return [(heading, filled) for heading, parts in groups if (filled := [part for part in parts if part.boxes])]


def _countries_by_region() -> dict[str, list[Country]]:
    """Each once, in the first of its regions: a box that stood twice could not be emptied."""
    parted: dict[str, list[Country]] = {name: [] for name in (*Region.objects.values_list("name", flat=True), ELSEWHERE)}
    for country in Country.objects.order_by("name").prefetch_related("regions"):
        parted[next((region.name for region in country.regions.all()), ELSEWHERE)].append(country)
    return parted


@csrf_exempt
@cache_control(private=True, no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def end_briefing(request: HttpRequest, token: str) -> HttpResponse:
    """One click, no login (RFC 8058). A look ends nothing."""
    known, row = briefing_in(token)
    if request.method == "POST" and row:
        actions.end_mails(row.pk)
    over = known and (request.method == "POST" or row is None or not row.by_mail)
    context = {
        "page": PageMeta(title="Your briefing", kind="account", noindex=True),
        "over": over,
        "token": token,
        "known": known,
    }
    return closed(render(request, "pages/briefing-end.html", context, status=200 if known else 404))
