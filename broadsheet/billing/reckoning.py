"""How a sum comes out, for whoever gets it: rows with plus and minus that add up, kept as text, a line each."""

from broadsheet.billing import plans

BETWEEN = "\t"


def row(says: str, amount: int, currency: str) -> str:
    return f"{says}{BETWEEN}{'−' if amount < 0 else '+'}{plans.money(abs(amount), currency)}"


def rows(kept: str) -> list[tuple[str, str]]:
    """Of each what it says, and its sum."""
    return [(says, money) for says, _, money in (line.partition(BETWEEN) for line in kept.splitlines())]
