"""Galleys and lists made by hand: what templates are handed, without a database."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.template.loader import render_to_string

from broadsheet.access.terms import Audience, Cut, Reason
from broadsheet.design.page import PageMeta
from broadsheet.newsroom.galley import Chapter, DatedText, Footnote, Galley, Link, Person, Teaser, without_rest

DAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
KINDS = {
    "briefing": "Briefing",
    "column": "Column",
    "interview": "Interview",
    "report": "Special Report",
    "note": "Note",
    "podcast": "Podcast",
    "edition": "Newsletter",
    "roundup": "Daily Links",
}
NEAR = Teaser(7, "/briefings/near/", "briefing", "Briefing", "A Near Thing", "", ("Vera Aas",), DAY, Audience.OPEN)


def galley(kind: str = "briefing", **changes: Any) -> Galley:
    made = Galley(
        id=1,
        story="a1",
        path=f"/{kind}s/the-dam/",
        kind=kind,
        label=KINDS[kind],
        headline="The Dam & the River",
        standfirst="Who holds the gate holds the harvest.",
        audience=Audience.METERED,
        dated_at=DAY,
        changed_at=DAY,
        minutes=4,
        words=900,
        free="<p>Free words.</p>",
        rest="<p>Paid words.</p>",
        bylines=(Person("Amara Osei", "/contributors/amara-osei/", "writes about rivers."),),
        section=Link("Diplomacy & Politics", "/sections/diplomacy/"),
        countries=(Link("Egypt", "/countries/egypt/"), Link("Ethiopia", "/countries/ethiopia/")),
        issues=(Link("Water", "/issues/water/"),),
        corrections=(DatedText(DAY, "An earlier version gave the wrong year."),),
        related=(NEAR,),
        footnotes=(Footnote("1", "1", "Free note.", free=True), Footnote("2", "2", "Paid note.")),
        chapters=(Chapter("Free chapter", "1-free", free=True), Chapter("Paid chapter", "2-paid")),
        key_points=("The first point.", "The paid point."),
    )
    return replace(made, **changes)


def page_of(galley: Galley) -> PageMeta:
    return PageMeta(title=galley.headline, path=galley.path, kind=galley.kind, canonical=f"http://testserver{galley.path}")


def full(galley: Galley) -> str:
    return _printed(galley, Cut.FULL, "")


def preview(galley: Galley, reason: Reason = Reason.REGISTER) -> str:
    return _printed(without_rest(galley), Cut.PREVIEW, reason)


def _printed(galley: Galley, cut: Cut, reason: str) -> str:
    context = {"galley": galley, "cut": cut.value, "reason": str(reason), "page": page_of(galley)}
    return render_to_string("pages/article.html", context)
