"""What the library has found for a question: articles, and their paragraphs as far as whoever asks may read them. Values."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date

Rarities = Callable[[Collection[str]], Sequence[float]]  # of stems, as `library.looking.Looking` answers them


@dataclass(frozen=True, slots=True)
class Source:
    """An article. `score`: from 0 to 1, against the best that was found. `full`: whoever asks may read all of it now."""

    id: int
    path: str
    headline: str
    dated_on: date
    contributors: tuple[str, ...] = ()
    label: str = ""
    countries: tuple[str, ...] = ()  # names
    score: float = 1.0
    full: bool = True
    digest: bool = False  # entries of many things


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph. `number`: its line in the article's text, from 0. `speaker`: who speaks when it begins."""

    source: Source
    number: int
    text: str
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """`sources`: the nearest first, also those of which nothing may be quoted."""

    sources: tuple[Source, ...]
    passages: tuple[Passage, ...]
    rarities: Rarities
