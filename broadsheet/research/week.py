"""What came out in the last days, read once for all briefings that are due together: by what each is about, in whose sight."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from hashlib import blake2b

from django.db.models import Q

from broadsheet.library.following import Subject
from broadsheet.library.matches import Tagged, desk_of, said_of, seen_in, signs_of, tagged
from broadsheet.library.sight import Sight
from broadsheet.newsroom.models import Article, Country, Issue, Region
from broadsheet.newsroom.teasers import kind_of
from broadsheet.press.queries import standing
from broadsheet.research.bringing import LOOKS_BACK, Candidate, Sort
from broadsheet.research.models import Choice
from broadsheet.wire import links_beside
from broadsheet.wire.links_beside import Beside

NOT_BROUGHT = frozenset({"edition", "roundup"})  # lists of what is brought by itself


@dataclass(frozen=True, slots=True)
class About:
    """One choice of a reader's, by its name on the desk, and the articles that are about it: freely, or only beyond the cut."""

    key: str
    name: str
    articles: Mapping[int, bool]
    links: tuple[Beside, ...]


@dataclass(frozen=True, slots=True)
class Offered:
    """A candidate with what is written down of it. `freely`: strangers may know what it is about."""

    candidate: Candidate
    article: int
    freely: bool
    url: str = ""


class Week:
    def __init__(self, *, at: datetime) -> None:
        self.at = at
        self.about = cache(self._about)  # the same choice of many readers is looked up once

    @cached_property
    def came_out(self) -> dict[int, tuple[datetime, str]]:
        """When, and of which type, by article: what an embargo held back came out when it was lifted."""
        since = self.at - LOOKS_BACK
        rows = Article.objects.filter(
            Q(first_published_at__gt=since) | Q(embargoed_until__gt=since),
            live=True,
            withdrawn_at=None,
            dated_at__gt=since - LOOKS_BACK,
        ).values_list("pk", "first_published_at", "embargoed_until", "dated_at", "content_type_id")
        found = {
            pk: (max(first or dated, embargo or first or dated), kind_of(kind))
            for pk, first, embargo, dated, kind in rows
            if dated
        }
        there = standing(found)
        return {pk: said for pk, said in found.items() if pk in there and said[0] <= self.at}

    @cached_property
    def tagged(self) -> Tagged:
        return tagged(self.came_out.keys())

    def _about(self, kind: str, row: int) -> About | None:
        subject = Subject(kind, row)
        desk = desk_of([subject])
        signs = signs_of(subject, desk)
        if signs is None:
            return None
        thing = desk[kind][row]
        return About(f"{kind}:{row}", thing.name, said_of(signs, self.tagged), tuple(_links(thing)))

    def offered(self, choices: Iterable[Choice], *, sight: Sight, since: datetime) -> tuple[list[Offered], dict[str, str]]:
        """What came out since then, as far as this sight may know what it is about; and what each choice is called."""
        chosen = [about for one in choices if (about := self.about(one.kind, one.row))]
        names = {about.key: about.name for about in chosen}
        return [*self._articles(chosen, sight, since), *self._links(chosen, since)], names

    def _articles(self, chosen: Iterable[About], sight: Sight, since: datetime) -> Iterable[Offered]:
        seen = {about.key: seen_in(sight, about.articles) for about in chosen}
        for pk, (moment, kind) in self.came_out.items():
            about = [one for one in chosen if pk in seen[one.key]]
            if not about or moment <= since or kind in NOT_BROUGHT:
                continue
            free = [one.key for one in about if one.articles[pk]]
            sort = Sort.REPORT if kind == "report" else Sort.ARTICLE
            subjects = tuple(free or [one.key for one in about])
            yield Offered(Candidate(f"article:{pk}", sort, subjects, moment), pk, freely=bool(free))

    def _links(self, chosen: Iterable[About], since: datetime) -> Iterable[Offered]:
        on: dict[str, list[str]] = {}
        links: dict[str, Beside] = {}
        for about in chosen:
            for link in about.links:
                links.setdefault(link.url, link)
                on.setdefault(link.url, []).append(about.key)
        for url, link in links.items():
            moment, _ = self.came_out.get(link.roundup, (since, ""))
            if moment > since:
                key = f"link:{blake2b(url.encode(), digest_size=16).hexdigest()}"
                yield Offered(
                    Candidate(key, Sort.LINK, tuple(dict.fromkeys(on[url])), moment), link.roundup, freely=True, url=url
                )


def _links(thing: object) -> Iterable[Beside]:
    match thing:
        case Country():
            yield from links_beside.of_country(thing)
        case Issue():
            yield from links_beside.of_issue(thing)
        case Region():
            for country in Country.objects.filter(regions=thing).order_by("name"):
                yield from links_beside.of_country(country)
