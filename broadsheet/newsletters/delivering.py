"""Send what is listed, a batch at a time. Any number do so at once: whoever claims a delivery sends it, and nobody else.

Each is written down as sent before the next one leaves, so a sender that is killed leaves one in doubt: it is sent again, and
says so. Where a provider takes many in one call, all of the call are written down together, and in doubt together. Address,
signup, suppression and standing are asked when a batch is claimed, and a batch lasts for seconds: what did not leave by then is
asked about anew. A standing that ends meanwhile has ended.
"""

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from django.db import connection, transaction
from django.db.models import F, Max, Min, Q, QuerySet

from broadsheet.access.terms import Cut
from broadsheet.mailroom.pacing import provider_of
from broadsheet.mailroom.returning import take_refusal
from broadsheet.mailroom.roads import Roads
from broadsheet.mailroom.smtp_lane import Fate, NoServer, Outcome, Step
from broadsheet.newsletters.holding import put_off
from broadsheet.newsletters.ledger import Ledger
from broadsheet.newsletters.letters import Letter, letters_of
from broadsheet.newsletters.models import Delivery, Edition, Typeset
from broadsheet.newsletters.policy import is_late, wait_after

BATCH = 200
BATCH_LASTS = timedelta(seconds=10)  # after which whoever stopped it is heeded, and others have their turn
# Of a sender on another machine, of which nobody here knows whether it lives. More than a server may take over one letter.
CLAIM_LIFE = timedelta(minutes=20)
UNSENT = Q(sent_at=None, failed_at=None, passed_over_at=None)
WRITE_SENT = f"UPDATE {Delivery._meta.db_table} SET sent_at = %s, cut = %s, claim = '' WHERE id = %s AND claim = %s"
IN_A_CALL = "+"  # after a holder's name: under way together
RESTORED = (
    "This machine sent more of it than the database knows, which was restored from a copy: whoever still waits may have got it."
)
IN_DOUBT = "It may have arrived twice: whoever sent it was stopped while it was under way."


class Carrier(Protocol):
    """Takes one letter out of the house. Raises NoServer where none can be taken just now."""

    def carry(self, letter: Letter, *, at: datetime) -> Outcome: ...


@runtime_checkable
class CarriesMany(Carrier, Protocol):
    """Takes several at once as well. `calls`: which go together. Raises NotTogether where it takes them one by one alone."""

    def calls(self, letters: Iterable[Letter]) -> Iterable[Sequence[Letter]]: ...

    def carry_many(self, letters: Sequence[Letter], *, at: datetime) -> Sequence[Outcome]: ...


class NotTogether(Exception):
    """None of them left the house: one among them, or how many they are, is not to the liking of whoever takes them."""


