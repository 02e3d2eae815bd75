"""Finds countries, their leaders and organisations in an article's own text. Pure: a text and its day in, what stands where out.

The names lie in `names/`, beside those that babel and pycountry give. A name that also means something else is believed only
where its doubt (`doubts`) is answered; a capital never finds its country alone; a surname counts in its bearer's time.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

import pycountry
from babel import Locale
from slugify import slugify

from broadsheet.library.doubts import DOUBTS, is_surname_alone
from broadsheet.newsroom.places import places

NAMES = Path(__file__).parent / "names"
BEFORE_THE_TERM, AFTER_THE_TERM = timedelta(days=3 * 365), timedelta(days=12 * 365)
NO_NAME = re.compile(r"[,(\[]")  # "Korea, Republic of" is a heading in a list, not a name
WORD = re.compile(r"\b(?:[A-Z\u00c0-\u00de]\w*|al\b|el\b|de\b|von\b|bin\b)")
SHORT = 4  # letters: a shouted text is full of such words, so an acronym is believed in calm text only


class Sort(StrEnum):
    COUNTRY = "country"
    PERSON = "person"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Actor:
    """`key`: "country:KP", "person:kim-jong-un", "organisation:united-nations". `of`: the key of what a person leads."""

    key: str
    sort: Sort
    name: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """Where an actor is named: offsets into the text, the end exclusive."""

    start: int
    end: int
    key: str


@dataclass(frozen=True, slots=True)
class _Name:
    """`weak`: speaks only for an actor whom the text names otherwise. Within `years` of its term alone, where it has one."""

    text: str
    key: str
    weak: bool = False
    years: tuple[date, date] | None = None


HIDDEN = ""  # the key of a longer name that means none of ours, and hides what stands inside it


class Gazetteer:
    def __init__(self, actors: Iterable[Actor], names: Iterable[_Name]) -> None:
        self.actors = {actor.key: actor for actor in actors}
        self._meanings = _by_text(names)
        lengths: dict[str, set[int]] = defaultdict(set)
        for text in self._meanings:
            lengths[_first_word(text)].add(len(text))
        self._lengths = {word: sorted(found, reverse=True) for word, found in lengths.items()}

    def find(self, text: str, *, on: date | None = None) -> list[Mention]:
        """All mentions, in order. `on`: the day of the text, by which "President Bush" is one or the other."""
        calm = text.replace("\u2019", "'").replace("\u00a0", " ")
        found = [(start, name) for start, name in self._named(calm) if _is_ours(calm, start, name)]
        sure = {name.key for _, name in found if not name.weak and name.years is None}
        settled = _settled(calm, found, sure, on, self.actors)
        return [Mention(start, start + len(name.text), name.key) for start, name in settled]

    def names(self) -> Iterator[tuple[str, str]]:
        """Keys of actors, each with a name that speaks for it by itself."""
        return ((name.key, text) for text, found in self._meanings.items() for name in found if not name.weak)

    def spoken_for(self, text: str) -> frozenset[str]:
        """Keys of those for whom a name may stand that means somewhere else by itself: a capital, for its country."""
        return frozenset(name.key for name in self._meanings.get(text, ()) if name.weak)

    def _named(self, text: str) -> Iterator[tuple[int, _Name]]:
        """The longest name at each place, each of its meanings; nothing that stands inside a longer one."""
        end, known, all_meanings = 0, self._lengths, self._meanings
        for match in WORD.finditer(text):
            lengths = known.get(match[0])
            if lengths is None or match.start() < end:
                continue
            start = match.start()
            for length in lengths:
                meanings = all_meanings.get(text[start : start + length])
                if meanings is not None and not text[start + length : start + length + 1].isalnum():
                    end = start + length
                    yield from ((start, meaning) for meaning in meanings)
                    break


def _first_word(name: str) -> str:
    return re.split(r"\W", name, maxsplit=1)[0]


def _by_text(names: Iterable[_Name]) -> dict[str, tuple[_Name, ...]]:
    """All that each text means, nothing where it hides what stands inside it; long names as headlines shout them too."""
    meanings: dict[str, tuple[_Name, ...]] = {}
    shouted: dict[str, tuple[_Name, ...]] = {}
    for name in names:
        also = (name,) if name.key else ()
        if name not in meanings.setdefault(name.text, ()):
            meanings[name.text] = (*meanings[name.text], *also)
    for text, found in meanings.items():
        if len(text) > SHORT and not text.isupper():
            shouted[text.upper()] = tuple(replace(name, text=text.upper()) for name in found)
    return shouted | meanings


# What is believed of what was found


def _is_ours(text: str, start: int, name: _Name) -> bool:
    doubt = DOUBTS.get(name.text)
    return doubt is None or doubt(text, start, start + len(name.text))


def _settled(
    text: str, found: Sequence[tuple[int, _Name]], sure: set[str], on: date | None, actors: Mapping[str, Actor]
) -> Iterator[tuple[int, _Name]]:
    for start, name in found:
        if name.weak and name.key not in sure:
            continue
        if name.years and not _in_his_time(text, start, name, sure, on, actors):
            continue
        yield start, name


def _in_his_time(text: str, start: int, name: _Name, sure: set[str], on: date | None, actors: Mapping[str, Actor]) -> bool:
    assert name.years is not None
    if on and not name.years[0] <= on < name.years[1]:
        return False
    alone = " " not in name.text and not name.text[0].islower()
    if alone and not is_surname_alone(text, start, start + len(name.text)):
        return False
    return not alone or name.key in sure or actors[name.key].of in sure


# The names as they are shipped


@cache
def shipped() -> Gazetteer:
    actors: dict[str, Actor] = {}
    names: list[_Name] = [_Name(text, HIDDEN) for line in _lines("not_countries.txt") for text in _parts(line)]
    for actor, found in (*_countries(), *_organisations(), *_leaders()):
        actors[actor.key] = actor
        names += found
    return Gazetteer(actors.values(), names)


def _lines(file: str) -> list[str]:
    lines = (NAMES / file).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _parts(line: str) -> list[str]:
    return [part for part in (part.strip() for part in line.split(";")) if part]


def _named_as(key: str, line: str, also: Iterable[str] = ()) -> list[_Name]:
    """What stands behind a ~ speaks for the actor, and never finds him alone."""
    strong, _, weak = line.partition("~")
    texts = dict.fromkeys([*also, *_parts(strong)])
    return [_Name(text, key) for text in texts] + [_Name(text, key, weak=True) for text in _parts(weak)]


def _countries() -> Iterator[tuple[Actor, list[_Name]]]:
    """What our list calls one country, no other's entry does: pycountry has two of the name of Congo."""
    ours = {line[:2]: line[2:].strip() for line in _lines("countries.txt")}
    taken = {text: code for code, line in ours.items() for text in _parts(line.partition("~")[0])}
    territories = Locale("en").territories
    for code, place in places().items():
        listed = pycountry.countries.get(alpha_2=code)
        theirs = [territories[code], *(getattr(listed, field, "") for field in ("name", "common_name", "official_name"))]
        names = [name.replace("\u2019", "'") for name in (place.name, *theirs) if name and not NO_NAME.search(name)]
        names = [name for name in names if taken.get(name, code) == code]
        actor = Actor(f"country:{code}", Sort.COUNTRY, place.name)
        yield actor, _named_as(actor.key, ours.get(code, ""), names)


