"""Two periods of whole years, as somebody asks to compare them. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

YEAR = re.compile(r"[12][0-9]{3}")
FIELDS = ("from", "to", "with", "until")  # of an address: the first period and the second
LENGTH = 5  # years, where nobody says how many


class NotTwoPeriods(ValueError):
    """Says why in a sentence."""


@dataclass(frozen=True, slots=True)
class Years:
    """Both included."""

    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.first}–{self.last}" if self.first != self.last else f"{self.first}"


Two = tuple[Years, Years]


def usual(last: int) -> Two:
    """The five years until the last of which there is anything, and the five before them."""
    return Years(last - 2 * LENGTH + 1, last - LENGTH), Years(last - LENGTH + 1, last)


def asked(fields: Mapping[str, str]) -> Two | None:
    """None where nothing was asked."""
    typed = [fields.get(name, "").strip() for name in FIELDS]
    if not any(typed):
        return None
    first, last, second, until = map(_year, typed)
    return _years(first, last), _years(second, until)


def _year(typed: str) -> int:
    if not typed:
        raise NotTwoPeriods("Say of both periods with which year they begin and end.")
    if not YEAR.fullmatch(typed):
        raise NotTwoPeriods(f"“{typed[:20]}” is no year: write one in four digits, such as 2015.")
    return int(typed)


def _years(first: int, last: int) -> Years:
    if first > last:
        raise NotTwoPeriods(f"A period cannot begin in {first} and end in {last}: write the earlier year first.")
    return Years(first, last)
