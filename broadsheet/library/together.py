"""Looks up what hangs together: articles about one actor or about two, who recurs in them, and what they tell of which day.

`freely`: only what tags and the text before the wall say, which is all that strangers are told.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from django.db.models import IntegerField, Q, QuerySet
from django.db.models.functions import Cast

from broadsheet.library import policy
from broadsheet.library.models import LibraryRules, Linked, Named, Relation, Telling, ToldOf
from broadsheet.library.turning import Told
from broadsheet.newsroom.galley import Link
from broadsheet.newsroom.models import Article, Report
from broadsheet.press.models import Pressing

MOST_ARTICLES = 400  # of which it is asked who recurs, and on issues what they tell: the newest
AT_LEAST = 2  # articles, for somebody to recur
AT_ONCE = 2_000  # rows fetched


@dataclass(frozen=True)
class Coverage:
    """Articles about the subject with their months and how much they are about it, the oldest first."""

    articles: tuple[tuple[str, int, int], ...]

    @cached_property
    def months(self) -> Counter[str]:
        return Counter([month for month, *_ in self.articles])

    @cached_property
    def weights(self) -> dict[int, int]:
        return {pk: weight for _, pk, weight in self.articles}

    @property
    def last_year(self) -> int:
        return int(self.articles[-1][0][:4])

    def newest(self, most: int) -> list[int]:
        """By their months: which of one month came last is not known here."""
        return [article for _, article, _ in self.articles[: -most - 1 : -1]]

    def since_month_of(self, newest: int) -> list[int]:
        """All of the months in which so many of the newest stand."""
        months = [month for month, *_ in self.articles[::-1][:newest]]
        return [pk for _, pk, _ in self.articles[bisect_left(self.articles, (months[-1],)) :]] if months else []

    def during(self, first: int, last: int) -> "Coverage":
        """Those of these years, both included."""
        begins, ends = (bisect_left(self.articles, (f"{year:04}",)) for year in (first, last + 1))
        return Coverage(self.articles[begins:ends])

    def most_about(self, month: str) -> list[int]:
        """Those of a month, the ones that are most about the subject first."""
        begins, ends = (bisect_left(self.articles, when) for when in ((month,), (f"{month}~",)))
        return [pk for _, pk in sorted(((weight, pk) for _, pk, weight in self.articles[begins:ends]), reverse=True)]


def coverages(actors: Collection[str]) -> tuple[Coverage, Coverage]:
    """Of articles that are about all of these: as far as strangers may know, and of all."""
    first, *others = actors
    rows = _about(first, freely=False)
    for other in others:
        rows = rows.filter(article_id__in=_about(other, freely=False).values("article_id"))
    fields = ("month", "article_id", "weight", "free_weight", _as_number("freely"))
    found = sorted(rows.values_list(*fields).iterator(chunk_size=AT_ONCE))
    freely = {pk for _, pk, _, _, free in found if free}
    for other in others:
        also = _about(other, freely=True).filter(article_id__in=_about(first, freely=True).values("article_id"))
        freely &= set(also.values_list("article_id", flat=True).iterator(chunk_size=AT_ONCE))
    free = Coverage(tuple((month, pk, weight) for month, pk, _, weight, _ in found if pk in freely))
    return free, Coverage(tuple((month, pk, weight) for month, pk, weight, *_ in found))


def _as_number(field: str) -> Cast:
    """Of many rows: what SQLite has to make a bool of takes as long as all the rest."""
    return Cast(field, IntegerField())


def latest(covered: Coverage, most: int) -> list[int]:
    """Of those that stand on the site, so many with the latest dates, the newest first."""
    rows = Pressing.objects.filter(article_id__in=covered.since_month_of(most), withdrawn_at__isnull=True)
    return list(rows.order_by("-dated_at", "-article_id").values_list("article_id", flat=True)[:most])


def _about(actor: str, *, freely: bool) -> QuerySet[Named]:
    return Named.objects.filter(actor=actor, about=True, freely=True) if freely else Named.objects.filter(actor=actor, about=True)


def enough() -> int:
    """Articles from which on there is a page."""
    number: int = LibraryRules.load().enough
    return number


def enough_for_both(one: str, other: str) -> bool:
    """Whether two have a page: what strangers may know decides, so that there being one tells them nothing."""
    first, second = sorted((one, other))
    return _relations().filter(one=first, other=second).exists()


def partners(actor: str, *, most: int) -> list[tuple[str, int]]:
    """Countries that have a page with this one, and how many articles are about both; the most written about first."""
    rows = _relations().filter(Q(one=actor) | Q(other=actor)).values_list("one", "other", "articles")
    found = [(other if one == actor else one, articles) for one, other, articles in rows]
    return sorted(found, key=lambda row: (-row[1], row[0]))[:most]


def all_pairs() -> list[tuple[str, str, int]]:
    """Every two countries that have a page, the most written about first."""
    return list(_relations().order_by("-articles", "one", "other").values_list("one", "other", "articles"))


def pairs_changed() -> dict[tuple[str, str], datetime]:
    """When an article about both last changed, of every two that have a page."""
    return {(one, other): changed_at for one, other, changed_at in _relations().values_list("one", "other", "changed_at")}


def _relations() -> QuerySet[Relation]:
    """Those that have a page."""
    return Relation.objects.filter(articles__gte=enough())


class Naming(NamedTuple):
    article: int
    actor: str
    free_weight: int


def namings(articles: Collection[int]) -> list[Naming]:
    """Which people and organisations are named in these articles: asked once for all that is to be counted."""
    rows = Named.objects.filter(article_id__in=articles).exclude(actor__startswith="issue:").exclude(actor__startswith="country:")
    fields = rows.values_list("article_id", "actor", "free_weight")
    return [Naming(*row) for row in fields.iterator(chunk_size=AT_ONCE)]


def recurring(named: Iterable[Naming], articles: Collection[int], *, freely: bool) -> dict[str, list[tuple[str, int]]]:
    """Who is named in how many of these articles: by "person" and "organisation", the most often first."""
    among = set(articles)
    counted = Counter([actor for article, actor, free_weight in named if article in among and (free_weight or not freely)])
    sorts: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for actor, count in sorted(counted.items(), key=lambda row: (-row[1], row[0])):
        if count >= AT_LEAST:
            sorts[actor.partition(":")[0]].append((actor, count))
    return sorts


class Linking(NamedTuple):
    on: date
    article: int
    to: int  # 0: to the page itself
    free: int


def links_to(path: str, actor: str) -> list[Linking]:
    """Links to the page at `path`, or to an article about this one: asked once for both cuts."""
    about = _about(actor, freely=False).values("article_id")  # handing over the numbers of 9,000 takes 50 ms
    asked = (Linked.objects.filter(path=path), Linked.objects.filter(to_article__in=about))
    fields = ("on", "article_id", "to_article", _as_number("free"))
    return [Linking(*row) for rows in asked for row in rows.values_list(*fields)]


def linking(links: Iterable[Linking], about: Container[int], *, freely: bool, most: int) -> list[int]:
    """Articles that link here and are not about it themselves; the newest first."""
    found = {
        (link.on, link.article)
        for link in links
        if (link.free or not freely) and link.article not in about and (not link.to or link.to in about)
    }
    return [article for _, article in sorted(found, reverse=True)[:most]]


def reports_among(articles: Collection[int]) -> set[int]:
    return set(Report.objects.filter(pk__in=articles, live=True).values_list("pk", flat=True))


def told_of(actors: Collection[str], *, articles: Collection[int]) -> list[Told]:
    """Tellings whose sentence names all of these; of an issue, those of `articles`."""
    first, *others = actors
    if policy.is_country(first):
        rows = Telling.objects.filter(pk__in=ToldOf.objects.filter(actor=first).values("telling"))
        for other in others:
            rows = rows.filter(pk__in=ToldOf.objects.filter(actor=other).values("telling"))
    else:
        rows = Telling.objects.filter(article_id__in=articles)
    fields = ("id", "event", "article_id", "on", "weight", _as_number("later"), "free_event")
    return [Told(*row) for row in rows.filter(weight__gte=0).values_list(*fields).iterator(chunk_size=AT_ONCE)]


@dataclass(frozen=True, slots=True)
class Sentence:
    article: int
    text: str


def sentences(tellings: Iterable[int]) -> Mapping[int, Sentence]:
    rows = Telling.objects.filter(pk__in=list(tellings)).values_list("pk", "article_id", "sentence")
    return {pk: Sentence(article, text) for pk, article, text in rows}


def heads(articles: Collection[int]) -> dict[int, Link]:
    """Headline and path of those that stand on the site."""
    paths = Pressing.objects.filter(article_id__in=articles, withdrawn_at__isnull=True).values_list("article_id", "path")
    headlines = dict(Article.objects.filter(pk__in=articles).values_list("pk", "title"))
    return {pk: Link(headlines[pk], path) for pk, path in paths if pk in headlines}