def _organisations() -> Iterator[tuple[Actor, list[_Name]]]:
    for line in _lines("organisations.txt"):
        name = _parts(line)[0]
        actor = Actor(f"organisation:{slugify(name)}", Sort.ORGANISATION, name.removeprefix("The "))
        yield actor, _named_as(actor.key, line)


def _leaders() -> Iterator[tuple[Actor, list[_Name]]]:
    """One who came back has two lines, and is one actor."""
    for line in _lines("leaders.txt"):
        led, name, others, since, until = (part.strip() for part in line.split("|"))
        of = f"country:{led}" if len(led) == 2 else f"organisation:{slugify(led)}"
        actor = Actor(f"person:{slugify(name)}", Sort.PERSON, name, of)
        years = date.fromisoformat(since) - BEFORE_THE_TERM, date.fromisoformat(until) + AFTER_THE_TERM if until else date.max
        term = date.fromisoformat(since), date.fromisoformat(until) if until else date.max
        shared = _shared_names()
        yield (
            actor,
            [_Name(name, actor.key)]
            + [_Name(text, actor.key, years=term if text in shared else years) for text in _parts(others) if text != name],
        )


@cache
def _shared_names() -> frozenset[str]:
    """Names that two leaders have: each is his alone on the days when he led."""
    seen: dict[str, set[str]] = defaultdict(set)
    for line in _lines("leaders.txt"):
        _, name, others, *_ = (part.strip() for part in line.split("|"))
        for text in _parts(others):
            seen[text].add(name)
    return frozenset(text for text, people in seen.items() if len(people) > 1)
