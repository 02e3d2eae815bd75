"""What an editor should look at before an edition goes, in sentences that say what to do. Who knows the site is handed in."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from broadsheet.newsletters.composed import Composed, Line
from broadsheet.newsletters.story import Story
from broadsheet.newsroom.metadata import House

MOST_SUBJECT = 60  # characters: telephones show fewer
MOST_WEIGHT = 100_000  # bytes: Gmail hides what is over 102 kB behind a link

Leads = Callable[[str], bool]


def flags_of(
    composed: Composed, story: Story | None, html: str, *, subject: str, preheader: str, house: House, leads: Leads
) -> tuple[str, ...]:
    lines = (*((story.line,) if story else ()), *composed.lines)
    return (
        *_of_words(subject, preheader),
        *_of_lines(lines, house, leads),
        *(_of_story(story, {line.address for line in lines}, house, leads) if story else ()),
        *_of_weight(html),
    )


def _of_words(subject: str, preheader: str) -> Iterator[str]:
    if not subject:
        yield "It has no subject: write one."
    if len(subject) > MOST_SUBJECT:
        yield f"The subject has {len(subject)} characters, and many telephones show {MOST_SUBJECT} or fewer: shorten it."
    if subject.isupper() and len(subject) > 3:
        yield "The subject is all capitals, as spam is: write it as a sentence."
    if not preheader:
        yield "It has no preheader: say in a line what stands in it."


def _of_lines(lines: tuple[Line, ...], house: House, leads: Leads) -> Iterator[str]:
    if not lines:
        yield "Nothing stands in it: put in an article."
    known: set[str] = set()
    for line in lines:
        path = _own_path(line.address, house)
        if line.address in known:
            yield f"“{line.headline}” stands in it twice: take one out."
        elif line.id is not None and not leads(path):
            yield f"“{line.headline}” no longer stands on the site: take it out."
        elif path and not leads(path):
            yield f"“{line.headline}” leads to {path}, where nothing is: mend the link."
        known.add(line.address)


def _of_story(story: Story, known: set[str], house: House, leads: Leads) -> Iterator[str]:
    headline = story.line.headline
    pictures = [story.picture, *(block.picture for block in story.blocks)]
    if any(picture and not picture.alt.strip() for picture in pictures):
        yield f"A picture of “{headline}” has no alternative text: describe it in the article."
    html = "".join(part for block in story.blocks for part in block.parts)
    linked = [node.attributes.get("href") or "" for node in LexborHTMLParser(html).css("a")]
    paths = [path for href in linked if href not in known and (path := _own_path(href, house))]
    for path in dict.fromkeys(paths):
        if not leads(path):
            yield f"“{headline}” links to {path}, where nothing is: mend the article."


def _of_weight(html: str) -> Iterator[str]:
    if (weight := len(html.encode())) > MOST_WEIGHT:
        yield f"It weighs {weight / 1000:.0f} kB, and Gmail hides what is over 102: choose a shorter top story, or fewer items."


def _own_path(address: str, house: House) -> str:
    """ "" of an address elsewhere."""
    return urlsplit(address).path or "/" if f"{address}/".startswith(f"{house.url}/") else ""
