"""The Roundups of the weekdays before the demo's first day, as values. What they picked stands on its outlet's own page too."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from broadsheet.config.demo.content import CONTENT, tables, weekday_from
from broadsheet.config.demo.foreign_press import Told

DAY = 24 * 60  # minutes
EARLIER = 5  # days before its Roundup, at least over a weekend, a piece came out


@dataclass(frozen=True, slots=True)
class Rival:
    """Another outlet's reading of the same."""

    headline: str
    outlet: str

    @property
    def path(self) -> str:
        return Told(outlet=self.outlet, minutes=0, headline=self.headline).path


@dataclass(frozen=True, slots=True)
class Picked:
    """`outlet` is its slug; `note` is the editor's."""

    headline: str
    outlet: str
    by: str
    minutes: int  # that it takes to read
    words: int
    paid: bool
    summary: str
    note: str
    countries: tuple[str, ...]
    issues: tuple[str, ...] = ()
    rivals: tuple[Rival, ...] = ()

    @property
    def path(self) -> str:
        return _page_of(self, minutes=0).path


@dataclass(frozen=True, slots=True)
class PastRoundup:
    """`weekdays` before the demo's first day: negative."""

    slug: str
    title: str
    standfirst: str
    weekdays: int
    picks: tuple[Picked, ...]

    def dated(self, first_day: date) -> date:
        return weekday_from(first_day, self.weekdays)


@cache
def roundups() -> tuple[PastRoundup, ...]:
    """The newest first."""
    found = (_roundup(file.stem, tables(f"roundups/{file.stem}")) for file in (CONTENT / "roundups").glob("*.toml"))
    return tuple(sorted(found, key=lambda roundup: -roundup.weekdays))


def printed_before(outlet: str) -> Iterator[Told]:
    """What the Roundups lead to and no feed has any more."""
    for roundup in roundups():
        minutes = (roundup.weekdays - EARLIER) * DAY
        for pick in roundup.picks:
            if pick.outlet == outlet:
                yield _page_of(pick, minutes=minutes)
            for rival in pick.rivals:
                if rival.outlet == outlet:
                    yield Told(outlet=outlet, minutes=minutes, headline=rival.headline, countries=pick.countries)


def _page_of(pick: Picked, *, minutes: int) -> Told:
    return Told(
        outlet=pick.outlet,
        minutes=minutes,
        headline=pick.headline,
        summary=pick.summary,
        by=pick.by,
        countries=pick.countries,
        issues=pick.issues,
        paid=pick.paid,
    )


def _roundup(slug: str, table: Mapping[str, Any]) -> PastRoundup:
    picks = tuple(_pick(each) for each in table["pick"])
    return PastRoundup(slug, table["title"], table["standfirst"], table["weekdays"], picks)


def _pick(table: Mapping[str, Any]) -> Picked:
    lists = {name: tuple(table.get(name, ())) for name in ("countries", "issues")}
    rivals = tuple(Rival(**rival) for rival in table.get("rival", ()))
    said = {name: value for name, value in table.items() if name != "rival"}
    return Picked(**{**said, **lists, "rivals": rivals, "paid": table.get("paid", False)})
