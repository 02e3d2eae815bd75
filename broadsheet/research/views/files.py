"""A brief to take along: with footnotes, as Markdown, PDF or a Word document; and the articles that it quotes, as citations."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.text import Truncator
from django.views.decorators.http import require_safe
from slugify import slugify

from broadsheet.design.page import PageMeta
from broadsheet.kit import clock
from broadsheet.library.bibliography import Style, set_in
from broadsheet.library.citing import FILES, LABELS, citations_of
from broadsheet.membership.limits import is_within, later
from broadsheet.research import brief_files
from broadsheet.research.brief_word import word
from broadsheet.research.posed import Posed
from broadsheet.research.showing import Shown
from broadsheet.research.views.doors import CannotAnswer, asks_at_once, briefed, closed, posed_by

ACTION = "cite"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
def as_markdown(request: HttpRequest) -> HttpResponse:
    return _file(
        request, "md", "text/markdown; charset=utf-8", lambda shown: brief_files.markdown(shown, at=clock.now()).encode()
    )


@require_safe
def as_pdf(request: HttpRequest) -> HttpResponse:
    return _file(request, "pdf", "application/pdf", lambda shown: brief_files.pdf(shown, at=clock.now()))


@require_safe
def as_word(request: HttpRequest) -> HttpResponse:
    return _file(request, "docx", WORD, lambda shown: word(shown, at=clock.now()))


@require_safe
def references(request: HttpRequest, form: str) -> HttpResponse:
    """A page to copy from, or a file."""
    if form in FILES:
        file = FILES[form]
        return _file(request, form, file.content_type, lambda shown: file.write(citations_of(_quoted(shown))).encode())
    if form not in LABELS:
        raise Http404(form)
    posed = posed_by(request)
    return _taken(request, posed, lambda shown: _lines(request, posed, shown, Style(form)))


def _lines(request: HttpRequest, posed: Posed, shown: Shown, style: Style) -> HttpResponse:
    """`set_in` escapes what it sets."""
    title = Truncator(posed.text).chars(80)
    context = {
        "page": PageMeta(title=f"{title}: {LABELS[style]}", kind="account", noindex=True),
        "title": title,
        "style": LABELS[style],
        "lines": [mark_safe(line) for line in set_in(style, citations_of(_quoted(shown)))],
        "back": posed.address,
    }
    return render(request, "pages/references.html", context)


def _file(request: HttpRequest, ending: str, content_type: str, write: Callable[[Shown], bytes]) -> HttpResponse:
    posed = posed_by(request)

    def filed(shown: Shown) -> HttpResponse:
        response = HttpResponse(write(shown), content_type=content_type)
        name = slugify(posed.text, max_length=60) or "brief"
        response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
        return response

    return _taken(request, posed, filed)


def _taken(request: HttpRequest, posed: Posed, answer: Callable[[Shown], HttpResponse]) -> HttpResponse:
    """The brief is composed anew, in the sight of whoever asks; asked for today already, it counts no further."""
    if not posed.text or not asks_at_once(request):
        raise Http404(request.path)
    if not is_within(request, ACTION):
        return later(request, action=ACTION)
    try:
        return closed(answer(briefed(request, posed)))
    except CannotAnswer as trouble:
        page = PageMeta(title="Not now", kind="account", noindex=True)
        context = {"page": page, "says": str(trouble), "back": posed.address, "stranger": False, "again": ""}
        return closed(render(request, "pages/shelf-refused.html", context, status=trouble.status))


def _quoted(shown: Shown) -> list[int]:
    return list(dict.fromkeys(sentence.article for sentence in shown.sentences))
