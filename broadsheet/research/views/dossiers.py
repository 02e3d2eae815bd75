"""A reader's own dossiers, the editors' that they follow, and the end of the mails that tell of them.

Contexts, `page` (a PageMeta) in each:
pages/own-dossiers.html  `own`, `followed` (dossiers_shown.Row each), `often` (policy.Often each), `countries`, `issues`,
                         `published` (a Link each of the editors' that are not followed), `filled` (a Filled), `keep_days`,
                         `error`
pages/own-dossier.html   `dossier` (dossiers_shown.Shown), `row` (a Row), `often`
pages/dossier-end.html   `name` (of what is followed, or ""), `over`, `token`
"""

from typing import NamedTuple

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from broadsheet.design.page import PageMeta
from broadsheet.kit import clock
from broadsheet.library.following import Subject, subject_at
from broadsheet.library.policy import Often
from broadsheet.library.views.doors import number, refused, shelf_door
from broadsheet.library.views.search import sight_of
from broadsheet.membership.models import Reader
from broadsheet.membership.views.joining import see_other
from broadsheet.newsroom.galley import Link
from broadsheet.newsroom.models import Country, Issue
from broadsheet.research.actions import dossiers as actions
from broadsheet.research.actions.refreshing import refresh, refresh_for_another_standing
from broadsheet.research.dossier_pages import published
from broadsheet.research.dossiers_shown import OWN, path_of, rows_of, shown
from broadsheet.research.ends import following_in
from broadsheet.research.models import Dossier, ResearchRules
from broadsheet.research.posed import Posed, tidy
from broadsheet.research.views.doors import CannotAnswer, closed, count

FOLDER = "/dossiers/"
NOT_THERE = "There is no such dossier here, or no more."
SAYS_NOTHING = "Choose a country, two of them or an issue, or ask a question."


class Filled(NamedTuple):
    """The form of a new one, as it was filled in. 0 where nothing was chosen."""

    country: int
    other: int
    issue: int
    question: str
    often: str


@shelf_door
def dossiers(request: HttpRequest, reader: Reader) -> HttpResponse:
    if request.method != "POST":
        return _page(request, reader)
    if "follow" in request.POST:
        return _follow(request, reader, request.POST["follow"])
    if "begin" in request.POST:
        return _begin(request, reader)
    return _change(request, reader)


def _follow(request: HttpRequest, reader: Reader, path: str) -> HttpResponse:
    try:
        slug = path.removeprefix(FOLDER).rstrip("/")
        followed = actions.follow(reader, slug, often=Often.DAILY, at=clock.now())
    except actions.TooMany as full:
        return refused(request, str(full), back=OWN, status=409)
    return see_other(OWN) if followed else refused(request, NOT_THERE, status=404)


def _begin(request: HttpRequest, reader: Reader) -> HttpResponse:
    at = clock.now()
    try:
        with transaction.atomic():  # without a question left it is not begun
            made = actions.begin_own(
                reader, subject=subject_of(request), question=request.POST.get("question", ""), often=_often(request), at=at
            )
            _count(request, made)
    except (actions.NothingAsked, actions.NoSuchSubject):
        return _page(request, reader, error=SAYS_NOTHING)
    except actions.TooMany as full:
        return _page(request, reader, error=str(full))
    except CannotAnswer as spent:
        return _page(request, reader, error=str(spent), status=429)
    _gather(reader, made)
    return see_other(path_of(made))


def _gather(reader: Reader, dossier: Dossier) -> None:
    """At once, so many times a day; whatever is due beyond that waits for the clock."""
    at = clock.now()
    if actions.may_gather_at_once(reader, at=at):
        refresh(dossier.pk, at=at)


def _count(request: HttpRequest, dossier: Dossier) -> None:
    """Whoever has a question looked into asks it. What comes in by itself is asked by nobody."""
    if dossier.kind == Dossier.Kind.QUESTION:
        count(request, Posed(tidy(dossier.question)))


