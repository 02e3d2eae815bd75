"""A brief as pages and files show it: each quotation with the way to its passage, and what its reader may put right."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from broadsheet.library.gazetteer import Sort, shipped
from broadsheet.library.shelf import shelved
from broadsheet.newsroom.galley import Teaser
from broadsheet.research.briefs import Brief, as_of
from broadsheet.research.lacking import as_typed, names_what_is_asked
from broadsheet.research.posed import Posed
from broadsheet.research.quoting import Quotation
from broadsheet.research.sources import Source
from broadsheet.research.writing import Written

AT_AN_END = 5  # words by which a passage is found
MOST_BEYOND = 5
# No word without a vowel is a name, but for titles.
_IN_CAPITALS = re.compile(
    r"\b(?!(?:ABC|AFP|AP|BBC|CEO|EU|IMF|UN|UK|US|USA)\b)(?P<mc>Mc)?"
    r"(?P<rest>(?:MRS?|MS|DR|SR|JR|ST|LT)\b|(?![B-DF-HJ-NP-TV-XZ]+\b)[^\W\d_]+(?:[’']S\b)?)"
)
LOOKED_INTO = 14  # the nearest articles, of which the others tell nothing


@dataclass(frozen=True, slots=True)
class Sentence:
    """`path` leads to the article at this passage. `number`: of its footnote, from 1; in a dossier, of its row.

    `said`: what an editor says before it, in a dossier; `pinned`: by one.
    """

    number: int
    text: str
    speaker: str
    headline: str
    by: str
    as_of: str
    on: date
    path: str
    article: int
    said: str = ""
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """A word that another question would be asked without."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class ReadAs:
    """What a question was read to be about: known before anything is found."""

    countries: tuple[Way, ...]
    codes: tuple[str, ...]
    years: Way | None


@dataclass(frozen=True, slots=True)
class Shown:
    """`beyond`: articles that would answer, of which whoever asks may read a part. `held_back`: the day's words are used up.
    `written`: what a language model made of the quotations, as far as they say it.

    `countries` and `years`: what the question was read to be about. `about`: what it turned out to be about.
    """

    posed: Posed
    articles: int
    answer: Sentence | None
    points: tuple[Sentence, ...]
    earlier: tuple[Sentence, ...]
    disagreements: tuple[tuple[Sentence, Sentence], ...]
    changes: tuple[tuple[Sentence, Sentence], ...]
    further: tuple[Teaser, ...]
    nearest: tuple[Teaser, ...]
    beyond: tuple[Teaser, ...]
    countries: tuple[Way, ...]
    codes: tuple[str, ...]
    years: Way | None
    about: tuple[str, ...]
    span: str
    missing: tuple[str, ...]
    held_back: bool
    written: tuple[Written, ...] = ()

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """In the order of their numbers."""
        pairs = (one for pair in (*self.disagreements, *self.changes) for one in pair)
        said = (*((self.answer,) if self.answer else ()), *self.points, *self.earlier, *pairs)
        return tuple({one.number: one for one in said}.values())

    @property
    def thin(self) -> bool:
        return not self.sentences

    @property
    def empty_handed(self) -> bool:
        """Nothing is quoted because the library does not answer, not because the day's words are used up."""
        return self.thin and not self.held_back


@dataclass(frozen=True, slots=True)
class Near:
    """Articles in which an answer would be sought: those that whoever asks may read, and those of which they may read a part."""

    readable: tuple[Teaser, ...]
    beyond: tuple[Teaser, ...]


def near(posed: Posed, sources: Sequence[Source]) -> Near:
    readable = [one for one in sources[:LOOKED_INTO] if one.full][:MOST_BEYOND]
    beyond = [one for one in sources[:LOOKED_INTO] if not one.full][:MOST_BEYOND]
    teasers = _teasers([one.id for one in (*readable, *beyond)])
    return Near(_found(teasers, (one.id for one in readable)), _offered(posed, teasers, beyond))


