"""Which stretch of a long sentence is quoted: whole clauses, among them those that answer. Pure."""

import re
from collections.abc import Callable, Iterator

from broadsheet.research.openings import begin_without_connectives, leans

Worth = Callable[[str], float]  # of words, for the question
SHORTEST = 12  # words of a stretch
LIST = 5  # words before the last comma of a list, among which is one more
WHOLE = 0.3  # of its worth, what a stretch has that begins as its sentence does
FULL = 0.015  # what a word more is worth
_OPENS = r"(?:I|we|you|he|she|it|they|there|this|that|the|its|their|our|his|her|in|to|not|[A-Z]\w*)\b"
_ENDS = re.compile(  # no comma of a list: after that no clause begins
    rf";|,(?= (?:but|which|while|who|with|as|including|where|although|though|so|because|since)\b)|,(?= (?:and|or) {_OPENS})"
    r"| -{1,2}(?= )| [–—]{1,2}-?(?= )|—(?=\w)|:(?= )"
)
_BEGINS = re.compile(rf"(?:; | [–—-]+ |—|: )(?=(?:and |but |or )?{_OPENS})")  # a clause that has all that it needs
_GOES_ON = re.compile(r", (?:and|or)\b")
_OF_A_LIST = re.compile(r"; ")


def stretch(whole: str, begin: int, end: int, *, most: int, worth: Worth | None = None) -> tuple[int, int]:
    """Of at most so many words; where no clause ends within them, as it was."""
    found = [one for one in _stretches(whole, begin, end) if _is_quotable(whole, one, most)]
    if not found:
        return begin, end

    def best(one: tuple[int, int]) -> tuple[float, int]:
        text = whole[one[0] : one[1]]
        own = worth(text) if worth else 0.0
        return own * (1 + WHOLE * (one[0] == begin)) + FULL * len(text.split()), -one[0]

    first = [one for one in found if one[0] == begin]
    return max(found if worth else (first or found), key=best)


def _stretches(whole: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    ends = [*(match.start() for match in _ENDS.finditer(whole, begin, end) if not _is_in_a_list(whole, begin, match)), end]
    opens = _OF_A_LIST if whole.count("; ", begin, end) > 2 else _BEGINS
    begins = [begin, *(match.end() for match in opens.finditer(whole, begin, end))]
    for first in begins:
        skipped = first + (begin_without_connectives(whole[first:end]) if first > begin else 0)
        if first > begin and leans(whole[skipped:end]):
            continue
        yield from ((skipped, last) for last in ends if last > skipped)


def _is_in_a_list(whole: str, begin: int, match: re.Match[str]) -> bool:
    """Kenya, Chad, and Mali."""
    return bool(_GOES_ON.match(whole, match.start())) and "," in " ".join(whole[begin : match.start()].split()[-LIST:])


def _is_quotable(whole: str, one: tuple[int, int], most: int) -> bool:
    text = whole[one[0] : one[1]]
    return SHORTEST <= len(text.split()) <= most and text.count("(") == text.count(")") and _has_pairs(text)


def _has_pairs(text: str) -> bool:
    """No quotation mark is opened that is not closed."""
    return text.count("“") == text.count("”") and text.count('"') % 2 == 0