def subject_of(request: HttpRequest) -> Subject | None:
    """Of the form, or of the page on which a button stands."""
    if found := subject_at(request.POST.get("on", "")):
        return found
    countries = sorted({number(one) for one in request.POST.getlist("country")} - {0})
    if len(countries) == 2:
        return Subject(Dossier.Kind.RELATION, *countries)
    if countries:
        return Subject(Dossier.Kind.COUNTRY, countries[0])
    issue = number(request.POST.get("issue"))
    return Subject(Dossier.Kind.ISSUE, issue) if issue else None


def _often(request: HttpRequest) -> Often | None:
    return next((often for often in Often if often == request.POST.get("often")), None)


def _change(request: HttpRequest, reader: Reader) -> HttpResponse:
    dossier = number(request.POST.get("dossier"))
    match request.POST.get("do"):
        case "save":
            actions.change_how_often(reader, dossier, _often(request), at=clock.now())
        case "unfollow":
            actions.unfollow(reader, dossier)
        case "delete":
            actions.delete_own(reader, dossier)
        case "look":
            return _look(request, reader, dossier)
    return see_other(OWN)


def _look(request: HttpRequest, reader: Reader, pk: int) -> HttpResponse:
    """Anew, on the day's questions: the same one again that day costs nothing."""
    mine = actions.own(reader).filter(pk=pk).first()
    if mine is None:
        return see_other(OWN)
    try:
        _count(request, mine)
    except CannotAnswer as spent:
        return refused(request, str(spent), back=path_of(mine), status=429)
    _gather(reader, mine)
    return see_other(path_of(mine))


def _page(request: HttpRequest, reader: Reader, *, error: str = "", status: int = 422) -> HttpResponse:
    """`status`: of trouble."""
    own, followed = rows_of(reader)
    theirs = {one.path for one in followed}
    context = {
        "page": PageMeta(title="Your dossiers", kind="account", path=OWN, noindex=True),
        "own": own,
        "followed": followed,
        "often": list(Often),
        "countries": Country.objects.order_by("name"),
        "issues": Issue.objects.order_by("name"),
        "published": [Link(one.title, path_of(one)) for one in published() if path_of(one) not in theirs],
        "filled": _filled(request.POST),
        "keep_days": ResearchRules.load().keep_days,
        "error": error,
    }
    return closed(render(request, "pages/own-dossiers.html", context, status=status if error else 200))


def _filled(form: QueryDict) -> Filled:
    first, second, *_ = (*map(number, form.getlist("country")), 0, 0)
    return Filled(first, second, number(form.get("issue")), form.get("question", ""), form.get("often", ""))


@shelf_door
def dossier(request: HttpRequest, reader: Reader, pk: int) -> HttpResponse:
    row = actions.own(reader).filter(pk=pk).first()
    if row is None:
        raise Http404(NOT_THERE)
    actions.see(row, at=clock.now())
    if refresh_for_another_standing(row, at=clock.now()):
        row.refresh_from_db()
    context = {
        "page": PageMeta(title=row.title, kind="dossier", path=f"{OWN}{pk}/", noindex=True),
        "dossier": shown(row, sight=sight_of(request)),
        "row": next(one for one in rows_of(reader)[0] if one.number == pk),
        "often": list(Often),
    }
    return closed(render(request, "pages/own-dossier.html", context))


@csrf_exempt
@cache_control(private=True, no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def end_dossier(request: HttpRequest, token: str) -> HttpResponse:
    """One click, no login: mail programs post here by themselves (RFC 8058). A look ends nothing."""
    ours, following = following_in(token)
    if request.method == "POST" and following:
        actions.end_by_mail(following.pk)
    context = {
        "page": PageMeta(title="Dossier", kind="account", noindex=True),
        "name": following.dossier.title if following else "",
        "over": ours and (request.method == "POST" or following is None),
        "token": token,
    }
    return closed(render(request, "pages/dossier-end.html", context, status=200 if ours else 404))
