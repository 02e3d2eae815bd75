"""A thread: questions in a row, where each takes from those before what it does not say itself; and questions put right. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from broadsheet.library.gazetteer import Sort, shipped
from broadsheet.research.asking import LONGEST, YEAR, Asks, Question, read
from broadsheet.research.kin import roots

Years = tuple[int, int] | None
# What leads on from a question without saying of what.
_LEADS_ON = frozenset(roots("change changed changes evolve develop differ compare more since then now today answer reason case"))
# What is said of something that it does not name itself.
_OF_SOMETHING = frozenset(roots("react respond reply object say think view see do happen matter support oppose join belong pay"))
_LEANS = re.compile(r"\b(?:it|its|they|them|their|this|that|these|those|he|she|his|her|him)\b", re.IGNORECASE)
_TAKE_OVER = frozenset({Asks.ANYTHING, Asks.MEANING})  # what a follow-up asks that only names something else
_END = " ?!.,;:"
_OPENS = re.compile(r"(?:and|but|so)\b[ ,]*(?=\w)", re.IGNORECASE)  # its capital is nobody's name
_ASKING_WORD = re.compile(
    r"(?:and|but|so|what|who|when|where|why|how|which|whose|whom|in|on|at|the|is|are|was|were|do|does|did|has|have|had|can|could"
    r"|will|would|should)\b",
    re.IGNORECASE,
)


def last_of(asked: Sequence[str]) -> Question:
    """Of a thread, the oldest first; nothing asked asks nothing."""
    first, *others = asked or ("",)
    found = opened = read(first)
    for typed in others:
        found, own = following(found, typed, opened=opened), _own(typed)
        if not _subject(own):
            opened = found
        elif not _leans(own):
            opened = own
    return found


def following(before: Question, typed: str, *, opened: Question | None = None) -> Question:
    """It inherits countries, years and subject, each where it names none.

    `opened`: the question that the thread has been about since: what leans on that keeps its names and countries.
    """
    own = _own(typed)
    opened = opened or before
    years = own if own.years else before
    if not _subject(own):
        text = _about(before.text, own.countries or before.countries)
        said = text if own.asks in _TAKE_OVER or own.asks is before.asks else f"{own.text.rstrip(_END)} {_within_another(text)}"
        asked = _within(said, years.years, open_ended=years.open_ended)
        return replace(asked, asks=before.asks if own.asks in _TAKE_OVER else own.asks)
    leans = _leans(own)
    subject = (_within_another(_about(before.text, ())),) if _LEANS.search(own.text) else ()
    said = " ".join((own.text, *subject)).lower()
    names = [name for name in _names_but_countries(opened) if name.lower() not in said] if leans else []
    countries = () if own.countries else _names(dict.fromkeys((*(opened.countries if leans else ()), *before.countries)))
    more = (*names, *countries, *subject)
    text = ", ".join((own.text.rstrip(_END), *more)) if more else own.text  # two names without a comma would be one
    return replace(_within(text, years.years, open_ended=years.open_ended), asks=own.asks)


def corrected(question: Question, *, countries: Iterable[str] | None, years: Years, any_year: bool, open_ended: bool) -> Question:
    """About these countries, by ISO code, and years, where somebody has put them right; None leaves what was read."""
    text = question.text if countries is None else _about(question.text, tuple(countries))
    if any_year:
        asked = _within(text, None, open_ended=False)
    elif years:
        asked = _within(text, years, open_ended=open_ended)
    else:
        asked = _within(text, question.years, open_ended=question.open_ended)
    return replace(asked, asks=question.asks)


def in_words(question: Question) -> str:
    """Such that it is read to be about the same countries and years."""
    if not question.years or read(question.text).years == question.years:
        return question.text
    first, last = question.years
    when = f"since {first}" if question.open_ended else str(first) if first == last else f"{first} to {last}"
    return f"{question.text[: LONGEST - len(when) - 1].rstrip(_END)} {when}"


def _within_another(text: str) -> str:
    """A capital that only begins a question would be read as a name's."""
    return text[:1].lower() + text[1:] if _ASKING_WORD.match(text) else text


def _within(text: str, years: Years, *, open_ended: bool) -> Question:
    if read(text).years == years:
        return replace(read(text), open_ended=open_ended)
    return replace(read(" ".join(YEAR.sub(" ", text).split())), years=years, open_ended=open_ended and years is not None)


def _subject(question: Question) -> list[str]:
    """Terms that are no names of countries, no years, and no way of asking on."""
    named = {stem for mention in shipped().find(question.text) for stem in roots(question.text[mention.start : mention.end])}
    return [term for term in question.terms if term not in named | _LEADS_ON and not YEAR.fullmatch(term)]


def _own(typed: str) -> Question:
    return read(_OPENS.sub("", typed.strip(), count=1) if _OPENS.match(typed.strip()) else typed)


def _leans(question: Question) -> bool:
    """On what was asked before: it points there, or has nothing of its own but names and what is said of something."""
    named = set(roots(" ".join(question.names)))
    return bool(_LEANS.search(question.text)) or not set(_subject(question)) - named - _OF_SOMETHING


def _names_but_countries(question: Question) -> list[str]:
    return [name for name in question.names if not read(name).countries and not YEAR.fullmatch(name)]


def _about(text: str, countries: Sequence[str]) -> str:
    """With these in the place of the countries that it names; behind it where it names none."""
    mentions = [one for one in shipped().find(text) if one.key.startswith(Sort.COUNTRY.value)]
    there = {one.key.partition(":")[2] for one in mentions}
    if there == set(countries):
        return text
    new = " and ".join(_names(countries))
    if not mentions:
        return f"{text.rstrip(_END)[: LONGEST - len(new) - 2]}, {new}".strip(", ")
    pieces, at = [], 0
    for number, one in enumerate(mentions):
        pieces += [text[at : one.start], "" if number else new]
        at = one.end
    return " ".join("".join((*pieces, text[at:])).split())


def _names(countries: Iterable[str]) -> tuple[str, ...]:
    known = shipped().actors
    return tuple(known[key].name for code in countries if (key := f"{Sort.COUNTRY.value}:{code}") in known)
