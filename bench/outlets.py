"""Outlets on loopback for `bench.wire`: each has an address of its own, and a feed that says when nothing is new.

`python -m bench.outlets PORT OUTLETS ITEMS`. Besides the good ones, at the addresses behind theirs: one that takes the question
and says nothing, one that sends a byte now and then without end, a bomb of gzip, and a nest of a million elements. `/new?N` has
outlet N publish what no other tells, once, `/more?N` a bulletin; `/shown?N` tells when that was first handed out, in seconds of
the machine's clock.
"""

import asyncio
import gzip
import json
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from xml.sax.saxutils import escape

from bench.headlines import headlines

HOSTILE = ("silent", "dripping", "bomb", "nest")
WITHIN = timedelta(days=1)
NEWS = (  # no two of one story, and none of a story that the headlines tell
    "Ferry pilots of Ostrand walk out over night shifts",
    "Archaeologists lift a bronze bell from the harbour of Quellmar",
    "Tarnovia's central bank doubles its reserve of copper",
    "Bees return to the rooftops of Helmsby after a decade",
    "Judges in Vorrain strike down a tax on bicycles",
    "A dam above Lissenmoor is to be taken down stone by stone",
    "Chess federation expels the club of Brackwater for forged scores",
    "Orchestra of Pellandine plays its last winter season",
    "Salt miners at Grauburg find a lake under their gallery",
    "Kestrel Airways grounds its seaplanes until spring",
    "Schoolteachers of Ardmouth win the right to teach outdoors",
    "Old cable across the Sound of Merrow carries data again",
    "Wheat growers in Sandrey quarrel with their cooperative's chair",
    "Museum at Yllington hands back forty carved doors",
    "Lighthouse keepers' pensions split the cabinet of Norhaven",
    "A comet hunter in Dellbruk names her find after a dog",
    "Tunnel under Mount Ivarn floods for the third time",
    "Police in Carrowmere seize a ton of counterfeit stamps",
    "Vineyards of Solanne report frost in the middle of May",
    "Parliament of Ustrell votes to move its capital inland",
    "Printers at the mint of Corvenna refuse the new banknote",
    "Shepherds block the motorway to Zelbridge with two thousand sheep",
    "Glassblowers of Imbrook open a night school",
    "Fever closes the zoo at Tallinghurst",
    "Divers map a forest under the Bay of Ennor",
)


@dataclass
class Outlet:
    number: int
    items: list[tuple[str, str, datetime]]
    version: int = 1
    shown: dict[int, float] = field(default_factory=dict)
    packed: bytes = b""

    def body(self) -> bytes:
        entries = "".join(
            f"<item><title>{escape(title)}</title><link>http://outlet-{self.number}.test/{place}</link><guid>{place}</guid>"
            f"<description>{escape(summary)}</description><pubDate>{format_datetime(moment)}</pubDate></item>"
            for place, (title, summary, moment) in enumerate(self.items)
        )
        head = f"<title>Outlet {self.number}</title><language>en</language>"
        return f'<rss version="2.0"><channel>{head}{entries}</channel></rss>'.encode()

    def publish(self, title: str) -> None:
        self.items.append((title, "", datetime.now(UTC)))
        self.packed, self.version = b"", self.version + 1


def address_of(number: int) -> str:
    return f"127.{20 + number // 10_000}.{number // 100 % 100}.{1 + number % 100}"


def outlets(count: int, items: int) -> list[Outlet]:
    """The same headlines each time, dated over the last day; of a story some outlets tell it, as in the collections."""
    said = headlines(count * items)
    now = datetime.now(UTC) - timedelta(seconds=1)
    made = []
    for number in range(count):
        own = said[number::count]
        moments = (now - WITHIN * ((place * count + number) / len(said)) for place in range(len(own)))
        made.append(Outlet(number, [(title, summary, moment) for (title, summary), moment in zip(own, moments, strict=True)]))
    return made


Write = Callable[[bytes], Awaitable[None]]


async def answer(known: list[Outlet], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        path, host = head.split(" ")[1], writer.get_extra_info("sockname")[0]
        _, block, hundreds, rest = map(int, host.split("."))
        number = (block - 20) * 10_000 + hundreds * 100 + rest - 1
        if path.startswith(("/new?", "/more?", "/shown?")):
            writer.write(said(told(known, path)))
        elif number >= len(known):
            await HOSTILITY[HOSTILE[number - len(known)]](writer)
        else:
            writer.write(fed(known[number], head))
        await writer.drain()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


def told(known: list[Outlet], path: str) -> bytes:
    command, _, number = path.partition("?")
    outlet = known[int(number)]
    if command == "/new":
        title = f"{NEWS[int(number) * len(NEWS) // len(known)]} ({number})"
        outlet.publish(title)
        return title.encode()
    if command == "/more":
        title = f"Bulletin {outlet.version} of outlet {number}: the council of its district met again"
        outlet.publish(title)
        return title.encode()
    return json.dumps(outlet.shown.get(outlet.version)).encode()


def fed(outlet: Outlet, head: str) -> bytes:
    etag = f'"{outlet.version}"'
    if f"If-None-Match: {etag}" in head:
        return f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\nConnection: close\r\n\r\n".encode()
    outlet.packed = outlet.packed or gzip.compress(outlet.body(), 5)
    outlet.shown.setdefault(outlet.version, time.time())
    return said(outlet.packed, f"ETag: {etag}\r\nContent-Encoding: gzip\r\nContent-Type: application/rss+xml\r\n")


def said(body: bytes, heads: str = "") -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n{heads}\r\n".encode() + body


@cache
def packed_gigabyte() -> bytes:
    return gzip.compress(bytes(1_000_000_000))


async def silent(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(600)


async def dripping(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n")
    for _ in range(6_000):
        writer.write(b"<")
        await writer.drain()
        await asyncio.sleep(0.1)


async def bomb(writer: asyncio.StreamWriter) -> None:
    writer.write(said(packed_gigabyte(), "Content-Encoding: gzip\r\n"))


async def nest(writer: asyncio.StreamWriter) -> None:
    writer.write(said(b"<rss><channel>" + b"<a>" * 1_000_000))


HOSTILITY = {"silent": silent, "dripping": dripping, "bomb": bomb, "nest": nest}


async def serve(port: int, count: int, items: int) -> None:
    known = outlets(count, items)
    hosts = [address_of(number) for number in range(count + len(HOSTILE))]
    servers = [await asyncio.start_server(lambda r, w: answer(known, r, w), hosts, port, limit=1 << 16, backlog=64)]
    packed_gigabyte()  # before anybody asks for it
    print("ready", flush=True)
    await asyncio.gather(*(server.serve_forever() for server in servers))


if __name__ == "__main__":
    asyncio.run(serve(*map(int, sys.argv[1:4])))
