"""The sources' desk: whom we listen to and how that goes, and what an editor does about it.

Contexts:
desk/sources.html        `lines` (roster.Line), `page_obj`, `asked` (roster.Asked), `counts` (state, word, count, address),
                         `all_states` (an address), `total`, `found` (how many), `folders`, `standings`, `no_folder`, `by_name`,
                         `pages` (addresses of the one before and the next), `may_change`, `may_add`
desk/source.html         `line`, `polls`, `items` (Item and where it safely leads), `form`, `folders`, `site`, `may_change`,
                         `may_delete`
desk/source-delete.html  `source`, `brought` (tending.Brought)
"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.log_actions import log

from broadsheet.kit import clock
from broadsheet.membership.models import Reader
from broadsheet.wire import roster, source_acts
from broadsheet.wire.actions import listening, tending
from broadsheet.wire.actions.listening import NoSuchAddress
from broadsheet.wire.actions.tending import AT_ONCE
from broadsheet.wire.models import Source
from broadsheet.wire.reading.links import canonical_link
from broadsheet.wire.source_acts import NONE_CHOSEN, NoSuchAct, Wanted
from broadsheet.wire.source_forms import SourceForm
from broadsheet.wire.tasks import remove_source
from broadsheet.wire.views.stories import refuse_who_may_not

TO_SEE, TO_CHANGE, TO_ADD, TO_DELETE = (f"wire.{verb}_source" for verb in ("view", "change", "add", "delete"))
POLLS_SHOWN, ITEMS_SHOWN = 50, 10
MOST_ASKED = 200  # characters
NOT_THAT = "Nothing was changed: that is none of the buttons here."
WRONG = "Nothing was saved yet: look at what is marked below."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sources(request: HttpRequest) -> HttpResponse:
    refuse_who_may_not(request, TO_SEE)
    asked, at = _asked(request.GET), clock.now()
    found = roster.roster(asked, at=at)
    if request.method == "POST":
        refuse_who_may_not(request, TO_CHANGE)
        _do_to_many(request, _chosen(request.POST, found.found))
        return redirect(_after(request, asked))
    page = roster.page_of(found.found, request.GET.get("p"))
    context = {
        "lines": roster.lines_of(list(page.object_list), at=at),
        "page_obj": page,
        "asked": asked,
        "counts": [
            (state, word, found.counts[state], _address(replace(asked, state=state))) for state, word in roster.WORDS.items()
        ],
        "all_states": _address(replace(asked, state="")),
        "total": sum(found.counts.values()),
        "found": len(found.found),
        "folders": found.folders,
        "standings": Source.Standing.choices,
        "no_folder": roster.NO_FOLDER,
        "by_name": roster.BY_NAME,
        "pages": _beside(asked, page.number, page.paginator.num_pages),
        "may_change": request.user.has_perm(TO_CHANGE),
        "may_add": request.user.has_perm(TO_ADD),
    }
    return render(request, "desk/sources.html", context)


def _asked(said: QueryDict) -> roster.Asked:
    state = said.get("state", "")
    return roster.Asked(
        words=said.get("words", "")[:MOST_ASKED],
        state=state if state in roster.WORDS else "",
        folder=said.get("folder", "")[:MOST_ASKED],
        by=roster.BY_NAME if said.get("by") == roster.BY_NAME else "",
    )


def _address(asked: roster.Asked, page: int = 1) -> str:
    said = {name: value for name, value in asdict(asked).items() if value} | ({"p": page} if page > 1 else {})
    return f"{reverse('sources')}?{urlencode(said)}" if said else reverse("sources")


def _after(request: HttpRequest, asked: roster.Asked) -> str:
    """Where the editor was, unless nothing stands there any more."""
    left = roster.narrowest_with_any(asked, at=clock.now())
    return f"{reverse('sources')}?{request.GET.urlencode()}" if left == asked else _address(left)


def _beside(asked: roster.Asked, page: int, pages: int) -> tuple[str, str]:
    before, behind = _address(asked, page - 1), _address(asked, page + 1)
    return (before if page > 1 else "", behind if page < pages else "")


def _chosen(sent: QueryDict, found: Sequence[Source]) -> list[int]:
    """Those that were ticked, or all that the list was narrowed to."""
    if sent.get("all"):
        return [source.pk for source in found]
    return [int(number) for number in sent.getlist("source") if number.isascii() and number.isdigit() and len(number) < 19]


def _do_to_many(request: HttpRequest, ids: list[int]) -> None:
    sent = request.POST
    if not ids:
        messages.warning(request, NONE_CHOSEN)
        return
    wanted = Wanted(sent.get("do", ""), folder=sent.get("folder", ""), standing=sent.get("standing", ""))
    try:
        messages.success(request, source_acts.do(wanted, ids, by=by(request), at=clock.now()))
    except NoSuchAct:
        messages.error(request, NOT_THAT)


def by(request: HttpRequest) -> Reader:
    assert isinstance(request.user, Reader)
    return request.user


# One of them


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, source_id: int) -> HttpResponse:
    refuse_who_may_not(request, TO_SEE)
    source = get_object_or_404(Source, pk=source_id)
    if request.method != "POST":
        return _page(request, source, SourceForm(instance=source))
    refuse_who_may_not(request, TO_CHANGE)
    if request.POST.get("do") != "save":
        _do_to_many(request, [source.pk])
        return redirect("source", source.pk)
    form = SourceForm(request.POST, instance=Source.objects.get(pk=source_id))
    if not form.is_valid() or not _is_changed(request, source, form):
        messages.error(request, WRONG)
        return _page(request, source, form, status=422)
    return redirect("source", source.pk)


def _is_changed(request: HttpRequest, source: Source, form: SourceForm) -> bool:
    if not form.changes:
        messages.success(request, "Nothing was changed.")
        return True
    try:
        tending.change(source.pk, form.changes, at=clock.now())
    except NoSuchAddress as trouble:
        form.add_error("address", str(trouble))
        return False
    source.refresh_from_db()
    log(source, source_acts.EDIT, user=request.user)
    messages.success(request, "Saved.")
    return True


def _page(request: HttpRequest, source: Source, form: SourceForm, *, status: int = 200) -> HttpResponse:
    at, items = clock.now(), source.items.order_by("-sorted_at", "-pk")[:ITEMS_SHOWN]
    context = {
        "line": roster.lines_of([source], at=at)[0],
        "polls": source.polls.all()[:POLLS_SHOWN],
        "items": [(item, canonical_link(item.link)) for item in items],
        "form": form,
        "folders": folders(),
        "site": canonical_link(source.site),
        "may_change": request.user.has_perm(TO_CHANGE),
        "may_delete": request.user.has_perm(TO_DELETE),
    }
    return render(request, "desk/source.html", context, status=status)


def folders() -> list[str]:
    return list(Source.objects.exclude(folder="").order_by("folder").values_list("folder", flat=True).distinct())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, source_id: int) -> HttpResponse:
    """Asks once more, and says what goes with it."""
    refuse_who_may_not(request, TO_DELETE)
    source = get_object_or_404(Source, pk=source_id)
    brought = tending.brought_by(source)
    if request.method != "POST":
        return render(request, "desk/source-delete.html", {"source": source, "brought": brought})
    log(source, source_acts.DELETE, user=request.user, deleted=True)
    if source.items.count() > AT_ONCE:
        listening.stop([source.pk])
        remove_source.enqueue(source.pk)
        messages.success(request, f"“{source.name}” is being deleted: what it brought goes first, which takes some minutes.")
    else:
        tending.remove(source, at=clock.now())
        messages.success(request, f"“{source.name}” is deleted.")
    return redirect("sources")
