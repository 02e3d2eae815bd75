"""Sentences that tell of an event on a day: which day, and whether two of them tell the same. Pure.

A day without a year is the last such day before the article's own; days to come are announcements, and nothing has happened yet.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

COMMON_WORDS = Path(__file__).parent / "names" / "common_words.txt"
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_MONTH = "|".join(
    [*(name.capitalize() for name in MONTHS), *(rf"{name}\." for name in ("Jan", "Feb", "Aug", "Sept?", "Oct", "Nov", "Dec"))]
)
_YEAR = r"(?:19|20)\d\d"
DAY = re.compile(
    rf"\b(?:(?P<d1>[1-3]?\d)(?:st|nd|rd|th)? (?:of )?(?P<m1>{_MONTH})(?:,? (?P<y1>{_YEAR}))?"
    rf"|(?P<m2>{_MONTH}) (?P<d2>[1-3]?\d)(?:st|nd|rd|th)?\b(?:,? (?P<y2>{_YEAR}))?)(?!\w)"
)
# What follows a day that is not one: "May 15 people", "March 3 million".
NOT_A_DAY = re.compile(r"\s*(?:per ?cent|%|million|billion|people|a\.m|p\.m|am\b|pm\b|:\d)")
SENTENCE_ENDS = re.compile(r"(?<=[.!?])[\"'\u201d\u2019)]*\s+(?=[\"'\u201c\u2018(]?[A-Z0-9])")
ABBREVIATED = re.compile(
    r"(?:\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Gen|Lt|Col|Sgt|St|No|Jr|Sr|Rep|Sen|Gov|Adm|vs|etc|Jan|Feb|Aug|Sept?|Oct|Nov|Dec|Inc|Ltd|Co)|[A-Z]\.[A-Z])\.$"
)
SOURCES = re.compile(r"(?:\s*\((?=[^()]*[A-Z])[^()]{2,60}\))+\s*$")  # "(Reuters) (AP)" at the end of an item
LEADING_DAY = re.compile(rf"^(?:[1-3]?\d (?:{_MONTH})|(?:{_MONTH}) [1-3]?\d):\s*")
TOPIC = re.compile(
    r"^[A-Z0-9][^.:;!?]{2,160}: (?=[\"\u201cA-Z])"
)  # "War in Donbas: Russian forces ...": not part of the sentence
SHORTEST, LONGEST = 40, 420  # letters of a sentence worth quoting
AHEAD, SOON = timedelta(days=1), timedelta(days=150)
TO_COME = re.compile(r"\b(?:will|shall|is to|are to|to be held|scheduled|upcoming|plans? to|later this|next)\b")


@dataclass(frozen=True, slots=True)
class Telling:
    """`start`: where the sentence begins in the text."""

    on: date
    sentence: str
    start: int


def tellings_in(text: str, *, on: date, whole_day: date | None = None) -> Iterator[Telling]:
    """The sentences of a text that name a day. `on`: the article's own; `whole_day`: that of a digest."""
    start = 0
    for line in text.split("\n"):
        yield from _in_line(line, start, on=on, whole_day=whole_day)
        start += len(line) + 1


def _in_line(line: str, start: int, *, on: date, whole_day: date | None) -> Iterator[Telling]:
    item = LEADING_DAY.match(line)
    if item or whole_day:
        day = _day_in(item[0], on) if item else whole_day
        sentence = _first_sentences(SOURCES.sub("", line[item.end() if item else 0 :]))
        sentence = sentence if item else TOPIC.sub("", sentence)
        if day and SHORTEST <= len(sentence) <= LONGEST:
            yield Telling(day, sentence, start)
        return
    for offset, sentence in sentences(line):
        if SHORTEST <= len(sentence) <= LONGEST and (day := _day_in(sentence, on)):
            yield Telling(day, sentence, start + offset)


def sentences(line: str) -> Iterator[tuple[int, str]]:
    start = 0
    for match in SENTENCE_ENDS.finditer(line):
        if ABBREVIATED.search(line, max(start, match.start() - 12), match.start()):
            continue
        yield start, line[start : match.start()].strip()
        start = match.end()
    yield start, line[start:].strip()


def _first_sentences(item: str) -> str:
    """Of an item that the day stands before, what tells it: the first sentence, longer where that is short."""
    told = ""
    for _, sentence in sentences(item):
        if told and len(told) + len(sentence) >= LONGEST // 2:
            break
        told = f"{told} {sentence}".strip()
    return told


def _day_in(sentence: str, on: date) -> date | None:
    """The one day that a sentence names; None where it names none, several, or one to come."""
    if TO_COME.search(sentence):
        return None
    days = {day for match in DAY.finditer(sentence) if not NOT_A_DAY.match(sentence, match.end()) and (day := _day(match, on))}
    return days.pop() if len(days) == 1 else None


def _day(match: re.Match[str], on: date) -> date | None:
    name = (match["m1"] or match["m2"]).rstrip(".").casefold()[:3]
    month = next(number for number, whole in enumerate(MONTHS, start=1) if whole.startswith(name))
    number, year = int(match["d1"] or match["d2"]), match["y1"] or match["y2"]
    try:
        day = date(int(year or on.year), month, number)
        if not year and day > on + SOON:
            day = date(on.year - 1, month, number)
    except ValueError:
        return None
    return day if day <= on + AHEAD else None


# Whether two tell the same


STOP = frozenset(word for line in COMMON_WORDS.read_text().splitlines() if not line.startswith("#") for word in line.split())
WORD = re.compile(r"[a-z\u00e0-\u017e]{3,}")
LEAST_SHARE, LEAST_IN_COMMON = 0.34, 3


def words_of(sentence: str) -> frozenset[str]:
    """What a sentence says, in bare stems."""
    return frozenset(_stem(word) for word in WORD.findall(sentence.casefold()) if word not in STOP)


def _stem(word: str) -> str:
    for ending in ("ation", "ings", "ing", "ers", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """How much two sentences of about the same day say the same, as a share of the shorter; 0 where it is too little to tell."""
    common = len(one & other)
    share = common / max(1, min(len(one), len(other)))
    return share if common >= LEAST_IN_COMMON and share >= LEAST_SHARE else 0.0
