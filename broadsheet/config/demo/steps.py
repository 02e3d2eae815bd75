"""Ten things to try in the demo, and what to look for. Later rooms add their own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    do: str
    look_for: str
    path: str
    who: str = ""  # slug of the member of the cast to enter as; "" stays whoever one is


STEPS: tuple[Step, ...] = (
    Step(
        "Meet the wall",
        "Leave as Vera and open a report or a briefing as if a search engine had sent you.",
        "Headline, standfirst, map and about a hundred words; then three ways on. The source holds nothing beyond the cut.",
        "/briefings/the-clause-that-makes-creditors-wait/",
        "vera",
    ),
    Step(
        "Register with one field",
        "At the wall, give any address. The article opens at once, before any code.",
        "You are back at the very paragraph, and a line at the foot asks for the code. It waits in the outbox.",
        "/briefings/the-service-engineer-as-foreign-policy/",
        "vera",
    ),
    Step(
        "Spend the allowance",
        "Enter as Fay and open four metered articles.",
        "What is left is shown on every page; opening one again costs nothing; the fourth meets the wall of a spent allowance.",
        "/latest/",
        "fay",
    ),
    Step(
        "Come back next month",
        "Enter as Rex, whose three are spent, meet the wall, then press “next month” below and load the page again.",
        "Three new articles, without logging in again.",
        "/briefings/who-pays-the-sentry/",
        "rex",
    ),
    Step(
        "Read all as a subscriber",
        "Enter as Sada and read the special report on the Strait of Malacca.",
        "Chapters with contents, key points, drawn charts, footnotes with their way back; no wall anywhere.",
        "/reports/special-report-strait-of-malacca/",
        "sada",
    ),
    Step(
        "Read on campus",
        "Enter as Ines: nobody is signed in, but her university's network has standing.",
        "Every article in full without an account.",
        "/reports/country-report-kazakhstan/",
        "ines",
    ),
    Step(
        "Write, look, publish",
        "Enter as Edda, open Briefings on the desk and write one. Look at it as Vera and as Sada before you publish.",
        "Both cuts exactly as they will be printed; a second after publishing it is on the front page.",
        "/admin/",
        "edda",
    ),
    Step(
        "Let tomorrow come",
        "Ten weekdays are scheduled ahead. Press “next weekday 06:00” below and look at the front page.",
        "The morning's briefing leads the page; feeds and listings have it too.",
        "/",
    ),
    Step(
        "Correct and take back",
        "As Edda add a correction to an article; take another back.",
        "The correction stands dated under the text; the other says that it was withdrawn, on every page at once.",
        "/admin/",
        "edda",
    ),
    Step(
        "Shut a free article",
        "As Edda change an open article's audience to members, publish, and look as Vera.",
        "Within a second the page, its feeds and its lists show the free part only.",
        "/notes/a-register-far-from-the-sea/",
        "edda",
    ),
)
