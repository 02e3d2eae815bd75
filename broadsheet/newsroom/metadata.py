"""What the head of an article's page says of it, for search engines, citation tools and shared links. Pure.

The same for every cut: nothing in it comes from beyond the wall.
"""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

from broadsheet.access.terms import Audience
from broadsheet.design.page import PageMeta, script_json
from broadsheet.newsroom.galley import Galley, Person

MOST_DESCRIPTION = 200
BEYOND = ".beyond"  # what the template wraps around the paid part, and around the wall in its place

_TAG = re.compile(r"<[^>]*>")
_ASIDE = re.compile(r"<(aside|figure|h2|h3|h4)\b.*?</\1>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class House:
    """Who publishes; `url` without a slash at its end."""

    name: str
    url: str
    zone: ZoneInfo


def page_of(galley: Galley, house: House) -> PageMeta:
    return PageMeta(
        title=galley.headline,
        description=description(galley),
        path=galley.path,
        canonical=house.url + galley.path,
        kind=galley.kind,
        og_type="article",
        published_at=galley.dated_at,
        changed_at=galley.changed_at,
        json_ld=script_json(structured(galley, house)),
        feeds=((house.name, "/feed.rss", "application/rss+xml"),),
        citation=citation(galley, house),
        image=house.url + galley.picture.src if galley.picture else "",
    )


def description(galley: Galley) -> str:
    """The standfirst; where there is none, the beginning of the free part."""
    return shortened(galley.standfirst or unescape(_TAG.sub(" ", _ASIDE.sub(" ", galley.free))), most=MOST_DESCRIPTION)


def shortened(text: str, *, most: int) -> str:
    """At most so many characters, cut between words."""
    words = " ".join(text.split())
    return words if len(words) <= most else words[: most - 1].rpartition(" ")[0].rstrip(",;:") + "…"


def structured(galley: Galley, house: House) -> dict[str, Any]:
    """Schema.org, with what search engines ask of paid text."""
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": galley.headline,
        "description": description(galley),
        "mainEntityOfPage": house.url + galley.path,
        "url": house.url + galley.path,
        "datePublished": galley.dated_at.isoformat(),
        "dateModified": galley.changed_at.isoformat(),
        "inLanguage": "en-GB",
        "wordCount": galley.words,
        "author": [_author(person, house) for person in galley.bylines] or {"@type": "Organization", "name": house.name},
        "publisher": {"@type": "NewsMediaOrganization", "name": house.name, "url": house.url},
        "isAccessibleForFree": galley.audience is Audience.OPEN,
    }
    if galley.audience is not Audience.OPEN:
        told["hasPart"] = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": BEYOND}
    if galley.section:
        told["articleSection"] = galley.section.text
    if keywords := [link.text for link in (*galley.countries, *galley.issues)]:
        told["keywords"] = keywords
    if galley.picture:
        told["image"] = house.url + galley.picture.src
    if galley.corrections:
        told["correction"] = [
            {"@type": "CorrectionComment", "datePublished": line.on.isoformat(), "text": line.text} for line in galley.corrections
        ]
    return told


def _author(person: Person, house: House) -> dict[str, str]:
    return {"@type": "Person", "name": person.name, "url": house.url + person.path}


def citation(galley: Galley, house: House) -> tuple[tuple[str, str], ...]:
    """Tags that reference managers read."""
    on = galley.dated_at.astimezone(house.zone)
    return (
        ("citation_title", galley.headline),
        *(("citation_author", person.name) for person in galley.bylines),
        ("citation_publication_date", f"{on:%Y/%m/%d}"),
        ("citation_online_date", f"{on:%Y/%m/%d}"),
        ("citation_journal_title", house.name),
        ("citation_publisher", house.name),
        ("citation_language", "en"),
        ("citation_public_url", house.url + galley.path),
        *((("citation_abstract", galley.standfirst),) if galley.standfirst else ()),
        *(("citation_keywords", link.text) for link in (*galley.countries, *galley.issues)),
    )
