"""A brief as a Word document. python-docx writes no footnotes: their part is laid beside its own. Nothing is fetched."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from types import MappingProxyType

import docx
from django.conf import settings
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import CharacterStyle, ParagraphStyle
from docx.text.paragraph import Paragraph

from broadsheet.research.brief_files import colophon, note, said, sections, whole
from broadsheet.research.showing import Sentence, Shown

FACE = "Georgia"
INK, FAINT = RGBColor(0x1D, 0x1B, 0x18), RGBColor(0x5C, 0x57, 0x4F)
NOTE, NUMBER = "footnote text", "footnote reference"  # as Word itself names them
RULES = (("separator", -1), ("continuationSeparator", 0))  # the lines above notes, which have numbers too
THEMES = ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme")  # whose faces would come before ours
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def word(shown: Shown, *, at: datetime) -> bytes:
    document = docx.Document()
    _set_up(document)
    _name(document, shown, at=at)
    notes = _Notes(document)
    document.add_heading(_plain(shown.posed.text), level=1)
    document.add_paragraph(_plain(colophon(shown, at=at))).runs[0].font.color.rgb = FAINT
    for heading, sentences in sections(shown):
        if heading:
            document.add_heading(heading, level=2)
        for one in sentences:
            _say(document, one, notes)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _say(document: Document, one: Sentence, notes: "_Notes") -> None:
    paragraph = document.add_paragraph(_plain(said(one)))
    paragraph.add_run(f" ({one.as_of})").font.color.rgb = FAINT
    notes.add(paragraph, one)


class _Notes:
    """The footnotes of a document, each at the foot of the page on which its sentence stands."""

    def __init__(self, document: Document) -> None:
        self._element = parse_xml(f"<w:footnotes {nsdecls('w', 'r')}/>")
        for kind, number in RULES:
            self._element.append(
                _element("w:footnote", {"w:type": kind, "w:id": number}, _paragraph(_run(_element(f"w:{kind}"))))
            )
        uri = PackURI("/word/footnotes.xml")
        self._part = XmlPart(uri, CONTENT_TYPE.WML_FOOTNOTES, self._element, document.part.package)
        document.part.relate_to(self._part, RELATIONSHIP_TYPE.FOOTNOTES)
        self._style = document.styles[NOTE].style_id
        self._number_style = document.styles[NUMBER].style_id

    def add(self, paragraph: Paragraph, one: Sentence) -> None:
        """The same sentence twice has a note in both places: Word numbers them as they come."""
        number = len(self._element) - len(RULES) + 1
        mark = _element("w:footnoteReference", {"w:id": number})
        run = paragraph.add_run(style=NUMBER)
        run._r.append(mark)
        self._element.append(_element("w:footnote", {"w:id": number}, self._note(one)))

    def _note(self, one: Sentence) -> BaseOxmlElement:
        """Its own number, the note, and the way to the passage."""
        set_in = _element("w:pPr", {}, _element("w:pStyle", {"w:val": self._style}))
        number = _run(_element("w:footnoteRef"), look=_element("w:rStyle", {"w:val": self._number_style}))
        leads_to = self._part.relate_to(whole(one.path), RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        words = _run(_text("Read it there"), look=_element("w:u", {"w:val": "single"}))
        link = _element("w:hyperlink", {"r:id": leads_to, "w:history": 1}, words)
        return _paragraph(set_in, number, _run(_text(f" {note(one)} ")), link)


# How it looks


def _set_up(document: Document) -> None:
    """A4, in the measure of a page that is read."""
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(3)
    page.top_margin, page.bottom_margin = Cm(2.6), Cm(2.6)
    for name, size, before, after in (("Normal", 11, 0, 9), ("Heading 1", 20, 0, 6), ("Heading 2", 13, 18, 8)):
        _set_style(document, name, size=size, before=before, after=after)
    styles = document.styles
    number = styles.add_style(NUMBER, WD_STYLE_TYPE.CHARACTER, builtin=True)
    assert isinstance(number, CharacterStyle)
    number.font.superscript = True
    styles.add_style(NOTE, WD_STYLE_TYPE.PARAGRAPH, builtin=True)
    _set_style(document, NOTE, size=9, before=0, after=3)
    rules = [_element("w:footnote", {"w:id": of}) for _, of in RULES]
    compatible = document.settings.element.find(qn("w:compat"))
    assert compatible is not None
    compatible.addprevious(_element("w:footnotePr", {}, *rules))
    foot = page.footer.paragraphs[0]
    foot.add_run(_plain(settings.PUBLICATION_NAME)).font.color.rgb = FAINT


def _set_style(document: Document, name: str, *, size: int, before: int, after: int) -> None:
    style = document.styles[name]
    assert isinstance(style, ParagraphStyle)
    style.font.name, style.font.size, style.font.color.rgb = FACE, Pt(size), INK
    for fonts in style.element.iter(qn("w:rFonts")):
        for script in THEMES:
            fonts.attrib.pop(qn(script), None)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)


def _name(document: Document, shown: Shown, *, at: datetime) -> None:
    about = document.core_properties
    about.title, about.author, about.comments = _plain(shown.posed.text)[:255], settings.PUBLICATION_NAME, ""
    about.language = settings.LANGUAGE_CODE
    about.created = about.modified = at.astimezone(UTC).replace(tzinfo=None)


# Its elements


def _element(name: str, attributes: Mapping[str, str | int] = MappingProxyType({}), *inside: BaseOxmlElement) -> BaseOxmlElement:
    made: BaseOxmlElement = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(key), str(value))
    for each in inside:
        made.append(each)
    return made


def _run(content: BaseOxmlElement, *, look: BaseOxmlElement | None = None) -> BaseOxmlElement:
    looks = [] if look is None else [_element("w:rPr", {}, look)]
    return _element("w:r", {}, *looks, content)


def _text(text: str) -> BaseOxmlElement:
    made = _element("w:t", {"xml:space": "preserve"})
    made.text = _plain(text)
    return made


def _paragraph(*inside: BaseOxmlElement) -> BaseOxmlElement:
    return _element("w:p", {}, *inside)


def _plain(text: str) -> str:
    """What XML can say of it."""
    return _NOT_IN_XML.sub("", text)
