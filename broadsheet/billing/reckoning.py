"""How a sum comes out, for whoever gets it: rows with plus and minus that add up, kept as text, a line each."""

from broadsheet.billing import plans
from broadsheet.billing.models import Ending

BETWEEN = "\t"


def row(says: str, amount: int, currency: str) -> str:
    return f"{says}{BETWEEN}{'−' if amount < 0 else '+'}{plans.money(abs(amount), currency)}"


def rows(kept: str) -> list[tuple[str, str]]:
    """Of each what it says, and its sum."""
    return [(says, money) for says, _, money in (line.partition(BETWEEN) for line in kept.splitlines())]


def goes_back(ending: Ending) -> str:
    """The sum, as money of its bills: it may have a price that is not ours. "" where nothing goes back."""
    bill = ending.subscription.invoices.first() if ending.refund else None
    return plans.money(ending.refund, bill.currency) if bill else ""
