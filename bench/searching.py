"""Searches in one index, timed, in the state that the environment names: `python -m bench.with_django bench.searching TIMES`.

Prints JSON.
"""

import json
import random
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from statistics import quantiles
from typing import TypeVar

from django.conf import settings
from django.utils import timezone

from broadsheet.library.catching_up import changes_after, folder
from broadsheet.library.documents import Document, Mark
from broadsheet.library.keeping import Changes, Reader, current, rebuild, the_writer
from broadsheet.library.queries import Sort, search, suggest
from broadsheet.library.sight import EVERYTHING, STRANGER, Sight
from broadsheet.newsroom.models import Article

ASKED, WARMING, REFERENCES = 600, 60, 60
T = TypeVar("T")
APART = 10_000_000  # between the numbers of a copy and those of the next


@dataclass(frozen=True, slots=True)
class Asked:
    typed: str
    sight: Sight
    sort: Sort


def main(times: int) -> None:
    place = folder() if times == 1 else Path(settings.STATE) / f"times-{times}" / "library"
    if current(place) is None:
        with the_writer(place):
            rebuild(place, changes_after=lambda cursor: _multiplied(times), told=lambda many: print(f"{many:,} …", flush=True))
    reader = Reader(place)
    asked = list(_asked(random.Random(20260302 + times)))
    for each in asked[:WARMING]:
        _search(each, reader)
    took = _milliseconds(lambda each: _search(each, reader), asked[WARMING:])
    figures = {"search_p50_ms": _share(took, 50), "search_p95_ms": _share(took, 95)}
    figures["search_rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    if times == 1:
        typing = list(dict.fromkeys(_typing(asked)))
        figures["suggest_p95_ms"] = _share(_milliseconds(lambda text: suggest(text, reader=reader), typing), 95)
        plain = [each.typed for each in asked if each.sort is Sort.RELEVANCE and ":" not in each.typed][:REFERENCES]
        figures["wagtail_p50_ms"] = _share(_milliseconds(_by_wagtail, plain), 50)
    print(json.dumps(figures))


def _multiplied(times: int) -> Changes:
    """Every copy has its own number and day; the texts are those of the library."""
    for copy in range(times):
        for cursor, documents, _ in changes_after(0):
            yield Mark(cursor.change + copy * APART), [_copy(document, copy) for document in documents], []


def _copy(document: Document, copy: int) -> Document:
    story = f"{document.story}-{copy}"
    return replace(document, id=document.id + copy * APART, story=story, dated_at=document.dated_at - timedelta(days=copy))


def _search(asked: Asked, reader: Reader) -> None:
    search(asked.typed, at=timezone.now(), sight=asked.sight, sort=asked.sort, reader=reader)


def _by_wagtail(text: str) -> None:
    found = Article.objects.live().search(text)
    found.count()
    list(found[:10])


def _asked(chance: random.Random) -> Iterator[Asked]:
    """Distinct, and of the library's own words: half-remembered headlines, words of texts, phrases, names, slips."""
    seen: set[str] = set()
    ids = list(Article.objects.filter(live=True).order_by("pk").values_list("pk", flat=True))
    while len(seen) < ASKED + WARMING:
        article = Article.objects.get(pk=chance.choice(ids))
        typed = _typed(article, chance)
        if not typed or typed in seen:
            continue
        seen.add(typed)
        sort = Sort.NEWEST if chance.random() < 0.1 else Sort.RELEVANCE
        yield Asked(typed, chance.choice([EVERYTHING, EVERYTHING, STRANGER]), sort)


def _typed(article: Article, chance: random.Random) -> str:
    words = [word for word in f"{article.title} {article.standfirst}".split() if word.isalpha() and len(word) > 2]
    if len(words) < 3:
        return ""
    first = chance.randrange(len(words) - 2)
    some = chance.sample(words, k=min(len(words), chance.choice([1, 2, 2, 3, 3, 4])))
    country = next((each.slug for each in article.countries.all()), "")
    match chance.randrange(10):
        case 0:
            return f'"{" ".join(words[first : first + 2])}"'
        case 1:
            return f"{some[0]} country:{country}" if country else ""
        case 2:
            return f"{some[0]} after:{chance.randrange(1990, 2015)} before:{chance.randrange(2015, 2026)}"
        case 3:
            return " ".join([_with_a_slip(some[0], chance), *some[1:]])
        case 4:
            return f"{some[0]} -{some[-1]}" if len(some) > 1 else f"{some[0][:5]}*"
        case _:
            return " ".join(some)


def _with_a_slip(word: str, chance: random.Random) -> str:
    place = chance.randrange(len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _typing(asked: list[Asked]) -> Iterator[str]:
    for each in asked[:200]:
        for letters in range(2, min(len(each.typed), 14)):
            yield each.typed[:letters]


def _milliseconds(do: Callable[[T], object], each: Iterable[T]) -> list[float]:
    return [_timed(do, one) for one in each]


def _timed(do: Callable[[T], object], one: T) -> float:
    began = time.perf_counter()
    do(one)
    return (time.perf_counter() - began) * 1000


def _share(took: list[float], percent: int) -> float:
    return quantiles(took, n=100)[percent - 1]


if __name__ == "__main__":
    main(int(sys.argv[1]))
