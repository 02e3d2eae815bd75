"""Things to try in the demo, and what to look for. What stands “so” is a label of the pages that the step leads through."""

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
        "Ask the library",
        "Enter as Sada and ask why creditors wait, or choose one of the questions below the field. Follow a quotation.",
        "Each sentence is quoted, dated and linked to where it stands; what the library does not answer, it says so.",
        "/research/",
        "sada",
    ),
    Step(
        "Go on with a question",
        "Here Sada has kept two questions about one river. Open the second, read it, and “Keep” whatever you ask on from there.",
        "The second stands after the first and takes from it what it does not say itself; each quotation says of when it is.",
        "/research/questions/",
        "sada",
    ),
    Step(
        "Open a dossier",
        "Enter as Vera and read the dossier on Egypt to where it ends; then enter as Sada and open it again.",
        "What the editors say of it is free; the quotations, those that they pinned first, are for members.",
        "/dossiers/egypt-downstream/",
        "vera",
    ),
    Step(
        "Be brought a briefing",
        "Here Sada reads what was brought to her. Press “Next weekday 06:00” above, and open it again, here or in the outbox.",
        "So many items and no more, each with the reason why it is there; the next morning brings none of them again.",
        "/briefing/",
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
        "Subscribe and read on",
        "As Vera, at the wall of a report, choose “Subscribe and read on”, then “Subscribe”. Give any address; its code is in "
        "the outbox. After “Go to the payment” pay with the card 4242 4242 4242 4242, any day to come and any three digits.",
        "You are back in the same report, in full, and its receipt is in the outbox.",
        "/reports/country-report-kazakhstan/",
        "vera",
    ),
    Step(
        "Let the card fail",
        "As that subscriber choose “Card, address and bills”, and there the card 4000 0000 0000 0341. Come back here and press "
        "“Next month” twice.",
        "A mail and the head of every page say that the charge failed, and the report shows a wall that leads to the payment.",
        "/account/subscription/",
    ),
    Step(
        "Mend it",
        "Still that subscriber: “See to the payment”, “Pay what is open”, and pay with 4242 4242 4242 4242.",
        "A few seconds later the subscription says when it renews, and the report opens again.",
        "/account/",
    ),
    Step(
        "Share a subscription",
        "Gus manages a group of three. Type two addresses and “Invite” them. Open an invitation from the outbox in a private "
        "window, and “Take the seat”. Then, as Gus, “Remove” whoever sits there.",
        "In the private window every article opens, and none any more at the next one after the removal.",
        "/account/group/",
        "gus",
    ),
    Step(
        "Give an article away",
        "Below an article choose “Cite or share” and “Give this article”, and open the link in a private window.",
        "It is read in full without an account, and opens nothing else. A whole year is given from the page of plans.",
        "/briefings/who-pays-the-sentry/",
        "sada",
    ),
    Step(
        "End it, to the cent",
        "See what ending a subscription would bring. “End it now” pays back the days that are left; “Keep it” changes nothing.",
        "Both ways stand on one screen, with the sum that goes back.",
        "/account/subscription/cancel/",
        "sada",
    ),
    Step(
        "Search beyond the wall",
        "Here Sada looks for words from the end of a metered briefing. Enter as Vera and look for the same; then type soverign "
        "debt, as it stands here, and narrow what is found by country and year.",
        "Sada finds it, the words marked; Vera is told that nothing is written so. The misspelt word is read as meant.",
        "/search/?q=%22ignorance+that+finance+is+ever+likely%22",
        "sada",
    ),
    Step(
        "Watch the house earn",
        "Here Petra looks at “Subscribers by plan”, “Churn by month” and “The wall by week”.",
        "Charts of the last weeks and months; each figure leads to its list, and each list can be had as a table of CSV.",
        "/admin/figures/",
        "petra",
    ),
    Step(
        "Word a mail",
        "Here Petra has the mail of a charge, which she worded. Put {day} into its “Opening words”, and press “Preview”.",
        "Both cuts as their reader gets them: sum, bill and the right to withdraw stand there whatever she writes around them.",
        "/admin/mails/charge/",
        "petra",
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
        "Read the wire",
        "Here Carlo reads what twenty outlets told this morning. Go down by j and up by k, unfold a story by e, pick its best "
        "piece by p; “Keys” lists the rest. Pick five, open “Today’s picks”, write a line on each, and publish the roundup.",
        "It stands first under Links; pages of its countries show the pieces beside our own, and the next Daily brings them.",
        "/admin/wire/",
        "carlo",
    ),
    Step(
        "Make up an edition",
        "Here Edda opens the Daily that stands first under “Next”. Move two items by their arrows, write a subject and a note, "
        "and save. Look at both cuts below, send a test, and let it go at its hour. Then press the button for the next weekday.",
        "The outbox has the test at once, and in the morning an edition for each of the cast: whole for subscribers, to its cut "
        "for the others. The desk's list says how many had it.",
        "/admin/editions/",
        "edda",
    ),
    Step(
        "See what is for subscribers",
        "Here Fay looks at the newsletters. Those of single regions are for subscribers: “See what a subscription opens”.",
        "She may sign up to the others at once; of the region weeklies she sees what is in them, and the way to subscribe.",
        "/newsletters/",
        "fay",
    ),
    Step(
        "Choose regions, and leave",
        "Here Sada ticks the weeklies of Africa and Asia-Pacific, and presses “Save”. Press “Next weekday 06:00” above until a "
        "Friday is over, and open one of hers in the outbox; read on from it, then follow the link that ends it, and “End it”.",
        "Only her regions stand in it. One press ends that newsletter, without logging in; the others still come.",
        "/account/newsletters/",
        "sada",
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
