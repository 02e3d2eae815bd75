"""A list of articles as an e-book: EPUB 3, each article in the cut that whoever asks may read at that moment.

By hand from templates, since an EPUB is a zip of XHTML: EbookLib is under the AGPL and checks nothing besides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from uuid import NAMESPACE_URL, uuid5
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from broadsheet.library.bibliography import Style, set_in
from broadsheet.library.citing import citations_of
from broadsheet.library.sight import Sight
from broadsheet.library.xhtml import xhtml
from broadsheet.newsroom.galley import Galley, without_rest
from broadsheet.newsroom.galleys import galleys_of
from broadsheet.newsroom.models import Article
from broadsheet.newsroom.typeset import house
from broadsheet.press import pages
from broadsheet.press.feeds import clean
from broadsheet.press.queries import standing

CONTENT_TYPE = "application/epub+zip"
STYLE = """body { line-height: 1.45; }
.kicker, .byline, .from, .standfirst { margin: 0 0 .6em; }
.kicker, .byline, .from { font-size: .85em; }
.standfirst { font-style: italic; }
.note, .wall { border-left: .2em solid; padding-left: .8em; margin: 1em 0; }
.notes { font-size: .9em; }
table { border-collapse: collapse; }
th, td { border: 1px solid; padding: .2em .4em; }
"""


@dataclass(frozen=True, slots=True)
class Chapter:
    """`more`: its text goes on behind the wall. `note`: of whoever made the list, where it is theirs to read."""

    name: str
    galley: Galley
    address: str
    text: SafeString
    notes: tuple[tuple[str, str, SafeString], ...]  # mark, anchor, text
    more: bool
    note: str


@dataclass(frozen=True, slots=True)
class Book:
    title: str
    note: str
    address: str  # of the list, by which the book is known
    made_at: datetime
    chapters: tuple[Chapter, ...]
    references: tuple[SafeString, ...]

    @property
    def identifier(self) -> str:
        return f"urn:uuid:{uuid5(NAMESPACE_URL, self.address)}"

    @property
    def publication(self) -> str:
        return house().name

    @property
    def modified(self) -> str:
        return f"{self.made_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"

    @property
    def on(self) -> datetime:
        return timezone.localtime(self.made_at)


def book_of(
    articles: Sequence[int],
    *,
    title: str,
    address: str,
    sight: Sight,
    at: datetime,
    note: str = "",
    notes: Mapping[int, str] | None = None,
) -> Book:
    """In the order given; what does not stand on the site is left out."""
    stand = set(standing(articles))
    rows = Article.objects.filter(pk__in=stand, dated_at__isnull=False)
    galleys = {galley.id: galley for galley in galleys_of(list(rows), at=at, shelf={})}
    kept = [galleys[pk] for pk in articles if pk in galleys]
    return Book(
        title=title,
        note=note,
        address=address,
        made_at=at,
        chapters=tuple(_chapter(galley, sight, (notes or {}).get(galley.id, "")) for galley in kept),
        # What is quoted is set by `set_in`, which escapes it.
        references=tuple(mark_safe(line) for line in set_in(Style.CHICAGO, citations_of(galley.id for galley in kept))),
    )


def _chapter(galley: Galley, sight: Sight, note: str) -> Chapter:
    full = sight.is_full(story=galley.story, audience=galley.audience)
    more = bool(galley.rest) and not full
    galley = galley if full else without_rest(galley)
    address = pages.whole(galley.path)
    marks = "".join(f'<i id="note-{foot.anchor}"></i>' for foot in galley.footnotes)  # so that marks lead to them
    text = xhtml(galley.free + galley.rest + marks, base=address).removesuffix(marks)
    return Chapter(
        name=f"article-{galley.id}",
        galley=galley,
        address=address,
        text=mark_safe(text),
        notes=tuple((foot.mark, foot.anchor, mark_safe(xhtml(foot.html, base=address))) for foot in galley.footnotes),
        more=more,
        note=note,
    )


def epub(book: Book) -> bytes:
    """Its files; the first is not compressed, so that the file says what it is at its beginning."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as zipped:
        for name, text in _files(book).items():
            entry = ZipInfo(name, date_time=(book.on.year, book.on.month, book.on.day, 0, 0, 0))
            entry.compress_type = ZIP_STORED if name == "mimetype" else ZIP_DEFLATED
            zipped.writestr(entry, clean(text))
    return packed.getvalue()


def _files(book: Book) -> dict[str, str]:
    pages_of = {
        name: render_to_string(f"epub/{name}", {"book": book}) for name in ("nav.xhtml", "title.xhtml", "references.xhtml")
    }
    return {
        "mimetype": CONTENT_TYPE,
        "META-INF/container.xml": render_to_string("epub/container.xml"),
        "book/package.opf": render_to_string("epub/package.opf", {"book": book}),
        "book/style.css": STYLE,
        **{f"book/{name}": text for name, text in pages_of.items()},
        **{
            f"book/{chapter.name}.xhtml": render_to_string("epub/article.xhtml", {"chapter": chapter, "galley": chapter.galley})
            for chapter in book.chapters
        },
    }
