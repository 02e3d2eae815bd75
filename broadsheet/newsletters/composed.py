"""An edition as a value: all that is printed of it. Typesetting reads nothing else, and no reader is in it."""

from dataclasses import dataclass, replace
from datetime import date

from broadsheet.newsroom.galley import Picture


@dataclass(frozen=True, slots=True)
class Line:
    """An article or a link as it stands in an edition. `address`: whole, of ours or another's. `said`: its standfirst, or the
    editor's note on a link. `id`: the article's number, None of a link."""

    id: int | None
    headline: str
    address: str
    said: str = ""
    label: str = ""  # "Briefing", "Country Report"
    bylines: tuple[str, ...] = ()
    minutes: int | None = None
    outlet: str = ""
    paywalled: bool = False
    for_members: bool = False  # whoever does not subscribe meets a wall
    said_beyond: bool = False  # what is said of a link stands beyond the cut of its roundup

    @property
    def credits(self) -> tuple[str, ...]:
        """What stands below it, from who wrote it to whether a link meets a wall."""
        length = f"{self.minutes}\u00a0min" if self.minutes else ""
        said = (", ".join(self.bylines), self.label, self.outlet, length, "paywalled" if self.paywalled else "")
        return tuple(filter(None, said))


@dataclass(frozen=True, slots=True)
class Top:
    """The top story. `free` and `rest`: finished HTML of this site before and beyond the cut, as its galley has it; an open one
    has all in `free`. In the free cut nothing of `rest` is read."""

    line: Line
    free: str
    rest: str
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """`kind`: of its slot."""

    kind: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Composed:
    """`path`: of its page on the web. `subject` and `preheader` are the editor's, or by rule. `note`: in paragraphs, as text."""

    newsletter: str
    promise: str
    path: str
    goes_on: date
    subject: str
    preheader: str
    note: tuple[str, ...]
    top: Top | None
    parts: tuple[Part, ...]
    newsletter_id: int = 0

    @property
    def lines(self) -> tuple[Line, ...]:
        return (*((self.top.line,) if self.top else ()), *(line for part in self.parts for line in part.lines))


def without_notes_beyond(composed: Composed) -> Composed:
    """What is said of links, but for what is only subscribers' to read."""
    parts = tuple(
        replace(part, lines=tuple(replace(line, said="") if line.said_beyond else line for line in part.lines))
        for part in composed.parts
    )
    return replace(composed, parts=parts)
