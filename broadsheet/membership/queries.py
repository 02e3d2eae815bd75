"""What a reader holds, what a month has left, and what the house rules say."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from django.contrib.auth.backends import ModelBackend
from django.utils.timezone import get_default_timezone

from broadsheet.access.terms import NO_METER, Meter
from broadsheet.kit.counting import last_number
from broadsheet.membership import policy
from broadsheet.membership.models import DESK, Allowance, MeterRules, Opening, Reader

REVOCATIONS = "revocations"
NETWORKS = "networks"


def rules() -> MeterRules:
    house: MeterRules = MeterRules.load()
    return house


def wall_allowance() -> int:
    """The free articles a month that walls promise."""
    return rules().monthly_allowance


def zone() -> tzinfo:
    """The publication's, which is the deployment's."""
    return get_default_timezone()


def month_at(at: datetime) -> policy.Month:
    return policy.month_of(at, zone())


def held_by(reader: Reader, *, at: datetime, grace_days: int, staff: bool | None = None) -> policy.Held:
    """`staff`: where that was asked of many at once, by `staff_among`."""
    terms = [term.value() for term in reader.terms.all()]
    return policy.held(terms, at=at, grace=timedelta(days=grace_days), staff=reader.is_staff if staff is None else staff)


def staff_among(readers: Iterable[int]) -> set[int]:
    """Whose `is_staff` would say so, of those who are active."""
    return set(ModelBackend().with_perm(DESK).filter(pk__in=readers).values_list("pk", flat=True))


def meter_of(allowance: Allowance | None, *, month: policy.Month, monthly_allowance: int) -> Meter:
    """No allowance yet, as before the first confirmation: nothing to spend."""
    if allowance is None:
        return NO_METER
    openings = Opening.objects.filter(allowance=allowance, month=month.first).values_list("story", "counted")
    return policy.meter(monthly_allowance, [policy.OpenedStory(story, counted) for story, counted in openings])


@dataclass(frozen=True, slots=True)
class Holding:
    """All that is to be said of a reader now. `generation`: the newest revocation before any of this was read."""

    generation: int
    held: policy.Held
    month: policy.Month
    meter: Meter
    monthly_allowance: int

    def entitled(self, at: datetime) -> bool:
        return self.held.entitled_until is not None and at < self.held.entitled_until


def generation() -> int:
    return last_number(REVOCATIONS)


def holding_of(reader: Reader, *, at: datetime, generation: int) -> Holding:
    """`generation` must have been read before the reader was, or a revocation in between would go unseen."""
    house = rules()
    month = month_at(at)
    return Holding(
        generation=generation,
        held=held_by(reader, at=at, grace_days=house.grace_days),
        month=month,
        meter=meter_of(reader.allowance, month=month, monthly_allowance=house.monthly_allowance),
        monthly_allowance=house.monthly_allowance,
    )


def reader_at(address: str) -> Reader | None:
    """The reader who has this address, as their own or as one that they have verified."""
    tidy = policy.tidy_address(address)
    own = Reader.objects.filter(email__iexact=tidy).first()
    return own or Reader.objects.filter(emailaddress__email=tidy, emailaddress__verified=True).first()
