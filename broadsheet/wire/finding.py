"""The feeds of whatever an editor pastes: the feed itself, those that the page names, or those at the usual addresses."""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from broadsheet.wire.fetched import CouldNotFetch, Fetched, Kind
from broadsheet.wire.fetching import Fetcher
from broadsheet.wire.outcomes import sentence_of
from broadsheet.wire.reach import place_of
from broadsheet.wire.readers import Readers
from broadsheet.wire.reading.discovery import Found
from broadsheet.wire.reading.links import link_key
from broadsheet.wire.reading.values import NotAFeed

USUAL_PATHS = ("/feed", "/rss", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml", "/feed.json", "/feeds/posts/default")
MOST_LOOKED_AT = 8  # of the feeds that a page names
AT_ONCE = 2  # of one host, as whenever it is asked
SECONDS = 30.0  # somebody waits before the page; what was found by then is shown
ELSE = "Look on its site for a link that says RSS, or ask the outlet."
_FEED_SCHEME = re.compile(r"^feed:(//)?", re.IGNORECASE)  # as feed readers register it, with another within or without
_NOT_THERE = frozenset({Kind.UNREACHED, Kind.UNPROVEN, Kind.BROKEN, Kind.SLOW})


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """`address` is where it is to be asked for from now on; `items` stand in it now."""

    address: str
    title: str
    kind: str
    items: int


class NothingFound(Exception):
    """The sentence says what to do."""


def find(pasted: str, *, fetcher: Fetcher, readers: Readers, at: datetime) -> tuple[FoundFeed, ...]:
    """The likeliest first. Raises NothingFound."""
    return asyncio.run(_Search(fetcher, readers, at).feeds_of(pasted))


class _Search:
    def __init__(self, fetcher: Fetcher, readers: Readers, at: datetime) -> None:
        self._fetcher, self._readers, self._at = fetcher, readers, at
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def feeds_of(self, pasted: str) -> tuple[FoundFeed, ...]:
        address, page = await self._page(pasted)
        try:
            return (await self._read(page, named=Found(address, "", is_named=True)),)
        except NotAFeed as trouble:
            why = str(trouble)
        try:
            named = await self._readers.feeds_named_in(page.body, content_type=page.content_type, address=page.address)
        except NotAFeed:
            named = ()
        found = await self._feeds_among(named[:MOST_LOOKED_AT]) or await self._feeds_among(_usual(page.address))
        if found:
            return found
        if named:
            raise NothingFound("The page names feeds, but none of them can be read. Ask the outlet for its feed's address.")
        raise NothingFound(f"{why} No feed is named there, and none is at the usual addresses. {ELSE}")

    async def _page(self, pasted: str) -> tuple[str, Fetched]:
        """And the address at which it was asked for. Without a scheme: as browsers do it, safely first."""
        said = _FEED_SCHEME.sub("", pasted.strip())
        safely, openly = (said, "") if "://" in said else (f"https://{said}", f"http://{said}")
        try:
            return safely, _usable(await self._fetcher.fetch(safely))
        except CouldNotFetch as trouble:
            if not openly or trouble.kind not in _NOT_THERE:
                raise NothingFound(trouble.sentence) from trouble
        try:
            return openly, _usable(await self._fetcher.fetch(openly))
        except CouldNotFetch as trouble:
            raise NothingFound(trouble.sentence) from trouble

    async def _feeds_among(self, candidates: Iterable[Found]) -> tuple[FoundFeed, ...]:
        tasks = [asyncio.create_task(self._one(each)) for each in candidates]
        if not tasks:
            return ()
        done, late = await asyncio.wait(tasks, timeout=SECONDS)
        for task in late:
            task.cancel()
        once: dict[str, FoundFeed] = {}
        for feed in (task.result() for task in tasks if task in done):
            if feed is not None:
                once.setdefault(link_key(feed.address), feed)
        return tuple(once.values())

    async def _one(self, candidate: Found) -> FoundFeed | None:
        async with self._turns:
            try:
                return await self._read(await self._fetcher.fetch(candidate.link), named=candidate)
            except (CouldNotFetch, NotAFeed):
                return None

    async def _read(self, answer: Fetched, *, named: Found) -> FoundFeed:
        feed = await self._readers.read(answer.body, content_type=answer.content_type, address=answer.address, at=self._at)
        address = answer.moved_to or named.link
        title = feed.title or named.title or place_of(address).host
        return FoundFeed(address, title, feed.kind, len(feed.items))


def _usable(answer: Fetched) -> Fetched:
    if answer.status != 200:
        raise NothingFound(sentence_of(answer.status))
    return answer


def _usual(address: str) -> list[Found]:
    place = place_of(address)
    return [Found(f"{place.scheme}://{place.authority}{path}", "", is_named=False) for path in USUAL_PATHS]
