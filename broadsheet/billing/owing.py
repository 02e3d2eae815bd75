"""What a subscription owes, as its reader is told: the sum that is open, and what is read until it is paid."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from broadsheet.billing import plans
from broadsheet.billing.models import Subscription
from broadsheet.billing.policy import Status
from broadsheet.membership.queries import rules
from broadsheet.membership.telling import day_of

OWING = (Status.PAST_DUE, Status.UNPAID)


@dataclass(frozen=True, slots=True)
class Owed:
    """`since`: the day of the oldest bill. `until`: the last day of the days of grace, "" where they are over; `stopped`: the day
    since which nothing is read by it, then."""

    money: str
    since: str
    until: str
    stopped: str

    @property
    def says(self) -> str:
        reads = f"you read on until {self.until} at most" if self.until else "you read nothing by it"
        return f"{self.money} of {self.since} could not be charged and is open. Until it is paid {reads}."


def owed_by(held: Subscription, *, at: datetime) -> Owed | None:
    """None: nothing."""
    bills = list(held.invoices.filter(status="open", due__gt=0).order_by("made_at")) if held.status in OWING else []
    if not bills:
        return None
    until = bills[0].made_at + timedelta(days=rules().grace_days)
    reads_on = held.status == Status.PAST_DUE and at < until
    money = plans.money(sum(bill.due for bill in bills), bills[0].currency)
    since = day_of(bills[0].made_at)
    return Owed(money, since, day_of(until), "") if reads_on else Owed(money, since, "", day_of(min(at, until)))
