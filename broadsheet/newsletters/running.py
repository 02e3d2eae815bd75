"""Editions from first to last, as the worker runs them: opened, filled, begun, listed, delivered."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from functools import partial
from itertools import islice
from pathlib import Path

from anymail.backends.base import AnymailBaseBackend
from django.conf import settings
from django.core.mail import get_connection
from django.db.models import Case, Count, Q, QuerySet, When
from django.utils.timezone import get_default_timezone

from broadsheet.mailroom.envelope import Franking, Marks
from broadsheet.mailroom.models import PaceRules
from broadsheet.mailroom.roads import Roads
from broadsheet.mailroom.smtp_lane import Server, SmtpLane
from broadsheet.newsletters import calls, holders
from broadsheet.newsletters.actions import going_out, making
from broadsheet.newsletters.carriers import BackendCarrier, ProviderCarrier, SmtpCarrier
from broadsheet.newsletters.delivering import OfEdition, Sender, deliver, release
from broadsheet.newsletters.house_style import typesetter
from broadsheet.newsletters.ledger import ledger_in
from broadsheet.newsletters.models import Edition
from broadsheet.newsletters.policy import Rhythm

SMTP = "broadsheet.mailroom.smtp_backend.EmailBackend"


def make_editions(*, at: datetime, zone: tzinfo) -> int:
    """How many were opened."""
    opened = making.open_editions(at=at, zone=zone)
    for edition in Edition.objects.filter(begun_at=None, cancelled_at=None, passed_at=None, due_at__gt=at):
        making.assemble(edition, at=at)
    return opened


def send_editions(
    *, state: Path, clock: Callable[[], datetime], until: datetime, stopping: Callable[[], bool] = lambda: False
) -> int:
    """How many letters left. Begins what is due, and goes on with whatever was left, after any stop."""
    ledger, senders, troubles, sent = ledger_in(state), state / "senders", going_out.Troubles(), 0
    going_out.begin_due(typeset=typesetter(at=clock()), ledger=ledger, troubles=troubles, at=clock())
    with holders.held(senders) as name, carriers() as carrier_of:
        sender = Sender(name, clock, roads(), stopping)
        send = partial(deliver, carrier_of=carrier_of, sender=sender, ledger=ledger, until=until)
        turns = deque((edition, _go_on(edition, senders, send, clock)) for edition in _on_their_way())
        while turns:
            edition, batches = turns.popleft()
            with troubles.of(edition, at=clock()):
                for gone in islice(batches, 1):  # then it is the next one's turn
                    sent += gone
                    turns.append((edition, batches))
    ledger.learn(at=clock())
    troubles.raise_all()
    return sent


def _on_their_way() -> QuerySet[Edition]:
    """What was sent by hand first, for it is news; and what few get before what many do."""
    begun = Edition.objects.filter(done_at=None, cancelled_at=None, paused_at=None).exclude(begun_at=None)
    by_hand = Case(When(newsletter__rhythm=Rhythm.BY_HAND, then=0), default=1)
    many = Count("newsletter__signups", filter=Q(newsletter__signups__ended_at=None))
    return begun.annotate(by_hand=by_hand, many=many).order_by("by_hand", "many", "due_at", "pk")


def _go_on(edition: Edition, senders: Path, send: Callable[[int], Iterator[int]], clock: Callable[[], datetime]) -> Iterator[int]:
    going_out.list_recipients(edition, at=clock())
    release(edition.pk, dead=partial(holders.dead_among, folder=senders), at=clock())
    yield from send(edition.pk)


@contextmanager
def carriers() -> Iterator[OfEdition]:
    """One connection for all editions of a run, closed in the end."""
    if settings.EMAIL_BACKEND == SMTP:
        with SmtpLane(_server()) as lane:
            yield partial(SmtpCarrier, franking=franking(), lane=lane)
    else:
        connection = get_connection()
        if isinstance(connection, AnymailBaseBackend):
            connection.open()  # one session for all, which else would be made for each letter
        manner = calls.MANNERS.get(getattr(connection, "esp_name", ""))
        carrier = partial(ProviderCarrier, manner=manner) if manner else BackendCarrier
        yield partial(carrier, franking=franking(), connection=connection)
        connection.close()


def roads() -> Roads | None:
    """Where we hand mail to servers ourselves: a provider's API knows how much it takes."""
    return Roads(PaceRules.load(), zone=get_default_timezone()) if settings.EMAIL_BACKEND == SMTP else None


def franking() -> Franking:
    return Franking(Marks(settings.SECRETS), mail_from=settings.MAIL_FROM, returns_to=settings.MAIL_RETURNS_TO)


def _server() -> Server:
    return Server(
        settings.EMAIL_HOST,
        settings.EMAIL_PORT,
        settings.EMAIL_HOST_USER,
        settings.EMAIL_HOST_PASSWORD,
        starttls=settings.EMAIL_USE_TLS,
        timeout=settings.EMAIL_TIMEOUT,
    )
