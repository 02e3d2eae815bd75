"""Two sentences that say another figure, another year or the opposite of the same thing. Pure; rather too few than wrong.

Of figures that lie further apart in time than a season, the newer is what the older has become; otherwise they disagree.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import combinations

from broadsheet.library.tellings import MONTHS
from broadsheet.research.asking import YEAR, stems
from broadsheet.research.quoting import Quotation

LIKE, MORE_LIKE = 0.5, 0.7  # share of their words that two have in common: for figures, and for years and denials
LEAST_IN_COMMON = 4
A_SEASON = timedelta(days=120)
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_IN_WORDS = {
    word: float(number)
    for number, word in enumerate(("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 2)
}
_FIGURE = re.compile(
    rf"(?P<money>[$£€]|US\$|A\$)?\b(?P<number>\d[\d,]*(?:\.\d+)?|{'|'.join(_IN_WORDS)})(?P<part>%)?"
    rf"(?:[ -](?P<scale>{'|'.join(_SCALES)}))?(?P<after>(?:[ -][A-Za-z]+){{0,3}})",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"\b(?:not|never|no|nor|without|denie[sd]|refuse[sd]|reject(?:s|ed)?|cannot|fail(?:s|ed)? to|\w+n[’']t)\b", re.IGNORECASE
)
_ORDINARY = frozenset(stems("per cent percent new first last more over years year"))


class Kind(StrEnum):
    DISAGREE = "disagree"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    kind: Kind
    older: Quotation
    newer: Quotation


def differences(quotations: Sequence[Quotation]) -> list[Difference]:
    """Between different articles alone; each sentence at most once."""
    found: list[Difference] = []
    told: set[str] = set()
    for one, other in combinations(quotations, 2):
        if one.source.id == other.source.id or told & {one.text, other.text}:
            continue
        older, newer = sorted((one, other), key=lambda each: (each.dated_on, each.source.id))
        kind = _difference(older, newer)
        if kind:
            found.append(Difference(kind, older, newer))
            told |= {one.text, other.text}
    return found


def _difference(older: Quotation, newer: Quotation) -> Kind | None:
    alike = likeness(older.text, newer.text)
    if alike < LIKE:
        return None
    if _figures_differ(older.text, newer.text):
        return Kind.CHANGED if newer.dated_on - older.dated_on > A_SEASON else Kind.DISAGREE
    if alike < MORE_LIKE:
        return None
    if _years_differ(older.text, newer.text) or _one_denies(older.text, newer.text):
        return Kind.DISAGREE
    return None


def likeness(one: str, other: str) -> float:
    """By words that are no numbers; 0 where too few are common to tell."""
    mine, theirs = _said(one), _said(other)
    common = len(mine & theirs)
    return common / len(mine | theirs) if common >= LEAST_IN_COMMON else 0.0


@lru_cache(maxsize=5_000)
def _said(text: str) -> frozenset[str]:
    return frozenset(stem for stem in stems(_DENIES.sub(" ", text)) if not stem.isdigit() and stem not in _IN_WORDS)


def _figures_differ(one: str, other: str) -> bool:
    """Of the same things, and none of them the same figure."""
    mine, theirs = _figures(one), _figures(other)
    shared = mine.keys() & theirs.keys()
    return bool(shared) and all(not mine[what] & theirs[what] for what in shared)


@lru_cache(maxsize=5_000)
def _figures(text: str) -> dict[str, frozenset[float]]:
    """By what they count."""
    found: dict[str, set[float]] = {}
    for match in _FIGURE.finditer(text):
        what = _counted(match)
        if what:
            number = match["number"].lower()
            value = _IN_WORDS[number] if number in _IN_WORDS else float(number.replace(",", ""))
            found.setdefault(what, set()).add(value * _SCALES.get((match["scale"] or "").lower(), 1.0))
    return {what: frozenset(values) for what, values in found.items()}


def _counted(match: re.Match[str]) -> str:
    """What a figure counts: money, a share, or the first word after it that says something; "" of days, years and the unclear."""
    if match["money"]:
        return "money"
    after = match["after"].lower().replace("-", " ").split()
    if match["part"] or after[:1] == ["percent"] or after[:2] == ["per", "cent"]:
        return "share"
    if (after and after[0] in MONTHS) or (YEAR.fullmatch(match["number"]) and not match["scale"]):
        return ""
    told = [stem for stem in stems(" ".join(after)) if stem not in _ORDINARY]
    return told[0] if told else ""


def _years_differ(one: str, other: str) -> bool:
    mine, theirs = set(YEAR.findall(one)), set(YEAR.findall(other))
    return len(mine) == len(theirs) == 1 and mine != theirs


def _one_denies(one: str, other: str) -> bool:
    return bool(_DENIES.search(one)) != bool(_DENIES.search(other))
