"""The editors' dossiers on the desk: making one, its points, and whether it stands on the site.

desk/dossiers.html: `dossiers`, `countries`, `issues`, `may_add`, `error`.
desk/dossier.html: `dossier` (models.Dossier), `shown` (dossiers_shown.Shown), `points` (models.Point each, with its Sentence
or None), `aside` (points that were set aside), `may_change`, `may_publish`, `may_delete`.
"""

from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.log_actions import log

from broadsheet.kit import clock
from broadsheet.library.sight import EVERYTHING
from broadsheet.library.views.doors import number
from broadsheet.newsroom.models import Country, Issue
from broadsheet.press.models import Pressing
from broadsheet.press.tasks import wake
from broadsheet.research.actions import editing
from broadsheet.research.actions.dossiers import NoSuchSubject, NothingAsked
from broadsheet.research.actions.refreshing import refresh
from broadsheet.research.dossiers_shown import shown
from broadsheet.research.models import Dossier
from broadsheet.research.views.dossiers import SAYS_NOTHING, subject_of

TO_SEE, TO_ADD, TO_CHANGE = "research.view_dossier", "research.add_dossier", "research.change_dossier"
TO_PUBLISH, TO_DELETE = "research.publish_dossier", "research.delete_dossier"
STEPS = {"up": -1, "down": 1}
ON_A_POINT = {
    "pin": editing.pin,
    "unpin": editing.unpin,
    "aside": editing.set_aside,
    "again": editing.take_in_again,
}

CANNOT_BE_DONE = (
    editing.NotInTheParagraph,
    editing.QuotedAlready,
    editing.NotInTheLibrary,
    editing.NothingToPublish,
    editing.NoFreeAddress,
)


def refuse_who_may_not(request: HttpRequest, right: str) -> None:
    if not request.user.has_perm(right):
        raise PermissionDenied


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dossiers(request: HttpRequest) -> HttpResponse:
    refuse_who_may_not(request, TO_SEE)
    error = ""
    if request.method == "POST":
        refuse_who_may_not(request, TO_ADD)
        try:
            made = editing.begin(subject=subject_of(request), question=request.POST.get("question", ""), at=clock.now())
        except (NothingAsked, NoSuchSubject):
            error = SAYS_NOTHING
        else:
            log(made, "wagtail.create", user=request.user)
            refresh(made.pk, at=clock.now())
            return redirect("dossier", made.pk)
    context = {
        "dossiers": Dossier.objects.filter(reader=None).order_by("title", "pk"),
        "countries": Country.objects.order_by("name"),
        "issues": Issue.objects.order_by("name"),
        "may_add": request.user.has_perm(TO_ADD),
        "error": error,
    }
    return render(request, "desk/dossiers.html", context, status=422 if error else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dossier(request: HttpRequest, dossier_id: int) -> HttpResponse:
    refuse_who_may_not(request, TO_SEE)
    row = get_object_or_404(Dossier, pk=dossier_id, reader=None)
    if request.method == "POST":
        return _do(request, row)
    seen = shown(row, sight=EVERYTHING)
    sentences = {one.number: one for one in seen.points}
    points = list(row.points.all())
    context = {
        "dossier": row,
        "shown": seen,
        "points": [(one, sentences.get(one.pk)) for one in points if one.set_aside_at is None],
        "aside": [one for one in points if one.set_aside_at],
        "may_change": request.user.has_perm(TO_CHANGE),
        "may_publish": request.user.has_perm(TO_PUBLISH),
        "may_delete": request.user.has_perm(TO_DELETE),
    }
    return render(request, "desk/dossier.html", context)


def _do(request: HttpRequest, row: Dossier) -> HttpResponse:
    """One button at a time: its value says what, and of which point."""
    verb, _, point = request.POST.get("do", "").partition(":")
    right = {"publish": TO_PUBLISH, "take-back": TO_PUBLISH, "delete": TO_DELETE}.get(verb, TO_CHANGE)
    refuse_who_may_not(request, right)
    if row.published_at:
        refuse_who_may_not(request, TO_PUBLISH)  # what is changed here stands on the site at once
    try:
        _act(request, row, verb, number(point))
    except CANNOT_BE_DONE as trouble:
        messages.error(request, str(trouble))
    except Dossier.DoesNotExist as gone:
        raise Http404 from gone
    wake()
    return redirect("dossiers") if verb == "delete" else redirect("dossier", row.pk)


def _act(request: HttpRequest, row: Dossier, verb: str, point: int) -> None:
    at, said = clock.now(), request.POST
    match verb:
        case "words":
            editing.reword(row.pk, title=said.get("title", ""), introduction=said.get("introduction", ""), at=at)
        case "say":
            editing.say(row.pk, point, said=said.get(f"said-{point}", ""), text=said.get(f"text-{point}", ""), at=at)
        case "quote":
            article = _article_at(said.get("address", ""))
            editing.quote(row.pk, article, text=said.get("text", ""), said=said.get("said", ""), at=at)
        case "up" | "down":
            editing.move(row.pk, point, by=STEPS[verb], at=at)
        case "pin" | "unpin" | "aside" | "again":
            ON_A_POINT[verb](row.pk, point, at=at)
        case "look":
            refresh(row.pk, at=at)
        case "publish":
            editing.publish(row.pk, at=at)
        case "take-back":
            editing.take_back(row.pk, at=at)
        case "delete":
            log(row, "wagtail.delete", user=request.user)
            editing.delete(row.pk, at=at)
            return
        case _:
            return
    log(row, {"publish": "wagtail.publish", "take-back": "wagtail.unpublish"}.get(verb, "wagtail.edit"), user=request.user)


def _article_at(typed: str) -> int:
    """By its address, with or without the name of the site; 0 of none."""
    try:
        path = urlsplit(typed.strip()).path
    except ValueError:
        return 0
    return Pressing.objects.filter(path=path, withdrawn_at=None).values_list("article_id", flat=True).first() or 0
