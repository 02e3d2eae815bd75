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
from broadsheet.research.sources import Passage, Source

MOST_POINTS = 12
FROM_ONE_ARTICLE = 2
CONSIDERED = 60  # sentences that are looked at for whether they can be quoted
SAME = 0.6  # share of the shorter's words that two have in common, from which they say the same
OPENING = 6  # stems: two sentences that begin with the same say the same
NEW, HALF_LIFE = 2.0, 2 * 365.25  # what a sentence of today is worth more, and days after which that is half as much
FIRST = 1.0  # and one that stands first in its article
CROWD, CROWDED = 2, 0.75  # actors beside those it is about, from which a sentence that lists them is worth less, for each
FOREMOST = 3  # countries of an article that it is likely to be mostly about
OWN_PROFILE, ABOUT, ABOUT_OTHERS, PROFILE = range(4)  # how far an article is from what a dossier is of
_PROFILE = re.compile(r"\bprofile\b", re.IGNORECASE)
ALIKE, LEAST_ALIKE = 0.5, 2  # of a question's words that an article has, from which its dossier is looked at again

NamesIn = Callable[[str], Sequence[Mention]]


def told_of(passages: Sequence[Passage], *, actors: Collection[str], names: NamesIn, at: date) -> list[Quotation]:
    """The sentences that name these actors and say most of what happened; of no two that say the same both.

    Of two actors one may be left out where the headline names both. Articles mostly about them come before all others, their own
    profile first; then the newest.
    """
    named = {(one.source.id, one.number): names(one.text) for one in passages}
    nearness = {source: _nearness(source, names, actors) for source in {one.source for one in passages}}
    telling: list[tuple[float, Said]] = []
    for one in said_in(passages):
        within, near = _named_in(one, named[one.passage.source.id, one.passage.number]), nearness[one.passage.source]
        if _is_told_in(within, near, set(actors)):
            telling.append((_worth(one, at) - CROWDED * _crowd(within, actors), one))
    telling.sort(key=lambda each: (nearness[each[1].passage.source].far, -each[0], each[1].passage.source.id, each[1].place))
    found = _distinct(quotation for _, one in telling[:CONSIDERED] if (quotation := quoted(one)))
    return sorted(found, key=lambda one: (nearness[one.source].far, -one.dated_on.toordinal()))


@dataclass(frozen=True, slots=True)
class _Nearness:
    """How near an article is to what a dossier is of."""

    far: int
    in_headline: frozenset[str]


def _nearness(source: Source, names: NamesIn, actors: Collection[str]) -> _Nearness:
    headline = [mention.key for mention in names(source.headline)]
    tagged = [mention.key for country in source.countries[:FOREMOST] for mention in names(country)[:1]]
    sorts = {actor.partition(":")[0] for actor in actors}  # a president in a headline makes it about no other country
    about = [key for key in (*headline, *tagged) if key.partition(":")[0] in sorts]
    own = bool(about) and about[0] in actors and set(actors) <= set(about)
    far = ABOUT if own else ABOUT_OTHERS
    if _PROFILE.search(source.headline):
        far = OWN_PROFILE if own and set(actors) <= set(headline) else PROFILE  # of an island that a country holds, not its own
    return _Nearness(far, frozenset(headline))


def _is_told_in(within: set[str], near: _Nearness, actors: set[str]) -> bool:
    """What lists many countries, in an article about others, tells nothing of two of them."""
    if actors <= within:
        return len(actors) == 1 or near.far <= ABOUT or not _crowd(within, actors)
    return bool(within & actors) and actors <= near.in_headline


def _crowd(within: set[str], actors: Collection[str]) -> int:
    return max(0, len(within - set(actors)) - CROWD)


def _named_in(said: Said, mentions: Sequence[Mention]) -> set[str]:
    start, end = said.sentence.start, said.sentence.start + len(said.text)
    return {mention.key for mention in mentions if start <= mention.start < end}


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
    """The longer may go on where the shorter ends, as a notice does that is given every year."""
    opening = stems(one)[:OPENING]
    if len(opening) == OPENING and opening == stems(other)[:OPENING]:
        return True
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
    """Whether an article with these roots may have something new on a question."""
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
