"""Looks up what hangs together: articles about one actor or about two, who recurs in them, and what they tell of which day.

`freely`: only what tags and the text before the wall say, which is all that strangers are told.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from broadsheet.library import policy
from broadsheet.library.models import Named, Telling, ToldOf
from broadsheet.library.turning import Told
from broadsheet.newsroom.models import Report

MOST_ARTICLES = 400  # of which it is asked who recurs, and on issues what they tell: the newest
AT_LEAST = 2  # articles, for somebody to recur


@dataclass(frozen=True, slots=True)
class Coverage:
    """Articles about the subject with their months and how much they are about it, the oldest first."""

    articles: tuple[tuple[str, int, int], ...]

    @property
    def months(self) -> Counter[str]:
        return Counter(month for month, *_ in self.articles)

    def newest(self, most: int) -> list[int]:
        return [article for _, article, _ in self.articles[::-1][:most]]

    @property
    def weights(self) -> dict[int, int]:
        return {pk: weight for _, pk, weight in self.articles}

    def between(self, first: int, last: int) -> list[int]:
        """Those of these years, both included; the newest first."""
        return [article for month, article, _ in self.articles[::-1] if first <= int(month[:4]) <= last]

    def most_about(self, month: str) -> list[int]:
        """Those of a month, the ones that are most about the subject first."""
        of_month = [(weight, pk) for when, pk, weight in self.articles if when == month]
        return [pk for _, pk in sorted(of_month, reverse=True)]


def coverage(actors: Collection[str], *, freely: bool) -> Coverage:
    """Of articles that are about all of these."""
    first, *others = actors
    rows = _about(first, freely=freely)
    for other in others:
        rows = rows.filter(article_id__in=_about(other, freely=freely).values("article_id"))
    return Coverage(tuple(rows.order_by("month", "article_id").values_list("month", "article_id", "weight")))


def _about(actor: str, *, freely: bool) -> QuerySet[Named]:
    return Named.objects.filter(actor=actor, about=True, freely=True) if freely else Named.objects.filter(actor=actor, about=True)


def enough_for_both(one: str, other: str) -> bool:
    """Whether two have a page: what strangers may know decides, so that there being one tells them nothing."""
    both = _about(one, freely=True).filter(article_id__in=_about(other, freely=True).values("article_id"))
    return len(both.values("article_id")[: policy.ENOUGH]) == policy.ENOUGH


def partners(actor: str, *, most: int) -> list[tuple[str, int]]:
    """Countries that have a page with this one, and how many articles are about both; the most written about first."""
    of_the_same = Named.objects.filter(article_id__in=_about(actor, freely=True).values("article_id"), freely=True)
    countries = of_the_same.filter(actor__startswith="country:").exclude(actor=actor).order_by()
    counted = countries.values_list("actor").annotate(articles=Count("pk")).filter(articles__gte=policy.ENOUGH)
    return list(counted.order_by("-articles", "actor")[:most])


def all_pairs() -> list[tuple[str, str, int]]:
    """Every two countries that have a page."""
    by_article: dict[int, list[str]] = defaultdict(list)
    rows = Named.objects.filter(freely=True, actor__startswith="country:").order_by("actor")
    for article, actor in rows.values_list("article_id", "actor").iterator():
        by_article[article].append(actor)
    counted = Counter(
        (one, other) for actors in by_article.values() for place, one in enumerate(actors) for other in actors[place + 1 :]
    )
    return [(one, other, count) for (one, other), count in counted.most_common() if count >= policy.ENOUGH]


@dataclass(frozen=True, slots=True)
class Naming:
    article: int
    actor: str
    freely: bool


def namings(articles: Collection[int]) -> list[Naming]:
    """Who is named in these articles: asked once for all that is to be counted."""
    rows = Named.objects.filter(article_id__in=articles).exclude(actor__startswith="issue:")
    return [
        Naming(pk, actor, weight > 0) for pk, actor, weight in rows.values_list("article_id", "actor", "free_weight").iterator()
    ]


def recurring(named: Iterable[Naming], articles: Collection[int], *, freely: bool) -> dict[str, list[tuple[str, int]]]:
    """Who is named in how many of these articles: by "person", "organisation" and "country", the most often first."""
    among = set(articles)
    counted = Counter(one.actor for one in named if one.article in among and (one.freely or not freely))
    sorts: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for actor, count in sorted(counted.items(), key=lambda row: (-row[1], row[0])):
        if count >= AT_LEAST:
            sorts[actor.partition(":")[0]].append((actor, count))
    return sorts


def reports_among(articles: Collection[int]) -> set[int]:
    return set(Report.objects.filter(pk__in=articles, live=True).values_list("pk", flat=True))


def told_of(actors: Collection[str], *, articles: Collection[int], freely: bool) -> list[Told]:
    """Tellings whose sentence names all of these; of an issue, those of the articles on it."""
    first, *others = actors
    if policy.is_country(first):
        rows = Telling.objects.filter(pk__in=ToldOf.objects.filter(actor=first).values("telling"))
        for other in others:
            rows = rows.filter(pk__in=ToldOf.objects.filter(actor=other).values("telling"))
    else:
        rows = Telling.objects.filter(article_id__in=list(articles)[:MOST_ARTICLES])
    if freely:
        rows = rows.filter(free=True)
    fields = ("id", "event", "article_id", "on", "weight", "later")
    return [Told(*row) for row in rows.filter(weight__gte=0).values_list(*fields).iterator()]


@dataclass(frozen=True, slots=True)
class Sentence:
    article: int
    text: str


def sentences(tellings: Iterable[int]) -> Mapping[int, Sentence]:
    rows = Telling.objects.filter(pk__in=list(tellings)).values_list("pk", "article_id", "sentence")
    return {pk: Sentence(article, text) for pk, article, text in rows}
