"""Two sentences that say another figure, day, doer or place, or the opposite, of the same thing. Pure; rather too few than wrong.

What each claims is read by `claims`. They must be about the same: names and words in common, and none that makes one of them
another country's, half of a whole, or a plan. Of what lies more than a season apart, the newer is what the older became.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import chain, combinations, product

from broadsheet.research.asking import stems
from broadsheet.research.claims import COMMON, UNSURE, Claim, Stand, claim
from broadsheet.research.quoting import Quotation
from broadsheet.research.sentences import sentences
from broadsheet.research.wording import shared

LEAST_IN_COMMON, OF_THE_SHORTER = 3, 0.4  # words that two have in common, and their share of the shorter's: for figures
OF_A_SHORT_ONE = 2
MORE_OF_IT = 0.5  # for days
SAME_THING = 0.65  # share of the words around what is said, from which it is said of the same
DENIED_OF_IT = 0.74  # and of those that a denial takes back
SAME_OBJECT = 0.5  # above which two objects of a verb are the same
SAME_DEEDS = 0.5  # share of what either tells was done, from which its day is that of the other's
A_SEASON, ABOUT_THEN = timedelta(days=120), timedelta(days=45)
_EDITION = re.compile(r"\W*\b(?:1[5-9]|20)\d\d\b\W*$")  # the year of one, at the end of its headline


class Kind(StrEnum):
    DISAGREE = "disagree"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    kind: Kind
    older: Quotation
    newer: Quotation


def differences(quotations: Sequence[Quotation], *, beside: Sequence[Quotation] = ()) -> list[Difference]:
    """Between different articles alone; each sentence at most once. `beside`: held against these, but not against each other."""
    found: list[Difference] = []
    told: set[str] = set()
    for one, other in chain(combinations(quotations, 2), product(quotations, beside)):
        if one.source.id == other.source.id or told & {one.text, other.text}:
            continue
        older, newer = sorted((one, other), key=lambda each: (each.dated_on, each.source.id))
        kind = _difference(older, newer)
        if kind:
            found.append(Difference(kind, older, newer))
            told |= {one.text, other.text}
    return found


def _difference(older: Quotation, newer: Quotation) -> Kind | None:
    own = _two_countries(older, newer)
    is_edition = _are_editions(older, newer)
    for one, other in product(_claims(older.text), _claims(newer.text)):
        if own and not shared(one.names - own, other.names - own):
            continue  # what they are about, they need not say
        kind = _held_against(one, other, older.dated_on, newer.dated_on, is_edition=is_edition)
        if kind:
            return kind
    return None


def _two_countries(one: Quotation, other: Quotation) -> frozenset[str]:
    """The words of their names, where two articles are most about two: the first of an article's countries."""
    mine, theirs = one.source.countries[:1], other.source.countries[:1]
    return frozenset(stems(" ".join(mine + theirs))) if mine and theirs and mine != theirs else frozenset()


def _are_editions(one: Quotation, other: Quotation) -> bool:
    """Of one text, years apart, which says much the same in other words."""
    mine, theirs = (_EDITION.sub("", each.source.headline) for each in (one, other))
    return mine == theirs and abs(other.dated_on - one.dated_on) > A_SEASON


@lru_cache(maxsize=2_000)
def _claims(text: str) -> tuple[Claim, ...]:
    """Of all of it, and of its last sentence: the one before may only be quoted because that leans on it."""
    last = [sentence.text for sentence in sentences(text)][-1:]
    return tuple(claim(each) for each in dict.fromkeys((text, *last)))


def _held_against(one: Claim, other: Claim, older: date, newer: date, *, is_edition: bool) -> Kind | None:
    if len(one.starts & other.starts) < OF_A_SHORT_ONE or not _are_about_the_same(one, other) or _other_sides(one, other):
        return None
    at_once = newer - older <= A_SEASON or bool((one.years - one.since) & (other.years - other.since))
    if not _other_things(one, other):
        kind = _told_otherwise(one, other, older, newer, at_once=at_once and not is_edition)
        if kind:
            return kind
    if is_edition or _other_times(one, other):
        return None
    if any(differ(one, other) for differ in _OPPOSITE) and not _other_things(one, other):
        return Kind.DISAGREE if at_once else Kind.CHANGED
    return Kind.DISAGREE if at_once and any(differ(one, other) for differ in _EXCLUSIVE) else None


