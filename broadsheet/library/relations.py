"""The pages that show how the library hangs together: heads of countries and issues, two countries together, and all such pairs.

Each has two cuts. What strangers are shown is gathered from tags and free text; the full cut adds what was found beyond the wall.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string

from broadsheet.access.terms import Audience, Reason
from broadsheet.design.page import PageMeta
from broadsheet.library import elsewhere, following, overviews, policy, together
from broadsheet.library.overviews import Overview
from broadsheet.library.subjects import OF_TWO, SLUG, headed, relation_path, two
from broadsheet.newsroom.galley import Link
from broadsheet.newsroom.models import Country
from broadsheet.press import kinds, listings, pages
from broadsheet.press.headings import heading_of
from broadsheet.press.kinds import PageKind, Sheet

WALLS = (Reason.SUBSCRIBE, Reason.PAYMENT_FAILED)  # all that members' pages have
BEYOND = ".beyond"
INDEX = "/relations/"
PAIRS_OF_ONE = 6  # on the index


def register_pages() -> None:
    for axis, folder in (("country", "countries"), ("issue", "issues")):
        kinds.register(PageKind(axis, re.compile(rf"/(?P<list>{folder}/{SLUG})/"), compose_head, eager=True))
    kinds.register(PageKind("relation", OF_TWO, compose_relation))
    kinds.register(PageKind("relations", re.compile(INDEX), compose_index))
    kinds.register_slot("relation", "before", following.button)


def compose_head(path: str, match: re.Match[str], at: datetime) -> Sheet | None:
    """The head of a country or an issue. Where little has been written, it is the list alone, and open."""
    heading = heading_of(match["list"])
    if heading is None:
        return None
    subject = headed(heading)
    key, both = policy.key_of(subject.actors[0]), overviews.overviews(subject.actors, title=heading.title, path=path)
    if both is None:
        plain = listings.compose_head(path, match, at)
        return plain and replace(plain, keys=plain.keys | {key, policy.RULES} | elsewhere.keys_on(path))
    listing = listings.head_of(heading)
    page = listings.meta_of(heading, heading.title, path, teasers=listing.teasers, told=PAYWALLED)
    keys = {*listings.keys_of(heading, "head"), *pages.article_keys(listing.teasers), key, *_shown(both)} | elsewhere.keys_on(
        path
    )
    return _sheet("pages/overview.html", page, {"listing": listing}, both, keys=keys)


def compose_relation(path: str, match: re.Match[str], at: datetime) -> Sheet | None:
    """None of the order that is not the alphabet's: the door leads from there."""
    subject = two(match["one"], match["other"])
    if subject is None or path != subject.path or not together.enough_for_both(*subject.actors):
        return None
    names = subject.title
    both = overviews.overviews(subject.actors, title=names, path=path, latest=True)
    if both is None:
        return None
    beside = "turning points, who recurs" if both[0].points else "who recurs"
    page = pages.page_meta(
        title=names,
        path=path,
        kind="relation",
        description=f"{names}: {beside}, and all that we have written about both.",
        told={"@context": "https://schema.org", "@type": "CollectionPage", "name": names, "url": pages.whole(path)} | PAYWALLED,
    )
    keys = {policy.key_of_both(*subject.actors), *(f"country:{each.pk}" for each in subject.countries), *_shown(both)}
    keys |= elsewhere.keys_on(path)
    context = {
        "countries": [Link(country.name, overviews.country_path(country.slug)) for country in subject.countries],
        "before_html": kinds.slot("relation", "before", path),
        "beside_html": kinds.slot("relation", "beside", path),
    }
    return _sheet("pages/relation.html", page, context, both, keys=keys)


def compose_index(path: str, match: re.Match[str], at: datetime) -> Sheet:
    """Every country with those it is most often written about with."""
    rows = {policy.country(code): (name, slug) for code, name, slug in Country.objects.values_list("code", "name", "slug")}
    groups: dict[str, list[overviews.Counted]] = {actor: [] for actor in sorted(rows, key=lambda actor: rows[actor][0])}
    for one, other, count in together.all_pairs():
        for actor, partner in ((one, other), (other, one)):
            if actor in rows and partner in rows and len(groups[actor]) < PAIRS_OF_ONE:
                at_path = relation_path(rows[actor][1], rows[partner][1])
                groups[actor].append(overviews.Counted(rows[partner][0], count, at_path))
    shown = [(Link(rows[actor][0], overviews.country_path(rows[actor][1])), pairs) for actor, pairs in groups.items() if pairs]
    page = pages.page_meta(title="Relations", path=path, kind="index")
    return pages.sheet("pages/relations.html", page, {"groups": shown}, {"index:countries", policy.RELATIONS, policy.RULES})


# The two cuts

PAYWALLED = {
    "isAccessibleForFree": False,
    "hasPart": {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": BEYOND},
}


def _shown(both: tuple[Overview, Overview]) -> set[str]:
    return {policy.RULES, policy.key_of_links_to(both[0].path), *(f"article:{pk}" for one in both for pk in one.shown)}


def _sheet(
    template: str, page: PageMeta, context: Mapping[str, Any], both: tuple[Overview, Overview], *, keys: set[str]
) -> Sheet:
    free, whole = both
    return Sheet(
        path=page.path,
        html=render_to_string(template, {"page": page, **context, "overview": whole, "cut": "full", "reason": ""}),
        keys=frozenset(keys),
        audience=Audience.MEMBERS,
        previews={
            wall: render_to_string(template, {"page": page, **context, "overview": free, "cut": "preview", "reason": wall.value})
            for wall in WALLS
        },
    )
