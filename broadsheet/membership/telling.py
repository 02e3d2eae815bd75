"""What readers are told of what they hold: by what they read and until when. In days of theirs: no leeway is ever shown."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import formats, timezone

from broadsheet.membership import queries, seats
from broadsheet.membership.models import Reader, Term
from broadsheet.membership.policy import FOREVER, Payment, entitled_until
from broadsheet.membership.seating import Group

Bound = Callable[[Term], datetime | None]
Rest = Callable[[Reader, datetime], str]
Going = Callable[[Term], str]
_bounds: list[Bound] = []
_rests: list[Rest] = []
_goings: list[Going] = []

Billed = Callable[[Reader], bool]
_billed: list[Billed] = []

Payer = Callable[[Group], Reader | None]
_payers: list[Payer] = []

WORDS = {
    Term.Source.SUBSCRIPTION: "a subscription",
    Term.Source.COMP: "our invitation",
    Term.Source.GIFT: "a gift",
    Term.Source.SEAT: "a seat",
}


def register(bound: Bound) -> None:
    """A room above says until when a term of its own was paid for, where it carries a little longer; None: it is not its own."""
    _bounds.append(bound)


def register_going_on(going: Going) -> None:
    """A room above says, in a sentence, that a term of its own goes on by itself; "" where it does not, or is not its own."""
    _goings.append(going)


def register_payer(payer: Payer) -> None:
    """A room above says who pays for a group, whoever manages it; None: it knows nobody."""
    _payers.append(payer)


def payer_of(group: Group) -> Reader | None:
    return next((reader for payer in _payers if (reader := payer(group))), None)


def register_billed(billed: Billed) -> None:
    """A room above says whether it has anything to show to a reader of what they pay or paid for."""
    _billed.append(billed)


def was_billed(reader: Reader) -> bool:
    return any(billed(reader) for billed in _billed)


def register_rest(rest: Rest) -> None:
    """A room above says that something which a reader holds rests, and until when; "" where nothing does."""
    _rests.append(rest)


def rest_of(reader: Reader, *, at: datetime) -> str:
    return next((says for rest in _rests if (says := rest(reader, at))), "")


@dataclass(frozen=True, slots=True)
class Carrier:
    """What one reads by. `until` None: without an end. `goes_on`: a sentence where it does so by itself, or "". `own`: a seat in
    a group that they pay for."""

    by: str
    source: str
    until: datetime | None
    goes_on: str = ""
    own: bool = False


def carriers_of(reader: Reader, *, at: datetime) -> list[Carrier]:
    """All that carries them now, the longest first."""
    grace = timedelta(days=queries.rules().grace_days)
    running = [term for term in reader.terms.all() if entitled_until([term.value()], at=at, grace=grace)]
    sitting = {seats.reference_of(seat): seat.group for seat in seats.sat_on_by(reader)} if running else {}
    told = [_carrier(term, sitting.get(term.reference), grace) for term in running]
    return sorted(told, key=lambda carrier: carrier.until or FOREVER, reverse=True)


def _carrier(term: Term, group: Group | None, grace: timedelta) -> Carrier:
    by = f"your seat in {group.name}" if group else WORDS[Term.Source(term.source)]
    own = group is not None and payer_of(group) == term.reader
    return Carrier(by, term.source, _until(term, grace), _going_on(term), own)


def day_of(moment: datetime) -> str:
    return formats.date_format(timezone.localtime(moment), "j F Y")


def _until(term: Term, grace: timedelta) -> datetime | None:
    if term.payment == Payment.PAST_DUE and term.ends_at:
        return term.ends_at + grace
    return next((until for bound in _bounds if (until := bound(term))), term.ends_at)


def _going_on(term: Term) -> str:
    return "" if term.payment == Payment.PAST_DUE else next((says for going in _goings if (says := going(term))), "")
