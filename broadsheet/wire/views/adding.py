"""How sources come to the list and leave it as a list: found at an address, or brought in and given away as OPML.

Other outlets' servers are asked by the worker, never here: a page that waits for them would wait for as long as they like.

Contexts:
desk/source-add.html    `form` (PasteForm), `trouble` (a sentence, or empty)
desk/source-found.html  `pasted`, `waiting` (a sentence, or empty), `again` (the address to look at next, or empty), `trouble`,
                        `paste` (PasteForm), `form` (FoundForm, or None), `folders`
desk/source-lists.html  `form` (ImportForm), `starter` (starter.Folder), `total`, `may_add`
"""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_tasks import TaskResult, TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist, TaskResultMismatch

from broadsheet.kit import clock
from broadsheet.wire import source_acts, starter
from broadsheet.wire.actions import listening
from broadsheet.wire.actions.listening import Listed, NoSuchAddress
from broadsheet.wire.models import Source
from broadsheet.wire.reading.bounds import MOST_BYTES
from broadsheet.wire.reading.opml import NotAList
from broadsheet.wire.source_forms import AT_ONCE, FoundForm, ImportForm, PasteForm
from broadsheet.wire.tasks import find
from broadsheet.wire.views.sources import TO_ADD, TO_SEE, by, folders
from broadsheet.wire.views.stories import refuse_who_may_not

MOST_LOOKS = 90  # at a page that looks again every two seconds: longer than the worker ever asks
STILL_WAITING = "It waits for the worker, which asks other outlets’ servers."
ASKING = "Looking there, and at the usual addresses of feeds…"
NOBODY_LOOKS = (
    "Nobody has looked there for minutes: the worker is not running, or has too much to do. Load this page again later."
)
_FAILED = {"feeds": [], "trouble": "Looking there failed. Try again; if it fails again, tell whoever runs this site."}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    refuse_who_may_not(request, TO_ADD)
    form = PasteForm(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return render(request, "desk/source-add.html", {"form": form, "trouble": ""}, status=422 if form.is_bound else 200)
    pasted = form.cleaned_data["address"]
    if request.POST.get("do") != "as-it-is":
        return redirect("source_found", find.enqueue(pasted).id)
    try:
        source, is_new = listening.add(pasted, at=clock.now())
    except NoSuchAddress as trouble:
        return render(request, "desk/source-add.html", {"form": form, "trouble": str(trouble)}, status=422)
    _tell(request, [source] if is_new else [], known=0 if is_new else 1)
    return redirect("source", source.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def found(request: HttpRequest, look: UUID) -> HttpResponse:
    """What the worker found, or that it is still looking; then the page comes again by itself."""
    refuse_who_may_not(request, TO_ADD)
    result = _result(look)
    if not result.is_finished:
        return _waiting(request, result)
    answer: Any = result.return_value if result.status == TaskResultStatus.SUCCESSFUL else _FAILED
    feeds: list[dict[str, Any]] = answer["feeds"]
    form = FoundForm(request.POST if request.method == "POST" else None, feeds=feeds, known=_known(feeds)) if feeds else None
    if form and form.is_bound and form.is_valid():
        _take(request, form)
        return redirect("sources")
    context = {**_pasted(result), "form": form, "trouble": answer["trouble"], "folders": folders()}
    return render(request, "desk/source-found.html", context, status=422 if form and form.is_bound else 200)


def _result(look: UUID) -> TaskResult[Any]:
    try:
        return find.get_result(str(look))
    except (TaskResultDoesNotExist, TaskResultMismatch):
        raise Http404 from None


def _pasted(result: TaskResult[Any]) -> dict[str, Any]:
    return {"pasted": result.args[0], "paste": PasteForm(initial={"address": result.args[0]})}


def _waiting(request: HttpRequest, result: TaskResult[Any]) -> HttpResponse:
    said = request.GET.get("looks", "")
    looks = int(said) if said.isascii() and said.isdigit() and len(said) < 4 else 0
    patient = looks < MOST_LOOKS
    sentence = ASKING if result.status == TaskResultStatus.RUNNING else STILL_WAITING
    again = f"{reverse('source_found', args=[result.id])}?looks={looks + 1}" if patient else ""
    context = {**_pasted(result), "waiting": sentence if patient else NOBODY_LOOKS, "again": again}
    return render(request, "desk/source-found.html", context)


def _known(feeds: list[dict[str, Any]]) -> dict[int, Source]:
    keys = [listening.key_of(feed["address"]) for feed in feeds]
    there = {source.address_key: source for source in Source.objects.filter(address_key__in=keys)}
    return {place: there[key] for place, key in enumerate(keys) if key in there}


def _take(request: HttpRequest, form: FoundForm) -> None:
    stated, at = form.cleaned_data, clock.now()
    about = {"folder": stated["folder"], "standing": stated["standing"]}
    added = [
        listening.add(address, name=name, at=at, listening=stated["listening"] == AT_ONCE, **about)
        for address, name in form.taken
    ]
    fresh = [source for source, is_new in added if is_new]
    _tell(request, fresh, known=len(added) - len(fresh))


def _tell(request: HttpRequest, fresh: list[Source], *, known: int, trouble: str = "") -> None:
    source_acts.write_into_log(fresh, source_acts.CREATE, by=by(request))
    there = f" {known} {'was' if known == 1 else 'were'} on it before." if known else ""
    said = f"{source_acts.counted(len(fresh)).capitalize()} put on the list.{there} {trouble}".strip()
    (messages.warning if trouble else messages.success)(request, said)


# Lists


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lists(request: HttpRequest) -> HttpResponse:
    refuse_who_may_not(request, TO_SEE)
    if request.method != "POST":
        return _lists(request, ImportForm())
    refuse_who_may_not(request, TO_ADD)
    if request.POST.get("do") == "starter":
        _tell_of(request, starter.take(request.POST.getlist("folder"), at=clock.now()))
        return redirect("sources")
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _lists(request, form, status=422)
    stated = form.cleaned_data
    try:
        body = stated["file"].read(MOST_BYTES + 1)
        listed = listening.import_list(body, listening=stated["listening"] == AT_ONCE, at=clock.now())
    except NotAList as trouble:
        form.add_error("file", str(trouble))
        return _lists(request, form, status=422)
    _tell_of(request, listed)
    return redirect("sources")


def _tell_of(request: HttpRequest, listed: Listed) -> None:
    _tell(request, list(listed.sources), known=listed.known, trouble=listed.trouble)


def _lists(request: HttpRequest, form: ImportForm, *, status: int = 200) -> HttpResponse:
    may_add = request.user.has_perm(TO_ADD)
    context = {
        "form": form,
        "starter": starter.folders() if may_add else (),
        "total": Source.objects.count(),
        "may_add": may_add,
    }
    return render(request, "desk/source-lists.html", context, status=status)


@never_cache
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    refuse_who_may_not(request, TO_SEE)
    headers = {"Content-Disposition": 'attachment; filename="sources.opml"', "X-Content-Type-Options": "nosniff"}
    body = listening.export_list(f"Sources of {settings.PUBLICATION_NAME}")
    return HttpResponse(body, content_type="text/x-opml; charset=utf-8", headers=headers)
