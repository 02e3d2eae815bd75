"""What the index knows of an article: the two parts of its text, and the tags that it is found by."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from hashlib import blake2b
from html import unescape
from typing import NamedTuple

from broadsheet.access.passes import short
from broadsheet.access.terms import Audience
from broadsheet.library.letters import composed
from broadsheet.newsroom.galley import Galley, Link, Person

# A passage never runs from one of these into the next.
_ENDS = "p|li|h2|h3|h4|blockquote|td|th|dt|dd|figcaption|div|section|br"
_WITHIN = r'[^<>"]*(?:"[^"]*"[^<>"]*)*'  # a tag; an attribute may hold a bracket
_END, _TAG = re.compile(rf"</?(?:{_ENDS})\b{_WITHIN}>"), re.compile(f"<{_WITHIN}>")
_UNTOLD = re.compile(rf"<(script|style|svg)\b{_WITHIN}>.*?</\1>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Named:
    """A value of a facet: a country, a contributor, a type."""

    slug: str
    name: str


class Mark(NamedTuple):
    """How far the press was followed. `imprint`: of what was printed with that number; 0 where nobody said."""

    change: int
    imprint: int = 0


def imprint(article: int, *, change: int, edition: str) -> int:
    """Names one printing of one text, in 48 bits: a restored database gives out a number again, but for another."""
    return int.from_bytes(blake2b(f"{article} {change} {edition}".encode(), digest_size=6).digest())


@dataclass(frozen=True, slots=True)
class Document:
    """`free` stands before the cut, `rest` beyond it; an open article has all in `free`. `story` as it stands in passes.

    `dated_at` in the publication's zone: its day and year are those that are shown.
    """

    id: int
    change: int
    story: str
    path: str
    audience: Audience
    dated_at: datetime
    headline: str
    standfirst: str
    free: str
    rest: str
    label: str
    type: Named
    contributors: tuple[Named, ...] = ()
    regions: tuple[Named, ...] = ()
    countries: tuple[Named, ...] = ()
    issues: tuple[Named, ...] = ()
    series: tuple[Named, ...] = ()
    edition: str = ""  # of the pressing

    @property
    def imprint(self) -> int:
        return imprint(self.id, change=self.change, edition=self.edition)

    @property
    def tags(self) -> dict[str, tuple[Named, ...]]:
        """By the field word of queries."""
        return {
            "author": self.contributors,
            "country": self.countries,
            "region": self.regions,
            "issue": self.issues,
            "type": (self.type,),
            "series": self.series,
        }


def document_of(galley: Galley, *, change: int, edition: str, zone: tzinfo) -> Document:
    """The first key point stands before the cut, as in the preview (`newsroom.galley.without_rest`)."""
    first, others = galley.key_points[:1], galley.key_points[1:]
    notes = {free: [text_of(note.html) for note in galley.footnotes if note.free is free] for free in (True, False)}
    people = (*galley.bylines, *((galley.interviewer,) if galley.interviewer else ()))
    beyond = _joined(others, [text_of(galley.rest)], notes[False])
    free = _joined([galley.expert, galley.expert_role], first, [text_of(galley.free)], notes[True])
    is_open = galley.audience is Audience.OPEN
    return Document(
        id=galley.id,
        change=change,
        edition=edition,
        story=short(galley.story),
        path=galley.path,
        audience=galley.audience,
        dated_at=galley.dated_at.astimezone(zone),
        headline=composed(galley.headline),
        standfirst=composed(galley.standfirst),
        free=_joined([free, beyond]) if is_open else free,
        rest="" if is_open else beyond,
        label=galley.label,
        type=Named(galley.kind, galley.kind.replace("_", " ").capitalize()),
        contributors=_named(people),
        regions=_named(galley.regions),
        countries=_named(galley.countries),
        issues=_named(galley.issues),
        series=_named([galley.series] if galley.series else []),
    )


def _named(links: Iterable[Link | Person]) -> tuple[Named, ...]:
    return tuple(
        dict.fromkeys(
            Named(link.path.strip("/").rpartition("/")[2], composed(link.name if isinstance(link, Person) else link.text))
            for link in links
        )
    )


def _joined(*parts: Iterable[str]) -> str:
    return composed("\n".join(text for part in parts for text in part if text))


def text_of(html: str) -> str:
    """Running text, a line a paragraph, of finished HTML: each tag is closed, each attribute stands in double quotes."""
    told = _UNTOLD.sub("", html) if "<s" in html else html
    lines = (" ".join(line.split()) for line in unescape(_TAG.sub("", _END.sub("\n", told))).splitlines())
    return "\n".join(line for line in lines if line)