def _told_otherwise(one: Claim, other: Claim, older: date, newer: date, *, at_once: bool) -> Kind | None:
    """Another figure, or another day. Of an earlier time, a figure is not what another became."""
    share = _share(one, other)
    if share >= OF_THE_SHORTER and _figures_differ(one, other):
        if at_once and not _other_times(one, other):
            return None if _is_of_a_day_far_from(one, newer, other) or _is_of_a_day_far_from(other, older, one) else Kind.DISAGREE
        return None if _goes_back(one, other) else Kind.CHANGED
    return Kind.DISAGREE if share >= MORE_OF_IT and _days_differ(one, other, older) else None


def _goes_back(older: Claim, newer: Claim) -> bool:
    return bool(older.years and newer.years) and max(newer.years) < max(older.years)


def _is_of_a_day_far_from(one: Claim, written: date, other: Claim) -> bool:
    """One tells its day; the other tells none, which is then about when it was written."""
    if not one.days or other.days or other.dated:
        return False
    days = [date(year or written.year, month, day or 15) for year, month, day in one.days]
    return min(abs(written - day) for day in days) > ABOUT_THEN


def _are_about_the_same(one: Claim, other: Claim) -> bool:
    """Of a short sentence a name and another word are enough, where they are most of it."""
    common = _in_common(one, other)
    if common >= LEAST_IN_COMMON:
        return True
    short = common >= OF_A_SHORT_ONE and _share(one, other) >= SAME_THING
    return short and shared(one.names, other.names) > 0 and shared(one.said - one.names, other.said - other.names) > 0


def _in_common(one: Claim, other: Claim) -> int:
    """None where both name somebody, and nobody the same."""
    if one.names and other.names and not shared(one.names, other.said) and not shared(other.names, one.said):
        return 0
    return shared(one.said, other.said) + len(one.years & other.years)


def _share(one: Claim, other: Claim) -> float:
    """Of the shorter's words."""
    return _in_common(one, other) / max(1, min(len(one.said), len(other.said)))


def _other_sides(one: Claim, other: Claim) -> bool:
    """One is told of men and the other of women, or the like."""
    return any(
        (axis, not yes) in other.sides and (axis, yes) not in other.sides and (axis, not yes) not in one.sides
        for axis, yes in one.sides
    )


def _other_things(one: Claim, other: Claim) -> bool:
    """Each names somebody or something that the other does not know, or one of two numbered things."""
    if one.numbered and other.numbered and one.numbered != other.numbered:
        return True
    mine = len(one.subjects) - shared(one.subjects, other.said)
    theirs = len(other.subjects) - shared(other.subjects, one.said)
    return mine > 0 and theirs > 0


def _other_times(one: Claim, other: Claim) -> bool:
    if one.years and other.years and not one.years & other.years:
        return True
    mine, theirs = ({month for _, month, _ in each.days} for each in (one, other))
    return bool(mine and theirs and not mine & theirs)


def _same_mood(one: Claim, other: Claim) -> bool:
    return one.is_to_come is other.is_to_come


def _leaves_open(one: Claim) -> bool:
    """It tells what somebody says or wants, or what once was."""
    return one.is_reported or one.is_wished or one.was_so


def _figures_differ(one: Claim, other: Claim) -> bool:
    """Of the same things, and none of them the same figure."""
    if not _same_mood(one, other) or one.is_part or other.is_part:
        return False
    both = [(mine, theirs) for mine, theirs in product(one.figures, other.figures) if mine.of & theirs.of]
    return bool(both) and not any(mine.agrees(theirs) or mine.is_of_another_order(theirs) for mine, theirs in both)


def _days_differ(one: Claim, other: Claim, before: date) -> bool:
    """Each tells one, of what was over when the older was written: what came later is another of its kind."""
    if not one.dated or not other.dated or not _same_mood(one, other):
        return False
    if not one.done or len(one.done & other.done) < SAME_DEEDS * max(len(one.done), len(other.done)):
        return False
    if max(one.dated[0], other.dated[0]) > before.year:
        return False
    return one.dated[0] != other.dated[0] or _apart(one.dated[1:], other.dated[1:])


