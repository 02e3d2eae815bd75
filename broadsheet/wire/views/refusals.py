"""What is to stand nowhere here: a request is entered, and what it did is told.

desk/refusals.html: `form`, `page_obj` (Refusals, the newest first), `may_add`, `may_delete`.
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
from broadsheet.wire.actions.refusing import NotAnAddress, TakenDown, TooWide
from broadsheet.wire.models import Refusal
from broadsheet.wire.pick_forms import RefusalForm
from broadsheet.wire.views.stories import refuse_who_may_not

RIGHT, TO_ADD, TO_DELETE = "wire.view_refusal", "wire.add_refusal", "wire.delete_refusal"
SHOWN = 50
LIFTED = "“{}” may stand here again. What was taken down stays down."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def refusals(request: HttpRequest) -> HttpResponse:
    refuse_who_may_not(request, RIGHT)
    form = RefusalForm(request.POST if request.method == "POST" and "lift" not in request.POST else None)
    if request.method == "POST" and "lift" in request.POST:
        return _lift(request, request.POST["lift"])
    if form.is_bound:
        refuse_who_may_not(request, TO_ADD)
        if form.is_valid() and _refused(request, form):
            return redirect("wire_refusals")
    context = {
        "form": form,
        "page_obj": Paginator(Refusal.objects.select_related("by").order_by("-at", "-pk"), SHOWN).get_page(request.GET.get("p")),
        "may_add": request.user.has_perm(TO_ADD),
        "may_delete": request.user.has_perm(TO_DELETE),
    }
    return render(request, "desk/refusals.html", context, status=422 if form.errors else 200)


def _refused(request: HttpRequest, form: RefusalForm) -> bool:
    assert isinstance(request.user, Reader)
    said = form.cleaned_data
    try:
        done = refusing.refuse(said["address"], said["reason"], by=request.user, at=clock.now())
    except (NotAnAddress, TooWide) as trouble:
        form.add_error("address", str(trouble))
        return False
    log(done.refusal, "wagtail.create", user=request.user)
    messages.success(request, told(done))
    return True


def told(done: TakenDown) -> str:
    did = [
        _counted(done.items, "piece of the wire", "pieces of the wire"),
        _counted(done.picks, "pick", "picks"),
        _counted(done.rivals, "rival reading", "rival readings"),
    ]
    gone = ", ".join(filter(None, did)) or "Nothing of it stood here"
    mended = _counted(done.roundups, "roundup or edition was", "roundups and editions were")
    again = f" {mended} published again without it, or taken back." if mended else ""
    return f"“{done.refusal.key}” is to stand nowhere here. Taken down: {gone}.{again}"


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
