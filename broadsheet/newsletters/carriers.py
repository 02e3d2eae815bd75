"""How a letter leaves: cast from its cut's mould, with what is its reader's own, signed, and handed over."""

import smtplib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from email.utils import parseaddr
from typing import NamedTuple

from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from anymail.message import AnymailMessage
from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend

from broadsheet.access.terms import Cut
from broadsheet.mailroom import dkim
from broadsheet.mailroom.envelope import Envelope, Franking, Posted, Unfit, from_header, list_headers, on_the_wire, written_from
from broadsheet.mailroom.failing import is_about_us, may_have_left
from broadsheet.mailroom.mould import Misfit, Mould, place
from broadsheet.mailroom.policy import is_final
from broadsheet.mailroom.provided import MARK
from broadsheet.mailroom.sending import code_of
from broadsheet.mailroom.smtp_lane import Fate, NoServer, Outcome, SmtpLane, Step
from broadsheet.newsletters import calls, links, places
from broadsheet.newsletters.composing import path_of
from broadsheet.newsletters.delivering import NotTogether
from broadsheet.newsletters.letters import Letter
from broadsheet.newsletters.models import Edition, Typeset

WAYS_OUT = "List-Unsubscribe"


class Address:
    """Of an edition's letters: what stands on the envelope, and in the places that are each reader's own."""

    def __init__(self, edition: Edition, franking: Franking) -> None:
        self._edition, self._franking = edition, franking
        self.shared = {
            "reason": f"You get it because you signed up for {edition.newsletter.name}.",
            "web": f"{settings.BASE_URL}{path_of(edition)}",
        }

    def envelope(self, letter: Letter, *, at: datetime) -> Envelope:
        """Raises Unfit where no mail can go."""
        leave = links.leave_link(letter.whose, self._edition.newsletter_id)
        return self._franking.envelope(letter.number, to=letter.to, leave=leave, made_at=letter.listed_at, at=at)

    def values(self, letter: Letter) -> dict[str, str]:
        return self.shared | self.own(letter)

    def own(self, letter: Letter) -> dict[str, str]:
        return {
            "address": letter.to,
            "leave": links.leave_link(letter.whose, self._edition.newsletter_id),
            "preferences": links.preferences_link(letter.whose, at=letter.listed_at),
        }

    def mark(self, letter: Letter) -> str:
        """By which a provider's notice finds the delivery."""
        return self._franking.marks.mark(Posted(letter.number, letter.to, letter.listed_at))


class SmtpCarrier:
    """Over one kept connection: cast from the mould of its cut, and signed with the publication's keys."""

    def __init__(self, edition: Edition, cuts: Mapping[Cut, Typeset], *, franking: Franking, lane: SmtpLane) -> None:
        self._address, self._lane = Address(edition, franking), lane
        headers = {"From": from_header(settings.MAIL_FROM, name=_name(edition)), **_headers(edition)}
        self._moulds = {
            cut: Mould(subject=set_.subject, text=set_.text, html=set_.html, headers=headers, places=places.NAMES)
            for cut, set_ in cuts.items()
        }

    def carry(self, letter: Letter, *, at: datetime) -> Outcome:
        try:
            envelope = self._address.envelope(letter, at=at)
            message = self._moulds[letter.cut].cast(envelope.headers, self._address.values(letter))
        except (Unfit, Misfit) as trouble:
            return _unfit(trouble)
        signed = dkim.signed(message, settings.DKIM_KEYS)
        return self._lane.send(sender=envelope.sender, to=envelope.to, message=signed)


class BackendCarrier:
    """Through whichever mail backend of Django's is set: a provider's, or the demo's, which keeps all at home."""

    def __init__(
        self, edition: Edition, cuts: Mapping[Cut, Typeset], *, franking: Franking, connection: BaseEmailBackend
    ) -> None:
        self._address, self._cuts, self._connection = Address(edition, franking), cuts, connection
        self._sender, self._headers = written_from(settings.MAIL_FROM, name=_name(edition)), _headers(edition)

    def carry(self, letter: Letter, *, at: datetime) -> Outcome:
        try:
            envelope = self._address.envelope(letter, at=at)
        except Unfit as trouble:
            return _unfit(trouble)
        try:
            self._message(letter, envelope).send()
        except (smtplib.SMTPException, OSError, AnymailError) as trouble:
            return _failed(trouble)
        return Outcome(Fate.ACCEPTED, Step.BODY)

    def _message(self, letter: Letter, envelope: Envelope) -> AnymailMessage:
        cut, values = self._cuts[letter.cut], self._address.values(letter)
        headers = {**self._headers, **envelope.headers}
        message = AnymailMessage(
            self._spelled(cut.subject),
            self._spelled(places.filled(cut.text, values, is_html=False)),
            self._sender,
            [letter.to],
            headers={name: value for name, value in headers.items() if name != "To"},
            connection=self._connection,
        )
        message.attach_alternative(self._spelled(places.filled(cut.html, values, is_html=True)), "text/html")
        if getattr(self._connection, "esp_name", "") in calls.TAKE_MARKS:
            message.metadata = {MARK: self._address.mark(letter)}
        return message

    def _spelled(self, words: str) -> str:
        """As whoever takes them reads them."""
        return words


class Sheet(NamedTuple):
    """A cut as a provider gets it, for all its readers."""

    subject: str
    text: str
    html: str


