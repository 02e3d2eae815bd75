"""A quotation: a sentence as it stands in its paragraph, or a stretch of it with marks where words were left out. Pure."""

import re
from dataclasses import dataclass
from datetime import date

from broadsheet.research.choosing import Said
from broadsheet.research.openings import begin_without_connectives, leans, stands_alone
from broadsheet.research.sources import Source

MARK = "…"
LONG, LONGEST = 45, 60  # words: from where the end is left out, and of what is quoted at all
SHORTEST = 6
MOST_BROKEN = 0.2  # of the words of a text that was scanned badly
_CLAUSE = re.compile(r"(?:;|,(?= (?:and|but|which|while|who|with|as|including|where|although|though|so|or)\b)| [–—-](?= ))")
_ENDS = re.compile(r"[.!?…][\"'”’)\]]*$")
_IS_AN_ENTRY = re.compile(r"^[A-Z][^.:]{2,60}: \S+ \S")  # of a profile or a list, which ends without a stop
_A_WORD = re.compile(
    r"[\"'“‘(\[$£€]*(?:[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ0-9.'’-]+|[aAI]|\d[\d.,:%-]*(?:st|nd|rd|th|s|m|bn|%)?)[\"'”’)\].,;:!?…%]*|[–—-]|&"
)
_GREETS = re.compile(
    r"\b(?:thank you|thanks|good (?:morning|afternoon|evening)|ladies and gentlemen|welcome|applause|laughter)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Quotation:
    """`text` as shown; `begin` to `end` stand so in the paragraph of that number, but for the marks."""

    text: str
    source: Source
    paragraph: int
    begin: int
    end: int
    speaker: str = ""

    @property
    def dated_on(self) -> date:
        return self.source.dated_on

    @property
    def words(self) -> int:
        return len(self.text.split())

    @property
    def verbatim(self) -> str:
        """Without the marks."""
        return self.text.removeprefix(f"{MARK} ").removesuffix(f" {MARK}")


def quoted(said: Said) -> Quotation | None:
    """None of what cannot stand by itself, or is no sentence that says something."""
    if not _is_worth_it(said):
        return None
    whole, begin = said.passage.text, said.sentence.start
    end = begin + len(said.text)
    skipped = begin_without_connectives(said.text)
    if leans(said.text[skipped:]):
        before = said.before
        if before is None or not stands_alone(before.text) or before.is_asked or not _ENDS.search(before.text):
            return None
        begin, skipped = before.start, 0
    begin += skipped
    if len(whole[begin:end].split()) > LONG:
        end = _shorter(whole, begin, end)
    return _quotation(said, begin, end, skipped > 0) if len(whole[begin:end].split()) <= LONGEST else None


def _quotation(said: Said, begin: int, end: int, skipped: bool) -> Quotation:
    text = said.passage.text[begin:end]
    cut = end < said.sentence.start + len(said.text)
    shown = f"{MARK} {text}" if skipped else text
    source, number = said.passage.source, said.passage.number
    return Quotation(f"{shown} {MARK}" if cut else shown, source, number, begin, end, said.sentence.speaker)


def _is_worth_it(said: Said) -> bool:
    text, words = said.text, said.text.split()
    if said.sentence.is_asked or text.isupper() or _GREETS.search(text):
        return False
    if not _IS_AN_ENTRY.match(text) and (len(words) < SHORTEST or not _ENDS.search(text)):
        return False
    broken = sum(not _A_WORD.fullmatch(word) for word in words)
    return broken <= MOST_BROKEN * len(words)


def _shorter(whole: str, begin: int, end: int) -> int:
    """At the last clause that ends within so many words; where none does, as it was."""
    limit = begin + len(" ".join(whole[begin:end].split(" ")[:LONG]))
    cuts = [match.start() for match in _CLAUSE.finditer(whole, begin, min(limit, end))]
    far = [cut for cut in cuts if len(whole[begin:cut].split()) >= LONG // 2]
    return far[-1] if far else end
