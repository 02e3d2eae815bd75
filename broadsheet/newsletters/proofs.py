"""An edition as it would leave, for whoever makes it: both cuts, in light and dark, and a test to an address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.conf import settings

from broadsheet.access.terms import Cut
from broadsheet.mailroom.actions import post_written
from broadsheet.mailroom.rendering import Written
from broadsheet.membership.models import Reader
from broadsheet.newsletters import links, places
from broadsheet.newsletters.composing import compose, path_of
from broadsheet.newsletters.house_style import typesetter
from broadsheet.newsletters.models import Edition
from broadsheet.newsletters.policy import Whom, cuts_of

DARK = "prefers-color-scheme: dark"
NEVER, ALWAYS = "prefers-color-scheme: none", "min-width: 0"
# Nothing may run, and nothing is loaded but pictures of our own.
CONTENT_SECURITY = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; sandbox"


class Look(StrEnum):
    LIGHT = "light"
    DARK = "dark"
    TEXT = "text"


class NoSuchProof(LookupError):
    """No reader gets this cut of it, or nobody looks at it so."""


@dataclass(frozen=True, slots=True)
class Proof:
    """One cut, with places left open. `flags`: none of what is on its way, since nothing in it can change."""

    cut: Cut
    name: str
    subject: str
    preheader: str
    html: str
    text: str
    flags: tuple[str, ...] = ()

    @property
    def weight(self) -> int:
        """In kB, as mail programs count."""
        return round(len(self.html.encode()) / 1000)


def cuts_in(edition: Edition) -> list[tuple[Cut, str]]:
    """With what each is called."""
    return [(cut, _name(cut, edition)) for cut in cuts_of(Whom(edition.newsletter.whom))]


def page(edition: Edition, *, cut: str, look: str, to: str, at: datetime) -> tuple[str, str]:
    """A proof by itself, and of which type it is. Raises NoSuchProof."""
    if cut not in {each.value for each, _ in cuts_in(edition)} or look not in set(Look):
        raise NoSuchProof(f"{cut}, {look}")
    found = proofs_of(edition, at=at, cuts=(Cut(cut),))
    if not found:
        raise NoSuchProof(f"It was cancelled before it was set: {cut}")
    kind = "plain" if look == Look.TEXT else "html"
    return shown(found[0], Look(look), values_for(edition, to=to, at=at)), f"text/{kind}; charset=utf-8"


def proofs_of(edition: Edition, *, at: datetime, cuts: tuple[Cut, ...] = tuple(Cut)) -> list[Proof]:
    """As it left, once it has begun."""
    wanted = [cut for cut in cuts_of(Whom(edition.newsletter.whom)) if cut in cuts]
    if edition.begun_at:
        left = {Cut(set_.cut): set_ for set_ in edition.cuts.all()}
        as_left = [(cut, left[cut]) for cut in cuts if cut in left]
        return [Proof(cut, _name(cut, edition), one.subject, "", one.html, one.text) for cut, one in as_left]
    composed, typeset = compose(edition, at=at), typesetter(at=at)
    printed = [(cut, typeset(composed, cut)) for cut in wanted]
    return [Proof(cut, _name(cut, edition), one.subject, one.preheader, one.html, one.text, one.flags) for cut, one in printed]


def _name(cut: Cut, edition: Edition) -> str:
    if cut is Cut.FULL:
        return "For subscribers"
    return "For everybody" if edition.newsletter.whom == Whom.FREE else "For everybody else"


def shown(proof: Proof, look: Look, values: Mapping[str, str]) -> str:
    """A page by itself. Whatever the editor's own screen prefers, each look is as it says."""
    if look is Look.TEXT:
        return places.filled(proof.text, values, is_html=False)
    html = places.filled(proof.html, values, is_html=True)
    html = html.replace('content="light dark"', f'content="{look}"')
    return html.replace(DARK, ALWAYS if look is Look.DARK else NEVER)


def values_for(edition: Edition, *, to: str, at: datetime) -> dict[str, str]:
    """What stands in the places of a test. Of an address that is no reader's, nothing opens without logging in."""
    reader = Reader.objects.filter(email__iexact=to).first()
    everybody = f"{settings.BASE_URL}/newsletters/"
    return {
        "address": to,
        "leave": links.leave_link(links.Whose.of(reader), edition.newsletter_id) if reader else everybody,
        "preferences": links.preferences_link(links.Whose.of(reader), at=at) if reader else everybody,
        "reason": "You get this test because somebody at the desk sent it to you.",
        "web": f"{settings.BASE_URL}{path_of(edition)}",
    }


def send_test(edition: Edition, *, to: str, cuts: tuple[Cut, ...], at: datetime) -> int:
    """How many mails were written. No delivery comes of it. Raises mailroom's NoSuchAddress."""
    values, proofs = values_for(edition, to=to, at=at), proofs_of(edition, at=at, cuts=cuts)
    for proof in proofs:
        which = f" ({proof.name.lower()})" if len(proofs) > 1 else ""
        text = places.filled(proof.text, values, is_html=False)
        written = Written(f"[Test] {proof.subject}{which}", text, places.filled(proof.html, values, is_html=True))
        post_written(kind="edition-test", to=to, written=written, at=at)
    return len(proofs)
