"""The mails on the desk: what readers are written, and the words that an editor puts around what must be said.

Contexts:
desk/mails.html    `mails` (name, kinds.Kind, whether an editor worded it)
desk/wording.html  `kind` (kinds.Kind), `form`, `preview` (rendering.Written; None where the form is wrong), `last` (log entry)
"""

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.models import ModelLogEntry

from broadsheet.mailroom import actions
from broadsheet.mailroom.desk import WordingForm
from broadsheet.mailroom.kinds import KINDS
from broadsheet.mailroom.models import Wording
from broadsheet.mailroom.queries import worded_kinds, wording_of
from broadsheet.mailroom.rendering import Written, write

RIGHT = "mailroom.change_wording"
EXAMPLE = "fay@example.org"


@never_cache
@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    _refuse_who_may_not(request)
    worded = worded_kinds()
    return render(request, "desk/mails.html", {"mails": [(name, kind, name in worded) for name, kind in KINDS.items()]})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def wording(request: HttpRequest, name: str) -> HttpResponse:
    """Pressing “Preview” keeps nothing."""
    _refuse_who_may_not(request)
    kind = KINDS.get(name)
    if kind is None:
        raise Http404
    own = wording_of(name) or Wording(kind=name)
    sent = request.POST if request.method == "POST" else None
    form = WordingForm(sent, instance=own, kind=kind, subject=_example(name, None).subject)
    wrong = form.is_bound and not form.is_valid()
    if form.is_bound and not wrong and "preview" not in request.POST:
        actions.reword(name, by=request.user, **form.cleaned_data)
        messages.success(request, f"{kind.label}: saved. Mails that are written from now on say it.")
        return redirect("mails_wording", name)
    last = ModelLogEntry.objects.for_instance(own).first() if own.pk else None
    context = {"kind": kind, "form": form, "preview": None if wrong else _example(name, own), "last": last}
    return render(request, "desk/wording.html", context, status=422 if wrong else 200)


def _example(name: str, worded: Wording | None) -> Written:
    """With invented values. Its links lead nowhere: in a frame that may do nothing they ask for a window of their own."""
    written = write(name, KINDS[name].example, to=EXAMPLE, worded=worded)
    return replace(written, html=written.html.replace("<head>", '<head><base target="_blank">', 1))


def _refuse_who_may_not(request: HttpRequest) -> None:
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
