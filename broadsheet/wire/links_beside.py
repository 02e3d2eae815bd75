"""Pieces that were picked, as they stand in roundups on the site: headline, outlet, day, whether it costs something.

Never the note or the rival readings: those are the roundup's own text, and may lie beyond its cut.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import combinations
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from broadsheet.newsroom.models import Country, Issue
from broadsheet.newsroom.outward import language_named, leads_to_the_web
from broadsheet.newsroom.signals import key_changed
from broadsheet.wire.models import DayOfLinks, Pick, WireRules

RULES = "links"  # the key of the house rule, and of all that shows links
FRONT = "front"
ON_THE_FRONT = 5
LOOKED_AT = 60  # of the newest picks, of which some may not be published yet


@dataclass(frozen=True, slots=True)
class Beside:
    """A link as it stands beside an article of ours. `roundup`: the number of the article that it stands in."""

    headline: str
    url: str
    outlet: str
    published_on: date | None
    language: str
    paywalled: bool
    roundup: int
    roundup_title: str
    roundup_path: str

    @property
    def foreign(self) -> str:
        return language_named(self.language)


def of_country(country: Country) -> list[Beside]:
    return _newest(Pick.objects.filter(countries=country))


def of_issue(issue: Issue) -> list[Beside]:
    return _newest(Pick.objects.filter(issues=issue))


def of_both(one: Country, other: Country) -> list[Beside]:
    return _newest(Pick.objects.filter(countries=one).filter(countries=other))


def at_addresses(urls: Collection[str]) -> dict[str, Beside]:
    """Those of these that still stand on the site, each as its newest roundup has it."""
    if not urls or not WireRules.load().links_beside:
        return {}
    picks = Pick.objects.filter(url__in=urls, day__in=_on_the_site(DayOfLinks.objects.all()))
    found: dict[str, Beside] = {}
    for one in _standing(picks.select_related("day__article").order_by("-day__day", "sort_order", "pk")):
        found.setdefault(one.url, one)
    return found


def newest_roundup() -> list[Beside]:
    """The first of the newest roundup that stands on the site."""
    day = _on_the_site(DayOfLinks.objects.all()).order_by("-day").first()
    if day is None or not WireRules.load().links_beside:
        return []
    return list(_standing(day.picks.select_related("day__article")))[:ON_THE_FRONT]


def _on_the_site(days: QuerySet[DayOfLinks]) -> QuerySet[DayOfLinks]:
    return days.filter(article__live=True, article__withdrawn_at=None, article__embargoed_until=None)


def _newest(picks: QuerySet[Pick]) -> list[Beside]:
    most = WireRules.load().links_beside
    days = _on_the_site(DayOfLinks.objects.all())
    newest = picks.filter(day__in=days).select_related("day__article").order_by("-day__day", "sort_order", "pk")
    found: dict[str, Beside] = {}
    for one in _standing(newest[:LOOKED_AT]):
        found.setdefault(one.url, one)  # a piece of two roundups, in its newest
    return list(found.values())[:most]


def _standing(picks: Iterable[Pick]) -> Iterator[Beside]:
    """As printed: whatever was picked or written since its roundup was published is not there yet."""
    printed: dict[int, dict[str, Any]] = {}
    for pick in picks:
        article = pick.day.article
        if article is None or pick.taken_down_at:
            continue
        links = printed.setdefault(article.pk, {block["value"]["url"]: block["value"] for block in article.links.raw_data})
        if (said := links.get(pick.url)) and leads_to_the_web(pick.url):
            yield _as_printed(pick, said, article)


def _as_printed(pick: Pick, said: dict[str, Any], article: Any) -> Beside:
    return Beside(
        headline=said["headline"],
        url=pick.url,
        outlet=said["outlet"],
        published_on=pick.published_on,
        language=said.get("language") or "",
        paywalled=bool(said.get("paywalled")),
        roundup=article.pk,
        roundup_title=article.title,
        roundup_path=article.address,
    )


# Which pages show them


def key_of_country(pk: int) -> str:
    return f"links:country:{pk}"


def key_of_issue(pk: int) -> str:
    return f"links:issue:{pk}"


def key_of_both(one: int, other: int) -> str:
    return "links:countries:{}-{}".format(*sorted((one, other)))


def keys_of(picks: Iterable[Pick]) -> set[str]:
    """What shows something else when one of these appears, changes or goes."""
    keys = set()
    for pick in picks:
        countries = list(pick.countries.values_list("pk", flat=True))
        keys |= {key_of_country(pk) for pk in countries} | {key_of_both(*two) for two in combinations(countries, 2)}
        keys |= {key_of_issue(pk) for pk in pick.issues.values_list("pk", flat=True)}
        keys.add(FRONT)
    return keys


def changed(keys: Iterable[str]) -> None:
    """Has them printed again once this is committed."""
    for key in sorted(keys):
        transaction.on_commit(partial(key_changed.send_robust, sender=Pick, key=key))
