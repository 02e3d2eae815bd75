"""What a dossier quotes, of all that is said of its subject, and what has changed since it was last looked at. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from broadsheet.library.gazetteer import Mention
from broadsheet.library.turning import weight_of
from broadsheet.research import differences
from broadsheet.research.asking import stems
from broadsheet.research.choosing import Said, said_in
from broadsheet.research.quoting import MARK, Quotation, quoted
from broadsheet.research.sources import Passage

MOST_POINTS = 12
FROM_ONE_ARTICLE = 2
CONSIDERED = 60  # sentences that are looked at for whether they can be quoted
SAME = 0.6  # share of the shorter's words that two have in common, from which they say the same
NEW, HALF_LIFE = 2.0, 2 * 365.25  # what a sentence of today is worth more, and days after which that is half as much
FIRST = 1.0  # and one that stands first in its article
ALIKE, LEAST_ALIKE = 0.5, 2  # of a question's words that an article has, from which its dossier is looked at again

NamesIn = Callable[[str], Sequence[Mention]]


def told_of(passages: Sequence[Passage], *, actors: Collection[str], names: NamesIn, at: date) -> list[Quotation]:
    """The sentences that name all of these actors and say most of what happened; of no two that say the same both."""
    named = {(one.source.id, one.number): names(one.text) for one in passages}
    telling = [one for one in said_in(passages) if _names_all(one, named[one.passage.source.id, one.passage.number], actors)]
    telling.sort(key=lambda one: (-_worth(one, at), one.passage.source.id, one.place))
    return list(_distinct(quotation for one in telling[:CONSIDERED] if (quotation := quoted(one))))


def _names_all(said: Said, mentions: Sequence[Mention], actors: Collection[str]) -> bool:
    start, end = said.sentence.start, said.sentence.start + len(said.text)
    return set(actors) <= {mention.key for mention in mentions if start <= mention.start < end}


def _worth(said: Said, at: date) -> float:
    age = max(0, (at - said.passage.source.dated_on).days)
    return weight_of(said.text) + NEW * 0.5 ** (age / HALF_LIFE) + FIRST / (1 + said.place / 4)


def _distinct(quotations: Iterable[Quotation]) -> Iterator[Quotation]:
    taken: list[Quotation] = []
    articles = Counter[int]()
    for one in quotations:
        if len(taken) == MOST_POINTS:
            return
        if articles[one.source.id] < FROM_ONE_ARTICLE and not any(says_the_same(one, other) for other in taken):
            taken.append(one)
            articles[one.source.id] += 1
            yield one


def is_same(one: str, other: str) -> bool:
    mine, theirs = set(stems(one)), set(stems(other))
    return len(mine & theirs) >= SAME * max(1, min(len(mine), len(theirs)))


def says_the_same(one: Quotation, other: Quotation) -> bool:
    """The same sentence however it was trimmed, or one like it that says nothing otherwise."""
    if _is_still(one, other):
        return True
    return is_same(one.text, other.text) and not any(
        found.kind is differences.Kind.DISAGREE for found in differences.differences([one, other])
    )


def may_answer(terms: Collection[str], said: Collection[str]) -> bool:
    """Whether an article with these stems may have something new on a question."""
    asked = set(terms)
    return bool(asked) and len(asked & set(said)) >= min(len(asked), max(LEAST_ALIKE, ALIKE * len(asked)))


# What changed


class Kind(StrEnum):
    NEW = "new"
    REPLACED = "replaced"
    DISAGREE = "disagree"


@dataclass(frozen=True, slots=True)
class Turn:
    """`older`: what a new quotation replaces, or says otherwise; None of what is merely new."""

    kind: Kind
    newer: Quotation
    older: Quotation | None = None


def turns(before: Sequence[Quotation], now: Sequence[Quotation]) -> list[Turn]:
    """What the quotations of now say that those before did not."""
    return [_turn(one, before, now) for one in now if not any(_is_still(one, other) for other in before)]


def _is_still(one: Quotation, other: Quotation) -> bool:
    """The same sentence, however it was trimmed."""
    same_place = one.source.id == other.source.id and one.paragraph == other.paragraph
    return same_place and one.begin < other.end and other.begin < one.end


def _turn(newer: Quotation, before: Sequence[Quotation], now: Sequence[Quotation]) -> Turn:
    differing = [(one, found[0].kind) for one in before if (found := differences.differences([one, newer]))]
    for older, kind in differing:
        if kind is differences.Kind.DISAGREE:
            return Turn(Kind.DISAGREE, newer, older)
    gone = [one for one in before if not any(_is_still(one, other) for other in now)]
    alike = [one for one in gone if is_same(one.text, newer.text)]
    older_ones = [*(one for one, _ in differing), *alike]
    return Turn(Kind.REPLACED, newer, older_ones[0]) if older_ones else Turn(Kind.NEW, newer)


# By an editor's hand

Spot = tuple[int, int]  # a paragraph, and where in it something begins


def place_in(
    lines: Sequence[str], words: str, *, near: Spot = (0, 0), taken: Collection[Spot] = ()
) -> tuple[int, int, int] | None:
    """Paragraph, begin and end of these words where they stand by themselves, the nearest that is free; None: nowhere."""
    whole = re.compile(rf"(?<!\w)(?<!\d[.,]){re.escape(words)}(?!\w)(?![.,]\d)")
    found = [(number, one.start(), one.end()) for number, line in enumerate(lines) for one in whole.finditer(line) if words]
    free = [one for one in found if one[:2] not in taken]
    return min(free, key=lambda one: (abs(one[0] - near[0]), abs(one[1] - near[1])), default=None)


def words_of(typed: str) -> str:
    """Of a quotation, without the marks at its ends."""
    return typed.strip().removeprefix(MARK).removesuffix(MARK).strip()


def marked(paragraph: str, begin: int, end: int) -> str:
    """With marks where a sentence is not quoted whole."""
    before, after = paragraph[:begin].rstrip(), paragraph[begin:end].rstrip()
    opens = not before or before.endswith((".", "!", "?", "”", '"', ":"))
    closes = end == len(paragraph.rstrip()) or after.endswith((".", "!", "?", "”", '"'))
    return f"{'' if opens else f'{MARK} '}{after}{'' if closes else f' {MARK}'}"
