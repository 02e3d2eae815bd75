"""Every mail that readers get: what sends it, what its post hands in, and what of that an editor's words may name.

What lets somebody in (a code, a link), and what only chooses between sentences, has no name: it stands in the mail by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Handed:
    """One thing that a post hands in, under `key`. `name`: how an editor's words call for it; "" where they may not."""

    key: str
    example: object
    name: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """`sent`: when, and to whom. `before`, `after`: the house's own words around what must be said."""

    label: str
    sent: str
    handed: tuple[Handed, ...] = ()
    before: str = ""
    after: str = ""

    @property
    def placeholders(self) -> dict[str, Handed]:
        return {each.name: each for each in (*EVERYWHERE, *self.handed) if each.name}

    @property
    def kept_back(self) -> frozenset[str]:
        return frozenset(each.key for each in self.handed if not each.name)

    @property
    def example(self) -> Mapping[str, object]:
        return {each.key: each.example for each in self.handed}


EVERYWHERE = (
    Handed("publication", "The Review", "publication", "the publication’s name"),
    Handed("base_url", "https://review.example", "site", "its address on the web"),
)
ACCOUNT = Handed("account", "/account/subscription/")
GROUP = Handed("group", "Harbour Institute", "group", "the group’s name")
ARTICLE = {
    "headline": "Who pays for the dam",
    "standfirst": "Two governments, one river, and a bill that nobody wants.",
    "bylines": ("Ada Writer",),
    "dated_at": date(2026, 3, 2),
    "path": "/briefings/who-pays-for-the-dam/",
}
CHANGED = {
    "label": "New",
    "at": date(2026, 3, 2),
    "teaser": ARTICLE,
    "newer": {"text": "Both governments signed on Monday."},
}
ITEM = {
    "why": "You follow Kenya; new since Friday",
    "headline": "Who pays for the dam",
    "standfirst": "Two governments, one river, and a bill that nobody wants.",
    "credits": ("Ada Writer", "Briefing", "2 March 2026"),
    "address": "/briefings/who-pays-for-the-dam/",
}
PLAN = Handed("plan", "All-Access", "plan", "the plan’s name")
WELCOME = (
    Handed("newsletter", "The Daily", "newsletter", "the newsletter’s name; of several, all their names"),
    Handed("promise", "What matters in the world, every weekday.", "promise", "what is in it, in its own sentence"),
    Handed(
        "newsletters",
        (
            {
                "name": "The Daily",
                "promise": "What matters in the world, every weekday.",
                "page": "https://review.example/newsletters/daily/",
            },
        ),
    ),
    Handed("allowance", 3, "articles", "how many articles a month are free with an account"),
    Handed("preferences", "https://review.example/newsletters/preferences/an-example/"),
    Handed("leave", "https://review.example/newsletters/leave/an-example/"),
)

