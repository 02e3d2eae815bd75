"""Where in a text the words stand that somebody looked for. Pure: pieces of plain text, which a template escapes."""

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from broadsheet.library.query import folded

LENGTH = 240  # characters of a snippet
MOST_PLACES = 100
LOOKED_AT = 15_000  # characters
_WORD_ENDS = re.compile(r"[\s\u2014\u2013]")
_ACCENTED: dict[str, str] = {}
for _code in range(0xC0, 0x250):
    _plain = "".join(c for c in unicodedata.normalize("NFKD", chr(_code)) if not unicodedata.combining(c)).lower()
    if len(_plain) == 1 and _plain.isascii():
        _ACCENTED[_plain] = _ACCENTED.get(_plain, _plain) + chr(_code)


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """`stems` as the index has them, `beginnings` folded; `stem` tells whether a word is one of them."""

    stems: frozenset[str]
    beginnings: tuple[str, ...]
    stem: Callable[[str], Sequence[str]]

    def places(self, text: str) -> list[tuple[int, int, str]]:
        """From, to, and what stands there."""
        roots = sorted({stem[: max(3, len(stem) - 1)] for stem in self.stems} | set(self.beginnings), key=len, reverse=True)
        if not roots:
            return []
        candidates = _beginning_with(tuple(roots), accented=not text.isascii())
        found: list[tuple[int, int, str]] = []
        for match in candidates.finditer(text[:LOOKED_AT]):
            if name := self._name(match.group()):
                found.append((match.start(), match.end(), name))
            if len(found) == MOST_PLACES:
                break
        return found

    def _name(self, word: str) -> str:
        lower = folded(word) if self.beginnings else ""
        if beginning := next((each for each in self.beginnings if lower.startswith(each)), ""):
            return beginning
        return next((stem for stem in self.stem(word) if stem in self.stems), "")


@lru_cache(maxsize=200)
def _beginning_with(roots: tuple[str, ...], *, accented: bool) -> re.Pattern[str]:
    written = [re.escape(root) for root in roots]
    if accented:
        written = ["".join(f"[{_ACCENTED[c]}]" if c in _ACCENTED else re.escape(c) for c in root) for root in roots]
    return re.compile(r"(?<![^\W_])(?:" + "|".join(written) + r")[^\W_]*", re.IGNORECASE)


def marked(text: str, wanted: Wanted) -> tuple[Piece, ...]:
    return _pieces(text, [(start, end) for start, end, _ in wanted.places(text)])


def snippet(text: str, wanted: Wanted) -> tuple[Piece, ...]:
    """The stretch in which most of what is wanted stands together; nothing where none of it does."""
    places = wanted.places(text)
    if not places:
        return ()
    start = max(range(len(places)), key=lambda n: (_variety(places, n), -n))
    begin, end = _stretch(text, places[start][0])
    inside = [(a - begin, b - begin) for a, b, _ in places if begin <= a and b <= end]
    pieces = _pieces(text[begin:end].replace("\n", " "), inside)
    return (*([Piece("… ")] if begin else []), *pieces, *([Piece(" …")] if end < len(text) else []))


def _variety(places: Sequence[tuple[int, int, str]], n: int) -> tuple[int, int]:
    reach = places[n][0] + LENGTH * 3 // 4
    names = [name for start, _, name in places[n : n + 40] if start < reach]
    return len(set(names)), len(names)


def _stretch(text: str, place: int) -> tuple[int, int]:
    begin = max(0, place - LENGTH // 4)
    if begin:
        begin = max(text.rfind("\n", begin, place) + 1, next((m.end() for m in _WORD_ENDS.finditer(text, begin, place)), place))
    end = min(len(text), begin + LENGTH)
    if end < len(text):
        end = max((m.start() for m in _WORD_ENDS.finditer(text, begin + LENGTH // 2, end)), default=end)
    return begin, end


def _pieces(text: str, places: Collection[tuple[int, int]]) -> tuple[Piece, ...]:
    pieces, reached = [], 0
    for start, end in places:
        if start > reached:
            pieces.append(Piece(text[reached:start]))
        pieces.append(Piece(text[start:end], marked=True))
        reached = end
    if reached < len(text):
        pieces.append(Piece(text[reached:]))
    return tuple(pieces)
