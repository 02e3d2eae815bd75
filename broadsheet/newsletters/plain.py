"""An edition as plain text, set for a screen of 72 characters: whoever reads mail without HTML reads the same. Pure."""

from collections.abc import Iterable, Iterator
from textwrap import TextWrapper

from django.utils.formats import date_format
from selectolax.lexbor import LexborHTMLParser, LexborNode

from broadsheet.design.templatetags.design import quoted
from broadsheet.newsletters import places
from broadsheet.newsletters.composed import Composed, Line, Part
from broadsheet.newsletters.reprint import Block, Kind
from broadsheet.newsletters.story import Story
from broadsheet.newsroom.galley import Picture
from broadsheet.newsroom.metadata import House

WIDTH = 72
INDENTS = {Kind.QUOTATION: "  | ", Kind.PULL: "    "}
UNDER = {Kind.HEADING: "-", Kind.SUBHEADING: "~", Kind.QUESTION: ""}


def plain(composed: Composed, story: Story | None, *, house: House, imprint: str) -> str:
    parts = [
        _masthead(composed, house),
        *("\n".join(map(_set, paragraph.split("\n"))) for paragraph in composed.note),
        *(_story(story, house) if story else ()),
        *(text for part in composed.parts for text in _part(part)),
        _foot(composed, house, imprint),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _masthead(composed: Composed, house: House) -> str:
    day = date_format(composed.goes_on, "l, j F Y")
    return f"{_headed(f'{house.name}: {composed.newsletter}', under='=')}\n{day}\n\nOn the web:\n{places.WEB}"


def _foot(composed: Composed, house: House, imprint: str) -> str:
    return (
        f"-- \n{places.REASON}\nIt goes to {places.ADDRESS}.\n\n"
        f"Choose your newsletters:\n{places.PREFERENCES}\n\nGet {composed.newsletter} no more:\n{places.LEAVE}\n\n"
        f"{_set(imprint or house.name)}\n{house.url}/\nImprint: {house.url}/imprint/\nPrivacy: {house.url}/privacy/"
    )


# Lines and their headings


def _part(part: Part) -> Iterator[str]:
    if part.title:
        yield f"\n{_headed(part.title, under='=')}"
    yield from map(_line, part.lines)


def _line(line: Line) -> str:
    return "\n".join(filter(None, [_set(line.headline), _set(line.said), _set(" · ".join(line.credits)), line.address]))


def _headed(title: str, *, under: str) -> str:
    lines = _set(title)
    return f"{lines}\n{under * max(map(len, lines.splitlines()))}" if under and lines else lines


# The top story


def _story(story: Story, house: House) -> Iterator[str]:
    links: list[str] = []
    yield f"\n{_headed(story.line.headline, under='=')}"
    yield _set(story.line.said)
    yield _set(" · ".join(filter(None, [story.line.label, *story.credits])))
    yield from (_block(block, links) for block in story.blocks)
    if story.goes_on:
        yield f"Go on reading {quoted(story.line.headline)}:\n{story.line.address}"
        yield f"The whole of it is on the site. What a subscription opens:\n{house.url}/subscribe/"
    else:
        yield f"This article on the site:\n{story.line.address}"
    if links:
        yield "Links:\n" + "\n".join(f"[{number}] {href}" for number, href in enumerate(links, start=1))


def _block(block: Block, links: list[str]) -> str:
    if block.picture:
        return _picture(block.picture)
    texts = [_text(part, links) for part in block.parts]
    match block.kind:
        case Kind.HEADING | Kind.SUBHEADING | Kind.QUESTION:
            return _headed(texts[0], under=UNDER[block.kind])
        case Kind.BULLETS | Kind.NUMBERS:
            marks = [f"{number}. " if block.kind is Kind.NUMBERS else "* " for number in range(1, len(texts) + 1)]
            return "\n".join(_set(text, first=f"  {mark}", rest="    ") for mark, text in zip(marks, texts, strict=True))
        case Kind.ELSEWHERE:
            return _set(f"[In the article: {texts[0]}]")
        case _:
            indent = INDENTS.get(block.kind, "")
            return f"\n{indent.rstrip()}\n".join(_set(text, first=indent, rest=indent) for text in texts)


def _picture(picture: Picture) -> str:
    said = ". ".join(word.rstrip(".") for word in (picture.alt, picture.caption, picture.credit) if word)
    return _set(f"[Picture: {said}]") if said else ""


def _set(text: str, *, first: str = "", rest: str = "") -> str:
    """Broken between words alone: an address that is longer than a line stays whole."""
    wrapper = TextWrapper(WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False)
    return "\n".join(wrapper.fill(line) for line in text.split("\n"))


# Running text


def _text(html: str, links: list[str]) -> str:
    """Each link a number, whose address is added to `links`."""
    body = LexborHTMLParser(html).body
    return "".join(_read(body, links)).strip() if body else ""


def _read(node: LexborNode, links: list[str]) -> Iterable[str]:
    for child in node.iter(include_text=True):
        if child.tag == "-text":
            yield child.text_content or ""
        elif child.tag == "br":
            yield "\n"
        else:
            yield from _read(child, links)
            if href := child.attributes.get("href"):
                links += [] if href in links else [href]
                yield f" [{links.index(href) + 1}]"
