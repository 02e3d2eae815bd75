"""How fast many sources are polled, on loopback, and whether hostile ones among them hold up the others.

`python -m bench.polling [SOURCES]`. A server in a process of its own is that many outlets by as many names, each with a feed of a
hundred items. Rounds in which each has changed, then one in which none has; then one with hostile sources besides: silent,
dripping, endless, bombs, and whose text takes long to read. Reference of the same run: the same bodies read one after the other
in one process, without any network.
"""

import asyncio
import gzip
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from hashlib import blake2b
from multiprocessing.connection import Connection

import psutil

from broadsheet.wire.fetched import Known
from broadsheet.wire.fetching import Fetcher
from broadsheet.wire.outcomes import Came, Due, Failed, Outcome, Unchanged
from broadsheet.wire.polling import Courtesy, poll
from broadsheet.wire.readers import Readers
from broadsheet.wire.reading.feeds import read

SOURCES, ITEMS, ROUNDS, READ_ALONE, MB = 500, 100, 5, 50, 1e6
AT = datetime(2026, 12, 31, tzinfo=UTC)
WORDS = ("talks", "border", "minister", "river", "election", "port", "grain", "court", "envoy", "drought", "strike", "pact")
HOSTILE = ("silent", "drip", "endless", "bomb", "tables") * 4
COURTESY = Courtesy()


def body_of(outlet: int, edition: int) -> bytes:
    items = "".join(_item(outlet, edition, number) for number in range(ITEMS))
    return f'<rss version="2.0"><channel><title>Outlet {outlet}</title>{items}</channel></rss>'.encode()


def _item(outlet: int, edition: int, number: int) -> str:
    title = title_of(outlet, edition, number)
    seed = blake2b(title.encode(), digest_size=60).digest()
    said = " ".join(WORDS[byte % len(WORDS)] for byte in seed)
    link = f"https://outlet-{outlet}.example/{edition}/{number}"
    return (
        f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid><description>&lt;p&gt;{said}&lt;/p&gt;</description>"
        f"<pubDate>{1 + number % 28} Dec 2026 {number % 24:02}:00 GMT</pubDate></item>"
    )


def title_of(outlet: int, edition: int, number: int) -> str:
    return f"Number {number} of edition {edition} by outlet {outlet}"


# The outlets


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError, asyncio.IncompleteReadError):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        what = head.split(" ")[1].strip("/").split("/")
        if what[0] in HOSTILE:
            await _harm(what[0], reader, writer)
        else:
            outlet, edition = map(int, what)
            etag = f'"{outlet}-{edition}"'
            is_known = f"if-none-match: {etag}".lower() in head.lower()
            body = b"" if is_known else gzip.compress(body_of(outlet, edition), 1)
            first = "304 Not Modified" if is_known else f"200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {len(body)}"
            writer.write(f"HTTP/1.1 {first}\r\netag: {etag}\r\ncontent-type: application/rss+xml\r\n\r\n".encode() + body)
            await writer.drain()
    writer.close()


async def _harm(how: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    match how:
        case "silent":
            await reader.read()
        case "drip":
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            while not reader.at_eof():
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.1)
        case "endless":
            writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
            while not reader.at_eof():
                writer.write(b"10\r\n" + b"x" * 16 + b"\r\n")
                await writer.drain()
        case "bomb" | "tables":
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n" + packed(how))
            await writer.drain()


@cache
def packed(how: str) -> bytes:
    if how == "bomb":
        return gzip.compress(bytes(200_000_000), 1)
    text = f"<item><description>{'&lt;table>&lt;b>' * 500}</description></item>" * 600
    return gzip.compress(f"<rss><channel>{text}</channel></rss>".encode(), 1)


async def _serve(told: Connection) -> None:
    packed("bomb"), packed("tables")
    server = await asyncio.start_server(_answer, "127.0.0.1", 0, backlog=1_000)
    told.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def serve(told: Connection) -> None:
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(told))