def shown(posed: Posed, brief: Brief, sources: Sequence[Source], *, held_back: bool = False) -> Shown:
    numbered = _Numbered()
    beyond = [one.id for one in sources[:LOOKED_INTO] if not one.full][:MOST_BEYOND]
    teasers = _teasers([one.id for one in (*brief.further, *brief.nearest)], beyond)
    read = read_as(posed)
    return Shown(
        posed=posed,
        articles=len(sources),
        answer=numbered.of(brief.answer) if brief.answer else None,
        points=tuple(map(numbered.of, brief.points)),
        earlier=tuple(map(numbered.of, brief.earlier)),
        disagreements=tuple((numbered.of(one.older), numbered.of(one.newer)) for one in brief.disagreements),
        changes=tuple((numbered.of(one.older), numbered.of(one.newer)) for one in brief.changes),
        further=_found(teasers, (one.id for one in brief.further if one.id not in beyond)),
        nearest=_found(teasers, (one.id for one in brief.nearest if one.id not in beyond)),
        beyond=_offered(posed, teasers, (one for one in sources if one.id in beyond)),
        countries=read.countries,
        codes=read.codes,
        years=read.years,
        about=brief.countries if not read.codes else (),
        span=span_of(sources),
        missing=as_typed(brief.missing, posed.text),
        held_back=held_back,
    )


def read_as(posed: Posed) -> ReadAs:
    question, known = posed.question, shipped().actors
    codes = question.countries
    countries = tuple(
        Way(known[f"{Sort.COUNTRY.value}:{code}"].name, posed.about([one for one in codes if one != code]).address)
        for code in codes
    )
    years = Way(_span(question.years, question.open_ended), posed.of_any_year().address) if question.years else None
    return ReadAs(countries, codes, years)


class _Numbered:
    """The same sentence has the same number wherever it stands."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[int, str], int] = {}

    def of(self, quotation: Quotation) -> Sentence:
        source = quotation.source
        number = self._numbers.setdefault((source.id, quotation.text), len(self._numbers) + 1)
        return Sentence(
            number=number,
            text=quotation.text,
            speaker=as_a_name(quotation.speaker),
            headline=source.headline,
            by=", ".join(source.contributors),
            as_of=as_of(quotation),
            on=source.dated_on,
            path=f"{source.path}#:~:text={fragment_of(quotation.verbatim)}",
            article=source.id,
        )


def as_a_name(speaker: str) -> str:
    """Not in capitals, as transcripts have it; what is an abbreviation stays one."""
    if not speaker.replace("Mc", "MC").isupper():
        return speaker
    return _IN_CAPITALS.sub(lambda word: f"{word['mc'] or ''}{word['rest'].capitalize()}", speaker)


def fragment_of(text: str) -> str:
    """By which a browser finds a passage: its first and last words, since notes may stand within it.

    There a comma and a dash mean something.
    """
    words = text.split()
    if len(words) <= 2 * AT_AN_END:
        return _encoded(words)
    return f"{_encoded(words[:AT_AN_END])},{_encoded(words[-AT_AN_END:])}"


def _encoded(words: Iterable[str]) -> str:
    return quote(" ".join(words), safe="").replace("-", "%2D")


def span_of(sources: Sequence[Source]) -> str:
    """ "from 2009 to 2026"; "" of nothing."""
    years = [one.dated_on.year for one in sources]
    if not years:
        return ""
    return f"from {min(years)} to {max(years)}" if min(years) < max(years) else f"of {years[0]}"


def _span(years: tuple[int, int], open_ended: bool) -> str:
    first, last = years
    if open_ended:
        return f"since {first}"
    return str(first) if first == last else f"{first} to {last}"


def _teasers(*ids: Sequence[int]) -> dict[int, Teaser]:
    wanted = list(dict.fromkeys(one for some in ids for one in some))
    return {one.article: one.teaser for one in shelved(wanted) if one.teaser}


def _found(teasers: dict[int, Teaser], ids: Iterable[int]) -> tuple[Teaser, ...]:
    return tuple(teasers[one] for one in ids if one in teasers)


def _offered(posed: Posed, teasers: dict[int, Teaser], sources: Iterable[Source]) -> tuple[Teaser, ...]:
    """By what everybody is told of them: whether more than that answers is not said."""
    question, there = posed.question, [(one, teasers[one.id]) for one in sources if one.id in teasers]
    return tuple(
        teaser
        for one, teaser in there
        if names_what_is_asked(question, f"{teaser.headline}. {teaser.standfirst}", countries=one.countries)
    )


def all_countries() -> Iterator[tuple[str, str]]:
    """Codes and names, by name."""
    prefix = f"{Sort.COUNTRY.value}:"
    named = ((key.removeprefix(prefix), actor.name) for key, actor in shipped().actors.items() if key.startswith(prefix))
    return iter(sorted(named, key=lambda one: one[1]))
