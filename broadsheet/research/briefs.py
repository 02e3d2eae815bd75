"""A brief: what the library answers to a question, in quotations alone, or that it does not. Pure, given what was found."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from itertools import takewhile

from broadsheet.research import signs
from broadsheet.research.answering import FACTS
from broadsheet.research.asking import YEAR, Asks, Question, stems, to_come
from broadsheet.research.choosing import CLOSED, Ranked, Said, worth
from broadsheet.research.cutting import Worth
from broadsheet.research.differences import Difference, Kind, differences
from broadsheet.research.doers import is_of_another
from broadsheet.research.kin import weights
from broadsheet.research.quoting import Quotation, quoted
from broadsheet.research.sources import Found, Source
from broadsheet.research.support import Supporting

MOST_SENTENCES, MOST_WORDS = 8, 220
FROM_ONE_ARTICLE = 3
CONSIDERED, COMPARED = 60, 30  # of the ranking: for quotations, and for what they differ in
SAME = 0.6  # share of the shorter's words that two have in common, from which they say the same
FAR_BEHIND = 4.0  # below the best, in the ranking's own measure, that a point is not worth its place
LEADING = 3  # the best of a brief, which stand first
NEARLY = 0.5  # below the last of these, and as good
OLD = timedelta(days=3 * 365)  # before the newest of these, where it is asked how things are
FURTHER, NEAREST = 5, 5
FRESH, HALF_LIFE = 1.2, 4 * 365.25  # what a sentence of today is worth more, and days after which that is half as much
OF_THE_YEAR = 1.5  # and one from a year that is asked about
OF_ANOTHER = 2.0  # and what tells of another's doing alone is worth less
SURE, SURE_OF_A_KIND = 0.6, 0.5  # of the sign of what is asked, from which a sentence is a direct answer; of meanings and lists
NEAR = 0.6  # closeness of a direct answer to what is asked openly
ASKED_FOR = 1.0  # what the sign of what is asked is worth beside all words of the question, where a sentence is cut
_DECADE = re.compile(r"\b(1[5-9]\d0|20\d0)s\b")
_PAST = re.compile(
    r"\b(?:did|was|were|had|has|have|been|1[5-9]\d\ds?|20\d\d)\b", re.IGNORECASE
)  # so that nothing told of it is old
_IN_A_SENTENCE = frozenset({Asks.WHY, Asks.TERMS, Asks.VIEW})  # are answered, though asked openly
_STAY_NEW = frozenset({Asks.WHEN, Asks.CHANGE})  # in whose answers old is no worse than new


@dataclass(frozen=True, slots=True)
class Brief:
    """`answer`: None where none is direct. `points` in the order in which they are read, the older views among them in `earlier`.

    Thin where the library does not answer: then `nearest` is all it has. `missing`: what of the question was nowhere found.
    """

    question: Question
    answer: Quotation | None = None
    points: tuple[Quotation, ...] = ()
    earlier: tuple[Quotation, ...] = ()
    disagreements: tuple[Difference, ...] = ()
    changes: tuple[Difference, ...] = ()
    further: tuple[Source, ...] = ()
    nearest: tuple[Source, ...] = ()
    countries: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    missing: tuple[str, ...] = ()

    @property
    def thin(self) -> bool:
        return not self.quotations

    @property
    def quotations(self) -> tuple[Quotation, ...]:
        """In the order in which they are read."""
        return (*((self.answer,) if self.answer else ()), *self.points, *self.earlier)


@dataclass(frozen=True, slots=True)
class Draft:
    """A brief of what answers, before it is known what of that differs from what else was said.

    `leading`: what is a point whatever differs from it. `quotable`: all that answers, the best first. `beside`: what answers
    nothing, and may yet gainsay what does; `telling`: how much of its worth is in a stretch of it.
    """

    brief: Brief
    leading: frozenset[Quotation] = frozenset()
    quotable: tuple[Quotation, ...] = ()
    beside: tuple[Said, ...] = ()
    telling: Worth | None = None

    @property
    def certain(self) -> Brief:
        """What the finished one begins with."""
        brief = self.brief
        points = tuple(takewhile(self.leading.__contains__, brief.points))
        earlier = takewhile(self.leading.__contains__, brief.earlier if points == brief.points else ())
        return Brief(brief.question, answer=brief.answer, points=points, earlier=tuple(earlier))


def as_of(quotation: Quotation) -> str:
    return f"as of {quotation.dated_on:%B %Y}"


def draft(question: Question, found: Found, ranked: Sequence[Ranked], *, at: date) -> Draft:
    ahead = to_come(question, at)
    if ahead:
        return Draft(_refused(question, found, (ahead,)))
    weighed = weights(question.terms, found.rarities)
    supporting, telling = Supporting(question, found.passages, weighed), partial(_telling, question, weighed)
    considered = sorted(ranked[:CONSIDERED], key=lambda one: -_worth(question, one, at))
    borne = [one for one in considered if supporting.answers(one)]
    if not borne:
        missing = min((supporting.of(one.said).missing for one in considered), key=len, default=())
        return Draft(_refused(question, found, missing))
    best = _worth(question, borne[0], at)
    worthy = [one for one in borne if best - _worth(question, one, at) <= FAR_BEHIND]
    taken = set(map(id, worthy))
    quotable = {quotation: one for one in worthy if (quotation := quoted(one.said, worth=telling))}
    drafted = _drafted(question, found, quotable)
    return replace(drafted, beside=tuple(one.said for one in considered if id(one) not in taken), telling=telling)


def _telling(question: Question, weighed: Mapping[str, float], text: str) -> float:
    """How much of a long sentence's worth is in a stretch of it: of the question's words, and of what it asks for."""
    decades = {year[:3] for year in _DECADE.findall(question.text)}
    timely = any(year[:3] in decades for year in YEAR.findall(text))
    return worth(weighed, text) / (sum(weighed.values()) or 1.0) + ASKED_FOR * (signs.sign(question, text) + timely)


def _refused(question: Question, found: Found, missing: tuple[str, ...] = ()) -> Brief:
    return Brief(question, nearest=found.sources[:NEAREST], missing=missing, countries=_countries(found.sources))


def _worth(question: Question, one: Ranked, at: date) -> float:
    return _timely(question, one, at) - OF_ANOTHER * is_of_another(question, one.said)


def _timely(question: Question, one: Ranked, at: date) -> float:
    dated = one.said.passage.source.dated_on
    if question.years:
        first, last = question.years
        return one.score + OF_THE_YEAR * (first <= dated.year and (question.open_ended or dated.year <= last))
    if question.asks in _STAY_NEW:
        return one.score
    return one.score + FRESH * 0.5 ** (max(0, (at - dated).days) / HALF_LIFE)


def _drafted(question: Question, found: Found, ranked: Mapping[Quotation, Ranked]) -> Draft:
    """`ranked`: of what is quoted, how it was ranked."""
    best = list(_chosen(list(ranked)))
    if not best:
        return Draft(_refused(question, found))
    leading, chosen = best[:LEADING], _in_order(question, ranked, best)
    answer = next((one for one in leading if _is_direct(question, one, ranked[one])), None)
    newest = max(one.dated_on for one in leading)
    oldest = date.min if _PAST.search(question.text) else newest - OLD
    points = [one for one in chosen if one is not answer]
    used = {one.source.id for one in chosen}
    years = [one.dated_on.year for one in chosen]
    brief = Brief(
        question=question,
        answer=answer,
        points=tuple(one for one in points if one.dated_on >= oldest),
        earlier=tuple(one for one in points if one.dated_on < oldest),
        further=tuple(source for source in found.sources if source.id not in used)[:FURTHER],
        countries=_countries([one.source for one in chosen]),
        years=(min(years), max(years)),
    )
    return Draft(brief, leading=frozenset(leading), quotable=tuple(ranked))


def compared(draft: Draft) -> Brief:
    """With what disagrees and what has changed: of that, what stands beside its other side need not stand among the points."""
    brief = draft.brief
    if brief.thin:
        return brief
    beside = [quotation for said in draft.beside if (quotation := quoted(said, worth=draft.telling))]
    differing = differences(draft.quotable[:COMPARED], beside=beside[:COMPARED])
    chosen = set(brief.quotations)
    changes = tuple(one for one in differing if one.kind is Kind.CHANGED and not {one.older, one.newer} <= chosen)
    paired = {side for one in changes for side in (one.older, one.newer)} - draft.leading
    return replace(
        brief,
        points=tuple(one for one in brief.points if one not in paired),
        earlier=tuple(one for one in brief.earlier if one not in paired),
        disagreements=tuple(one for one in differing if one.kind is Kind.DISAGREE),
        changes=changes,
    )


def _in_order(question: Question, ranked: Mapping[Quotation, Ranked], chosen: Sequence[Quotation]) -> list[Quotation]:
    """The best first; of what changed, the newest, where what is newer than the oldest of the best is nearly as good as that."""
    if question.asks is not Asks.CHANGE:
        return list(chosen)
    leading = chosen[:LEADING]
    oldest, least = min(one.dated_on for one in leading), min(ranked[one].score for one in leading)
    kept = [one for one in chosen if one in leading or one.dated_on <= oldest or ranked[one].score >= least - NEARLY]
    return sorted(kept, key=lambda one: one.dated_on, reverse=True)


def _chosen(quotations: Sequence[Quotation]) -> Iterator[Quotation]:
    """The best that say something that none before them says, on one screen."""
    taken: list[Quotation] = []
    articles = Counter[int]()
    words = 0
    for one in quotations:
        if len(taken) == MOST_SENTENCES:
            return
        if (
            words + one.words > MOST_WORDS
            or articles[one.source.id] == FROM_ONE_ARTICLE
            or any(_is_same(one, each) for each in taken)
        ):
            continue
        taken.append(one)
        articles[one.source.id] += 1
        words += one.words
        yield one


def _is_same(one: Quotation, other: Quotation) -> bool:
    if one.source.id == other.source.id and one.paragraph == other.paragraph and one.begin < other.end and other.begin < one.end:
        return True
    mine, theirs = set(stems(one.text)), set(stems(other.text))
    return len(mine & theirs) >= SAME * max(1, min(len(mine), len(theirs)))


def _is_direct(question: Question, quotation: Quotation, ranked: Ranked) -> bool:
    """Not what another did.

    Of what is asked openly, few sentences are an answer by themselves: those that say what is asked for, and are about it.
    """
    told, close = signs.sign(question, quotation.text), ranked.close
    if is_of_another(question, ranked.said):
        return False
    if question.asks in CLOSED:
        return told >= (SURE if question.asks in FACTS else SURE_OF_A_KIND)
    return question.asks in _IN_A_SENTENCE and told >= 1 and (close is None or close >= NEAR)


def _countries(sources: Sequence[Source]) -> tuple[str, ...]:
    """Those that most of the articles are about."""
    counted = Counter(name for source in sources for name in source.countries)
    return tuple(name for name, _ in counted.most_common(3))
