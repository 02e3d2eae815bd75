"""Searches in one index, timed, in the state that the environment names: `python -m bench.with_django bench.searching TIMES`.

What is timed is the view, from a request to the finished page: rows, facets, marks and all. TIMES 0 times Wagtail's own search
alone. Prints JSON.
"""

import json
import random
import resource
import sys
import time
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from importlib import import_module
from ipaddress import IPv4Address
from pathlib import Path
from statistics import quantiles
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.test import RequestFactory

from broadsheet.access.passes import short
from broadsheet.access.terms import Audience, Standing
from broadsheet.kit.collecting import settle
from broadsheet.library import queries
from broadsheet.library.catching_up import changes_after, folder, printed
from broadsheet.library.documents import Document
from broadsheet.library.keeping import Reader, Stand, current, has_meaning, load_model
from broadsheet.library.queries import Sort
from broadsheet.library.sight import EVERYTHING, STRANGER, Sight
from broadsheet.library.suggestions import suggested
from broadsheet.library.tantivy_index import VERSION, Writing, new_index
from broadsheet.newsroom.models import Article
from broadsheet.press.models import Pressing

ASKED, WARMING, REFERENCES = 600, 60, 60
ROOMY = 800_000_000  # bytes of memory for the writer of a large index: few segments, few merges
OPENED = 30  # metered articles that a reader has opened
T = TypeVar("T")
APART = 10_000_000  # between the numbers of a copy and those of the next


@dataclass(frozen=True, slots=True)
class Asked:
    typed: str
    sight: Sight
    sort: Sort


def main(times: int) -> None:
    asked = list(_asked(random.Random(20260302 + times)))
    plain = [each.typed for each in asked if each.sort is Sort.RELEVANCE and ":" not in each.typed][:REFERENCES]
    wagtail = {"wagtail_p50_ms": _share(_milliseconds(_by_wagtail, plain), 50)} if times < 2 else {}
    print(json.dumps(wagtail if not times else wagtail | _by_ours(times, asked)))


def _by_ours(times: int, asked: list[Asked]) -> dict[str, float]:
    place = folder() if times == 1 else Path(settings.STATE) / f"times-{times}" / "library"
    if current(place) is None:
        _build(place, times)
    door = import_module("broadsheet.library.views.search")
    if times > 1:
        reader = Reader(place, printed=_printed)
        queries.index_here = lambda: reader
    settings.ALLOWED_HOSTS = ["*"]
    search = partial(_search, door)
    requests = [_request(each) for each in asked]
    for each in zip(asked[:WARMING], requests, strict=False):
        search(each)
    settle()  # as the server does once it is open
    took = _milliseconds(search, zip(asked[WARMING:], requests[WARMING:], strict=True))
    figures = {"search_p50_ms": _share(took, 50), "search_p95_ms": _share(took, 95)}
    typing = list(dict.fromkeys(_typing(asked)))
    figures["suggest_p95_ms"] = _share(_milliseconds(suggested, typing), 95)
    if times == 1 and has_meaning():
        figures["embed_a_query_p50_ms"] = _share(_milliseconds(_embedding(), (each.typed for each in asked)), 50)
    figures["search_index_mb"] = sum(file.stat().st_size for file in place.rglob("*") if file.is_file()) / 1e6
    figures["search_rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    return figures


def _printed(ids: Collection[int]) -> dict[int, Stand]:
    """The press knows of no copies: each stands as what it is a copy of."""
    stands = printed([pk % APART for pk in ids])
    return {pk: stands[pk % APART] for pk in ids if pk % APART in stands}


def _request(asked: Asked) -> HttpRequest:
    """Each from a network of its own, as limits are counted by these."""
    address = str(IPv4Address("10.0.0.0") + zlib.crc32(asked.typed.encode()) % 2**24)
    return RequestFactory(REMOTE_ADDR=address).get(f"/search/?{urlencode({'q': asked.typed, 'sort': asked.sort.value})}")


def _embedding() -> Callable[[str], object]:
    """What meaning adds to a search before it looks anything up, where the extra is installed."""
    model = load_model()
    return lambda typed: model.embed([typed])


def _search(door: Any, knocking: tuple[Asked, HttpRequest]) -> None:
    asked, request = knocking
    door._sights = lambda: lambda _: asked.sight
    assert door.search(request).status_code == 200


def _build(place: Path, times: int) -> None:
    """Straight into an index, of documents that are made once: for a million that takes minutes where pressing them takes hours.

    Every copy has its own number, story and day, and leaves out every other paragraph, another half in each: they differ, and
    are half as long as the library's articles.
    """
    path = place / f"v{VERSION}-{time.time_ns()}"
    documents = [document for _, documents, _ in changes_after(0) for document in documents]
    writing = Writing(new_index(path), heap=ROOMY, threads=2)
    for copy in range(times):
        chance = random.Random(copy)
        for document in documents:
            writing.add(_copy(document, copy, chance))
        print(f"{(copy + 1) * len(documents):,} …", file=sys.stderr, flush=True)
    writing.commit(cursor=1)
    writing.close()
    (place / "current").write_text(path.name)


def _copy(document: Document, copy: int, chance: random.Random) -> Document:
    if not copy:
        return document
    free, rest = (_half(text, chance) for text in (document.free, document.rest))
    dated_at = document.dated_at - timedelta(days=copy)
    story = f"{document.story}-{copy}"
    return replace(document, id=document.id + copy * APART, story=story, dated_at=dated_at, free=free, rest=rest)


def _half(text: str, chance: random.Random) -> str:
    paragraphs = text.split("\n")
    return "\n".join(paragraphs[chance.randrange(2) :: 2])


def _by_wagtail(text: str) -> None:
    found = Article.objects.live().search(text)
    found.count()
    list(found[:10])


def _asked(chance: random.Random) -> Iterator[Asked]:
    """Distinct, and of the library's own words: half-remembered headlines, words of texts, phrases, names, slips."""
    seen: set[str] = set()
    metered = _metered(chance)
    ids = list(Article.objects.filter(live=True).order_by("pk").values_list("pk", flat=True))
    while len(seen) < ASKED + WARMING:
        article = Article.objects.get(pk=chance.choice(ids))
        typed = _typed(article, chance)
        if not typed or typed in seen:
            continue
        seen.add(typed)
        sort = Sort.NEWEST if chance.random() < 0.1 else Sort.RELEVANCE
        yield Asked(typed, chance.choice([EVERYTHING, EVERYTHING, STRANGER, metered]), sort)


def _metered(chance: random.Random) -> Sight:
    """Registered, with as many articles open as a month's allowance might give."""
    stories = list(Pressing.objects.filter(audience=Audience.METERED.value).order_by("pk").values_list("story", flat=True))
    opened = chance.sample(stories, k=min(OPENED, len(stories)))
    return Sight(Standing(registered=True), opened=frozenset(map(short, opened)))


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
