"""Many letters in one call to a mail provider: who of them fills in each reader's own, and how a place is written for it. Pure.

Of Anymail's others, Postmark fills in nothing but templates that lie with it and Resend nothing at all; MailerSend takes no
marks, and shows each address to all. They get a letter a call.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from broadsheet.mailroom.smtp_lane import Fate, Outcome, Step

PLAIN = re.compile(r"[a-z0-9._+-]+@[a-z0-9.-]+")  # the same in a text, in HTML, as a key, and on the wire
SIGN = "own_sign"
# Nothing left the house, and whom it is about is not said: an address that the provider does not take, or too much at once.
NOT_TOGETHER = frozenset({400, 413, 422})


@dataclass(frozen=True, slots=True)
class Manner:
    """`opening`, `closing`: what stands around the name of a place. `taken_for_a_place`: what in a text of ours would be read as
    the beginning of one. `most`: letters a call. `sign`: such a beginning, where the provider looks for places in each letter,
    alone or not; "": it looks in calls only. `whole_headers`: nobody says whether headers of one's own stand beside all others
    or in their stead."""

    opening: str
    closing: str
    taken_for_a_place: re.Pattern[str]
    most: int
    sign: str = ""
    whole_headers: bool = False

    def places(self, names: frozenset[str]) -> dict[str, str]:
        return {name: f"{self.opening}{_known_as(name)}{self.closing}" for name in names}

    def takes(self, *texts: str) -> bool:
        """As they are."""
        return not any(self.taken_for_a_place.search(text) for text in texts)

    def spelled(self, text: str) -> str:
        """With a place for the sign in the sign's stead: what is filled in is not looked through again."""
        return self.taken_for_a_place.sub(f"{self.opening}{SIGN}{self.closing}", text) if self.sign else text

    @property
    def signs(self) -> dict[str, str]:
        return {SIGN: self.sign} if self.sign else {}


TAKE_MARKS = frozenset({"Brevo", "Mailgun", "Postmark", "Resend", "SparkPost"})  # and show them again in notices
# By Anymail's names, each from the provider's own manual.
MANNERS = {
    "Brevo": Manner("{{params.", "}}", re.compile(r"\{(?=[{%#])"), 1000, sign="{", whole_headers=True),
    "Mailgun": Manner("%recipient.", "%", re.compile("%recipient", re.IGNORECASE), 1000),
    "SparkPost": Manner("{{", "}}", re.compile(r"\{(?=\{)"), 2000, sign="{"),
}


def named(values: Mapping[str, str]) -> dict[str, str]:
    """One reader's own, as the provider is told it."""
    return {_known_as(name): value for name, value in values.items()}


def outcome_of(status: str | None) -> Outcome:
    """Of one letter, by Anymail's word for it. None: the provider's answer does not name it."""
    match status:
        case "sent" | "queued" | "unknown":  # what is not known yet, a notice will tell
            return Outcome(Fate.ACCEPTED, Step.BODY)
        case "invalid" | "rejected":
            return Outcome(Fate.REFUSED, Step.BODY, 550, f"The mail provider calls it {status}.")
        case "failed":
            return Outcome(Fate.LATER, Step.BODY, words="The mail provider failed.")
    return Outcome(Fate.UNKNOWN, Step.BODY, words="The mail provider does not say what became of it.")


def _known_as(name: str) -> str:
    """SparkPost keeps `address` for itself."""
    return f"own_{name}"
