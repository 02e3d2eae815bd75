"""What is to stand nowhere here: a request is entered, and what it did is told.

desk/refusals.html: `form`, `reach` (refusing.Reach of what is to be asked once more, or None), `would` (the same in a sentence),
`page_obj` (Refusals, the newest first), `may_add`, `may_delete`.
"""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.log_actions import log

from broadsheet.kit import clock
from broadsheet.membership.models import Reader
from broadsheet.wire.actions import refusing
from broadsheet.wire.actions.refusing import NotAnAddress, Reach, TakenDown, TooWide
from broadsheet.wire.models import Refusal
from broadsheet.wire.pick_forms import RefusalForm
from broadsheet.wire.views.stories import refuse_who_may_not

RIGHT, TO_ADD, TO_DELETE = "wire.view_refusal", "wire.add_refusal", "wire.delete_refusal"
SHOWN, OUTLETS_NAMED = 50, 8
LIFTED = "“{}” may stand here again. What was taken down stays down."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def refusals(request: HttpRequest) -> HttpResponse:
    refuse_who_may_not(request, RIGHT)
    form = RefusalForm(request.POST if request.method == "POST" and "lift" not in request.POST else None)
    if request.method == "POST" and "lift" in request.POST:
        return _lift(request, request.POST["lift"])
    reach = None
    if form.is_bound:
        refuse_who_may_not(request, TO_ADD)
        reach = _reach(form) if form.is_valid() else None
        if reach and (not reach.is_wide or request.POST.get("sure") == reach.key):
            _refuse(request, form)
            return redirect("wire_refusals")
    context = {
        "form": form,
        "reach": reach,
        "would": _would(reach) if reach else "",
        "page_obj": Paginator(Refusal.objects.select_related("by").order_by("-at", "-pk"), SHOWN).get_page(request.GET.get("p")),
        "may_add": request.user.has_perm(TO_ADD),
        "may_delete": request.user.has_perm(TO_DELETE),
    }
    return render(request, "desk/refusals.html", context, status=422 if form.errors else 200)


def _reach(form: RefusalForm) -> Reach | None:
    try:
        return refusing.reach_of(form.cleaned_data["address"])
    except (NotAnAddress, TooWide) as trouble:
        form.add_error("address", str(trouble))
        return None


def _refuse(request: HttpRequest, form: RefusalForm) -> None:
    assert isinstance(request.user, Reader)
    said = form.cleaned_data
    done = refusing.refuse(said["address"], said["reason"], by=request.user, at=clock.now())
    log(done.refusal, "wagtail.create", user=request.user)
    messages.success(request, told(done))


def _would(reach: Reach) -> str:
    gone = _listed(reach)
    whose = ", ".join(reach.outlets[:OUTLETS_NAMED])
    others = len(reach.outlets) - OUTLETS_NAMED
    whose += f" and {_counted(others, 'other', 'others')}" if others > 0 else ""
    of = f" Of {_counted(len(reach.outlets), 'outlet', 'outlets')}: {whose}." if whose else ""
    mended = _counted(reach.roundups, "roundup or edition", "roundups and editions")
    again = f" {mended} on the site would be published again without it, or taken back." if mended else ""
    return (
        f"Now it would take down: {gone or 'links in roundups'}.{of}{again}"
        if gone or again
        else "Nothing of it stands here now."
    )


def told(done: TakenDown) -> str:
    gone = _listed(done) or "Nothing of it stood here"
    mended = _counted(done.roundups, "roundup or edition was", "roundups and editions were")
    again = f" {mended} published again without it, or taken back." if mended else ""
    return f"“{done.refusal.key}” is to stand nowhere here. Taken down: {gone}.{again}"


def _listed(counts: Reach | TakenDown) -> str:
    did = [
        _counted(counts.items, "piece of the wire", "pieces of the wire"),
        _counted(counts.picks, "pick", "picks"),
        _counted(counts.rivals, "rival reading", "rival readings"),
    ]
    return ", ".join(filter(None, did))


def _counted(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}" if count else ""


def _lift(request: HttpRequest, number: str) -> HttpResponse:
    refuse_who_may_not(request, TO_DELETE)
    row = Refusal.objects.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
    if row:
        log(row, "wagtail.delete", user=request.user)
        row.delete()
        messages.success(request, LIFTED.format(row.key))
    return redirect("wire_refusals")
