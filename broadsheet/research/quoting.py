"""A quotation: a sentence as it stands in its paragraph, or a stretch of it with marks where words were left out. Pure."""

import re
from dataclasses import dataclass
from datetime import date

from broadsheet.research.choosing import Said
from broadsheet.research.cutting import Worth, stretch
from broadsheet.research.openings import begin_by_itself
from broadsheet.research.sentences import is_of_one_voice, sentences
from broadsheet.research.sources import Source

MARK = "…"
LONG, LONGEST = 60, 75  # words: from where of a sentence a stretch is quoted, and of what is quoted at all
MOST_BEFORE = 3  # sentences that are brought along
SHORTEST = 6
MOST_BROKEN = 0.2  # of the words of a text that was scanned badly
_ENDS = re.compile(r"[.!?…][\"'”’)\]]*$")
_IS_AN_ENTRY = re.compile(r"^[A-Z][^.:]{2,60}: \S+ \S")  # of a profile or a list, which ends without a stop
_LISTED = re.compile(r"(?<=[\w)]) (?=[A-ZÀ-Þ])")
_A_WORD = re.compile(
    r"[\"'“‘(\[$£€]*(?:[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ0-9.'’-]+|[aAI]|\d[\d.,:%-]*(?:st|nd|rd|th|s|m|bn|%)?)[\"'”’)\].,;:!?…%]*|[–—-]|&"
)
_GREETS = re.compile(
    r"^(?:\W*(?:\w+\W+){0,2})(?:thank you|thanks|welcome(?: (?:back|home))?(?= to |[,.!]))\b|\bthank you\b|\byou['’]re welcome\b"
    r"|\b(?:good (?:morning|afternoon|evening)|ladies and gentlemen|applause|laughter)\b",
    re.IGNORECASE,
)
_RAW = re.compile(r"\*\*|\[LINK\b|\]\(http|https?://")  # marks of how a text is set, that were never read
_IN_PIECES = re.compile(r"; [^;]{12,}$")  # the notes of a profile have no stop at their end


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


def quoted(said: Said, *, worth: Worth | None = None) -> Quotation | None:
    """None of what cannot stand by itself, or is no sentence that says something. `worth`: what of a long one is kept."""
    if not _is_worth_it(said):
        return None
    whole, start = said.passage.text, said.sentence.start
    end = start + len(said.text)
    skipped = begin_by_itself(said.text)
    begin = _before(said) if skipped is None else start + skipped
    if begin is None:
        return None
    if len(whole[begin:end].split()) > LONG:
        first, last = stretch(whole, begin, end, most=LONG, worth=worth)
        if begin >= start or (first == begin and last > start):  # where the one before is brought along, this one is quoted too
            begin, end = first, last
    if len(whole[begin:end].split()) > LONGEST and begin == start and _IS_AN_ENTRY.match(said.text):
        end = _end_of_entry(whole, begin, end)
    if len(whole[begin:end].split()) > LONGEST or _RAW.search(whole, begin, end) or not is_of_one_voice(whole, begin, end):
        return None
    return _quotation(said, begin, end)


def _end_of_entry(whole: str, begin: int, end: int) -> int:
    """A profile may list more than can be quoted, without a mark between: then what stands first."""
    ends = [match.start() for match in _LISTED.finditer(whole, begin, end)]
    fit = [
        one
        for one in ends
        if len(whole[begin:one].split()) <= LONG and whole.count("(", begin, one) == whole.count(")", begin, one)
    ]
    return fit[-1] if fit else end


def _before(said: Said) -> int | None:
    """Where the sentences begin that it leans on; None where they lean too, or are too long, or ask."""
    own = [one for one in sentences(said.passage.text) if one.start < said.sentence.start][-MOST_BEFORE:]
    for before in reversed(own):
        words = len(said.passage.text[before.start : said.sentence.start + len(said.text)].split())
        if before.is_asked or not _ENDS.search(before.text) or words > LONGEST:
            return None
        skipped = begin_by_itself(before.text)
        if skipped is not None:
            return before.start + skipped
    return None


def _quotation(said: Said, begin: int, end: int) -> Quotation:
    text = said.passage.text[begin:end]
    starts = {one.start for one in sentences(said.passage.text)} if begin != said.sentence.start else {begin}
    opens = begin in starts and not text[:1].islower()  # a note of a profile goes on from the heading above it
    shown = text if opens else f"{MARK} {text}"
    cut = end < said.sentence.start + len(said.text)
    source, number = said.passage.source, said.passage.number
    return Quotation(f"{shown} {MARK}" if cut else shown, source, number, begin, end, said.sentence.speaker)


def _is_worth_it(said: Said) -> bool:
    text, words = said.text, said.text.split()
    if said.sentence.is_asked or text.isupper() or _GREETS.search(text):
        return False
    ended = _ENDS.search(text) or _IN_PIECES.search(text)
    if not _IS_AN_ENTRY.match(text) and (len(words) < SHORTEST or not ended):
        return False
    broken = sum(not _A_WORD.fullmatch(word) for word in words)
    return broken <= MOST_BROKEN * len(words)