KINDS: Mapping[str, Kind] = {
    "code": Kind(
        "Code to come in",
        "At once, to whoever gives an address to register or to log in.",
        (
            Handed("code", "BCDFGH"),
            Handed("link", "https://review.example/join/link/an-example/"),
            Handed("minutes", 15, "minutes", "for how many minutes the code works"),
        ),
    ),
    "new-address": Kind(
        "Code for a new address",
        "At once, to an address that a reader adds to their account.",
        (Handed("code", "BCDFGH"),),
    ),
    "account-notice": Kind(
        "Change of an account",
        "At once, to whoever’s address, passkeys, authenticator app or recovery codes were changed.",
        (Handed("sentence", "A passkey or security key was added to it."),),
    ),
    "trial": Kind(
        "Trial that begins",
        "Once, when somebody begins a trial.",
        (
            PLAN,
            Handed("day", "16 March 2026", "day", "the day on which the trial ends"),
            Handed("money", "€9", "sum", "what is charged then"),
            Handed("renews_on", "16 April 2026", "renewal", "the day of its first renewal; may be missing"),
            Handed("renews", "€9", "renewal_sum", "what is charged on that day; may be missing"),
            Handed("withdraw_until", "16 March 2026"),
            ACCOUNT,
        ),
        before="Thank you.",
    ),
    "charge": Kind(
        "Charge",
        "After every charge that was paid: the first one, each renewal, and what a change costs.",
        (
            Handed("money", "€9", "sum", "what was charged"),
            Handed("number", "MR-0042", "number", "the bill’s number; may be missing"),
            Handed("day", "2 March 2026", "day", "the day of the charge"),
            Handed("credit", ""),
            Handed("charged", "900"),
            Handed("withdraw_until", "16 March 2026"),
            Handed("invites", ""),
            Handed("had", ""),
            Handed("has", ""),
            Handed("receipt", "/account/subscription/receipts/1/"),
            ACCOUNT,
        ),
        before="Thank you.",
    ),
    "charge-failed": Kind(
        "Charge that failed",
        "After every attempt at a charge that did not go through.",
        (
            Handed("money", "€9", "sum", "what was to be charged"),
            Handed("until", "9 March 2026", "until", "the day until which they read on; missing once that is over"),
            Handed("stopped", ""),
            Handed("again", "5 March 2026", "again", "the day on which it is tried again; missing where it is not"),
            ACCOUNT,
        ),
    ),
    "grace-over": Kind(
        "Days of grace that are over",
        "Once the days of grace after a failed charge are over, if it is still open.",
        (
            Handed("money", "€9", "sum", "what is open"),
            Handed("day", "9 March 2026", "day", "the day on which reading stopped"),
            ACCOUNT,
        ),
    ),
    "renewal": Kind(
        "Renewal to come",
        "Before every renewal, and before a trial’s first charge: 3 days where it is a month’s, 7 a quarter’s, 14 a year’s.",
        (
            PLAN,
            Handed("money", "€9", "sum", "what is charged then"),
            Handed("day", "2 April 2026", "day", "the day of the renewal"),
            Handed("trial", False),
            ACCOUNT,
        ),
    ),
    "subscription-ends": Kind(
        "End of a subscription",
        "Once it was told to end with its period, and once it has ended.",
        (
            Handed("day", "2 April 2026", "day", "the day of the end"),
            Handed("over", True),
            Handed("owed", ""),
            Handed("back", "€4.50", "refund", "what goes back; missing where nothing does"),
            Handed("reckoned", [("15 of 30 days of the €9 paid", "+€4.50")]),
            ACCOUNT,
        ),
    ),
    "subscription-paused": Kind(
        "Pause of a subscription",
        "At once, to whoever pauses a subscription.",
        (
            Handed("plan", "All-Access", "plan", "the plan’s name; may be missing"),
            Handed("reads", "you read until 2 April 2026, which you paid for"),
            Handed("day", "2 May 2026", "day", "the day on which it goes on; may be missing"),
            ACCOUNT,
        ),
    ),
    "subscription-kept": Kind(
        "End taken back",
        "At once, to whoever keeps a subscription that was to end.",
        (
            Handed("plan", "All-Access", "plan", "the plan’s name; may be missing"),
            Handed("day", "2 April 2026", "day", "the day of the next charge; may be missing"),
            Handed("money", "€9", "sum", "what is charged then"),
            Handed("owed", ""),
            ACCOUNT,
        ),
    ),
    "withdrawal": Kind(
        "Withdrawal",
        "At once, to whoever withdraws from the contract: the proof of it.",
        (
            Handed("name", "Fay Example", "name", "the name that they typed; may be missing"),
            Handed("address", "fay@example.org", "address", "their address"),
            Handed("plan", "All-Access", "plan", "the plan’s name; may be missing"),
            Handed("bought", "2 March 2026", "bought", "the day on which they bought it"),
            Handed("when", "4 March 2026, 09:30 GMT", "when", "the minute in which they withdrew"),
            Handed("known", True),
            Handed("money", "€9", "sum", "what goes back; missing where nothing does"),
            Handed("charged", True),
            Handed("part", False),
            Handed("credited", False),
            ACCOUNT,
        ),
    ),
    "given-year": Kind(
        "Year as a gift",
        "On the day that its giver chose, to whom it is given.",
        (
            Handed("giver", "Sada", "giver", "the name that the giver typed"),
            Handed("message", "For the long evenings."),
            PLAN,
            Handed("code", "1-BCDF-GHJK-LMNP"),
        ),
    ),
    "year-given": Kind(
        "Year as a gift, to its giver",
        "When it is bought, when it is redeemed, and when it is taken back.",
        (
            Handed("money", "€90", "sum", "what was paid"),
            PLAN,
            Handed("to", "fay@example.org", "recipient", "to whose address it went; missing once that is forgotten"),
            Handed("day", "24 December 2026", "day", "the day of delivery, or of what happened"),
            Handed("back_until", "7 January 2027"),
            Handed("what", "bought"),
            Handed("receipt", "/account/given-years/1/receipt/"),
        ),
    ),
    "group-invitation": Kind(
        "Invitation to a group",
        "At once, to every address that a group’s manager invites.",
        (
            GROUP,
            Handed("by", "Una Example", "by", "who invites; may be missing"),
            Handed("link", "https://review.example/group/join/an-example/"),
            Handed("days", 14, "days", "for how many days the seat is kept"),
        ),
        after="If you do not want it, do nothing.",
    ),
    "seat-ends": Kind(
        "End of a seat",
        "To whoever loses a seat in a group: removed, too few seats, or no longer paid for.",
        (GROUP, Handed("why", "removed"), Handed("day", "2 March 2026", "day", "the day of the end"), ACCOUNT),
    ),
    "group-manager": Kind(
        "Manager of a group",
        "To whoever manages a group from now on, and to whoever no longer does.",
        (
            GROUP,
            Handed("begins", True),
            Handed("pays", False),
            Handed("payer", "una@example.org", "payer", "the address of whoever pays; may be missing"),
            ACCOUNT,
        ),
    ),
    "newsletter-confirm": Kind(
        "Confirming a newsletter",
        "At once, to an address that is given for newsletters by somebody who is not logged in.",
        (
            Handed("newsletter", "The Daily", "newsletter", "the newsletter’s name; of several, all their names"),
            Handed("shown", ("The Daily, by mail: what matters, every weekday. Each one carries a link that ends it.",)),
            Handed("walled", ""),
            Handed("link", "https://review.example/newsletters/confirm/an-example/"),
            Handed("hours", 24, "hours", "for how many hours the link works"),
        ),
    ),
    "welcome": Kind(
        "Welcome to a newsletter",
        "Within minutes, to whoever signed up for a newsletter, or several together, or registered; once.",
        WELCOME,
        before="Thank you for signing up.",
    ),
    "welcome-library": Kind(
        "Welcome: the library",
        "Two days after registering, unless they have left its newsletter.",
        WELCOME,
    ),
    "welcome-shelves": Kind(
        "Welcome: their shelves",
        "Five days after registering, unless they have left its newsletter.",
        WELCOME,
        after="This is the last of these mails.",
    ),
    "alert": Kind(
        "Alert",
        "Of what came out, to whoever saved a search or follows something and wants to be told: at once, each day or each week.",
        (
            Handed("name", "Kenya", "name", "the search, or what is followed"),
            Handed("why", "you follow Kenya"),
            Handed("articles", (ARTICLE,)),
            Handed("total", 1, "number", "how many articles came out"),
            Handed("more", 0),
            Handed("path", "/countries/kenya/"),
            Handed("account", "/account/alerts/"),
            Handed("end", "https://review.example/alerts/end/an-example/"),
        ),
    ),
    "dossier": Kind(
        "Dossier that changed",
        "Of what changed in a dossier, to whoever follows it or keeps one of their own: at once, each day or each week.",
        (
            Handed("title", "Kenya and Ethiopia", "title", "the dossier’s title"),
            Handed("changes", (CHANGED,)),
            Handed("total", 1, "number", "how much has changed"),
            Handed("more", 0),
            Handed("path", "/dossiers/kenya-and-ethiopia/"),
            Handed("account", "/research/dossiers/"),
            Handed("end", "https://review.example/dossiers/end/an-example/"),
        ),
    ),
    "my-briefing": Kind(
        "A reader’s own briefing",
        "On the days and at the hour that a reader has set, if there is something new on what they chose.",
        (
            Handed("path", "/briefing/"),
            Handed("items", (ITEM,)),
            Handed("day", date(2026, 3, 2), "day", "the day for which it is"),
            Handed("account", "/account/briefing/"),
            Handed("end", "https://review.example/briefing/end/an-example/"),
        ),
    ),
    "erased": Kind(
        "Account erased",
        "Once an account is erased: the last mail to its address.",
        (
            Handed("kept", ["Bills, for as long as tax law asks."]),
            Handed("ended", ["Your subscription has ended, and €4.50 for the days that were left goes back to your card."]),
        ),
    ),
}