@contextmanager
def outlets() -> Iterator[int]:
    """The port of all of them."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


# The rounds


@dataclass
class Round:
    """`last` is when the last ordinary outcome came, in seconds; `cpu` in seconds of all our processes."""

    seconds: float = 0.0
    cpu: float = 0.0
    last: float = 0.0
    titles: set[str] = field(default_factory=set)
    counts: dict[type[Outcome], int] = field(default_factory=dict)


@dataclass(frozen=True)
class Desk:
    port: int
    readers: Readers
    process: psutil.Process

    def round(self, due: Sequence[Due]) -> Round:
        found = Round()
        fetcher = Fetcher(
            "bench@review.example",
            allowed=frozenset(each.address.split("/")[2] for each in due),
            resolve=lambda host, port: ["127.0.0.1"],
        )
        began, before = time.perf_counter(), self.cpu()

        def take(source: int, outcome: Outcome) -> None:
            found.counts[type(outcome)] = found.counts.get(type(outcome), 0) + 1
            if source >= 0:
                found.last = time.perf_counter() - began
            if isinstance(outcome, Came) and source >= 0:
                found.titles.update(item.title for item in outcome.feed.items)

        poll(due, take=take, fetcher=fetcher, readers=self.readers, at=AT, courtesy=COURTESY)
        found.seconds, found.cpu = time.perf_counter() - began, self.cpu() - before
        return found

    def due(self, sources: int, *, edition: int, known: bool = False) -> list[Due]:
        etag: Callable[[int], str] = lambda outlet: f'"{outlet}-{edition}"' if known else ""  # noqa: E731
        return [Due(n, f"http://outlet-{n}.example:{self.port}/{n}/{edition}", Known(etag(n))) for n in range(sources)]

    def hostile(self) -> list[Due]:
        return [Due(-number, f"http://{how}-{number}.example:{self.port}/{how}") for number, how in enumerate(HOSTILE, start=1)]

    def cpu(self) -> float:
        """Of the readers too, but not of the outlets, which are the first child."""
        _, *readers = sorted(self.process.children(), key=lambda child: child.create_time())
        times = [each.cpu_times() for each in (self.process, *readers)]
        return sum(each.user + each.system for each in times)

    def rss(self) -> float:
        return self.process.memory_info().rss / MB


def expected(sources: int, edition: int) -> set[str]:
    return {title_of(outlet, edition, number) for outlet in range(sources) for number in range(ITEMS)}


def alone() -> float:
    """Seconds of processor to read a body, without any network."""
    bodies = [body_of(outlet, 0) for outlet in range(READ_ALONE)]
    before = time.process_time()
    for body in bodies:
        read(body, content_type="application/rss+xml", address="https://outlet.example/", at=AT)
    return (time.process_time() - before) / READ_ALONE


def main(sources: int) -> None:
    reading = alone()
    with outlets() as port, Readers() as readers:
        desk = Desk(port, readers, psutil.Process(os.getpid()))
        memory = []
        for edition in range(ROUNDS):
            changed = desk.round(desk.due(sources, edition=edition))
            memory.append(desk.rss())
            missing = expected(sources, edition) - changed.titles
            print(f"{len(changed.titles)} items of {sources} sources in {changed.seconds:.1f} s, {changed.cpu:.1f} s of CPU")
            print(f"{len(missing)} missing; {memory[-1]:.0f} MB", flush=True)
            if missing:
                sys.exit("Not all that was published has come.")
        unchanged = desk.round(desk.due(sources, edition=0, known=True))
        print(f"none of {unchanged.counts.get(Unchanged, 0)} has changed: {unchanged.seconds:.1f} s", flush=True)
        mixed = desk.round([*desk.hostile(), *desk.due(sources, edition=ROUNDS)])
        print(f"with {len(HOSTILE)} hostile: the last ordinary one after {mixed.last:.1f} s, all after {mixed.seconds:.1f} s")
        print({kind.__name__: count for kind, count in mixed.counts.items()}, f"{desk.rss():.0f} MB", flush=True)
        if expected(sources, ROUNDS) - mixed.titles:
            sys.exit("Not all that was published has come beside the hostile ones.")
    print(f"FIGURE polling_items_per_second={len(changed.titles) / changed.seconds:.0f}")
    print(f"FIGURE polling_sources_per_second_unchanged={sources / unchanged.seconds:.0f}")
    print(f"FIGURE polling_cpu_ms_per_source={changed.cpu / sources * 1000:.1f}")
    print(f"FIGURE polling_cpu_over_reading_alone={changed.cpu / sources / reading:.2f}")
    print(f"FIGURE polling_growth_mb={memory[-1] - memory[1]:.1f}")
    print(f"FIGURE polling_hostile_over_without={mixed.last / changed.last:.2f}")
    print(f"FIGURE polling_hostile_failed={mixed.counts.get(Failed, 0)}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SOURCES)
