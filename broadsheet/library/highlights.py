"""Where in a text the words stand that somebody looked for. Pure: pieces of plain text, which a template escapes."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from broadsheet.library.letters import folded

LENGTH = 240  # characters of a snippet
MOST_PLACES, MOST_TOGETHER = 100, 40
LOOKED_AT = 15_000  # characters
MOST_PARTS = 20  # that are looked at one by one, where the words stand further on
LOOKED_AT_FIRST = 3_000
_WORD_ENDS = re.compile(r"[\s\u2014\u2013]")
_REST_OF_WORD = re.compile(r"[^\W_]*")


_ACCENTED = re.compile("[\u00c0-\u024f]")
_ACCENTED_BEGIN = bytes(range(0xC3, 0xCA))  # in UTF-8
_UNKNOWN = "?"  # what Python writes for what is not ASCII


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
    roots: tuple[tuple[str, str], ...] = field(init=False)
    _in_ascii: bool = field(init=False)

    def __post_init__(self) -> None:
        """`roots`: what a word must begin with, and the name of whatever does; without one its stem decides."""
        stems = {stem[: max(3, len(stem) - 1)] for stem in self.stems}
        roots = (*((each, each) for each in self.beginnings), *((stem, "") for stem in stems))
        object.__setattr__(self, "roots", roots)
        object.__setattr__(self, "_in_ascii", all(root.isascii() and _UNKNOWN not in root for root, _ in roots))

    @property
    def many(self) -> int:
        return len(self.stems) + len(self.beginnings)

    def places(self, text: str) -> list[tuple[int, int, str]]:
        """From, to, and what stands there; in order."""
        text = text[:LOOKED_AT]
        plain = _plain(text, in_ascii=self._in_ascii)
        found: dict[int, tuple[int, int, str]] = {}
        for root, beginning in self.roots:
            start = plain.find(root)
            while start >= 0:
                end = start + len(root)
                if start not in found and not (start and text[start - 1].isalnum()):
                    end = _end_of_word(text, end)
                    if name := beginning or self._stem_in(text[start:end]):
                        found[start] = (start, end, name)
                start = plain.find(root, end)
        return sorted(found.values())[:MOST_PLACES]

    def _stem_in(self, word: str) -> str:
        return next((stem for stem in self.stem(word) if stem in self.stems), "")


def _plain(text: str, *, in_ascii: bool) -> str:
    """As the index has its letters, and as long as the text. `in_ascii`: no others matter."""
    if in_ascii and not text.isascii() and not _has_accents(text):
        text = text.encode("ascii", "replace").decode("ascii")  # small letters of ASCII are made in a tenth of the time
    plain = (text if text.isascii() else _ACCENTED.sub(_without_accent, text)).lower()
    return plain if len(plain) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _has_accents(text: str) -> bool:
    written = text.encode("utf-8", "surrogatepass")
    return len(written.translate(None, _ACCENTED_BEGIN)) < len(written)


def _without_accent(letter: re.Match[str]) -> str:
    return _plain_letter(letter.group())


@lru_cache(maxsize=1_000)
def _plain_letter(letter: str) -> str:
    """Itself where there are two for it."""
    plain = folded(letter)
    return plain if len(plain) == 1 else letter


def _end_of_word(text: str, place: int) -> int:
    rest = _REST_OF_WORD.match(text, place)
    return rest.end() if rest else place


def marked(text: str, wanted: Wanted) -> tuple[Piece, ...]:
    return _pieces(text, [(start, end) for start, end, _ in wanted.places(text)])


def snippet(text: str, wanted: Wanted) -> tuple[Piece, ...]:
    """The stretch in which most of what is wanted stands together; nothing where none of it does."""
    if not wanted.roots:
        return ()
    places = wanted.places(text[: text.find(" ", LOOKED_AT_FIRST)]) if len(text) > LOOKED_AT_FIRST else []
    if len({name for _, _, name in places}) < wanted.many:
        places = wanted.places(text) or _places_further_on(text, wanted)
    if not places:
        return ()
    begin, end = _stretch(text, places[_richest(places)][0])
    inside = [(a - begin, b - begin) for a, b, _ in places if begin <= a and b <= end]
    pieces = _pieces(text[begin:end].replace("\n", " "), inside)
    return (*([Piece("… ")] if begin else []), *pieces, *([Piece(" …")] if end < len(text) else []))


def _places_further_on(text: str, wanted: Wanted) -> list[tuple[int, int, str]]:
    for begin, part in islice(_parts(text), 1, MOST_PARTS):
        if places := wanted.places(part):
            return [(begin + a, begin + b, name) for a, b, name in places]
    return []


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """As long as what is looked at, with where each begins; no word is in two of them."""
    begin = 0
    while begin < len(text):
        end = begin + LOOKED_AT
        if end < len(text):
            end = text.rfind(" ", begin + 1, end) + 1 or end
        yield begin, text[begin:end]
        begin = end


def _richest(places: Sequence[tuple[int, int, str]]) -> int:
    """From which on most different names stand within reach, and most of them; the first where several are alike."""
    best, found, end = 0, (0, 0), 0
    names: dict[str, int] = {}
    for n, (start, _, name) in enumerate(places):
        last, reach = min(len(places), n + MOST_TOGETHER), start + LENGTH * 3 // 4
        while end < last and places[end][0] < reach:
            names[places[end][2]] = names.get(places[end][2], 0) + 1
            end += 1
        if (len(names), end - n) > found:
            best, found = n, (len(names), end - n)
        names[name] -= 1
        if not names[name]:
            del names[name]
    return best


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
