"""What other outlets wrote, beside our own articles: the newest links of a country, an issue or two countries, and of the day.

Of a roundup's text only what gives a link its credit stands here; the note and the rival readings may lie beyond its cut.
"""

from django.template.loader import render_to_string

from broadsheet.library.subjects import OF_A_LIST, OF_TWO, two
from broadsheet.newsroom.models import Country, Issue
from broadsheet.press import kinds
from broadsheet.press.headings import Heading, heading_of
from broadsheet.wire import links_beside
from broadsheet.wire.links_beside import Beside

PAGES = ("country", "issue", "relation")


def register_links() -> None:
    for page in PAGES:
        kinds.register_slot(page, "beside", beside)
    kinds.register_slot("front", "links", on_the_front)


def beside(path: str) -> str:
    links = _shown_on(path)
    return render_to_string("components/elsewhere.html", {"links": links}) if links else ""


def on_the_front(path: str) -> str:
    links = links_beside.newest_roundup()
    return render_to_string("components/front-links.html", {"links": links, "roundup": links[0]}) if links else ""


def keys_on(path: str) -> set[str]:
    """By which a page is printed again when its links are others."""
    return {links_beside.RULES, _key_of(path), *(f"article:{link.roundup}" for link in _shown_on(path))}


def _shown_on(path: str) -> list[Beside]:
    if countries := _both_at(path):
        return links_beside.of_both(*countries)
    heading = _heading_at(path)
    if heading is None:
        return []
    if heading.kind == "country":
        return links_beside.of_country(Country.objects.get(pk=heading.pk))
    return links_beside.of_issue(Issue.objects.get(pk=heading.pk))


def _key_of(path: str) -> str:
    if countries := _both_at(path):
        return links_beside.key_of_both(*(country.pk for country in countries))
    heading = _heading_at(path)
    if heading is None:
        return links_beside.RULES
    return links_beside.key_of_country(heading.pk) if heading.kind == "country" else links_beside.key_of_issue(heading.pk)


def _both_at(path: str) -> tuple[Country, ...]:
    found = OF_TWO.fullmatch(path)
    subject = two(found["one"], found["other"]) if found else None
    return subject.countries if subject else ()


def _heading_at(path: str) -> Heading | None:
    found = OF_A_LIST.fullmatch(path)
    return heading_of(found["list"]) if found else None
