"""The figures of a sentence, with what each counts and how sure it is of them: thirty thousand soldiers, up to 40 per cent. Pure.

Years, days and how long something took are none: they are told by the way.
"""

import re
from dataclasses import dataclass

from broadsheet.library.tellings import MONTHS
from broadsheet.research.asking import YEAR, stems
from broadsheet.research.opposites import listed

ROUNDED = 0.05  # by which two may differ and still be the same, told roughly
ORDER = 10  # times
EXACT = 20  # below which nothing is rounded
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_IN_WORDS = {
    word: float(number)
    for number, word in enumerate(("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 2)
}
_FIGURE = re.compile(
    rf"(?P<money>[$£€]|US\$|A\$)?\b(?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|{'|'.join(_IN_WORDS)})(?P<part>%)?"
    rf"(?:[ -](?P<scale>{'|'.join(_SCALES)}))?(?=(?P<after>(?:[ -][A-Za-z]+){{0,4}}))",
    re.IGNORECASE,
)
_NONE_KILLED = re.compile(
    r"\b(?:no one|nobody|none|no (?:\w+ )?(?:people|civilians|soldiers|lives))\b(?: \w+)? (?:was|were|had been)?"
    r" ?(?:killed|died|lost)\b",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(
    r"\b(?:more than|over|at least|above|(?:exceed|surpass|reach)(?:e?s|ed|ing)?|no fewer than|no less than) $", re.IGNORECASE
)
_AT_MOST = re.compile(r"\b(?:up to|less than|fewer than|at most|under|below|no more than|maximum of) $", re.IGNORECASE)
_KILLED = re.compile(r"\b(?:dead|died|killed|killing|deaths|lives|fatalities)\b", re.IGNORECASE)
_OF_A_DAY = re.compile(rf"\b(?:{'|'.join(MONTHS)}) $", re.IGNORECASE)
_ENDS = listed(
    "in on at by for with from to into over after before during since until through under against between than as when"
    " where because and or but which who that is was were are has had have while without about of"
)
_ORDINARY = frozenset(
    stems("per cent percent new first last more over years year days day weeks week months month hours minutes times")
)
# To one measure of each kind.
_MEASURES = {
    unit: (kind, size)
    for kind, size, units in (
        ("length", 1.0, "km kilometre kilometres kilometer kilometers"),
        ("length", 1.609, "mile miles"),
        ("area", 1.0, "hectare hectares"),
        ("area", 0.4047, "acre acres"),
        ("weight", 1.0, "tonne tonnes"),
        ("weight", 0.907, "ton tons"),
        ("weight", 0.001, "kg kilogram kilograms kilogrammes"),
    )
    for unit in units.split()
}


@dataclass(frozen=True, slots=True)
class Figure:
    """`of`: what it counts, as stems. From `least` to `most`, where it says no more than a bound."""

    of: frozenset[str]
    least: float
    most: float

    def is_of_another_order(self, other: "Figure") -> bool:
        """So far apart that they hardly count the same."""
        low, high = sorted((self.least, other.least))
        return low > 0 and high > ORDER * low

    def agrees(self, other: "Figure") -> bool:
        near = max(self.least if self.least > EXACT else 0, other.least if other.least > EXACT else 0) * ROUNDED
        return self.least <= other.most + near and other.least <= self.most + near


def figures_in(text: str) -> tuple[Figure, ...]:
    found = [figure for match in _FIGURE.finditer(text) if (figure := _figure(match, text))]
    if _NONE_KILLED.search(text):
        found.append(Figure(frozenset({"killed"}), 0.0, 0.0))
    return tuple(found)


def _figure(match: re.Match[str], text: str) -> Figure | None:
    number = match["number"].lower()
    value = _IN_WORDS[number] if number in _IN_WORDS else float(number.replace(",", ""))
    value *= _SCALES.get((match["scale"] or "").lower(), 1.0)
    of, size = _counted(match, text)
    if not of:
        return None
    value *= size
    before = _before(match, text)
    return Figure(of, 0.0 if _AT_MOST.search(before) else value, float("inf") if _AT_LEAST.search(before) else value)


def _counted(match: re.Match[str], text: str) -> tuple[frozenset[str], float]:
    """What a figure counts, and in which measure; nothing of days, years and the unclear."""
    if match["money"]:
        return frozenset({"money"}), 1.0
    after = match["after"].lower().replace("-", " ").split()
    if match["part"] or after[:1] == ["percent"] or after[:2] == ["per", "cent"]:
        return frozenset({"share"}), 1.0
    if (
        _OF_A_DAY.search(_before(match, text))
        or (after and after[0] in MONTHS)
        or (YEAR.fullmatch(match["number"]) and not match["scale"])
    ):
        return frozenset(), 1.0
    for word in after[:2]:
        if word in _MEASURES:
            kind, size = _MEASURES[word]
            return frozenset({kind}), size
    told = _told(after)
    if told and (_KILLED.search(" ".join(after)) or _KILLED.search(_before(match, text))):
        return frozenset({*told, "killed"}), 1.0
    return frozenset(told), 1.0


def _before(match: re.Match[str], text: str) -> str:
    return " ".join(text[max(0, match.start() - 40) : match.start()].split(" ")[-4:])


def _told(after: list[str]) -> list[str]:
    own: list[str] = []
    for word in after:
        if word in _ENDS:
            break
        own.append(word)
    if own and stems(own[0]) and stems(own[0])[0] in _ORDINARY:
        return []
    return [stem for stem in stems(" ".join(own)) if stem not in _ORDINARY]
