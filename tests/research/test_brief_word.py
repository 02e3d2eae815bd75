"""A brief as a Word document: opened again, it has the sentences, a footnote to each, and the ways to their passages."""

from io import BytesIO
from types import SimpleNamespace
from urllib.parse import quote_plus
from zipfile import ZipFile

import docx
import pytest
import time_machine
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from broadsheet.access.terms import Meter, Standing
from broadsheet.gate.app import WHO
from broadsheet.library.catching_up import catch_up
from broadsheet.press.actions import press
from broadsheet.research.models import Tally
from tests import cast, make

pytestmark = [pytest.mark.django_db]

FREE = "Kenya opened its first grain exchange in the port of Mombasa in May 1998, after two dry years."
PAID = "The grain exchange of Kenya handles nine million tonnes of maize each year, according to its quillwort ledger."
ASKED = "When did Kenya open its grain exchange?"
DEEPER = "How many tonnes of maize does the grain exchange of Kenya handle?"
SUBSCRIBER = SimpleNamespace(standing=Standing(registered=True, entitled=True), meter=Meter())


@pytest.fixture(autouse=True)
def library(settings, tmp_path, at):
    settings.STATE = tmp_path
    body = [FREE, make.PARAGRAPH, make.PARAGRAPH, make.PARAGRAPH, PAID]
    told = make.article(headline="The grain exchange", at=at, audience="members", body=body, countries=[make.country()])
    press(told.pk, at=at)
    catch_up()
    with time_machine.travel(at, tick=False):
        yield told


def exported(browser, typed=ASKED, *, who=None):
    seen = {WHO: lambda meta: who} if who else {}
    return browser.get(f"/research/brief.docx?q={quote_plus(typed)}", **seen)


def opened(response):
    return docx.Document(BytesIO(b"".join(response)))


def notes_in(document):
    """Text and links of each footnote, by its number; of the lines above notes there are none."""
    part = document.part.part_related_by(RELATIONSHIP_TYPE.FOOTNOTES)
    found = {}
    for note in parse_xml(part.blob):
        if note.get(qn("w:type")) is None:
            links = [part.rels[link.get(qn("r:id"))].target_ref for link in note.iter(qn("w:hyperlink"))]
            found[note.get(qn("w:id"))] = ("".join(text.text for text in note.iter(qn("w:t"))), links)
    return found


def marks_in(paragraph):
    return [mark.get(qn("w:id")) for mark in paragraph._p.iter(qn("w:footnoteReference"))]


def everything_in(response):
    with ZipFile(BytesIO(b"".join(response))) as file:
        return b"\n".join(file.read(name) for name in file.namelist()).decode("utf-8", "replace")


def test_each_sentence_has_a_footnote_that_leads_to_its_passage():
    document = opened(exported(cast.vera()))
    said = next(one for one in document.paragraphs if FREE in one.text)
    (number,) = marks_in(said)
    text, links = notes_in(document)[number]

    assert said.text == f"“{FREE}” (as of March 2026)"
    assert "“The grain exchange”" in text
    assert "2 March 2026" in text
    assert len(links) == 1
    assert "/briefings/the-grain-exchange/#:~:text=Kenya%20opened%20its%20first%20grain," in links[0]


def test_no_sentence_is_without_its_note_and_no_note_without_its_sentence(at):
    document = opened(exported(cast.log_in(cast.sada(at)), DEEPER, who=SUBSCRIBER))
    quoted = [one for one in document.paragraphs if one.text.startswith("“")]
    marks = [mark for one in quoted for mark in marks_in(one)]

    assert len(quoted) == len(marks) > 0
    assert sorted(marks) == sorted(notes_in(document))


def test_it_is_called_by_its_question_and_says_where_it_is_from(settings):
    response = exported(cast.vera())
    document = opened(response)

    assert response["Content-Disposition"] == 'attachment; filename="when-did-kenya-open-its-grain-exchange.docx"'
    assert response["Cache-Control"] == "private, no-store"
    assert [one.text for one in document.paragraphs[:2]] == [
        ASKED,
        f"From the library of {settings.PUBLICATION_NAME}, 2 March 2026. Every sentence is a quotation.",
    ]
    assert (document.core_properties.title, document.core_properties.author) == (ASKED, settings.PUBLICATION_NAME)


def test_whoever_takes_it_along_gets_what_they_may_read_at_that_moment(at):
    """The same address a subscriber's and a stranger's: nothing is kept of the one for the other."""
    assert PAID in everything_in(exported(cast.log_in(cast.sada(at)), DEEPER, who=SUBSCRIBER))
    assert "quillwort" not in everything_in(exported(cast.vera(), DEEPER))


def test_what_was_asked_today_is_no_other_question():
    vera = cast.vera()
    vera.get(f"/research/?q={quote_plus(ASKED)}")
    exported(vera)

    assert len(Tally.objects.get().asked) == 1


def test_what_the_library_does_not_answer_is_said_and_has_no_notes():
    document = opened(exported(cast.vera(), "Who won the curling championship of Peru in 1985?"))

    assert "The library does not answer this." in document.paragraphs[1].text
    assert notes_in(document) == {}


@pytest.mark.parametrize(
    "typed", ["What of <w:p/> & ]]> in Kenya?", "\u0007Kenya\u0000\ufffe grain exchange", '"Kenya\'s" {grain} \\exchange']
)
def test_nothing_in_a_question_is_markup(typed):
    document = opened(exported(cast.vera(), typed))

    assert document.paragraphs[0].style.name == "Heading 1"
    assert "Kenya" in document.paragraphs[0].text


def test_it_fetches_nothing():
    response = exported(cast.vera())
    with ZipFile(BytesIO(b"".join(response))) as file:
        relations = "".join(file.read(name).decode() for name in file.namelist() if name.endswith(".rels"))

    outward = [one for one in relations.split("<Relationship ") if 'TargetMode="External"' in one]
    assert outward
    assert all("/hyperlink" in one for one in outward)
