"""The sources as the desk lists them: how each fares in a word and a sentence, counted, filtered, and trouble first."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.core.paginator import Page, Paginator
from django.utils.timesince import timesince, timeuntil

from broadsheet.wire.histories import briefly, histories_of
from broadsheet.wire.models import Source
from broadsheet.wire.pacing import Health, History, Level, health, items_a_day

A_PAGE, MOST_OF_AN_ADDRESS = 100, 80
MINUTE = timedelta(minutes=1)
OFF = "off"
# As the list says them, the worst first.
WORDS: Mapping[str, str] = {
    Level.FAILING: "Failing",
    Level.GONE: "Gone",
    Level.FALTERING: "Faltering",
    Level.ASLEEP: "Asleep",
    Level.NEW: "Not asked yet",
    Level.WELL: "Well",
    OFF: "Not listened to",
}
_PLACES = {state: place for place, state in enumerate(WORDS)}
NO_FOLDER = "-"
BY_NAME = "name"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is narrowed to; "" is all. `folder`: NO_FOLDER is those in none. `by`: BY_NAME, or else trouble first."""

    words: str = ""
    state: str = ""
    folder: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """`new_ago`, `asked_in` and `site` (where it is) as one says them; `new_ago` is empty where nothing came yet."""

    source: Source
    state: str
    health: Health
    a_day: float | None
    new_ago: str
    asked_in: str
    site: str

    @property
    def word(self) -> str:
        return WORDS[self.state]

    @property
    def standing(self) -> str:
        return Source.Standing(self.source.standing).name.capitalize()


@dataclass(frozen=True, slots=True)
class Roster:
    """`counts` are of all that the words and the folder leave, whatever their state."""

    found: Sequence[Source]
    counts: Mapping[str, int]
    folders: Sequence[str]


def roster(asked: Asked, *, at: datetime) -> Roster:
    """Each page is made of it by `lines_of`."""
    sources = list(Source.objects.order_by("name", "pk"))
    folders = sorted({source.folder for source in sources if source.folder}, key=str.casefold)
    left = [source for source in sources if _fits(source, asked)]
    histories = briefly(left)
    states = {source.pk: state_of(source, health(histories[source.pk], at=at)) for source in left}
    found = [source for source in left if asked.state in ("", states[source.pk])]
    if asked.by != BY_NAME:
        found.sort(key=lambda source: _PLACES[states[source.pk]])  # and by name within each
    counted = Counter(states.values())
    return Roster(found, {state: counted[state] for state in WORDS}, folders)


def _fits(source: Source, asked: Asked) -> bool:
    words = asked.words.casefold().split()
    said = f"{source.name} {source.address} {source.site}".casefold()
    return all(word in said for word in words) and (not asked.folder or asked.folder == (source.folder or NO_FOLDER))


def state_of(source: Source, health: Health) -> str:
    return health.level.value if source.listened_since else OFF


def narrowest_with_any(asked: Asked, *, at: datetime) -> Asked:
    """The same list, or a wider one where nothing is left on it."""
    wider = (asked, replace(asked, state=""), replace(asked, state="", folder=""))
    return next((one for one in wider if roster(one, at=at).found), wider[-1])


def page_of(found: Sequence[Source], number: str | None) -> Page[Source]:
    return Paginator(found, A_PAGE).get_page(number)


def lines_of(sources: Sequence[Source], *, at: datetime) -> list[Line]:
    histories, sites = histories_of(sources), _sites_of(sources)
    return [_line(source, histories[source.pk], sites[source.pk], at=at) for source in sources]


def _sites_of(sources: Sequence[Source]) -> dict[int, str]:
    """The host; where several have the same, the feed's own address tells them apart."""
    hosts = {source.pk: _host(source.site or source.address) for source in sources}
    shared = Counter(hosts.values())
    return {source.pk: host if shared[host := hosts[source.pk]] == 1 else _whole(source.address) for source in sources}


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")


def _whole(address: str) -> str:
    parts = urlsplit(address)
    whole = f"{_host(address)}{parts.path}{'?' + parts.query if parts.query else ''}"
    return whole if len(whole) <= MOST_OF_AN_ADDRESS else f"{whole[:MOST_OF_AN_ADDRESS]}…"


def _line(source: Source, history: History, site: str, *, at: datetime) -> Line:
    fares = health(history, at=at)
    a_day, ago = items_a_day(history), _ago(source.new_at, at=at) if source.new_at else ""
    return Line(source, state_of(source, fares), fares, a_day, ago, _asked_in(source, at=at), site)


def _ago(moment: datetime, *, at: datetime) -> str:
    return f"{timesince(moment, at, depth=1)} ago" if moment <= at - MINUTE else "just now"


def _asked_in(source: Source, *, at: datetime) -> str:
    if source.listened_since is None:
        return "not"
    if source.next_at is None:
        return "not, until somebody wants it"
    return f"in {timeuntil(source.next_at, at, depth=1)}" if source.next_at >= at + MINUTE else "now"
