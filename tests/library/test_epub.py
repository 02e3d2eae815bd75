"""A list of articles as an e-book, in the cut of whoever takes it along."""

import io
import re
from datetime import timedelta
from xml.etree import ElementTree
from zipfile import ZIP_STORED, ZipFile

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.gate.app import WHO
from broadsheet.gate.visitor import Visitor
from broadsheet.library.actions import shelves
from broadsheet.library.sight import EVERYTHING
from broadsheet.library.xhtml import xhtml
from broadsheet.newsroom.actions import take_back
from broadsheet.press.actions import press
from tests import cast, make

BASE = "https://review.example/notes/a-dam/"
ENTITLED = {WHO: lambda environ: Visitor(standing=EVERYTHING.standing)}
FREE = f'<p>{make.PARAGRAPH * 4} See <a href="/notes/a-weir/?a=1&amp;b=2">the weir</a>.</p>'


@pytest.fixture(autouse=True)
def noon(at):
    with time_machine.travel(at, tick=False) as clock:
        yield clock


@pytest.fixture
def collection(at, db):
    """Two articles, the second first, on the second a note."""
    reader = cast.fay(at)
    made = shelves.make_collection(reader, "Water & war <1>", at=at)
    for number, headline in enumerate(("The dam", "The river")):
        article = make.article(
            headline=headline,
            audience="members",
            body=[FREE, make.PARAGRAPH, f"Quillwort {number}."],
            at=at - timedelta(days=number),
        )
        press(article.pk, at=at)
        shelves.add_piece(made, article.pk, at=at)
    shelves.move_piece(made, article.pk, to=0)
    shelves.note_piece(made, article.pk, note="Ask the engineer.")
    shelves.share(made, at=at)
    made.refresh_from_db()
    return made


@pytest.fixture
def owner(collection):
    return cast.log_in(collection.reader)


def taken(browser, path, **environ):
    answer = browser.get(path, **environ)
    assert answer.status_code == 200
    return ZipFile(io.BytesIO(answer.content))


def text_of(book):
    """Every file of it reads as XML."""
    names = [name for name in book.namelist() if name.endswith((".xhtml", ".opf", ".xml"))]
    for name in names:
        ElementTree.fromstring(book.read(name))
    return "".join(book.read(name).decode() for name in names)


def test_a_collection_is_an_e_book_in_its_order(owner, collection):
    book = taken(owner, f"/account/collections/{collection.pk}/epub/")
    first = book.infolist()[0]
    contents = re.findall(r"article-\d+", book.read("book/nav.xhtml").decode())

    assert (first.filename, first.compress_type, book.read("mimetype")) == ("mimetype", ZIP_STORED, b"application/epub+zip")
    assert contents == [f"article-{piece.article_id}" for piece in collection.pieces.all()]
    assert "Water &amp; war &lt;1&gt;" in book.read("book/title.xhtml").decode()
    assert "How to cite" in text_of(book)
    assert 'href="http://testserver/notes/a-weir/?a=1&amp;b=2"' in text_of(book)


def test_each_article_is_there_as_its_reader_may_read_it_at_that_moment(owner, collection):
    path = f"/account/collections/{collection.pk}/epub/"

    assert "Quillwort" not in text_of(taken(owner, path))
    assert "goes on for subscribers" in text_of(taken(owner, path))

    subscribed = text_of(taken(owner, path, **ENTITLED))
    assert ("Quillwort 0" in subscribed, "Quillwort 1" in subscribed, "goes on" in subscribed) == (True, True, False)


def test_notes_are_their_owner_s(owner, collection):
    assert "Ask the engineer." in text_of(taken(owner, f"/account/collections/{collection.pk}/epub/"))
    assert "Ask the engineer." not in text_of(taken(cast.vera(), f"/collections/{collection.token}/epub/"))


def test_nobody_takes_another_s_list_along(collection, at):
    assert cast.log_in(cast.sada(at)).get(f"/account/collections/{collection.pk}/epub/").status_code == 404
    assert cast.vera().get(f"/account/collections/{collection.pk}/epub/").status_code == 303
    assert cast.vera().get("/collections/guessed/epub/").status_code == 404


def test_what_was_taken_back_is_in_no_e_book(owner, collection, at):
    for piece in collection.pieces.all():
        take_back(piece.article, by=None, at=at)
        press(piece.article_id, at=at)
    text = text_of(taken(owner, f"/account/collections/{collection.pk}/epub/"))

    assert "The dam" not in text


def test_the_reading_list_is_one_too_and_is_kept_by_nobody_on_the_way(owner, collection, at):
    for piece in collection.pieces.all():
        shelves.put_aside(collection.reader, piece.article_id, at=at)
    answer = owner.get("/account/reading-list/epub/")

    assert "The river" in text_of(ZipFile(io.BytesIO(answer.content)))
    assert set(answer["Cache-Control"].split(", ")) == {"private", "no-store"}


def test_not_more_often_than_somebody_reads_a_list(collection):
    answers = [cast.vera().get(f"/collections/{collection.token}/epub/").status_code for _ in range(7)]

    assert answers == [200] * 6 + [429]


# What is written in it


@pytest.mark.parametrize(
    ("html", "written"),
    [
        ("<p>a &amp; b<br>c</p>", "<p>a &amp; b<br/>c</p>"),
        ('<p><a href="#note-1">1</a></p><i id="note-1"></i>', '<p><a href="#note-1">1</a></p><i id="note-1"></i>'),
        ('<a href="#nowhere">x</a>', "<a>x</a>"),
        ('<a href="javascript:x()">x</a>', "<a>x</a>"),
        ('<a href="../a-weir/">x</a>', '<a href="https://review.example/notes/a-weir/">x</a>'),
        ('<figure><img src="/media/x.jpg" alt="A &quot;dam&quot;"><figcaption>Old</figcaption></figure>', None),
        ("<div onclick=x()><script>x()</script><svg><title>t</title></svg>text</div>", "text"),
    ],
)
def test_html_becomes_what_an_e_book_may_carry(html, written):
    expected = written or '<figure><span>[A "dam"]</span><figcaption>Old</figcaption></figure>'

    assert xhtml(html, base=BASE) == expected


@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<table>", "<td>", "<b", ">", "&", "&nbsp;", '"', "<a href='", "'", "x<", "<br/>", "<li>"]
        )
    )
)
def test_whatever_is_printed_reads_as_xml(parts):
    ElementTree.fromstring(f"<div>{xhtml(''.join(parts), base=BASE)}</div>")