def _apart(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """As far as both tell it."""
    return any(mine and theirs and mine != theirs for mine, theirs in zip(one, other, strict=True))


def _is_opposed(one: Claim, other: Claim) -> bool:
    """It rose, or it fell; where two things are the other way round, that may be another way to say the same."""
    if not _same_mood(one, other) or _leaves_open(one) or _leaves_open(other):
        return False
    mine, theirs = _ways(one), _ways(other)
    opposed = [what for what in mine.keys() & theirs.keys() if mine[what] is not theirs[what]]
    return len(opposed) == 1 and any(
        _of_the_same(a, b) for a, b in product(one.stands, other.stands) if a.what == b.what == opposed[0]
    )


def _ways(one: Claim) -> dict[str, bool]:
    """Without what it says both ways."""
    ways: dict[str, set[bool]] = {}
    for stand in one.stands:
        ways.setdefault(stand.what, set()).add(stand.yes)
    return {what: next(iter(yes)) for what, yes in ways.items() if len(yes) == 1}


def _of_the_same(one: Stand, other: Stand) -> bool:
    if one.after and other.after and not _same_object(one.after, other.after):
        return False
    least = min(len(one.around), len(other.around))
    return least > 0 and shared(one.around, other.around) >= SAME_THING * least


def _same_object(one: frozenset[str], other: frozenset[str]) -> bool:
    return shared(one, other) > SAME_OBJECT * min(len(one), len(other))


def _is_denied(one: Claim, other: Claim) -> bool:
    if not _same_mood(one, other) or _leaves_open(one) or _leaves_open(other):
        return False
    return _denies(one, other) or _denies(other, one)


def _denies(one: Claim, other: Claim) -> bool:
    """Nearly all that one takes back the other says, and takes back nothing of it."""
    for denial in one.denied:
        if denial.what not in other.affirmed or len(denial.before) < LEAST_IN_COMMON:
            continue
        if any(shared(denial.before, each.before) >= LEAST_IN_COMMON for each in other.denied):
            continue
        if denial.after & one.done - other.affirmed:
            continue  # that it was done is not told there
        theirs = other.objects(denial.what)
        if denial.after and theirs and not _same_object(denial.after, theirs):
            continue
        if shared(denial.before, other.affirmed) >= DENIED_OF_IT * len(denial.before):
            return True
    return False


def _orders_differ(one: Claim, other: Claim) -> bool:
    """Before the election, or after it."""
    told = any((not before, what) in other.orders for before, what in one.orders if what)
    return told and _same_mood(one, other) and _share(one, other) >= MORE_OF_IT


def _doers_differ(one: Claim, other: Claim) -> bool:
    return any(
        a.what == b.what and _are_two(a.after, b.after) and _shares_most(a.before, b.before)
        for a, b in product(one.doers, other.doers)
    )  # fmt: skip


def _are_two(one: frozenset[str], other: frozenset[str]) -> bool:
    """Two names, or two that are none: a general and an army may be one."""
    if not one or not other:
        return False
    marks = {stem[0] for stem in one | other} & {COMMON, UNSURE}
    bare = [frozenset(stem.lstrip(f"{COMMON}{UNSURE}") for stem in each) for each in (one, other)]
    named = [not any(stem[0] in {COMMON, UNSURE} for stem in each) for each in (one, other)]
    return not shared(*bare) and (named[0] == named[1] or UNSURE in marks)


def _shares_most(one: frozenset[str], other: frozenset[str]) -> bool:
    least = min(len(one), len(other))
    return least > 1 and shared(one, other) >= max(2, SAME_THING * least)


def _places_differ(one: Claim, other: Claim) -> bool:
    known = _in_common(one, other) > LEAST_IN_COMMON
    return any(
        a.what == b.what
        and not shared(a.after, b.after)
        and (_shares_most(a.before, b.before) or (known and a.before & b.before))
        for a, b in product(one.places, other.places)
    )


def _highest_differ(one: Claim, other: Claim) -> bool:
    """Two who are called the largest, or the first, of the same."""
    return any(
        a.what == b.what and a.after and b.after and not shared(a.after, b.after) and _shares_most(a.before, b.before)
        for a, b in product(one.highest, other.highest)
    )


_OPPOSITE: tuple[Callable[[Claim, Claim], bool], ...] = (_is_opposed, _is_denied, _orders_differ)
_EXCLUSIVE: tuple[Callable[[Claim, Claim], bool], ...] = (_doers_differ, _places_differ, _highest_differ)
