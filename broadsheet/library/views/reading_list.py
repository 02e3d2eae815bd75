"""The reading list: the door behind "Read later" under an article, and the list itself.

Context of pages/reading-list.html, `page` (a PageMeta) besides: `waiting`, `done` (Shelved each), `fresh` (the Teaser of the one
just put there, or None), `older` (there are more than are shown). Of pages/put-aside.html: `article` (a number), `teaser`
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from broadsheet.design.page import PageMeta
from broadsheet.kit import clock
from broadsheet.library.actions import shelves
from broadsheet.library.shelf import shelved
from broadsheet.library.views.books import taken_along
from broadsheet.library.views.doors import LARGEST, NO_SUCH_ARTICLE, number, refused, shelf_door
from broadsheet.membership.models import Reader
from broadsheet.membership.views.joining import see_other

PAGE = "/account/reading-list/"
MOST_DONE = 50


@shelf_door
def reading_list(request: HttpRequest, reader: Reader) -> HttpResponse:
    if request.method != "POST":
        return _page(request, reader)
    if "later" in request.POST:
        return _put_aside(request, reader)
    if remove := number(request.POST.get("remove")):
        shelves.take_off(reader, remove)
    if read := number(request.POST.get("read")):
        shelves.mark_read(reader, read, at=clock.now())
    if unread := number(request.POST.get("unread")):
        shelves.mark_unread(reader, unread)
    return see_other(PAGE)


@shelf_door
def reading_list_along(request: HttpRequest, reader: Reader) -> HttpResponse:
    """What waits to be read."""
    return taken_along(request, _ids(reader, read=False), title="To read later", path=PAGE)


@shelf_door
def before_putting_aside(request: HttpRequest, reader: Reader, article: int) -> HttpResponse:
    """The button under an article on a page of its own, for whoever had to log in after pressing it."""
    teaser = shelved([article])[0].teaser if article <= LARGEST and request.method != "POST" else None
    if teaser is None:
        return refused(request, NO_SUCH_ARTICLE, status=404)
    page = PageMeta(title="Read later", kind="account", noindex=True)
    return render(request, "pages/put-aside.html", {"page": page, "article": article, "teaser": teaser})


def _put_aside(request: HttpRequest, reader: Reader) -> HttpResponse:
    article = number(request.POST["later"])
    try:
        shelves.put_aside(reader, article, at=clock.now())
    except shelves.NotOnTheSite:
        return refused(request, NO_SUCH_ARTICLE, status=404)
    except shelves.ShelfFull as full:
        return refused(request, str(full), back=PAGE, status=409)
    return see_other(f"{PAGE}?put={article}")


def _page(request: HttpRequest, reader: Reader) -> HttpResponse:
    waiting = shelved(_ids(reader, read=False))
    fresh = number(request.GET.get("put"))
    context = {
        "page": PageMeta(title="To read later", kind="account", path=PAGE, noindex=True),
        "waiting": waiting,
        "done": shelved(_ids(reader, read=True)[:MOST_DONE]),
        "fresh": next((one.teaser for one in waiting if one.article == fresh), None),
    }
    return render(request, "pages/reading-list.html", context)


def _ids(reader: Reader, *, read: bool) -> list[int]:
    """What was put there last stands first."""
    rows = reader.put_aside.filter(read_at__isnull=not read).order_by("-read_at" if read else "-put_at", "-pk")
    return list(rows.values_list("article_id", flat=True))
