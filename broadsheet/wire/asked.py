"""What an editor asks of the wire's desk, as the address of the page says it. Whatever an address says asks something."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlencode

LONGEST = 200  # characters of what is searched for
_SLUG = re.compile(r"[\w-]{1,120}", re.ASCII)
LAST_SECOND = 32_503_680_000  # the year 3000: no moment lies beyond, and no heat
_BELOW = re.compile(r"(-?\d{1,12}(?:\.\d{1,20})?)_(\d{1,18})", re.ASCII)


class Sort(StrEnum):
    HEAT = "heat"
    NEWEST = "newest"


class Shelf(StrEnum):
    """Which stories: those on the desk, or those that somebody put aside."""

    DESK = "desk"
    ASIDE = "aside"


@dataclass(frozen=True, slots=True)
class Below:
    """Behind the last story that is shown: its place in the order, and its number."""

    place: float
    story: int

    def __str__(self) -> str:
        return f"{self.place!r}_{self.story}"


@dataclass(frozen=True, slots=True)
class Asked:
    region: str = ""
    country: str = ""
    issue: str = ""
    language: str = ""
    words: str = ""
    unseen: bool = False
    ours: bool = False
    sort: Sort = Sort.HEAT
    shelf: Shelf = Shelf.DESK
    below: Below | None = None

    @property
    def subjects(self) -> tuple[str, ...]:
        """As stories name them."""
        said = (("region", self.region), ("country", self.country), ("issue", self.issue), ("language", self.language))
        return tuple(f"{axis}:{name}" for axis, name in said if name)

    @property
    def narrows(self) -> bool:
        return replace(self, sort=Sort.HEAT, shelf=Shelf.DESK, below=None) != Asked()

    def behind(self, last: Below | None) -> "Asked":
        return replace(self, below=last)

    @property
    def parameters(self) -> str:
        """What says nothing is left out."""
        said = {"region": self.region, "country": self.country, "issue": self.issue, "language": self.language, "q": self.words}
        said |= {"unseen": "yes" if self.unseen else "", "ours": "yes" if self.ours else ""}
        said |= {"sort": "" if self.sort is Sort.HEAT else self.sort.value}
        said |= {"shelf": "" if self.shelf is Shelf.DESK else self.shelf.value, "below": str(self.below or "")}
        return urlencode({name: value for name, value in said.items() if value})


def read(said: Mapping[str, str]) -> Asked:
    return Asked(
        **{name: _slug(said.get(name, "")) for name in ("region", "country", "issue", "language")},
        words=" ".join(said.get("q", "").replace("\0", " ").split())[:LONGEST],
        unseen=said.get("unseen", "") == "yes",
        ours=said.get("ours", "") == "yes",
        sort=Sort.NEWEST if said.get("sort") == Sort.NEWEST else Sort.HEAT,
        shelf=Shelf.ASIDE if said.get("shelf") == Shelf.ASIDE else Shelf.DESK,
        below=_below(said.get("below", "")),
    )


def number(said: str) -> int:
    """0 where it is none that a row could have."""
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 19 else 0


def _slug(said: str) -> str:
    return said if _SLUG.fullmatch(said) else ""


def _below(said: str) -> Below | None:
    found = _BELOW.fullmatch(said)
    if found is None or not 0 <= float(found[1]) < LAST_SECOND:
        return None
    return Below(float(found[1]), int(found[2]))
