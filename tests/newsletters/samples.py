"""Editions made by hand: what typesetting is handed, without a database."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from broadsheet.newsletters.composed import Composed, Line, Part, Top
from broadsheet.newsroom.galley import Picture
from broadsheet.newsroom.metadata import House

HOUSE = House("The Test Review", "https://review.test", ZoneInfo("Europe/Paris"))
DAM = Line(
    id=7,
    headline="The Dam & the River",
    address="https://review.test/briefings/the-dam/",
    said="Who holds the gate holds the harvest.",
    label="Briefing",
    bylines=("Amara Osei",),
    minutes=4,
    for_members=True,
)
NEAR = replace(DAM, id=8, headline="A Near Thing", address="https://review.test/notes/near/", label="Note", minutes=1)
LINK = Line(
    id=None,
    headline="What Stands Elsewhere",
    address="https://elsewhere.test/a",
    said="Read it for the map.",
    bylines=("B. Outside",),
    minutes=9,
    outlet="The Other Review",
    paywalled=True,
)
PICTURE = Picture(
    "/media/images/dam.webp", "A dam at noon", 960, 540, srcset="/media/images/dam-480.webp 480w", caption="The gate."
)


def top(free="<p>Free words.</p>", rest="<p>Paid words.</p>", *, picture=None, **line):
    return Top(replace(DAM, **line), free, rest, picture)


def composed(**changes):
    made = Composed(
        newsletter="The Daily",
        promise="The day, at six.",
        path="/newsletters/daily/2026-03-02/",
        goes_on=date(2026, 3, 2),
        subject="The dam and the river",
        preheader="Who holds the gate holds the harvest; a near thing",
        note=("Good morning.", "Two things today."),
        top=top(),
        parts=(Part("articles", "Also today", (NEAR,)), Part("links", "Must-read links", (LINK,))),
    )
    return replace(made, **changes)
