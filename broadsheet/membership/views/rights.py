"""A reader's rights over what is held of them: a copy of all of it, and its end.

Contexts, `page` (a PageMeta) in each:
pages/export.html  `tables` (names of the files)
pages/erase.html   `address`, `before` (sentences: what ends first), `promised` (the same, to be sent back), `kept` (sentences),
                   `staff`, `waits`, `error`
pages/erased.html  nothing more
"""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.design.page import PageMeta
from broadsheet.kit import clock
from broadsheet.membership import records
from broadsheet.membership.actions import erasing
from broadsheet.membership.exporting import export_of, handed_out
from broadsheet.membership.models import Reader
from broadsheet.membership.origin import our_own_forms
from broadsheet.membership.policy import NoAddress, tidy_address
from broadsheet.membership.views.account import left_by

ERASE, ERASED = "/account/erase/", "/account/erased/"
OTHER = "That is not the address of this account. Nothing was erased."
CHANGED = "What ends with your account has changed since you opened this page. This is how it is now."


@our_own_forms
@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    reader, at = request.user, clock.now()
    assert isinstance(reader, Reader)
    if "download" not in request.GET:
        page = PageMeta(title="What we hold of you", kind="account", path="/account/export/", noindex=True)
        return render(request, "pages/export.html", {"page": page, "tables": [table.name for table in handed_out()]})
    response = HttpResponse(export_of(reader, at=at), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="account-{at:%Y-%m-%d}.zip"'
    return response


@our_own_forms
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """What goes, what stays and why; then the address, typed, as the second step."""
    reader, at = request.user, clock.now()
    assert isinstance(reader, Reader)
    if request.method != "POST" or reader.is_staff:
        return _erase_page(request, reader, status=403 if request.method == "POST" else 200)
    if not _typed_own_address(request, reader):
        return _erase_page(request, reader, error=OTHER, status=422)
    if request.POST.get("promised", "") != _promise(erasing.said_before(reader, at=at)) and not erasing.is_going(reader):
        return _erase_page(request, reader, error=CHANGED, status=409)
    try:
        erasing.want_erased(reader, at=at)
    except erasing.NotYet:
        return _erase_page(request, reader, status=202)
    return left_by(request, ERASED)


@our_own_forms
@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    page = PageMeta(title="Your account is erased", kind="account", path=ERASED, noindex=True)
    return render(request, "pages/erased.html", {"page": page})


def _typed_own_address(request: HttpRequest, reader: Reader) -> bool:
    try:
        return tidy_address(request.POST.get("address", "")[:254]) == tidy_address(reader.email)
    except NoAddress:
        return False


def _promise(said: list[str]) -> str:
    return " ".join(said)


def _erase_page(request: HttpRequest, reader: Reader, *, error: str = "", status: int = 200) -> HttpResponse:
    said = erasing.said_before(reader, at=clock.now())
    context = {
        "page": PageMeta(title="Erase your account", kind="account", path=ERASE, noindex=True),
        "address": reader.email,
        "before": said,
        "promised": _promise(said),
        "kept": records.kept_for(reader),
        "staff": reader.is_staff,
        "waits": erasing.is_going(reader),
        "error": error,
    }
    return render(request, "pages/erase.html", context, status=status)
