"""How a letter leaves: cast from its cut's mould, with what is its reader's own, signed, and handed over."""

import smtplib
from collections.abc import Mapping
from datetime import datetime
from email.utils import formataddr, parseaddr

from anymail.exceptions import AnymailError
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from broadsheet.access.terms import Cut
from broadsheet.mailroom import dkim
from broadsheet.mailroom.envelope import Envelope, Franking, Unfit, from_header, list_headers
from broadsheet.mailroom.mould import Misfit, Mould
from broadsheet.mailroom.policy import is_final
from broadsheet.mailroom.sending import code_of
from broadsheet.mailroom.smtp_lane import Fate, Outcome, SmtpLane, Step
from broadsheet.newsletters import links, places
from broadsheet.newsletters.composing import path_of
from broadsheet.newsletters.delivering import Letter
from broadsheet.newsletters.models import Edition, Typeset


class Address:
    """Of an edition's letters: what stands on the envelope, and in the places that are each reader's own."""

    def __init__(self, edition: Edition, franking: Franking) -> None:
        self._edition, self._franking = edition, franking
        self._web = f"{settings.BASE_URL}{path_of(edition)}"
        self._reason = f"You get it because you signed up for {edition.newsletter.name}."

    def envelope(self, letter: Letter, *, at: datetime) -> Envelope:
        """Raises Unfit where no mail can go."""
        leave = links.leave_link(letter.whose, self._edition.newsletter_id)
        return self._franking.envelope(letter.number, to=letter.to, leave=leave, made_at=letter.listed_at, at=at)

    def values(self, letter: Letter) -> dict[str, str]:
        return {
            "address": letter.to,
            "leave": links.leave_link(letter.whose, self._edition.newsletter_id),
            "preferences": links.preferences_link(letter.whose, at=letter.listed_at),
            "reason": self._reason,
            "web": self._web,
        }


class SmtpCarrier:
    """Over one kept connection: cast from the mould of its cut, and signed with the publication's keys."""

    def __init__(self, edition: Edition, cuts: Mapping[Cut, Typeset], *, franking: Franking, lane: SmtpLane) -> None:
        self._address, self._lane = Address(edition, franking), lane
        self._moulds = {
            cut: Mould(subject=set_.subject, text=set_.text, html=set_.html, headers=_headers(edition), places=places.NAMES)
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
        self._headers = _headers(edition)

    def carry(self, letter: Letter, *, at: datetime) -> Outcome:
        try:
            envelope = self._address.envelope(letter, at=at)
        except Unfit as trouble:
            return _unfit(trouble)
        try:
            self._message(letter, envelope).send()
        except (smtplib.SMTPException, OSError, AnymailError) as trouble:
            fate = Fate.REFUSED if is_final(code_of(trouble)) else Fate.LATER
            return Outcome(fate, Step.BODY, code_of(trouble), f"{type(trouble).__name__}: {trouble}"[:500])
        return Outcome(Fate.ACCEPTED, Step.BODY)

    def _message(self, letter: Letter, envelope: Envelope) -> EmailMultiAlternatives:
        cut, values = self._cuts[letter.cut], self._address.values(letter)
        headers = {**self._headers, **envelope.headers}
        message = EmailMultiAlternatives(
            cut.subject,
            places.filled(cut.text, values, is_html=False),
            headers.pop("From"),
            [letter.to],
            headers={name: value for name, value in headers.items() if name != "To"},
            connection=self._connection,
        )
        message.attach_alternative(places.filled(cut.html, values, is_html=True), "text/html")
        return message


def _unfit(trouble: Exception) -> Outcome:
    return Outcome(Fate.REFUSED, Step.RECIPIENT, words=str(trouble))


def _headers(edition: Edition) -> dict[str, str]:
    newsletter = edition.newsletter
    own = {"From": from_header(_from(newsletter.from_name))}
    own |= {"Reply-To": newsletter.reply_to} if newsletter.reply_to else {}
    return own | list_headers(
        slug=newsletter.known_as(), name=newsletter.name, edition=f"{edition.goes_on}", mail_from=settings.MAIL_FROM
    )


def _from(name: str) -> str:
    """The publication's address, under the newsletter's own name where it has one."""
    known, address = parseaddr(settings.MAIL_FROM)
    return formataddr((name or known or settings.PUBLICATION_NAME, address))
