"""What a sentence claims, as far as two can be held against each other: figures, days, who did it, where, and which way. Pure.

Read from the words alone, clause by clause. What is unclear is left out: two sentences then only seem to say less.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile

from broadsheet.library.tellings import MONTHS
from broadsheet.research.asking import YEAR
from broadsheet.research.counted import Figure, figures_in
from broadsheet.research.opposites import (
    DENYING,
    DONE_ONCE,
    IN_ONE_PLACE,
    IRREGULAR,
    OPPOSED,
    OPPOSING,
    REFUSING,
    SAYING_NOTHING,
    SIDES,
    listed,
)
from broadsheet.research.wording import (
    AUXILIARY,
    ENDS_OBJECT,
    NEW_CLAUSE,
    Word,
    clauses_of,
    object_of,
    said_in,
    stem_of,
    words_of,
)

COMMON, UNSURE = "~", "?"  # before a stem that is no name, and one that opens its sentence
SCOPE = 7  # stems that a denial reaches
REACH = 9  # words from what is done to where
_NOTHING = {*MONTHS, *listed("per cent percent hundred thousand million billion trillion")}  # in common
_BEING = listed("is are was were be been being")
_IS = listed("is was are were remains remained")
_QUALIFYING = listed("close open")  # also before what they are said of
_MORE_THAN = listed("just only merely simply solely")
_LEADING_TO = listed(
    "to will would shall should can could may might must is are was were be been remain remains remained stay stayed"
)
_DETERMINERS = listed("the a an its their his her this that these those all")
_TITLES = listed(
    "president prime minister general colonel marshal bishop king queen secretary senator mr mrs ms dr sir lord lady"
    " prince princess chancellor governor captain major admiral professor ambassador judge justice pope archbishop"
    " foreign deputy vice state the"
)
_TO_COME = re.compile(  # in small letters: May is a month
    r"\b(?:will|would|shall|could|might|may|[Ii]f|[Uu]nless|planned|plan|plans|predict\w*|forecast\w*|expect(?:s|ed)?|pledged?|pledges"
    r"|promised?|promises|intend\w*|aims?|hopes?|hoped|scheduled|due to|supposed|should)\b"
)
_REPORTED = re.compile(
    r"\b(?:claim(?:s|ed|ing)?|den(?:y|ies|ied)|alleg\w+|accus\w+|said|says?|saying|told|tells|argu(?:e|es|ed)|believe[sd]?|urge[sd]?)\b",
    re.IGNORECASE,
)
_TAKES_BACK = re.compile(r"(?!can|couldn|shouldn|mustn|needn)\w+n[’']t")
_WISHED = re.compile(
    r"\b(?:want(?:s|ed)?|must|need(?:s|ed)?|demand\w*|should|call(?:s|ed|ing)? (?:for|on)|let us|ought)\b", re.IGNORECASE
)
_PART = re.compile(r"^\W*(?:of|among) |\balone\b|\d (?:of them|of whom|of which|of these|of those)\b", re.IGNORECASE)
_HIGHEST = re.compile(r"\w{2,}est|most|least|only|main|chief|principal|top|first|last", re.IGNORECASE)
_NOT_HIGHEST = listed(
    "west forest interest request guest harvest protest contest invest test arrest rest honest suggest quest conquest"
)
_ONCE_SO = re.compile(r"\b(?:once|formerly|no longer|used to|previously)\b", re.IGNORECASE)
_MONTH = "|".join(MONTHS)
_A_DAY = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}}) (?P<month>{_MONTH})|(?P<other>{_MONTH}) (?P<its>\d{{1,2}})(?!\d)|(?P<alone>{_MONTH}))"
    r"\b,?(?: (?P<year>1[5-9]\d\d|20\d\d)\b)?",
    re.IGNORECASE,
)
_SINCE = re.compile(r"\bsince\b[^,;.]{0,40}?\b(1[5-9]\d\d|20\d\d)\b", re.IGNORECASE)
_IN_A_YEAR = re.compile(r"(?:\b(?P<before>\w+) )?\b(?P<how>in|of|during) (?P<year>1[5-9]\d\d|20\d\d)\b", re.IGNORECASE)
_ORDER = re.compile(r"\b(?P<which>before|after) (?:the |its |their |his |her )?(?P<what>[\w’'-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stand:
    """What is said of something, with what it is said of: the stems of its clause before it, and of what follows directly."""

    what: str
    yes: bool
    before: frozenset[str]
    after: frozenset[str]

    @property
    def around(self) -> frozenset[str]:
        return self.before | self.after


@dataclass(frozen=True, slots=True)
class Claim:
    """`starts`: of all that it says, by which two that have little in common are soon told apart."""

    said: frozenset[str]
    starts: frozenset[str]
    names: frozenset[str]
    subjects: frozenset[str]  # of these and of what opens the sentence, whatever may be who it is about
    figures: tuple[Figure, ...]
    years: frozenset[int]
    since: frozenset[int]  # of these, what has been so since
    days: frozenset[tuple[int, int, int]]  # year, month, day; 0 where it does not say
    dated: tuple[int, int, int] | None  # where it tells one date alone
    done: frozenset[str]  # verbs of what was done
    numbered: frozenset[str]  # of names that have numbers
    stands: tuple[Stand, ...]
    denied: tuple[Stand, ...]
    affirmed: frozenset[str]
    doers: tuple[Stand, ...]
    places: tuple[Stand, ...]
    highest: tuple[Stand, ...]
    orders: frozenset[tuple[bool, str]]  # before or after what
    sides: frozenset[tuple[int, bool]]
    is_to_come: bool
    is_reported: bool
    is_wished: bool
    was_so: bool
    is_part: bool
    text: str

    def objects(self, stem: str) -> frozenset[str]:
        """What directly follows a word, wherever it stands."""
        words = list(words_of(self.text))
        return frozenset().union(*(object_of(words[n + 1 :]) for n, word in enumerate(words) if word.stem == stem))


def claim(text: str) -> Claim:
    words = list(words_of(text))
    clauses = list(clauses_of(words))
    denied = tuple(_denied(words))
    days = frozenset(_days(text))
    taken_back = {id(word) for n in _denials(words) for word in _scope(words, n)}
    named = [(n, word) for n, word in enumerate(words) if (word.named or word.opens) and word.stem and word.low not in _TITLES]
    said = frozenset(word.stem for word in words if word.stem and _counts(word))
    return Claim(
        said=said,
        starts=frozenset(stem[:4] for stem in said) | frozenset(YEAR.findall(text)),
        names=frozenset(word.stem for _, word in named),
        subjects=frozenset(word.stem for n, word in named if word.named or _may_be_a_subject(words, n)),
        figures=figures_in(text),
        years=frozenset(map(int, YEAR.findall(text))),
        since=frozenset(int(match[1]) for match in _SINCE.finditer(text)),
        days=days,
        dated=_dated(text, days),
        done=frozenset(word.stem for word in words if word.stem and _is_a_deed(word)),
        numbered=frozenset(word.stem for word in words if word.named and word.stem.isdigit()),
        stands=tuple(_stands(clauses, taken_back)),
        denied=denied,
        affirmed=frozenset(word.stem for word in words if word.stem and id(word) not in taken_back),
        doers=tuple(_doers(clauses)),
        places=tuple(_places(clauses)),
        highest=tuple(_highest(clauses)),
        orders=frozenset((match["which"].lower() == "before", stem_of(match["what"].lower())) for match in _ORDER.finditer(text)),
        sides=frozenset(side for word in words for side in _sides().get(word.stem, ())),
        is_to_come=bool(_TO_COME.search(text)),
        is_reported=bool(_REPORTED.search(text)),
        is_wished=bool(_WISHED.search(text)),
        was_so=bool(_ONCE_SO.search(text)),
        is_part=bool(_PART.search(text)),
        text=text,
    )


def _counts(word: Word) -> bool:
    return word.low not in _NOTHING and (word.named or not word.stem.isdigit())


def _may_be_a_subject(words: Sequence[Word], n: int) -> bool:
    """Of what opens a sentence: Fearing a flood, no; Corning announced, yes."""
    if words[n].low.endswith("ing"):
        return any(after.low.endswith("ed") or after.low in IRREGULAR for after in words[n + 1 : n + 4] if after.stem)
    return not words[n].low.endswith(("ly", "ed"))


def _is_a_deed(word: Word) -> bool:
    return (word.low.endswith("ed") or word.low in IRREGULAR) and IRREGULAR.get(word.low) not in SAYING_NOTHING


def _stands(clauses: Sequence[Sequence[Word]], taken_back: set[int]) -> Iterator[Stand]:
    known = _opposed()
    for clause in clauses:
        for n, word in enumerate(clause):
            for axis, yes in known.get(word.stem, ()) if _says_how_it_is(clause, n) else ():
                denied = id(word) in taken_back
                before, after = clause[:n], clause[n + 1 :]
                by = object_of(after[1:]) if after and after[0].low == "by" else frozenset()
                yield Stand(str(axis), yes is not denied, said_in(before) | by, object_of(after))


def _says_how_it_is(clause: Sequence[Word], n: int) -> bool:
    """A name says nothing, nor do close allies that anything was closed."""
    if clause[n].named:
        return False
    return clause[n].low not in _QUALIFYING or (n > 0 and clause[n - 1].low in _LEADING_TO) or _is_the(clause[n + 1 : n + 2])


def _is_the(words: Sequence[Word]) -> bool:
    return bool(words) and words[0].low in _DETERMINERS


def _denials(words: Sequence[Word]) -> Iterator[int]:
    for n, word in enumerate(words):
        after = [each.low for each in words[n + 1 : n + 3]]
        refuses = word.stem in _refusing() and after[:1] == ["to"]
        opposes = word.stem in _opposing() and after[:1] == ["to"] and after[-1].endswith("ing")
        if refuses or opposes or _TAKES_BACK.fullmatch(word.low) or (word.low in DENYING and not _is_contrast(words, n)):
            yield n


def _is_contrast(words: Sequence[Word], n: int) -> bool:
    """As it is today, not as it was; not just moral support."""
    if words[n].low != "not":
        return False
    starts = n == 0 or words[n - 1].ends or words[n - 1].low in {"and", "but", "or", "if"}
    return starts or any(word.low in _MORE_THAN for word in words[n + 1 : n + 2])


def _scope(words: Sequence[Word], n: int) -> list[Word]:
    """What a denial takes back: what follows it, up to a stop."""
    within = list(takewhile(lambda word: not word.ends and word.low not in {"but", "and"}, words[n + 1 :]))
    found, many = [], 0
    for word in within:
        many += bool(word.stem)
        if many > SCOPE:
            break
        found.append(word)
    return found


def _denied(words: Sequence[Word]) -> Iterator[Stand]:
    for n in _denials(words):
        scope = [word for word in _scope(words, n) if word.stem and word.low not in AUXILIARY]
        if not scope:
            continue
        start = max((m for m in range(n) if words[m].ends or words[m].low in NEW_CLAUSE), default=-1) + 1
        first = words.index(scope[0], n)
        yield Stand(
            scope[0].stem,
            False,
            said_in(words[start:n]) | said_in(scope),
            object_of([word for word in words[first + 1 :] if word.low not in AUXILIARY]),
        )


def _doers(clauses: Sequence[Sequence[Word]]) -> Iterator[Stand]:
    """Who did what is done once. Actively, passively, and in "it was X who"."""
    for number, clause in enumerate(clauses):
        singled_out = clauses[number - 1][2:] if number and clauses[number - 1][0].low == "it" else []
        for n, word in enumerate(clause):
            if word.stem not in _once() or "to" in {each.low for each in clause[max(0, n - 1) : n + 2]}:
                continue  # what is to be done nobody did, and what begins to be done has no beginner
            passive = any(one.low in _BEING for one in clause[max(0, n - 3) : n])
            by = next((m for m in range(n + 1, min(n + 4, len(clause))) if clause[m].low == "by"), 0)
            if passive and by:
                yield Stand(word.stem, True, said_in(clause[:n]), _actor(clause[by + 1 :]))
            elif not passive:
                yield Stand(word.stem, True, said_in(clause[n + 1 :]), _actor(singled_out or clause[:n]))


def _actor(words: Sequence[Word]) -> frozenset[str]:
    """Up to the first preposition, without titles: its names, or all of it, marked, where it has none for sure."""
    own = [word for word in takewhile(lambda word: word.low not in ENDS_OBJECT, words) if word.low not in _TITLES]
    named = frozenset(word.stem for word in own if word.named and word.stem)
    return named or frozenset(f"{UNSURE if word.opens else COMMON}{word.stem}" for word in own if word.stem)


def _places(clauses: Sequence[Sequence[Word]]) -> Iterator[Stand]:
    for clause in clauses:
        for n, word in enumerate(clause):
            if word.stem not in _settled():
                continue
            for m in range(n + 1, min(n + REACH, len(clause) - 1)):
                if not clause[m].named and clause[m].low.endswith("ing"):
                    break  # that is where something else is done
                if clause[m].low in {"in", "at"} and clause[m + 1].named:
                    name = takewhile(lambda one: one.named, clause[m + 1 :])
                    yield Stand(word.stem, True, said_in([*clause[:n], *clause[n + 1 : m]]), said_in(list(name)))
                    break


def _highest(clauses: Sequence[Sequence[Word]]) -> Iterator[Stand]:
    """The largest … of … is …, or … is the largest of …: what it is, and who."""
    for clause in clauses:
        verb = next((n for n, word in enumerate(clause) if word.low in _IS), 0)
        sides = (clause[:verb], clause[verb + 1 :])
        for what, who in (sides, sides[::-1]):
            found = [word for word in what if _HIGHEST.fullmatch(word.low) and word.low not in _NOT_HIGHEST]
            own = takewhile(lambda word: word.low not in ENDS_OBJECT, who)
            named = frozenset(word.stem for word in own if (word.named or word.opens) and word.stem and word.low not in _TITLES)
            if found and named:
                yield Stand(found[0].low, True, said_in(what), named)


def _days(text: str) -> Iterator[tuple[int, int, int]]:
    for match in _A_DAY.finditer(text):
        month = (match["month"] or match["other"] or match["alone"]).lower()
        if match["alone"] and not match["alone"][0].isupper():
            continue  # may and march
        yield int(match["year"] or 0), list(MONTHS).index(month) + 1, int(match["day"] or match["its"] or 0)


def _dated(text: str, days: frozenset[tuple[int, int, int]]) -> tuple[int, int, int] | None:
    if len(YEAR.findall(text)) != 1 or len(days) > 1:
        return None
    if days:
        (day,) = days
        return day if day[0] else None
    for told in _IN_A_YEAR.finditer(text):
        if told["how"] != "of" or not (told["before"] or "")[:1].isupper():  # an Act of 1948 dates itself alone
            return int(told["year"]), 0, 0
    return None


@cache
def _opposed() -> dict[str, tuple[tuple[int, bool], ...]]:
    return _by_stem(OPPOSED)


@cache
def _sides() -> dict[str, tuple[tuple[int, bool], ...]]:
    return _by_stem(SIDES)


def _by_stem(pairs: Sequence[tuple[str, str]]) -> dict[str, tuple[tuple[int, bool], ...]]:
    found: dict[str, set[tuple[int, bool]]] = {}
    for axis, both in enumerate(pairs):
        for yes, words in zip((True, False), both, strict=True):
            for word in words.split():
                found.setdefault(stem_of(word), set()).add((axis, yes))
    return {stem: tuple(sorted(places)) for stem, places in found.items() if stem}


@cache
def _once() -> frozenset[str]:
    return frozenset(map(stem_of, DONE_ONCE)) - {""}


@cache
def _settled() -> frozenset[str]:
    return frozenset(map(stem_of, IN_ONE_PLACE)) - {""}


@cache
def _refusing() -> frozenset[str]:
    return frozenset(map(stem_of, REFUSING)) - {""}


@cache
def _opposing() -> frozenset[str]:
    return frozenset(map(stem_of, OPPOSING)) - {""}
