"""What is a turning point: an event that two articles tell, or a month in which far more was written than in others. Pure.

Of many events that are told twice, those stand out that are still told long after, that several tell, and whose sentences speak
of war, treaties and fallen governments rather than of sport, weather and case counts.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

ARTICLES = 2  # that tell an event
TIMES_THE_MEAN = 3  # of a month's share of its year
LEAST_IN_A_MONTH = 5
MOST_MONTHS = 4
WEIGHTY = re.compile(
    r"\b(?:invad\w+|invasion|declar\w+ (?:war|independence|a state of emergency)|martial law|independence|cease-?fire"
    r"|truce|armistice|peace (?:deal|accord|agreement|talks|treaty)|treaty|accord|pact|sign(?:s|ed|ing)? (?:an?|the)"
    r"|agree(?:s|d|ment)?|recogni[sz]\w+|sanction\w*|expel\w*|ambassador\w*|diplomatic (?:relations|ties)|sever\w*"
    r"|annex\w*|coup|overthr\w+|oust\w*|resign\w*|inaugurat\w*|elected|referendum|summit|state visit|nuclear|missiles?"
    r"|air ?strikes?|offensive|blockade|withdraw\w*|troops|border|consulate|treason|hostage\w*"
    r"|prisoner (?:swap|exchange)|tariffs?|embargo|suspend\w*|extradit\w*|genocide|assassinat\w*"
    r"|mobili[sz]ation|impeach\w*|join(?:s|ed|ing)? (?:the|nato)|accession|ratif\w+|veto\w*|alliance|military"
    r"|sh(?:o|oo)ts? down|establish\w*)\b",
    re.IGNORECASE,
)
SLIGHT = re.compile(
    r"\b(?:cases?|death toll|deaths|vaccin\w*|variant|infections?|tests? positive|quarantin\w*|pandemic|epidemi\w*|lockdown"
    r"|covid\S*|coronavirus|monkeypox|polio|outbreak|cup|football|championships?|olympic\w*|medal\w*|grand prix|tennis"
    r"|cricket|golf|(?:quarter|semi)-?finals?|tournament|spacecraft|satellite|rocket|orbit|album|film|festival|song"
    r"|singer|award|prize|oscar|earthquake|magnitude|flood\w*|wildfire\w*|hurricane|typhoon|cyclone|landslide|derail\w*"
    r"|crash\w*|capsiz\w*|collaps\w+|bus|stampede|shooting|gunman|stabb\w*|robber\w*|temperature\w*|heat ?wave"
    r"|volcan\w*|fire|league|club|coach|arrest\w*|convict\w*|sentenc\w+|pardon\w*|pursuant|proclamation|provision|eligib\w*|smuggl\w*)\b",
    re.IGNORECASE,
)
# Words were spoken, and nothing has happened yet.
TALK = re.compile(
    r"\b(?:says?|said|tells?|told|spokes\w+|den(?:y|ies|ied)|assert\w*|claim\w*|reiterat\w*|warn\w*|urg\w+|consider\w*|threat\w*"
    r"|reveals?|reports? that|is reported|calls? (?:on|for)|asks?|hopes?|believes?)\b",
    re.IGNORECASE,
)
MOST_WEIGHTY = 3
SLIGHTNESS, ONLY_TALK = 1.5, 1.0
REMEMBERED = 1.5
MOST_REMEMBERED = 3
ENOUGH = 2.0
MOST_TO_QUOTE = 6


def weight_of(sentence: str) -> float:
    """How much of a turning point a sentence sounds."""
    weighty = {match.casefold() for match in WEIGHTY.findall(sentence)}
    slight = {match.casefold() for match in SLIGHT.findall(sentence)}
    talk = ONLY_TALK if TALK.search(sentence) else 0
    return min(MOST_WEIGHTY, len(weighty)) - SLIGHTNESS * len(slight) - talk


@dataclass(frozen=True, slots=True)
class Told:
    """A telling, as far as choosing goes. `free_event`: its event for strangers; 0: it is not theirs to know."""

    id: int
    event: int
    article: int
    on: date
    weight: float
    later: bool
    free_event: int


@dataclass(frozen=True, slots=True)
class Event:
    """`tellings`: those to quote, the best first."""

    on: date
    score: float
    articles: int
    tellings: tuple[int, ...]


def events(told: Iterable[Told], *, freely: bool, most: int) -> list[Event]:
    """The turning points among what was told, the newest first. `freely`: as far as strangers may know."""
    grouped: dict[int, list[Told]] = defaultdict(list)
    for one in told:
        if number := one.free_event if freely else one.event:
            grouped[number].append(one)
    found = [event for group in grouped.values() if (event := _event(group))]
    best = sorted(found, key=lambda event: (-event.score, -event.on.toordinal()))[:most]
    return sorted(best, key=lambda event: event.on, reverse=True)


def _event(group: list[Told]) -> Event | None:
    articles = len({one.article for one in group})
    if articles < ARTICLES:
        return None
    weights = sorted((one.weight for one in group), reverse=True)[:2]
    later = len({one.article for one in group if one.later})
    score = sum(weights) / 2 + REMEMBERED * min(MOST_REMEMBERED, later) + math.log2(articles) / 2
    if score < ENOUGH:
        return None
    days = [one.on for one in group]
    day = max(set(days), key=lambda on: (days.count(on), -on.toordinal()))
    on_the_day = sorted((one for one in group if one.on == day), key=lambda one: (-one.weight, one.id))
    return Event(day, score, articles, tuple(one.id for one in on_the_day[:MOST_TO_QUOTE]))


@dataclass(frozen=True, slots=True)
class Month:
    """`times`: how many times its year's mean."""

    month: str  # "2011-03"
    articles: int
    times: float


def months(counts: Mapping[str, int]) -> list[Month]:
    """The months that stand out, the newest first."""
    years: dict[str, int] = defaultdict(int)
    for month, count in counts.items():
        years[month[:4]] += count
    out = [
        Month(month, count, count * 12 / years[month[:4]])
        for month, count in counts.items()
        if count >= LEAST_IN_A_MONTH and count * 12 >= TIMES_THE_MEAN * years[month[:4]]
    ]
    best = sorted(out, key=lambda month: (-month.articles, month.month))[:MOST_MONTHS]
    return sorted(best, key=lambda month: month.month, reverse=True)
