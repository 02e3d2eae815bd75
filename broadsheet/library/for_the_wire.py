"""What the library knows of another outlet's item: its countries, regions and issues, and its direction. Handed down to the wire.

English is read by the gazetteer; of other languages countries are found by their names there, as CLDR has them.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from broadsheet.library import policy
from broadsheet.library.gazetteer import Sort, shipped
from broadsheet.library.keeping import NotTheModel, load_model
from broadsheet.library.themes import Themes, phrases_of
from broadsheet.newsroom.models import Country, Issue
from broadsheet.wire import recognising
from broadsheet.wire.recognising import Written, is_english, primary

IN_TITLE = 2  # a mention there counts as so many
SHORTEST = 4  # letters of a country's name in another language: "Mali" is one, "Iran" too
CAPITALS = re.compile(r"[A-ZÀ-ÞА-ЯΑ-Ω]")
UNCASED = frozenset({"ar", "fa", "he", "hi", "ja", "ko", "th", "ur", "zh", "ka", "bn", "ta"})


def hand_down() -> None:
    recognising.register(subjects=subjects_of, directions=directions_of)


def subjects_of(items: Sequence[Written]) -> list[tuple[str, ...]]:
    desk = _desk()
    return [tuple(_subjects(item, desk)) for item in items]


@dataclass(frozen=True, slots=True)
class _Desk:
    """As the desk has them now: regions by country, and the words of issues."""

    regions: Mapping[str, tuple[str, ...]]
    themes: Themes


def _desk() -> _Desk:
    regions: dict[str, tuple[str, ...]] = {}
    for code, slug in Country.objects.order_by("pk", "regions__order").values_list("code", "regions__slug"):
        regions[code] = (*regions.get(code, ()), *([slug] if slug else []))
    said = Issue.objects.values_list("slug", "name", "also_called")
    return _Desk(regions, Themes({slug: phrases_of(name, also) for slug, name, also in said}))


def _subjects(item: Written, desk: _Desk) -> list[str]:
    """Countries by how often they are named, then their regions, then issues. Of none that our desk has not."""
    codes = [code for code, _ in _countries(item).most_common() if code in desk.regions]
    regions = dict.fromkeys(slug for code in codes for slug in desk.regions[code])
    themes = dict.fromkeys(mention.key for text in (item.title, item.summary) for mention in desk.themes.find(text))
    return [*map(policy.country, codes), *(f"region:{slug}" for slug in regions), *themes]


def _countries(item: Written) -> Counter[str]:
    named: Counter[str] = Counter()
    for text, weight in ((item.title, IN_TITLE), (item.summary, 1)):
        for code in _in_english(text, item) if is_english(item.language) else _in_another(text, primary(item.language)):
            named[code] += weight
    return named


def _in_english(text: str, item: Written) -> list[str]:
    gazetteer = shipped()
    found = (gazetteer.actors[mention.key] for mention in gazetteer.find(text, on=item.on))
    keys = (actor.key if actor.sort is Sort.COUNTRY else actor.of for actor in found)
    return [key.removeprefix("country:") for key in keys if key.startswith("country:")]


def _in_another(text: str, language: str) -> list[str]:
    names = _names_in(language)
    return [names.codes[match[0]] for match in names.pattern.finditer(text)] if names else []


@dataclass(frozen=True, slots=True)
class _Names:
    pattern: re.Pattern[str]
    codes: Mapping[str, str]


@lru_cache(maxsize=64)
def _names_in(language: str) -> _Names | None:
    """None of a language that CLDR does not know. The longest name stands first: "Guinea-Bissau" is not Guinea."""
    try:
        territories = Locale.parse(language).territories
    except (UnknownLocaleError, ValueError):
        return None
    cased = language not in UNCASED
    codes = {
        name: code
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and (len(name) >= SHORTEST or not cased) and (not cased or CAPITALS.match(name))
    }
    if not codes:
        return None
    listed = "|".join(re.escape(name) for name in sorted(codes, key=len, reverse=True))
    return _Names(re.compile(rf"\b(?:{listed})\b" if cased else listed), codes)


def directions_of(texts: Sequence[str]) -> Sequence[Sequence[float]] | None:
    """None without the extra `meaning`."""
    try:
        model = load_model()
    except NotTheModel:
        return None
    directions: Sequence[Sequence[float]] = model.embed(texts)
    return directions