class ProviderCarrier(BackendCarrier):
    """Through the API of a provider that takes many letters in one call, and fills in each reader's own itself."""

    def __init__(
        self,
        edition: Edition,
        cuts: Mapping[Cut, Typeset],
        *,
        franking: Franking,
        connection: BaseEmailBackend,
        manner: calls.Manner,
    ) -> None:
        super().__init__(edition, cuts, franking=franking, connection=connection)
        self._manner = manner
        self._sheets = {cut: sheet for cut, set_ in cuts.items() if (sheet := self._sheet(set_))}

    def calls(self, letters: Iterable[Letter]) -> Iterator[Sequence[Letter]]:
        """Those of a cut go together; alone goes whose address, or whose cut, the provider might read as something else."""
        together: dict[Cut, list[Letter]] = {}
        for letter in letters:
            if letter.cut in self._sheets and _is_plain(letter.to):
                together.setdefault(letter.cut, []).append(letter)
            else:
                yield [letter]
        for of_a_cut in together.values():
            for first in range(0, len(of_a_cut), self._manner.most):
                yield of_a_cut[first : first + self._manner.most]

    def carry_many(self, letters: Sequence[Letter], *, at: datetime) -> Sequence[Outcome]:
        message = self._call(letters, at=at)
        try:
            message.send()
        except AnymailRecipientsRefused:
            pass  # its status says so of each
        except (OSError, AnymailError) as trouble:
            if getattr(trouble, "status_code", None) in calls.NOT_TOGETHER:
                raise NotTogether(str(trouble)) from trouble
            return [_failed(trouble)] * len(letters)
        told = message.anymail_status.recipients
        return [calls.outcome_of(told[letter.to].status if letter.to in told else None) for letter in letters]

    def _message(self, letter: Letter, envelope: Envelope) -> AnymailMessage:
        message = super()._message(letter, envelope)
        if self._manner.signs:
            message.merge_global_data = self._manner.signs
        return message

    def _spelled(self, words: str) -> str:
        return self._manner.spelled(words)

    def _sheet(self, cut: Typeset) -> Sheet | None:
        """None where words of ours would be taken for a place of the provider's."""
        open_ = self._address.shared | {name: place(name) for name in places.OWN}
        text, html = places.filled(cut.text, open_, is_html=False), places.filled(cut.html, open_, is_html=True)
        sheet = Sheet(*map(self._spelled, (cut.subject, text, html)))
        if not self._manner.takes(self._sender, *self._headers.values()) or not (self._manner.sign or self._manner.takes(*sheet)):
            return None
        theirs = open_ | self._manner.places(places.OWN)
        return sheet._replace(
            text=places.filled(sheet.text, theirs, is_html=False), html=places.filled(sheet.html, theirs, is_html=True)
        )

    def _call(self, letters: Sequence[Letter], *, at: datetime) -> AnymailMessage:
        """Message-IDs are the provider's: not all of them let each message of a call have one of its own."""
        envelopes = {letter.to: self._address.envelope(letter, at=at).headers for letter in letters}
        shared = {**self._headers, "Date": envelopes[letters[0].to]["Date"]}
        beside = {name: value for name, value in shared.items() if name != "Reply-To"} if self._manner.whole_headers else {}
        sheet = self._sheets[letters[0].cut]
        message = AnymailMessage(
            sheet.subject, sheet.text, self._sender, list(envelopes), headers=shared, connection=self._connection
        )
        message.attach_alternative(sheet.html, "text/html")
        message.merge_data = {letter.to: calls.named(self._address.own(letter)) | self._manner.signs for letter in letters}
        message.merge_headers = {to: {**beside, WAYS_OUT: headers[WAYS_OUT]} for to, headers in envelopes.items()}
        message.merge_metadata = {letter.to: {MARK: self._address.mark(letter)} for letter in letters}
        return message


def _is_plain(address: str) -> bool:
    try:
        return bool(calls.PLAIN.fullmatch(address)) and on_the_wire(address) == address
    except Unfit:
        return False


def _failed(trouble: Exception) -> Outcome:
    """Raises NoServer where it says nothing of a letter."""
    if is_about_us(trouble):
        raise NoServer(_told(trouble)) from trouble
    fate = Fate.REFUSED if is_final(code_of(trouble)) else Fate.UNKNOWN if may_have_left(trouble) else Fate.LATER
    return Outcome(fate, Step.BODY, code_of(trouble), _told(trouble))


def _told(trouble: Exception) -> str:
    return f"{type(trouble).__name__}: {trouble}"[:500]


def _unfit(trouble: Exception) -> Outcome:
    return Outcome(Fate.REFUSED, Step.RECIPIENT, words=str(trouble))


def _headers(edition: Edition) -> dict[str, str]:
    newsletter = edition.newsletter
    own = {"Reply-To": on_the_wire(newsletter.reply_to)} if newsletter.reply_to else {}
    return own | list_headers(
        slug=newsletter.known_as(), name=newsletter.name, edition=f"{edition.goes_on}", mail_from=settings.MAIL_FROM
    )


def _name(edition: Edition) -> str:
    """Under which the publication's address sends it: the newsletter's own, where it has one."""
    return edition.newsletter.from_name or parseaddr(settings.MAIL_FROM)[0] or settings.PUBLICATION_NAME
