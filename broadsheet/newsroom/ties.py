"""What an article hangs on: bylines, axes, corrections, articles chosen to stand beside it. For many articles in few queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from broadsheet.newsroom.addresses import axis_path
from broadsheet.newsroom.galley import DatedText, Link
from broadsheet.newsroom.models import (
    Article,
    Byline,
    Contributor,
    Correction,
    Country,
    Issue,
    Region,
    RelatedArticle,
    Section,
    Series,
)
from broadsheet.newsroom.queries import lifted

Key = tuple[str, int]


@dataclass(slots=True)
class Ties:
    """Numbers of rows, in the order of print."""

    contributors: list[int] = field(default_factory=list)
    countries: list[int] = field(default_factory=list)
    regions: list[int] = field(default_factory=list)
    issues: list[int] = field(default_factory=list)
    chosen: list[int] = field(default_factory=list)
    corrections: list[DatedText] = field(default_factory=list)
    section: int | None = None
    series: int | None = None

    def axes(self) -> set[Key]:
        several = {"contributor": self.contributors, "country": self.countries, "region": self.regions, "issue": self.issues}
        single = {"section": self.section, "series": self.series}
        return {(axis, pk) for axis, pks in several.items() for pk in pks} | {(axis, pk) for axis, pk in single.items() if pk}


def ties_of(articles: Iterable[Article]) -> dict[int, Ties]:
    """As the rows say."""
    ties = {article.pk: Ties(section=article.section_id, series=article.series_id) for article in articles}
    ids = list(ties)
    for article, contributor in _rows(Byline, "article_id", "contributor_id", ids, "sort_order"):
        ties[article].contributors.append(contributor)
    for article, chosen in _rows(RelatedArticle, "article_id", "to_id", ids, "sort_order"):
        ties[article].chosen.append(chosen)
    for name in ("countries", "regions", "issues"):
        through = getattr(Article, name).through
        axis = {"countries": "country", "regions": "region", "issues": "issue"}[name]
        for article, pk in _rows(through, "article_id", f"{axis}_id", ids, f"{axis}_id"):
            getattr(ties[article], name).append(pk)
    for article, on, text in (
        Correction.objects.filter(article_id__in=ids).order_by("corrected_at").values_list("article_id", "corrected_at", "text")
    ):
        ties[article].corrections.append(DatedText(on, text))
    return _settled(ties, {article.pk: article.main_country_id for article in articles})


def ties_of_draft(article: Article) -> Ties:
    """As the desk has it, saved or not."""
    corrections = sorted(((line.corrected_at, line.text) for line in article.corrections.all()), key=lambda line: line[0])
    ties = Ties(
        contributors=[line.contributor_id for line in _in_order(article.bylines)],
        countries=sorted(country.pk for country in article.countries.all()),
        regions=sorted(region.pk for region in article.regions.all()),
        issues=sorted(issue.pk for issue in article.issues.all()),
        chosen=[line.to_id for line in _in_order(article.related)],
        corrections=[DatedText(on, text) for on, text in corrections],
        section=article.section_id,
        series=article.series_id,
    )
    return _settled({article.pk: ties}, {article.pk: article.main_country_id})[article.pk]


def _rows(model: Any, key: str, value: str, ids: list[int], order: str) -> Iterable[tuple[int, int]]:
    rows: Iterable[tuple[int, int]] = model.objects.filter(**{f"{key}__in": ids}).order_by(key, order).values_list(key, value)
    return rows


def _in_order(lines: Any) -> list[Any]:
    return sorted((line for line in lines.all()), key=lambda line: line.sort_order or 0)


def _settled(ties: dict[int, Ties], main: Mapping[int, int | None]) -> dict[int, Ties]:
    """The main country first; regions are those of the countries too."""
    regions = _regions_of({country for tie in ties.values() for country in tie.countries})
    for article, tie in ties.items():
        tie.countries.sort(key=lambda country: country != main[article])
        tie.regions = list(dict.fromkeys([*tie.regions, *(region for pk in tie.countries for region in regions[pk])]))
    return ties


def _regions_of(countries: set[int]) -> Mapping[int, list[int]]:
    regions: dict[int, list[int]] = defaultdict(list)
    through = Country.regions.through
    for country, region in through.objects.filter(country_id__in=countries).order_by("id").values_list("country_id", "region_id"):
        regions[country].append(region)
    return regions


# The names behind the numbers


@dataclass(frozen=True, slots=True)
class Name:
    """A value of an axis as it is printed."""

    text: str
    slug: str
    line: str = ""
    code: str = ""

    def link(self, axis: str) -> Link:
        return Link(self.text, axis_path(axis, self.slug))


AXIS_MODELS: dict[str, Any] = {
    "contributor": Contributor,
    "country": Country,
    "region": Region,
    "issue": Issue,
    "section": Section,
    "series": Series,
}


def names_of(keys: Iterable[Key]) -> dict[Key, Name]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for axis, pk in keys:
        wanted[axis].add(pk)
    return {key: name for axis, pks in wanted.items() for key, name in _names(axis, pks)}


def _names(axis: str, pks: set[int]) -> Iterable[tuple[Key, Name]]:
    code = ["code"] if axis == "country" else []
    for row in AXIS_MODELS[axis].objects.filter(pk__in=pks).values("pk", "name", "slug", "standfirst", *code):
        yield (axis, row["pk"]), Name(row["name"], row["slug"], row["standfirst"], row.get("code", ""))


# Neighbours: what could stand beside an article


WEIGHTS = {"series": 4, "issue": 3, "country": 3, "contributor": 0, "section": 0, "region": 0}
NEAR = {"issue", "country", "series"}
SAME = {"contributor", "series"}
MOST_LOOKED_AT = 40  # of the newest older articles under each key


Shelf = Mapping[Key, list[tuple[datetime, int]]]


def shelf_of(keys: Iterable[Key], *, at: datetime | None) -> Shelf:
    """Articles under each key that readers may have, the oldest first; without a moment, those that have no embargo."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for axis, pk in keys:
        if axis in NEAR | SAME:
            wanted[axis].add(pk)
    return _shelf(wanted, at)


def whole_shelf(*, at: datetime | None) -> Shelf:
    """Of all keys: some 60 MB and half a minute for a million articles, so for long runs only."""
    return _shelf(dict.fromkeys(NEAR | SAME), at)


def _shelf(wanted: Mapping[str, set[int] | None], at: datetime | None) -> Shelf:
    shelf: dict[Key, list[tuple[datetime, int]]] = defaultdict(list)
    for axis, pks in wanted.items():
        for pk, dated_at, article in _shelved(axis, pks, at):
            shelf[axis, pk].append((dated_at, article))
    for line in shelf.values():
        line.sort()
    return shelf


def _shelved(axis: str, pks: set[int] | None, at: datetime | None) -> Iterable[tuple[int, datetime, int]]:
    """None: of all values of the axis."""
    if axis == "series":
        model, column, of = Article, "series_id", ""
    else:
        model, column = (Byline, "contributor_id") if axis == "contributor" else _through(axis)
        of = "article__"
    here = {f"{of}live": True, f"{of}withdrawn_at": None, f"{of}dated_at__isnull": False, f"{column}__isnull": False}
    rows: Any = model.objects.filter(lifted(at, of=of), **here, **({} if pks is None else {f"{column}__in": pks}))
    return rows.values_list(column, f"{of}dated_at", "article_id" if of else "pk")  # type: ignore[no-any-return]


def _through(axis: str) -> tuple[Any, str]:
    name = {"country": "countries", "issue": "issues"}[axis]
    return getattr(Article, name).through, f"{axis}_id"
