"""What can be gleaned from a galley: whom it names, how much it is about them, what it tells of which day, where it links. Pure.

What stands before the wall is gleaned by itself, so that nothing beyond it has a say in what strangers are told.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from html import unescape

from broadsheet.library import policy
from broadsheet.library.documents import text_of
from broadsheet.library.gazetteer import Gazetteer, Mention
from broadsheet.library.tellings import DAY, Telling, tellings_in, words_of
from broadsheet.library.themes import Themes
from broadsheet.library.turning import weight_of
from broadsheet.newsroom.galley import Galley
from broadsheet.press.policy import month_of

LINK = re.compile(r'<a\b[^>]*?\bhref="([^"#?]+)')
LONGEST_PATH = 500  # characters; a longer one has no page
PAGE = re.compile(r"(?:/[\w-]+)+/")
SPACE = re.compile(r"[ \t\r\n]+")
LATER = timedelta(days=31)
MOST_COUNTRIES = 4
WHO_DOES_IT = 120  # letters: whom a sentence names further on is what it is told by, or a circumstance


@dataclass(frozen=True, slots=True)
class Naming:
    actor: str
    weight: int
    free_weight: int
    about: bool
    freely: bool


@dataclass(frozen=True, slots=True)
class TellingOf:
    on: date
    sentence: str
    words: frozenset[str]
    actors: frozenset[str]
    free: bool
    later: bool
    weight: float


@dataclass(frozen=True, slots=True)
class Gleaned:
    """`links`: paths of ours that its text links to, and whether before the wall."""

    on: date
    month: str
    namings: tuple[Naming, ...]
    tellings: tuple[TellingOf, ...]
    links: Mapping[str, bool]


def glean(galley: Galley, gazetteer: Gazetteer, themes: Themes, *, tags: Iterable[str], zone: tzinfo, site: str) -> Gleaned:
    """`tags`: the actors on whom the desk hung the article ("country:KE", "issue:water"): these it is about, whatever it says.

    `site`: scheme and host of ours.
    """
    on = galley.dated_at.astimezone(zone).date()
    head = f"{galley.headline}\n{galley.standfirst}\n"
    free = head + plain(galley.free)
    whole = free + plain(galley.rest)
    in_free = gazetteer.find(free, on=on)
    in_whole = gazetteer.find(whole, on=on) if galley.rest else in_free
    return Gleaned(
        on=on,
        month=month_of(galley.dated_at, zone=zone),
        namings=tuple(
            _namings(
                [*in_free, *themes.find(free)],
                [*in_whole, *themes.find(whole)],
                galley,
                tags=frozenset(tags),
                free_words=len(free.split()),
            )
        ),
        tellings=tuple(_tellings(galley, on, free, whole, in_free, in_whole, begins=len(head))),
        links=dict.fromkeys(_links(galley.rest, site), False) | dict.fromkeys(_links(galley.free, site), True),
    )


def _links(html: str, site: str) -> Iterator[str]:
    for address in LINK.findall(html):
        path = unescape(address).removeprefix(site)
        if len(path) <= LONGEST_PATH and PAGE.fullmatch(path):
            yield path


def plain(html: str) -> str:
    """Finished HTML as text, each block a line that ends."""
    text = text_of(SPACE.sub(" ", html).replace("<br>", "\n"))
    return f"{text}\n" if text else ""


def _namings(
    in_free: Sequence[Mention], in_whole: Sequence[Mention], galley: Galley, *, tags: frozenset[str], free_words: int
) -> Iterator[Naming]:
    free_weights, weights = _weights(in_free, galley), _weights(in_whole, galley)
    for actor in sorted(weights.keys() | free_weights.keys() | tags):
        weight, free_weight = weights[actor], free_weights[actor]
        is_theme = policy.is_issue(actor)
        enough = policy.is_on if is_theme else policy.is_about
        about = actor in tags or enough(weight, words=galley.words)
        freely = actor in tags or enough(free_weight, words=free_words)
        if about or freely or (not is_theme and policy.is_worth_keeping(weight, free_weight=free_weight)):
            yield Naming(actor, weight, free_weight, about or freely, freely)


def _weights(mentions: Iterable[Mention], galley: Galley) -> Counter[str]:
    weights: Counter[str] = Counter()
    in_headline, in_standfirst = len(galley.headline), len(galley.headline) + 1 + len(galley.standfirst)
    for mention in mentions:
        weights[mention.key] += policy.weight_at(mention.start, in_headline=in_headline, in_standfirst=in_standfirst)
    return weights


def _tellings(
    galley: Galley,
    on: date,
    free: str,
    whole: str,
    in_free: Sequence[Mention],
    in_whole: Sequence[Mention],
    *,
    begins: int,
) -> Iterator[TellingOf]:
    """Those that name a country, and not a list of them. `begins`: where the text does, which headline and standfirst repeat."""
    seen: set[tuple[date, str]] = set()
    for telling in tellings_in(whole, on=on, whole_day=on if _is_digest_of(galley, on) else None):
        is_free = telling.start + len(telling.sentence) <= len(free)
        actors = _named_in(telling, in_free if is_free else in_whole)
        countries = sum(map(policy.is_country, actors))
        if telling.start < begins or (telling.on, telling.sentence) in seen or not 0 < countries <= MOST_COUNTRIES:
            continue
        seen.add((telling.on, telling.sentence))
        later, weight = on - telling.on > LATER, weight_of(telling.sentence)
        yield TellingOf(telling.on, telling.sentence, words_of(telling.sentence), actors, is_free, later, weight)


def _named_in(telling: Telling, mentions: Sequence[Mention]) -> frozenset[str]:
    first = bisect_left(mentions, telling.start, key=lambda mention: mention.start)
    end = telling.start + min(WHO_DOES_IT, len(telling.sentence))
    last = bisect_left(mentions, end, key=lambda mention: mention.start)
    return frozenset(mention.key for mention in mentions[first:last])


def _is_digest_of(galley: Galley, on: date) -> bool:
    """A roundup whose headline names its own day: all its items are of that day."""
    if galley.kind != "roundup":
        return False
    days = [match for match in DAY.finditer(galley.headline) if match["y1"] or match["y2"]]
    return len(days) == 1 and f"{on.day}" in (days[0]["d1"], days[0]["d2"]) and f"{on.year}" in (days[0]["y1"], days[0]["y2"])


def tags_of(galley: Galley, codes: Mapping[str, str]) -> set[str]:
    """`codes`: ISO 3166 by the path of a country."""
    countries = {f"country:{codes[link.path]}" for link in galley.countries if link.path in codes}
    return countries | {policy.issue(link.path.strip("/").rpartition("/")[2]) for link in galley.issues}
