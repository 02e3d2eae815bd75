"""What a page shows together: a country, an issue, or two countries; by the page's own address."""

import re
from dataclasses import dataclass

from broadsheet.library import policy
from broadsheet.newsroom.models import Country
from broadsheet.press.headings import Heading, heading_of

SLUG = "[a-z0-9_-]+"
OF_A_LIST = re.compile(rf"/(?P<list>(?:countries|issues)/{SLUG})/")
OF_TWO = re.compile(rf"/relations/(?P<one>{SLUG})/(?P<other>{SLUG})/")


@dataclass(frozen=True, slots=True)
class Subject:
    actors: tuple[str, ...]
    title: str
    path: str
    countries: tuple[Country, ...] = ()  # of two: both


def subject_at(path: str) -> Subject | None:
    if found := OF_TWO.fullmatch(path):
        return two(found["one"], found["other"])
    found = OF_A_LIST.fullmatch(path)
    heading = heading_of(found["list"]) if found else None
    return headed(heading) if heading else None


def headed(heading: Heading) -> Subject:
    if heading.kind == "issue":
        actor = policy.issue(heading.list.rpartition("/")[2])
    else:
        actor = policy.country(Country.objects.values_list("code", flat=True).get(pk=heading.pk))
    return Subject((actor,), heading.title, heading.path)


def two(one: str, other: str) -> Subject | None:
    """None where there are no such two countries. Its path is that of the alphabet's order."""
    countries = tuple(Country.objects.filter(slug__in={one, other}).order_by("slug"))
    if len(countries) != 2:
        return None
    title = " and ".join(sorted(country.name for country in countries))
    return Subject(tuple(policy.country(each.code) for each in countries), title, relation_path(one, other), countries)


def relation_path(one: str, other: str) -> str:
    """By the countries' slugs, in the order of the alphabet."""
    return "/relations/{}/{}/".format(*sorted((one, other)))
