"""The door to files under /media/: a file goes to whoever may read a page that shows it, else to the desk."""

from posixpath import normpath

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils._os import safe_join
from django.views.decorators.http import require_safe

from broadsheet.access.terms import Audience, Cut
from broadsheet.config.stored import stored
from broadsheet.gate.app import DECIDE
from broadsheet.membership.middleware import gave_second_factor
from broadsheet.membership.models import Reader
from broadsheet.newsroom.pictures import shown_as
from broadsheet.press.queries import FileShown, articles_showing, is_on_open_page


@require_safe
def media(request: HttpRequest, name: str) -> HttpResponseBase:
    path = f"{settings.MEDIA_URL}{name}"
    there = shown_as(path)
    shown = [each for one in there for each in articles_showing(one)]
    free = any(map(is_on_open_page, there)) or any(each.free or each.audience == Audience.OPEN for each in shown)
    if not free and not any(_may_read(request, each) for each in shown) and not _at_the_desk(request):
        raise Http404(name)
    answer = stored(request, safe_join(settings.MEDIA_ROOT, normpath(name).lstrip("/")))
    # Even a free file may be shut tomorrow, so whoever keeps it asks again.
    answer["Cache-Control"] = "public, no-cache" if free else "private, no-store"
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _may_read(request: HttpRequest, shown: FileShown) -> bool:
    """As the gate decides for this very request; a request that came past no gate has no right."""
    decide_for = request.META.get(DECIDE)
    return decide_for is not None and decide_for(request.META, shown.story, Audience(shown.audience)).cut is Cut.FULL


def _at_the_desk(request: HttpRequest) -> bool:
    """As for the desk itself: the right to enter it, and the second factor given."""
    reader = request.user
    return isinstance(reader, Reader) and reader.has_perm("wagtailadmin.access_admin") and gave_second_factor(request, reader)