OfEdition = Callable[[Edition, Mapping[Cut, Typeset]], Carrier]


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: under a name that nobody else has, and by which clock. `roads`: None where whoever takes letters paces them.
    `stopping`: whether to send no more, asked before each letter."""

    name: str
    clock: Callable[[], datetime]
    roads: Roads | None = None
    stopping: Callable[[], bool] = lambda: False


def deliver(edition_id: int, *, carrier_of: OfEdition, sender: Sender, ledger: Ledger, until: datetime) -> Iterator[int]:
    """Batch by batch, how many were sent: until nothing is due, somebody at the desk stops it, or it is time. Between batches
    nothing is claimed."""
    edition = Edition.objects.select_related("newsletter").get(pk=edition_id)
    if _stands_still(edition, ledger, at=sender.clock()):
        return
    ledger.note_move(edition, at=sender.clock())
    carrier = carrier_of(edition, {Cut(cut.cut): cut for cut in edition.cuts.all()})
    while not _is_over(sender, until) and (rows := _claim(edition_id, sender.name, at=sender.clock())):
        sent, away = _send_batch(rows, edition, carrier, sender, until=until)
        ledger.note_move(edition, at=sender.clock())
        yield sent
        if away:
            break
    _settle_edition(edition_id, at=sender.clock())


def release(edition_id: int, *, dead: Callable[[Iterable[str]], set[str]], at: datetime) -> int:
    """Free what the dead had claimed. In doubt is what was under way: all of a call, or the first not written down as sent."""
    claimed = Delivery.objects.filter(UNSENT, edition_id=edition_id).exclude(claim="")
    old = _holders(claimed.filter(claimed_at__lte=at - CLAIM_LIFE))
    freed = 0
    for name in old | dead(_holders(claimed)):
        with transaction.atomic():
            of_theirs = claimed.filter(claim__in=_claims(name))
            doubted = list(of_theirs.filter(claim=name + IN_A_CALL).values_list("pk", flat=True))
            doubted = doubted or [of_theirs.aggregate(first=Min("pk"))["first"]]
            Delivery.objects.filter(pk__in=doubted).update(trouble=IN_DOUBT, doubted_at=at)
            of_theirs.exclude(pk__in=doubted).update(tries=F("tries") - 1)  # nobody has tried them
            freed += of_theirs.update(claim="", claimed_at=None)
    return freed


def _claims(holder: str) -> tuple[str, str]:
    return holder, holder + IN_A_CALL


def _holders(claimed: QuerySet[Delivery]) -> set[str]:
    return {claim.removesuffix(IN_A_CALL) for claim in claimed.values_list("claim", flat=True).distinct()}


def _stands_still(edition: Edition, ledger: Ledger, *, at: datetime) -> bool:
    """Paused, over, or in a database that was restored, as the ledger says, or as it seems where it waits for so long: the desk
    decides."""
    if edition.begun_at is None or edition.paused_at or edition.done_at or edition.cancelled_at:
        return True
    if ledger.is_ahead_of(edition):
        return _pause(edition, RESTORED, at=at)
    waiting = edition.deliveries.filter(UNSENT).aggregate(due=Min("due_at"))["due"]
    moved = edition.deliveries.aggregate(last=Max("sent_at"))["last"] or edition.begun_at
    if waiting is None or not is_late(max(waiting, moved), at=at):
        return False
    return _pause(edition, "It stood still for hours. Whoever still waits may have got it, if this database was restored.", at=at)


def _pause(edition: Edition, why: str, *, at: datetime) -> bool:
    Edition.objects.filter(pk=edition.pk).update(paused_at=at, stopped_why=why)
    return True


def _claim(edition_id: int, holder: str, *, at: datetime) -> list[Delivery]:
    """The next that are due, as ours alone. None where the edition was paused or cancelled."""
    with transaction.atomic():
        if not Edition.objects.filter(pk=edition_id, paused_at=None, cancelled_at=None, done_at=None).exists():
            return []
        due = Delivery.objects.filter(UNSENT, edition_id=edition_id, claim="", due_at__lte=at)
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        keys = list(due.order_by("due_at", "pk").values_list("pk", flat=True)[:BATCH])
        ours = Delivery.objects.filter(pk__in=keys, claim="")
        ours.update(claim=holder, claimed_at=at, tries=F("tries") + 1)
    return list(Delivery.objects.filter(pk__in=keys, claim=holder).order_by("pk"))


def _send_batch(
    rows: Sequence[Delivery], edition: Edition, carrier: Carrier, sender: Sender, *, until: datetime
) -> tuple[int, bool]:
    """How many were sent, and whether nobody takes any more just now."""
    at = sender.clock()
    letters = letters_of(rows, edition, at=at)
    if sender.roads:
        letters = _with_room(letters, edition, sender.roads, at=at)
    sent, away = 0, False
    try:
        for outcome in _outcomes(letters, carrier, sender, claimed_at=at, until=until):
            sent += outcome.fate is Fate.ACCEPTED
    except NoServer as trouble:
        away = True
        _claimed_still(letters, sender).filter(doubted_at=None).update(trouble=str(trouble)[:500])  # read at the desk
    _put_back(letters, sender)
    return sent, away


def _with_room(letters: Sequence[Letter], edition: Edition, roads: Roads, *, at: datetime) -> list[Letter]:
    """Those that go now. The others wait, and with them all that is for the same providers."""
    turns = roads.ask(Counter(provider_of(letter.to) for letter in letters), at=at)
    left = {name: turn.now for name, turn in turns.items()}
    going: list[Letter] = []
    held: list[Letter] = []
    for letter in letters:
        name = provider_of(letter.to)
        (going if left[name] else held).append(letter)
        left[name] -= bool(left[name])
    if held:
        Delivery.objects.filter(pk__in=[letter.number for letter in held]).update(claim="", tries=F("tries") - 1)
    waiting = Delivery.objects.filter(UNSENT, edition=edition, claim="")
    for name in dict.fromkeys(provider_of(letter.to) for letter in held):
        put_off(edition, waiting, turns[name], roads.pace, at=at)
    return going


def _outcomes(
    letters: Sequence[Letter], carrier: Carrier, sender: Sender, *, claimed_at: datetime, until: datetime
) -> Iterator[Outcome]:
    """Of each that left, or was refused. What is not reached in time stays claimed."""
    if isinstance(carrier, CarriesMany) and not sender.roads:
        letters = yield from _in_calls(letters, carrier, sender, until=until)
    began_at = sender.clock()
    if began_at - claimed_at >= BATCH_LASTS:
        letters = _still_ours(letters, sender.name, at=began_at)
    ends_at = min(until, began_at + BATCH_LASTS)
    for letter in letters:
        if _is_over(sender, ends_at):
            return
        at = sender.clock()
        if sender.roads and (closed_until := sender.roads.closed_until(letter.to, at=at)):
            _hold(letter, sender, until=closed_until)
        elif letter.stands(at):
            outcome = carrier.carry(letter, at=at)
            _write_down(letter, outcome, sender.name, at=at)
            if sender.roads:
                sender.roads.heard(letter.to, outcome, at=at)
            yield outcome


def _is_over(sender: Sender, ends_at: datetime) -> bool:
    return sender.stopping() or sender.clock() >= ends_at


def _in_calls(
    letters: Sequence[Letter], carrier: CarriesMany, sender: Sender, *, until: datetime
) -> Generator[Outcome, None, list[Letter]]:
    """Returns those that are to go one by one: in the order in which `release` looks for what was under way."""
    alone: list[Letter] = []
    ends_at = min(until, sender.clock() + BATCH_LASTS)
    for together in carrier.calls(letters):
        if len(together) == 1:
            alone += together
            continue
        if _is_over(sender, ends_at):
            break
        at = sender.clock()
        ours = _begin_call([letter for letter in together if letter.stands(at)], sender.name, at=at)
        try:
            outcomes = carrier.carry_many(ours, at=at) if ours else []
        except NotTogether:
            _change_claims(ours, sender.name + IN_A_CALL, to=sender.name, at=at)
            alone += ours
            continue
        with transaction.atomic():
            for letter, outcome in zip(ours, outcomes, strict=True):
                _write_down(letter, outcome, sender.name + IN_A_CALL, at=at)
        yield from outcomes
    return sorted(alone, key=lambda letter: letter.number)


def _begin_call(letters: Sequence[Letter], holder: str, *, at: datetime) -> list[Letter]:
    """Those that are ours still. Written down before they leave: whoever is killed meanwhile leaves all of them in doubt."""
    _change_claims(letters, holder, to=holder + IN_A_CALL, at=at)
    return _held_as(holder + IN_A_CALL, letters)


def _still_ours(letters: Sequence[Letter], holder: str, *, at: datetime) -> list[Letter]:
    """Without those that a slow sender has lost, since it slept for longer than claims live."""
    _change_claims(letters, holder, to=holder, at=at)
    return _held_as(holder, letters)


def _held_as(claim: str, letters: Sequence[Letter]) -> list[Letter]:
    ours = Delivery.objects.filter(UNSENT, pk__in=[letter.number for letter in letters], claim=claim)
    kept = set(ours.values_list("pk", flat=True))
    return [letter for letter in letters if letter.number in kept]


def _change_claims(letters: Iterable[Letter], claim: str, *, to: str, at: datetime) -> None:
    ours = Delivery.objects.filter(UNSENT, pk__in=[letter.number for letter in letters], claim=claim)
    ours.update(claim=to, claimed_at=at)


def _write_down(letter: Letter, outcome: Outcome, holder: str, *, at: datetime) -> None:
    if outcome.fate is Fate.ACCEPTED:
        with connection.cursor() as cursor:  # for each letter: the ORM takes longer over this than the database
            sent_at = connection.ops.adapt_datetimefield_value(at)
            cursor.execute(WRITE_SENT, [sent_at, letter.cut.value, letter.number, holder])
        return
    ours = Delivery.objects.filter(pk=letter.number, claim=holder)
    said = f"{outcome.code} {outcome.words}"[:500]
    match outcome.fate:
        case Fate.REFUSED:
            with transaction.atomic():
                if ours.update(failed_at=at, cut=letter.cut, claim="", trouble=said):
                    _heed_refusal(letter, outcome, said, at=at)
        case Fate.LATER | Fate.UNKNOWN:
            row = ours.first()
            wait = wait_after(row.tries) if row else None
            doubt = {"doubted_at": at} if outcome.fate is Fate.UNKNOWN else {}
            ours.update(claim="", trouble=said, **doubt, **({"due_at": at + wait} if wait else {"failed_at": at}))


def _heed_refusal(letter: Letter, outcome: Outcome, said: str, *, at: datetime) -> None:
    """What a server says of whom a letter is to counts as a bounce. Without a code nobody was asked."""
    if outcome.step is Step.RECIPIENT and outcome.code:
        take_refusal(key=f"{letter.number}/{letter.listed_at.isoformat()}", address=letter.to, words=said, at=at)


def _hold(letter: Letter, sender: Sender, *, until: datetime) -> None:
    ours = Delivery.objects.filter(pk=letter.number, claim=sender.name)
    if ours.update(claim="", due_at=until, tries=F("tries") - 1) and sender.roads:
        sender.roads.give_back([letter.to])


def _put_back(letters: Sequence[Letter], sender: Sender) -> None:
    """Those that were not reached: nothing of them has left the house."""
    ours = _claimed_still(letters, sender)
    addresses = list(ours.values_list("to", flat=True))
    if not addresses:
        return
    ours.update(claim="", tries=F("tries") - 1)
    if sender.roads:
        sender.roads.give_back(addresses)


def _claimed_still(letters: Sequence[Letter], sender: Sender) -> QuerySet[Delivery]:
    return Delivery.objects.filter(UNSENT, pk__in=[letter.number for letter in letters], claim__in=_claims(sender.name))


def _settle_edition(edition_id: int, *, at: datetime) -> None:
    if not Delivery.objects.filter(UNSENT, edition_id=edition_id).exists():
        Edition.objects.filter(pk=edition_id, done_at=None).exclude(listed_at=None).update(done_at=at)
