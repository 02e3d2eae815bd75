"""The demo's foreign press as values: outlets that we have invented, and what they tell. Pure, but for reading its files.

What they tell is dated by minutes from the demo's first start. What lies ahead of it appears in their feeds once it is time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from slugify import slugify

from broadsheet.config.demo.content import CONTENT, tables

PRESS = CONTENT / "wire"
AGENCY = "Halyard News Agency"  # whose text the others print in English
FEEDS = {"rss": "feed.xml", "rdf": "feed.xml", "atom": "feed.xml", "json": "feed.json", "sitemap": "news-sitemap.xml"}


@dataclass(frozen=True, slots=True)
class Outlet:
    """`paid` is how it marks what is for its subscribers: by "category", "access" or "schema"; "" where all is open."""

    slug: str
    name: str
    line: str
    city: str
    country: str
    language: str
    format: str
    paid: str = ""
    whole: bool = False  # its feed carries its texts
    rests: bool = False  # its server is down for some minutes of each half-hour
    closed: bool = False

    @property
    def path(self) -> str:
        return f"/outlets/{self.slug}/"

    @property
    def feed_path(self) -> str:
        return self.path + FEEDS[self.format]


@dataclass(frozen=True, slots=True)
class Told:
    """One item. `story` names what others tell of too, "" where nobody does; `agency`: its text is the agency's."""

    outlet: str
    minutes: int  # from the demo's first start; before it where negative
    headline: str
    summary: str = ""
    by: str = ""
    under: str = ""
    countries: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    paid: bool = False
    story: str = ""
    agency: bool = False

    @property
    def slug(self) -> str:
        return slugify(self.headline, max_length=60, word_boundary=True, save_order=True)

    @property
    def path(self) -> str:
        return f"/outlets/{self.outlet}/{self.slug}/"

    def dated(self, start: datetime) -> datetime:
        return start + timedelta(minutes=self.minutes)


@cache
def outlets() -> Mapping[str, Outlet]:
    return {table["slug"]: Outlet(**table) for table in tables("wire/outlets")["outlet"]}


@cache
def told() -> tuple[Told, ...]:
    """All that they tell, the newest first, what is still ahead included."""
    return tuple(sorted((*_in_stories(), *_alone()), key=lambda item: -item.minutes))


def out_by(outlet: Outlet, *, start: datetime, at: datetime) -> tuple[Told, ...]:
    """What stands in its feed at that moment, the newest first."""
    return tuple(item for item in told() if item.outlet == outlet.slug and item.dated(start) <= at)


def _in_stories() -> Iterator[Told]:
    for name in _files("stories"):
        story = tables(name)
        text = _paragraphs(story["background"])
        countries, issues = tuple(story["countries"]), tuple(story["issues"])
        for table in story["told"]:
            is_agencys = outlets()[table["outlet"]].language == "en"  # its text is English
            said = Told(**table, countries=countries, issues=issues, story=Path(name).name)
            yield replace(said, text=text, agency=True) if is_agencys else said


def _alone() -> Iterator[Told]:
    for name in _files("alone"):
        for table in tables(name)["told"]:
            lists = {"countries": tuple(table["countries"]), "text": _paragraphs(table.get("text", ""))}
            yield Told(**{**table, **lists, "outlet": Path(name).name})


def _files(folder: str) -> list[str]:
    return [f"wire/{folder}/{file.stem}" for file in sorted((PRESS / folder).glob("*.toml"))]


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(paragraph.strip() for paragraph in text.split("\n\n") if paragraph.strip())
