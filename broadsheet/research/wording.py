"""The words of a sentence as claims are read from them: their stems, names among them, and where one clause ends. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from broadsheet.library.letters import folded
from broadsheet.library.tellings import MONTHS
from broadsheet.research.asking import YEAR, stems
from broadsheet.research.opposites import DENYING, IRREGULAR, listed

_WORD = re.compile(r"\d[\d,.]*\d|\d|[^\W\d_]+(?:[’'](?!s\b)[^\W\d_]+)*(?:[’']s\b|s[’'](?=\s))?|[^\w\s]")
_POSSESSIVE = re.compile(r"[’']s?$")
_STOPS = frozenset(",;:.!?()[]–—…")
NEW_CLAUSE = listed("and but or which who whom whose that while although though because if when where whereas since as so")
ENDS_OBJECT = listed(
    "in on at by for with from to of into over after before during since until through under against between than as"
    " when where because and or but which who that is was were are has had while without about among across throughout"
    " despite"
)
AUXILIARY = listed(
    "be is are was were been being am has have had having do does did will would shall should can could may might must"
    " ever yet also only even it its their his her the a an any this that these those there"
)


@dataclass(frozen=True, slots=True)
class Word:
    """`stem`: "" of a word that says nothing by itself. `named`: in capitals, though it opens no sentence."""

    low: str
    stem: str
    named: bool = False
    opens: bool = False

    @property
    def ends(self) -> bool:
        return self.low in _STOPS


def alike(one: str, other: str) -> bool:
    """Lorria and Lorrish, Bruma and Bruman: they differ at the very end alone."""
    if one == other:
        return True
    common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    return common >= 4 and common >= min(len(one), len(other)) - 1


def shared(one: frozenset[str], other: frozenset[str]) -> int:
    """How many stems of one the other has too, or one alike."""
    common = one & other
    others = other - common
    starts = {stem[:4] for stem in others}
    near = (stem for stem in one - common if stem[:4] in starts)
    return len(common) + sum(any(alike(stem, each) for each in others) for stem in near)


@lru_cache(maxsize=20_000)
def stem_of(low: str) -> str:
    if low in DENYING:
        return ""
    found = stems(IRREGULAR.get(low, low))
    return found[0] if len(found) == 1 else ""


def words_of(text: str) -> Iterator[Word]:
    """A number right after a name belongs to it: Resolution 1929."""
    opens, named = True, False
    for match in _WORD.finditer(text):
        whole = _POSSESSIVE.sub("", match[0])
        low = folded(whole) if whole[:1].isalnum() else whole
        capital = whole[:1].isupper() and low not in MONTHS
        named = (capital and not opens) or (named and whole.isdigit() and not YEAR.fullmatch(whole))
        yield Word(low, stem_of(low) if whole[:1].isalnum() else "", named=named, opens=capital and opens)
        opens = low in {".", "!", "?", "…"} or (opens and not whole[:1].isalnum())


def clauses_of(words: Sequence[Word]) -> Iterator[list[Word]]:
    clause: list[Word] = []
    for word in words:
        if word.ends or word.low in NEW_CLAUSE:
            if clause:
                yield clause
            clause = []
        else:
            clause.append(word)
    if clause:
        yield clause


def said_in(words: Sequence[Word]) -> frozenset[str]:
    return frozenset(word.stem for word in words if word.stem and not word.stem.isdigit() and word.low not in AUXILIARY)


def object_of(words: Sequence[Word]) -> frozenset[str]:
    """What directly follows a verb: up to the next preposition, but for that of what it is of."""
    return said_in(list(takewhile(lambda word: (word.low not in ENDS_OBJECT or word.low == "of") and not word.ends, words)))
