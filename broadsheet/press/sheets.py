"""What a template of a pressed page is given, beside `page` (design.page.PageMeta): frozen values that know no reader.

    pages/front.html         front: Front
    pages/listing.html       listing: Listing        head of a list, a numbered page of it, or one month
    pages/contributor.html   contributor: ContributorSheet
    pages/index.html         index: AxisIndex        all regions, all countries …
    pages/archive.html       archive: Archive        the months of one list

Paths are whole paths of this site; "" or None means that there is nothing to link to. Texts are plain and need escaping; only
what is called `…_html` is finished HTML.
"""

from dataclasses import dataclass, field
from datetime import date

from broadsheet.newsroom.galley import Link, Picture, Teaser


@dataclass(frozen=True, slots=True)
class Feeds:
    """Three formats of the same list."""

    rss: str
    atom: str
    json: str


@dataclass(frozen=True, slots=True)
class Month:
    label: str  # "March 2026"; in an archive's year "March"
    path: str
    count: int


@dataclass(frozen=True, slots=True)
class Year:
    label: str
    months: tuple[Month, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of articles, newest first. `label` says which part of the list this is, "" on its head.

    Numbered pages count from the oldest and never change their number. The head shows the newest, then `older_path` leads down.
    """

    kind: str  # "region", "country", "issue", "section", "series", "contributor", "type", "latest"
    title: str
    path: str  # of the head, whichever part this is
    feeds: Feeds
    standfirst: str = ""
    label: str = ""  # "Page 3: March to May 2019", "March 2019"
    teasers: tuple[Teaser, ...] = ()
    total: int = 0  # articles in the whole list
    newer_path: str = ""
    newer_label: str = "Newer"
    older_path: str = ""
    older_label: str = "Older"
    index: Link | None = None  # the page above: "Countries"
    archive_path: str = ""
    months: tuple[Month, ...] = ()  # the newest twelve with articles, on the head only
    related: tuple[Link, ...] = ()  # a region's countries, a country's regions
    before_html: str = ""  # pieces of other rooms, above and below the list
    after_html: str = ""
    beside_html: str = ""  # the same, beside the list, on the head only

    @property
    def is_head(self) -> bool:
        return not self.label


@dataclass(frozen=True, slots=True)
class ContributorSheet:
    name: str
    line: str  # one-line bio
    bio: str  # plain text, paragraphs divided by empty lines
    listing: Listing
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class IndexEntry:
    name: str
    path: str
    count: int
    line: str = ""


@dataclass(frozen=True, slots=True)
class IndexGroup:
    """`title` is "" where the index has one group only."""

    title: str
    path: str
    entries: tuple[IndexEntry, ...]


@dataclass(frozen=True, slots=True)
class AxisIndex:
    kind: str  # "region", "country" …
    title: str
    path: str
    groups: tuple[IndexGroup, ...]


@dataclass(frozen=True, slots=True)
class Archive:
    kind: str
    title: str  # of the list: "Mali"
    path: str
    list_path: str
    total: int
    years: tuple[Year, ...]  # newest first


@dataclass(frozen=True, slots=True)
class Strip:
    """A name, where it leads, and its newest articles: one region of the regional strip, or one series."""

    title: str
    path: str
    teasers: tuple[Teaser, ...] = ()
    line: str = ""


@dataclass(frozen=True, slots=True)
class Front:
    """No article stands in two places of the front page, except that the regional strip may repeat."""

    title: str
    feeds: Feeds
    lead: Teaser | None = None
    today: tuple[Teaser, ...] = ()
    newest_on: date | None = None  # the day of the newest of `today`: a page pressed yesterday may not say "today"
    one_day: bool = True  # all of `today` are of that day
    report: Teaser | None = None
    columns: tuple[Teaser, ...] = ()
    interviews: tuple[Teaser, ...] = ()
    latest: tuple[Teaser, ...] = ()
    regions: tuple[Strip, ...] = field(default_factory=tuple)
    series: tuple[Strip, ...] = field(default_factory=tuple)
    links_html: str = ""  # today's must-read links, from the wire; "" prints nothing
    newsletters_html: str = ""
