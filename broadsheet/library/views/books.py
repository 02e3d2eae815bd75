"""A list of articles as a file to take along, in the cut of whoever asks."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from slugify import slugify

from broadsheet.kit import clock
from broadsheet.library.epub import CONTENT_TYPE, book_of, epub
from broadsheet.library.views.search import sight_of
from broadsheet.membership.limits import is_within, later


def taken_along(
    request: HttpRequest,
    articles: Sequence[int],
    *,
    title: str,
    path: str,
    note: str = "",
    notes: Mapping[int, str] | None = None,
) -> HttpResponse:
    """As EPUB. Hundreds of articles take seconds, so not more often than somebody reads a list."""
    if not is_within(request, "epub"):
        return later(request, action="epub")
    address = f"{settings.BASE_URL}{path}"
    book = book_of(articles, title=title, address=address, sight=sight_of(request), at=clock.now(), note=note, notes=notes)
    response = HttpResponse(epub(book), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{slugify(title, max_length=60) or "collection"}.epub"'
    patch_cache_control(response, private=True, no_store=True)
    return response
