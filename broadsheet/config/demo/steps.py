"""Ten things to try in the demo, and what to look for. What stands “so” is a label of the page that the step leads to."""

from collections.abc import Mapping
from dataclasses import dataclass

DESK = "/admin/"


@dataclass(frozen=True, slots=True)
class Step:
    """`about`: the slug of a page, whose number stands in `path` as {page}."""

    title: str
    do: str
    look_for: str
    path: str
    who: str = ""  # slug of the member of the cast to enter as; "" stays whoever one is
    about: str = ""

    def leads_to(self, numbers: Mapping[str, int]) -> str:
        """`numbers`: of pages, by slug. Without its page it leads to where the desk begins."""
        if not self.about:
            return self.path
        return self.path.format(page=numbers[self.about]) if self.about in numbers else DESK


STEPS: tuple[Step, ...] = (
    Step(
        "Meet the wall",
        "As Vera, whom nobody knows, open a briefing as if a search engine had sent you.",
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
        "Enter as Rex, whose three are spent, meet the wall, then press “Next month” above and open it again.",
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
        "Here Edda begins a briefing. Give it a “Headline”, a “Standfirst” and a few paragraphs in its “Body”. Choose "
        "“Toggle preview” (the telephone at the top), and “Look at it as” Vera and as Sada; then “Publish”, in the menu beside "
        "“Save draft”.",
        "Both cuts exactly as they will be printed; a second after publishing it is on the front page.",
        "/admin/pages/add/newsroom/briefing/{page}/",
        "edda",
        about="briefings",
    ),
    Step(
        "Let tomorrow come",
        "Ten weekdays are scheduled ahead. Press “Next weekday 06:00” above and look at the front page.",
        "The morning's briefing leads the page; feeds and listings have it too.",
        "/",
    ),
    Step(
        "Correct and take back",
        "Here Edda has an article open. Under “Corrections” choose “Add Correction”, write one, and “Publish”, in the menu "
        "beside “Save draft”. Look at the article; then, in the same menu, “Take back”.",
        "The correction stands dated under the text. Then its page says that it was withdrawn, and no list shows it any more.",
        "/admin/pages/{page}/edit/#tab-corrections",
        "edda",
        about="two-lakes-and-no-telephone",
    ),
    Step(
        "Shut a free article",
        "Here Edda has an open article. Under “Access & dates” make its “Audience” “Members”, and “Publish”, in the menu beside "
        "“Save draft”. Look at it as Vera.",
        "Within a second the page, its feeds and its lists show the free part only.",
        "/admin/pages/{page}/edit/#tab-access_dates",
        "edda",
        about="a-register-far-from-the-sea",
    ),
)
