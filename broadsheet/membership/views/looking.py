"""Staff look as a reader: begun on the desk, ended by the button that stands on every page meanwhile."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from broadsheet.kit import clock
from broadsheet.membership import looking, papers
from broadsheet.membership.models import Reader
from broadsheet.membership.origin import our_own_forms
from broadsheet.membership.views.joining import see_other

FROM = "readers_page"  # where the button stands


@require_POST
def begin_look(request: HttpRequest, reader_id: int) -> HttpResponse:
    """On the desk, so with the desk's own guard against foreign forms, and its second factor."""
    if not request.user.has_perm("membership.look_as_reader"):
        raise PermissionDenied
    reader = get_object_or_404(Reader, pk=reader_id)
    try:
        looking.begin_look(request, reader, at=clock.now())
    except looking.NotToBeLookedAs:
        messages.error(request, "Nobody looks as a colleague, or as an account that is closed.")
        return redirect(FROM, reader_id)
    response = see_other("/account/")
    papers.hand_over(response, (*papers.taken_back(), looking.banner(reader)))
    return response


@our_own_forms
@require_http_methods(["GET", "HEAD", "POST"])
def end_look(request: HttpRequest) -> HttpResponse:
    """GET only leads to the account, so that no picture of another page ends anything."""
    if request.method != "POST":
        return see_other("/account/")
    reader_id = request.user.pk
    was_look = looking.end_look(request, at=clock.now())
    response = redirect(FROM, reader_id) if was_look and reader_id else see_other("/account/")
    if was_look:
        papers.hand_over(response, papers.taken_back())
    return response
