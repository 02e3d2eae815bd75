"""Send what is due, one lane at a time, each mail claimed when its turn comes; only a claim whose sender died is taken over.

What is newest goes first, asked anew for each: whoever has just asked for a code waits at a screen. Where nobody takes mail just
now, that is no try, and the run ends: the next comes soon.
"""

import smtplib
from collections.abc import Callable
from datetime import datetime

from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F, Q

from broadsheet.mailroom import policy
from broadsheet.mailroom.envelope import Unfit, on_the_wire
from broadsheet.mailroom.failing import is_about_us, is_lost
from broadsheet.mailroom.heeding import may_go
from broadsheet.mailroom.models import Dispatch, Lane
from broadsheet.mailroom.numbering import message_id
from broadsheet.mailroom.queries import whys_of
from broadsheet.mailroom.returning import take_refusal


class NobodyThere(Exception):
    """It says nothing of this mail, and the next would fare no better."""


def send_due(*, lane: Lane, clock: Callable[[], datetime], stopping: Callable[[], bool] = lambda: False) -> int:
    """How many were sent. One connection for all; a mail that fails waits longer each time."""
    sent = 0
    connection = get_connection()
    while not stopping() and (dispatch := _claimed(lane, at=clock())):
        try:
            sent += _send(dispatch, connection, clock)
        except NobodyThere:
            break
    connection.close()
    return sent


def forget_sent(*, at: datetime) -> int:
    """Remove what was sent or given up long ago; what waits stays, however old."""
    sent, _ = Dispatch.objects.filter(sent_at__lte=at - policy.KEPT).delete()
    failed, _ = Dispatch.objects.filter(failed_at__lte=at - policy.KEPT).delete()
    return sent + failed


def message_of(dispatch: Dispatch) -> EmailMultiAlternatives:
    """The mail as it leaves. Its Message-ID stays the same at each try, so that a receiver can tell a doubled one."""
    headers = {"Message-ID": message_id(dispatch), "Auto-Submitted": "auto-generated", **dispatch.headers}
    message = EmailMultiAlternatives(
        dispatch.subject, dispatch.text, settings.MAIL_FROM, [_on_the_wire(dispatch.to)], headers=headers
    )
    if dispatch.html:
        message.attach_alternative(dispatch.html, "text/html")
    return message


def _on_the_wire(address: str) -> str:
    """Django would take an international domain for the one that it was in 2003: straße for strasse, which is somebody else's."""
    try:
        return on_the_wire(address)
    except Unfit:
        return address


def _claimed(lane: Lane, *, at: datetime) -> Dispatch | None:
    unclaimed = Q(claimed_at=None) | Q(claimed_at__lte=at - policy.CLAIM_LIFE)
    due = Dispatch.objects.filter(unclaimed, lane=lane, sent_at=None, failed_at=None, due_at__lte=at)
    while key := due.order_by("-due_at", "pk").values_list("pk", flat=True).first():
        # Whoever changes the row has the mail: the condition is asked again by the same statement.
        if due.filter(pk=key).update(claimed_at=at, tries=F("tries") + 1):
            return Dispatch.objects.get(pk=key)
    return None


def _send(dispatch: Dispatch, connection: BaseEmailBackend, clock: Callable[[], datetime]) -> bool:
    """Raises NobodyThere where no other is to be tried now."""
    whys = whys_of([dispatch.to]).get(dispatch.to, set())
    if not may_go(bulk=dispatch.lane == Lane.BULK, kind=dispatch.kind, whys=whys):
        _settle(dispatch, failed_at=clock(), trouble=f"The address is suppressed: {', '.join(sorted(whys))}.")
        return False
    message = message_of(dispatch)
    message.connection = connection
    _open(connection, dispatch)
    try:
        message.send()
    except (smtplib.SMTPException, OSError, AnymailError) as trouble:
        connection.close()  # in whatever state it is, the next mail begins afresh
        if is_about_us(trouble):
            _untried(dispatch, trouble)
            raise NobodyThere from trouble
        _put_back(dispatch, trouble, clock())
        if is_lost(trouble):
            raise NobodyThere from trouble
        return False
    _settle(dispatch, sent_at=clock(), trouble="", **_without_secrets(dispatch))
    return True


def _open(connection: BaseEmailBackend, dispatch: Dispatch) -> None:
    try:
        connection.open()  # stays open for the next one
    except (smtplib.SMTPException, OSError, AnymailError) as trouble:
        connection.close()
        _untried(dispatch, trouble)
        raise NobodyThere from trouble


def _untried(dispatch: Dispatch, trouble: Exception) -> None:
    _settle(dispatch, claimed_at=None, tries=F("tries") - 1, trouble=_said(trouble))


def _put_back(dispatch: Dispatch, trouble: Exception, at: datetime) -> None:
    wait = None if policy.is_final(code_of(trouble)) else policy.wait_after(dispatch.tries)
    if wait is None:
        if words := _refusal(trouble):
            take_refusal(key=message_id(dispatch), address=dispatch.to, words=words, at=at)
        _settle(dispatch, failed_at=at, trouble=_said(trouble), **_without_secrets(dispatch))
    else:
        _settle(dispatch, claimed_at=None, due_at=at + wait, trouble=_said(trouble))


def _said(trouble: Exception) -> str:
    return f"{type(trouble).__name__}: {trouble}"[:1000]


def _without_secrets(dispatch: Dispatch) -> dict[str, str]:
    """A code is mailed once and kept nowhere; the demo keeps it, since its outbox is where its readers get their mail."""
    if dispatch.kind not in policy.SECRET_KINDS or settings.MAIL_KEEPS_CODES:
        return {}
    return {"subject": f"({dispatch.kind})", "text": "", "html": ""}


def code_of(trouble: Exception) -> int:
    """What the server answered; 0 where none did. Being sent away at the door may be about us, not about this mail."""
    match trouble:
        case smtplib.SMTPRecipientsRefused():
            return max((code for code, _ in trouble.recipients.values()), default=0)
        case smtplib.SMTPDataError():
            return trouble.smtp_code
        case AnymailRecipientsRefused():
            return 550
        case _:
            return 0


def _refusal(trouble: Exception) -> str:
    """What the server said of whom the mail is to; "" where it was about us or the mail, or nobody answered."""
    if not isinstance(trouble, smtplib.SMTPRecipientsRefused):
        return ""
    code, words = max(trouble.recipients.values(), default=(0, b""))
    return f"{code} {words.decode('utf-8', 'replace')}" if code else ""


def _settle(dispatch: Dispatch, **outcome: object) -> None:
    Dispatch.objects.filter(pk=dispatch.pk).update(**outcome)
