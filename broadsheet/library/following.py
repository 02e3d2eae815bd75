"""What readers can follow: regions, countries, issues, contributors, series, and relations of two countries.

A follow keeps the rows' numbers, so that a new name or address changes nothing.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string

from broadsheet.library.models.shelves import Follow
from broadsheet.newsroom.addresses import AXIS_OF_FOLDER, axis_path
from broadsheet.newsroom.models import Country
from broadsheet.newsroom.ties import AXIS_MODELS
from broadsheet.press import kinds

AXES = tuple(kind.value for kind in Follow.Kind if kind is not Follow.Kind.RELATION)
OF_AN_AXIS = re.compile(r"/(?P<folder>[a-z]+)/(?P<slug>[a-z0-9_-]+)/")
RELATION = re.compile(r"/relations/(?P<one>[a-z0-9_-]+)/(?P<other>[a-z0-9_-]+)/")


@dataclass(frozen=True, slots=True)
class Subject:
    kind: str
    row: int
    other: int = 0


@dataclass(frozen=True, slots=True)
class Followed:
    """As its reader sees it."""

    number: int
    kind: Follow.Kind
    name: str
    path: str
    since: datetime

    @property
    def label(self) -> str:
        return str(self.kind.label)


def subject_at(path: str) -> Subject | None:
    """What the page of this path is about, if it can be followed."""
    if found := RELATION.fullmatch(path):
        rows = sorted(Country.objects.filter(slug__in=found.groups()).values_list("pk", flat=True))
        return Subject(Follow.Kind.RELATION, rows[0], rows[1]) if len(rows) == 2 else None
    found = OF_AN_AXIS.fullmatch(path)
    axis = AXIS_OF_FOLDER.get(found["folder"], "") if found else ""
    if not found or axis not in AXES:
        return None
    row = AXIS_MODELS[axis].objects.filter(slug=found["slug"]).values_list("pk", flat=True).first()
    return Subject(axis, row) if row else None


def path_of_relation(slugs: Iterable[str]) -> str:
    return "/relations/{}/{}/".format(*sorted(slugs))


def followed(follows: Iterable[Follow]) -> list[Followed]:
    """In the order given; what is gone from the desk is left out."""
    rows = list(follows)
    known = _rows_named_in(rows)
    return [told for row in rows if (told := _followed(row, known))]


def _rows_named_in(follows: Iterable[Follow]) -> dict[tuple[str, int], Any]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for one in follows:
        axis = "country" if one.kind == Follow.Kind.RELATION else one.kind
        wanted[axis] |= {one.row, one.other} - {0}
    return {(axis, row.pk): row for axis, pks in wanted.items() for row in AXIS_MODELS[axis].objects.filter(pk__in=pks)}


def _followed(one: Follow, known: dict[tuple[str, int], Any]) -> Followed | None:
    if one.kind == Follow.Kind.RELATION:
        pair = [known[key] for pk in (one.row, one.other) if (key := ("country", pk)) in known]
        if len(pair) < 2:
            return None
        pair.sort(key=lambda country: str(country.name))
        name = " and ".join(country.name for country in pair)
        return Followed(one.pk, Follow.Kind.RELATION, name, path_of_relation(country.slug for country in pair), one.followed_at)
    row = known.get((one.kind, one.row))
    return Followed(one.pk, Follow.Kind(one.kind), row.name, axis_path(one.kind, row.slug), one.followed_at) if row else None


def button(path: str) -> str:
    """For a pressed page, which knows no reader: the door finds out who follows."""
    kind = "relation" if path.startswith("/relations/") else AXIS_OF_FOLDER.get(path.split("/")[1], "")
    return render_to_string("components/follow.html", {"path": path, "kind": kind})


def register_buttons() -> None:
    for axis in AXES:
        kinds.register_slot(axis, "before", button)
