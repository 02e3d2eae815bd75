"""Collections: a reader's own, and as somebody sees one who has its link.

Contexts, `page` (a PageMeta) in each:
pages/collections.html        `collections` (of each itself and how many pieces), `adding` (a Teaser, or None), `typed`, `error`
pages/collection.html         `collection`, `pieces` (OnShelf), `link` ("" where it is not shared), `styles`, `files` (name and
                              label), `said` (a sentence), `error`
pages/shared-collection.html  `title`, `teasers`, `base` (path), `styles`, `files`
pages/references.html         `title`, `style` (its label), `lines` (HTML each), `back` (a path)
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe
from slugify import slugify

from broadsheet.design.page import PageMeta
from broadsheet.kit import clock
from broadsheet.library.actions import shelves
from broadsheet.library.bibliography import Style, set_in
from broadsheet.library.citing import FILES, LABELS, citations_of
from broadsheet.library.models.shelves import Collection
from broadsheet.library.shelf import Shelved, shelved
from broadsheet.library.views.books import taken_along
from broadsheet.library.views.doors import LARGEST, NO_SUCH_ARTICLE, number, refused, shelf_door
from broadsheet.membership.limits import is_within, later
from broadsheet.membership.models import Reader
from broadsheet.membership.origin import our_own_forms
from broadsheet.membership.views.joining import see_other

PAGE = "/account/collections/"
NO_TITLE = "Give it a title."
TAKEN = "You have another collection of this title."


@dataclass(frozen=True, slots=True)
class OnShelf:
    """A piece as its owner sees it; `up` and `down` are the places to move it to, None at either end."""

    shelved: Shelved
    note: str
    up: int | None
    down: int | None


@shelf_door
def collections(request: HttpRequest, reader: Reader) -> HttpResponse:
    if request.method != "POST":
        return _collections_page(request, reader)
    try:
        made = shelves.make_collection(reader, request.POST.get("title", ""), at=clock.now())
    except shelves.NoTitle:
        return _collections_page(request, reader, error=NO_TITLE, status=422)
    except shelves.ShelfFull as full:
        return _collections_page(request, reader, error=str(full), status=409)
    if article := number(request.POST.get("add")):
        return _added(request, made, article)
    return see_other(_path(made))


@shelf_door
def add_to_collection(request: HttpRequest, reader: Reader, article: int) -> HttpResponse:
    """The link under an article: into which? It is a path, so that whoever logs in first comes back to it."""
    if article > LARGEST or request.method == "POST":
        raise Http404(article)
    return _collections_page(request, reader, adding=article)


@shelf_door
def collection(request: HttpRequest, reader: Reader, pk: int) -> HttpResponse:
    own = _own(reader, pk)
    if request.method != "POST":
        return _collection_page(request, own)
    done = next((does for name, does in DEEDS.items() if name in request.POST), None)
    return done(request, own) if done else see_other(_path(own))


@shelf_door
def cite_collection(request: HttpRequest, reader: Reader, pk: int, form: str) -> HttpResponse:
    own = _own(reader, pk)
    return _cited(request, own, form, back=_path(own))


@shelf_door
def collection_along(request: HttpRequest, reader: Reader, pk: int) -> HttpResponse:
    """With its owner's notes."""
    own = _own(reader, pk)
    notes = {piece.article_id: piece.note for piece in own.pieces.all()}
    return taken_along(request, list(notes), title=own.title, path=_path(own), note=own.note, notes=notes)


@our_own_forms
@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """The same for whoever has the link: what each may read of it, the articles' own pages find out."""
    found = _shared(token)
    context = {
        "page": PageMeta(title=found.title, kind="listing", noindex=True),
        "title": found.title,
        "teasers": [one.teaser for one in shelved(_articles(found)) if one.teaser],
        "base": f"/collections/{token}/",
        "styles": _styles(),
        "files": _files(),
    }
    return _closed(render(request, "pages/shared-collection.html", context))


@our_own_forms
@require_safe
def cite_shared(request: HttpRequest, token: str, form: str) -> HttpResponse:
    return _closed(_cited(request, _shared(token), form, back=f"/collections/{token}/"))


@our_own_forms
@require_safe
def shared_along(request: HttpRequest, token: str) -> HttpResponse:
    found = _shared(token)
    return _closed(taken_along(request, _articles(found), title=found.title, path=f"/collections/{token}/"))


# What is done to one


def _add(request: HttpRequest, own: Collection) -> HttpResponse:
    return _added(request, own, number(request.POST["add"]))


def _added(request: HttpRequest, own: Collection, article: int) -> HttpResponse:
    try:
        shelves.add_piece(own, article, at=clock.now())
    except shelves.NotOnTheSite:
        return refused(request, NO_SUCH_ARTICLE, back=_path(own), status=404)
    except shelves.ShelfFull as full:
        return refused(request, str(full), back=_path(own), status=409)
    return see_other(f"{_path(own)}?added={article}")


def _remove(request: HttpRequest, own: Collection) -> HttpResponse:
    shelves.remove_piece(own, number(request.POST["remove"]))
    return see_other(_path(own))


