"""The only way to other outlets' servers. It believes nothing that it is told: neither where a name leads nor how much will come.

All that a name leads to is judged, and the connection made to just that; again after each redirect. No proxy, cookie or password
is ever sent. Why so: docs/adr/0020.
"""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import lru_cache
from importlib.metadata import version

import httpcore2

from broadsheet.wire.connecting import Budget, Pinned, Resolve, by_the_system, in_our_words, machines_of
from broadsheet.wire.fetched import NEVER_ASKED, CouldNotFetch, Fetched, Kind, Known, Limits
from broadsheet.wire.reach import OutOfReach, Place, check_machines, check_port, place_of
from broadsheet.wire.unpacking import CODINGS, NotUnpacked, TooMuch, Unpacking, unpacking_of

MOST_REDIRECTS = 5
MOST_MACHINES = 4  # that a name leads to, tried one after the other
MOST_KEPT, MOST_IN_MOMENT = 500, 100  # characters of headers that are kept
PERMANENT, REDIRECTS = frozenset({301, 308}), frozenset({301, 302, 303, 307, 308})
ACCEPTED = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, text/html;q=0.5, */*;q=0.1"
)
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age=\"?(\d{1,9})", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{1,15}")
_UNSAID = re.compile(r"[^\x20-\x7e]")

Heads = Mapping[str, str]
USUAL = Limits()


@lru_cache(maxsize=1)
def systems_trust() -> ssl.SSLContext:
    """Made once: it reads all certificates that the system trusts."""
    return httpcore2.default_ssl_context()


@dataclass(frozen=True, slots=True)
class Fetcher:
    """`contact` is told to each server, for its owner to complain to. `allowed` are doors (host:port) that whoever runs the site
    vouches for: neither port nor machine is judged there. A redirect leads to one only from another.
    """

    contact: str
    limits: Limits = USUAL
    allowed: frozenset[str] = frozenset()
    resolve: Resolve = by_the_system
    trust: Callable[[], ssl.SSLContext] = systems_trust

    async def fetch(self, address: str, *, known: Known = NEVER_ASKED) -> Fetched:
        """Raises CouldNotFetch, and nothing else that another's server could bring about."""
        try:
            async with asyncio.timeout(self.limits.seconds):
                return await self._followed(_place(address), known)
        except TimeoutError as trouble:
            raise CouldNotFetch(f"It took longer than {self.limits.seconds:g} seconds.", Kind.SLOW) from trouble

    async def _followed(self, place: Place, known: Known) -> Fetched:
        begun = asyncio.get_running_loop().time()
        is_vouched = is_for_good = True
        passed: set[str] = set()
        for _ in range(MOST_REDIRECTS + 1):
            passed.add(place.address)
            is_vouched = is_vouched and place.door in self.allowed
            async with self._asked(place, known, is_vouched=is_vouched) as (response, budget):
                heads = _heads(response)
                if response.status not in REDIRECTS or not heads.get("location"):
                    body = await self._body(response, heads, budget) if response.status == 200 else b""
                    moved_to = place.address if is_for_good and len(passed) > 1 else ""
                    took = asyncio.get_running_loop().time() - begun
                    return _answer(response.status, heads, body=body, address=place.address, moved_to=moved_to, took=took)
            is_for_good = is_for_good and response.status in PERMANENT
            place = _place(heads["location"], base=place.address)
            if place.address in passed:
                raise CouldNotFetch("Its redirects lead in a circle.", Kind.CIRCLING)
        raise CouldNotFetch(f"It redirects more than {MOST_REDIRECTS} times.", Kind.CIRCLING)

    @asynccontextmanager
    async def _asked(self, place: Place, known: Known, *, is_vouched: bool) -> AsyncIterator[tuple[httpcore2.Response, Budget]]:
        machines = await self._machines(place, is_vouched=is_vouched)
        budget = Budget(self.limits.head, f"It sends more than {self.limits.head:,} bytes before its text begins.")
        origin = httpcore2.Origin(place.scheme.encode(), place.host.encode(), place.port)
        url = httpcore2.URL(scheme=origin.scheme, host=origin.host, port=origin.port, target=place.path.encode())
        network = Pinned(machines, budget=budget, within=self.limits.door_seconds)
        trust = self.trust() if place.scheme == "https" else None
        connection = httpcore2.AsyncHTTPConnection(origin, ssl_context=trust, network_backend=network)
        request = httpcore2.Request("GET", url, headers=self._said(place, known))
        try:
            with in_our_words(place):
                yield await connection.handle_async_request(request), budget
        finally:
            await network.aclose()

    async def _machines(self, place: Place, *, is_vouched: bool) -> tuple[str, ...]:
        with _refusing():
            if not is_vouched:
                check_port(place)
            machines = await machines_of(place, resolve=self.resolve, within=self.limits.name_seconds)
            if not is_vouched:
                check_machines(place, machines)
        return machines[:MOST_MACHINES]

    def _said(self, place: Place, known: Known) -> list[tuple[str, str]]:
        said = {
            "Host": place.authority,
            "User-Agent": f"Broadsheet/{version('broadsheet')} (reads feeds; {self.contact})",
            "Accept": ACCEPTED,
            "Accept-Encoding": CODINGS,
            "If-None-Match": known.etag,
            "If-Modified-Since": known.last_modified,
            "Connection": "close",
        }
        return [(name, _UNSAID.sub("", value)) for name, value in said.items() if value]

    async def _body(self, response: httpcore2.Response, heads: Heads, budget: Budget) -> bytes:
        too_long = f"It has more than {self.limits.unpacked:,} bytes. Look for a shorter feed of the same outlet."
        budget.allow(self.limits.packed, too_long)
        if _NUMBER.fullmatch(length := heads.get("content-length", "")) and int(length) > self.limits.packed:
            raise CouldNotFetch(too_long, Kind.LARGE)
        try:
            return await self._unpacked(response, unpacking_of(heads.get("content-encoding", "")))
        except TooMuch as trouble:
            raise CouldNotFetch(too_long, Kind.LARGE) from trouble
        except NotUnpacked as trouble:
            raise CouldNotFetch(str(trouble), Kind.BROKEN) from trouble

    async def _unpacked(self, response: httpcore2.Response, unpacking: Unpacking) -> bytes:
        body, count = bytearray(), 0
        async with aclosing(response.aiter_stream()) as pieces:
            async for piece in pieces:
                count += 1
                if count > self.limits.pieces:
                    raise CouldNotFetch("It comes in too many pieces, each of them tiny.", Kind.LARGE)
                body += unpacking.more(piece, room=self.limits.unpacked - len(body))
        if not unpacking.is_done():
            raise NotUnpacked("It broke off before its end.")
        return bytes(body)


def _place(address: str, *, base: str = "") -> Place:
    with _refusing():
        return place_of(address, base=base)


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except OutOfReach as trouble:
        raise CouldNotFetch(str(trouble), Kind.REFUSED) from trouble


def _heads(response: httpcore2.Response) -> Heads:
    """By names in lower case; what is said twice stands one behind the other."""
    heads: dict[str, str] = {}
    for name, value in response.headers:
        key, said = name.decode("latin-1").lower(), _text(value)
        heads[key] = f"{heads[key]}, {said}" if key in heads else said
    return heads


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _answer(status: int, heads: Heads, *, body: bytes, address: str, moved_to: str, took: float) -> Fetched:
    age = _MAX_AGE.search(heads.get("cache-control", "")[:MOST_KEPT])
    return Fetched(
        status=status,
        address=address,
        body=body,
        content_type=heads.get("content-type", "")[:MOST_KEPT],
        etag=_kept(heads, "etag", most=MOST_KEPT),
        last_modified=_kept(heads, "last-modified", most=MOST_IN_MOMENT),
        moved_to=moved_to,
        retry_after=_retry_after(heads),
        max_age=float(age[1]) if age else None,
        size=len(body),
        took=took,
    )


def _kept(heads: Heads, name: str, *, most: int) -> str:
    """Whole or not at all: a part of it says nothing."""
    value = heads.get(name, "")
    return value if len(value) <= most else ""


def _retry_after(heads: Heads) -> float | None:
    """A moment is reckoned by the server's own clock, whatever ours says."""
    said = heads.get("retry-after", "").strip()
    if _NUMBER.fullmatch(said):
        return float(said)
    try:
        wait = parsedate_to_datetime(said) - parsedate_to_datetime(heads.get("date", ""))
    except (ValueError, TypeError):  # no dates, or one with a zone and one without
        return None
    return max(0.0, wait.total_seconds())
