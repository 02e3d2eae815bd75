"""The galley: all that is printed of an article, as one frozen value. Typesetting reads nothing else."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import blake2b

from broadsheet.access.terms import Audience
from broadsheet.design.maps import locator


@dataclass(frozen=True, slots=True)
class Link:
    text: str
    path: str


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    path: str
    line: str = ""  # one-line bio


@dataclass(frozen=True, slots=True)
class Picture:
    """A photograph, in sizes that the browser chooses from; all sources are paths of this site."""

    src: str
    alt: str
    width: int
    height: int
    srcset: str = ""
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Teaser:
    """An article as it stands in a list: nothing from beyond the cut."""

    id: int
    path: str
    kind: str
    label: str  # "Briefing", "Country Report", "Interview"
    headline: str
    standfirst: str
    bylines: tuple[str, ...]
    dated_at: datetime
    audience: Audience
    minutes: int = 1
    duration: str = ""  # of a podcast, as the desk wrote it
    countries: tuple[str, ...] = ()  # names, the main one first
    codes: tuple[str, ...] = ()  # of those that its map shows
    section: str = ""
    map_svg: str = ""  # a small locator, where the list shows one
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """A line of a report's contents; the chapter's text stands in the galley's `free` and `rest`, under this anchor.

    `free`: its title stands before the cut.
    """

    title: str
    anchor: str
    free: bool = False


@dataclass(frozen=True, slots=True)
class Footnote:
    """`html` is sanitised. The mark in the text is `<a id="mark-{anchor}" href="#note-{anchor}">`; the note links back."""

    mark: str
    anchor: str
    html: str
    free: bool = False  # its mark stands before the cut


@dataclass(frozen=True, slots=True)
class File:
    """A file under /media/ that the page shows; whoever may not read beyond the cut is refused it unless it is `free`."""

    path: str
    free: bool = True


@dataclass(frozen=True, slots=True)
class Located:
    """What a locator map shows. It takes longer to draw than all the rest to set, so it is drawn when the page is typeset, unless
    somebody has `drawn` it already.
    """

    codes: tuple[str, ...]
    viewpoint: str
    caption: str
    drawn: str = field(default="", repr=False, compare=False)

    @property
    def svg(self) -> str:
        return self.drawn or draw(self.codes, self.viewpoint)


def draw(codes: tuple[str, ...], viewpoint: str) -> str:
    return locator(codes, viewpoint=viewpoint)


@dataclass(frozen=True, slots=True)
class DatedText:
    on: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Galley:
    """`free` and `rest` are finished, sanitised HTML: what stands before the cut and what stands beyond it.

    They hold the whole text of every type: paragraphs, questions and answers, chapters with their titles, charts, links. Beside
    them a template prints the contents, key points and footnotes. An open article has all in `free`.
    """

    id: int
    story: str
    path: str
    kind: str
    label: str
    headline: str
    standfirst: str
    audience: Audience
    dated_at: datetime
    changed_at: datetime
    minutes: int
    words: int
    free: str
    rest: str
    dateline: str = ""
    bylines: tuple[Person, ...] = ()
    section: Link | None = None
    series: Link | None = None
    countries: tuple[Link, ...] = ()
    regions: tuple[Link, ...] = ()
    issues: tuple[Link, ...] = ()
    picture: Picture | None = None
    located: Located | None = None
    editors_note: str = ""
    corrections: tuple[DatedText, ...] = ()
    related: tuple[Teaser, ...] = ()
    more_from: tuple[Teaser, ...] = ()
    # interview
    interviewer: Person | None = None
    expert: str = ""
    expert_role: str = ""
    # report
    key_points: tuple[str, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    # podcast
    recording: str = ""
    duration: str = ""
    episode: int | None = None
    footnotes: tuple[Footnote, ...] = ()
    files: tuple[File, ...] = ()
    allowance: int = 3  # free articles a month, which the wall promises: `newsroom.queries.wall_allowance` knows
    # keys of what the page shows beside itself: "contributor:3", "article:77"
    keys: frozenset[str] = field(default_factory=frozenset)

    def digest(self) -> str:
        """Names this text: equal galleys print equal pages. Keys in order: a set's differs from process to process."""
        text = repr((replace(self, keys=frozenset()), sorted(self.keys)))
        return blake2b(text.encode(), digest_size=16).hexdigest()


def without_rest(galley: Galley) -> Galley:
    """What whoever may not read on is given: nothing in it comes from beyond the cut, so no template can print it."""
    return replace(
        galley,
        rest="",
        key_points=galley.key_points[:1],
        footnotes=tuple(note for note in galley.footnotes if note.free),
        files=tuple(file for file in galley.files if file.free),
        recording=galley.recording if galley.audience is Audience.OPEN else "",
    )