def _move(request: HttpRequest, own: Collection) -> HttpResponse:
    """The button says which article moves to which place."""
    article, _, place = request.POST["move"].partition(" ")
    shelves.move_piece(own, number(article), to=number(place))
    return see_other(f"{_path(own)}#piece-{number(article)}")


def _note(request: HttpRequest, own: Collection) -> HttpResponse:
    article = number(request.POST["note-on"])
    shelves.note_piece(own, article, note=request.POST.get("note", ""))
    return see_other(f"{_path(own)}#piece-{article}")


def _describe(request: HttpRequest, own: Collection) -> HttpResponse:
    try:
        shelves.describe(own, title=request.POST["title"], note=request.POST.get("about", ""))
    except shelves.NoTitle:
        return _collection_page(request, own, error=NO_TITLE, status=422)
    except shelves.TitleTaken:
        return _collection_page(request, own, error=TAKEN, status=409)
    return see_other(_path(own))


def _share(request: HttpRequest, own: Collection) -> HttpResponse:
    shelves.share(own, at=clock.now())
    return see_other(f"{_path(own)}#share")


def _unshare(request: HttpRequest, own: Collection) -> HttpResponse:
    shelves.unshare(own)
    return see_other(f"{_path(own)}#share")


def _drop(request: HttpRequest, own: Collection) -> HttpResponse:
    shelves.remove_collection(own)
    return see_other(PAGE)


DEEDS: dict[str, Callable[[HttpRequest, Collection], HttpResponse]] = {
    "add": _add,
    "remove": _remove,
    "move": _move,
    "note-on": _note,
    "title": _describe,
    "share": _share,
    "unshare": _unshare,
    "drop": _drop,
}


# Pages


def _collections_page(
    request: HttpRequest, reader: Reader, *, adding: int = 0, error: str = "", status: int = 200
) -> HttpResponse:
    adding = adding or number(request.POST.get("add"))
    theirs = reader.collections.annotate(count=Count("pieces")).order_by("title", "pk")
    context = {
        "page": PageMeta(title="Your collections", kind="account", path=PAGE, noindex=True),
        "collections": theirs,
        "adding": shelved([adding])[0].teaser if adding else None,
        "typed": request.POST.get("title", "")[: shelves.MOST_TITLE],
        "error": error,
    }
    return render(request, "pages/collections.html", context, status=status)


def _collection_page(request: HttpRequest, own: Collection, *, error: str = "", status: int = 200) -> HttpResponse:
    context = {
        "page": PageMeta(title=own.title, kind="account", path=_path(own), noindex=True),
        "collection": own,
        "pieces": _on_shelf(own),
        "added": number(request.GET.get("added")),
        "link": f"{settings.BASE_URL}/collections/{own.token}/" if own.token else "",
        "styles": _styles(),
        "files": _files(),
        "error": error,
    }
    return render(request, "pages/collection.html", context, status=status)


def _on_shelf(own: Collection) -> list[OnShelf]:
    pieces = list(own.pieces.all())
    last = len(pieces) - 1
    return [
        OnShelf(one, piece.note, up=place - 1 if place else None, down=place + 1 if place < last else None)
        for place, (piece, one) in enumerate(zip(pieces, shelved(piece.article_id for piece in pieces), strict=True))
    ]


def _cited(request: HttpRequest, found: Collection, form: str, *, back: str) -> HttpResponse:
    """A page to copy from, or a file. It takes a second or two where there are hundreds, so not more often than somebody asks."""
    if not is_within(request, "cite"):
        return later(request, action="cite")
    citations = citations_of(_articles(found))
    if form in FILES:
        response = HttpResponse(FILES[form].write(citations), content_type=FILES[form].content_type)
        name = slugify(found.title, max_length=60) or "collection"
        response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
        return response
    if form not in LABELS:
        raise Http404(form)
    style = Style(form)
    context = {
        "page": PageMeta(title=f"{found.title}: {LABELS[style]}", kind="account", noindex=True),
        "title": found.title,
        "style": LABELS[style],
        "lines": _marked(set_in(style, citations)),
        "back": back,
    }
    return render(request, "pages/references.html", context)


def _marked(lines: list[str]) -> list[SafeString]:
    """`set_in` escapes what it sets."""
    return [mark_safe(line) for line in lines]


def _articles(found: Collection) -> list[int]:
    return list(found.pieces.values_list("article_id", flat=True))


def _own(reader: Reader, pk: int) -> Collection:
    if pk > LARGEST:
        raise Http404(pk)
    return get_object_or_404(Collection.objects.select_related("reader"), reader=reader, pk=pk)


def _shared(token: str) -> Collection:
    """Of a reader who may still log in."""
    if not token.isascii() or not token.isprintable() or len(token) > 40:
        raise Http404(token)
    return get_object_or_404(Collection, token=token, reader__is_active=True)


def _closed(response: HttpResponse) -> HttpResponse:
    """No search engine and no other site hears of its address."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _path(own: Collection) -> str:
    return f"{PAGE}{own.pk}/"


def _styles() -> list[tuple[str, str]]:
    return [(style.value, label) for style, label in LABELS.items()]


def _files() -> list[tuple[str, str]]:
    return [(file.name, file.label) for file in FILES.values()]
