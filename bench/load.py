"""Asks at a constant rate, whatever the answers take, and says how long they took from the moment at which each was due.

Measured so, a server that stalls is charged for all who would have come meanwhile. `python -m bench.load PORT ASKS RATE SECONDS`,
where ASKS is a file as random_paths.lua reads it; prints JSON. Runs in a process of its own.
"""

import asyncio
import gc
import json
import random
import sys
import time
from itertools import count
from pathlib import Path

CONNECTIONS = 64


def requests_in(asks: Path) -> list[bytes]:
    requests = []
    for line in asks.read_text().splitlines():
        cookie, _, paths = line.partition("\t")
        sent = "" if cookie == "-" else f"Cookie: {cookie}\r\n"
        for path in paths.split():
            requests.append(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip, br\r\n{sent}\r\n".encode())
    return requests


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> bool:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
    await reader.readexactly(int(length or 0))
    return head.startswith(b"HTTP/1.1 200")


async def drive(port: int, requests: list[bytes], *, rate: float, seconds: float) -> dict[str, float]:
    chance, turn = random.Random(7), count()
    took: list[float] = []
    failed = 0
    streams = [await asyncio.open_connection("127.0.0.1", port) for _ in range(CONNECTIONS)]
    began = time.perf_counter() + 0.1

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal failed
        while (due := began + next(turn) / rate) < began + seconds:
            if (early := due - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            failed += not await ask(reader, writer, chance.choice(requests))
            took.append(time.perf_counter() - due)
        writer.close()

    await asyncio.gather(*(one(*stream) for stream in streams))
    took.sort()
    return {
        "asked": len(took),
        "failed": failed,
        "p50_ms": took[len(took) // 2] * 1_000,
        "p99_ms": took[len(took) * 99 // 100] * 1_000,
        "most_ms": took[-1] * 1_000,
    }


if __name__ == "__main__":
    port, asks, rate, seconds = sys.argv[1:]
    gc.disable()  # its pauses would be charged to the server
    print(json.dumps(asyncio.run(drive(int(port), requests_in(Path(asks)), rate=float(rate), seconds=float(seconds)))))
