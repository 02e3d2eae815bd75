"""How soon every process shuts out a reader whose standing shrank: `python -m bench.shutting`, on a database of its own.

Two servers, each with its own gate, on one database. A reader subscribes and reads at both; then ends at once, and is paid
back, through the product; both are asked without rest until they show the wall. What counts is the time from the moment at
which the shorter term is committed: until the last full answer that anybody got, and until the wall is shown. The clock is real,
and so is whatever else the machine does meanwhile. It prints JSON: the worst of all tries, in seconds.
"""

import http.client
import json
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

from bench.prepared import migrate
from bench.servers import served

# isort: split
from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_save

from broadsheet.access.terms import WALLS, Audience
from broadsheet.billing import actions
from broadsheet.kit import clock
from broadsheet.membership.models import Revocation
from broadsheet.till.client import InProcess
from tests import cast
from tests.billing.counter import Counter
from tests.gate.pressroom import press

TRIES, PATIENCE = 20, 60.0
PATH = "/briefings/a-river/"
PORT = int(os.environ.get("BENCH_PORT", "8111"))
PORTS = (PORT, PORT + 1)
FULL, WALL = "full", "preview"


@dataclass
class Device:
    """A browser at one server."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def reads(self) -> bool:
        way = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        way.request("GET", PATH, headers={"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())})
        answer = way.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self.cookies |= {name: part.value for name, part in SimpleCookie(value).items()}
        text = answer.read().decode().strip()
        way.close()
        if text not in (FULL, WALL):
            raise SystemExit(f"{answer.status} at {self.port}: {text[:300]}")
        return text == FULL

    def seen(self, *, reads: bool) -> tuple[float, float]:
        """The moments of the last answer that was not yet as it should be, and of the first that was."""
        began = last = time.monotonic()
        while self.reads() is not reads:
            last = time.monotonic()
            if last - began > PATIENCE:
                raise SystemExit(f"After {PATIENCE:.0f} s the server at {self.port} {'did not open' if reads else 'was open'}.")
        return last, time.monotonic()


def main() -> None:
    migrate()
    counter = Counter(at=clock.now())
    settings.STRIPE_HTTP_CLIENT = InProcess(counter.till)
    press(PATH, Audience.MEMBERS, full=FULL, previews=dict.fromkeys(WALLS, WALL))
    fay, price, committed = cast.fay(counter.at), counter.price(), list[float]()

    def note(**_: Any) -> None:
        transaction.on_commit(lambda: committed.append(time.monotonic()))

    post_save.connect(note, sender=Revocation)
    with ExitStack() as stack:
        for port in PORTS:
            stack.enter_context(served("broadsheet.config.wsgi:application", port=port, workers=1, environ={}, first=PATH))
        devices = [Device(port, {"session": cast.session_of(fay)}) for port in PORTS]
        pool = stack.enter_context(ThreadPoolExecutor(len(devices)))
        took = [_try(counter, pool, devices, committed, lambda: counter.subscribe(fay, price)) for _ in range(TRIES)]
    closed, walled = zip(*took, strict=True)
    print(json.dumps({"shrink_closes_s": max(closed), "shrink_walls_s": max(walled)}), flush=True)


def _try(
    counter: Counter, pool: ThreadPoolExecutor, devices: list[Device], committed: list[float], subscribe: Callable[[], Any]
) -> tuple[float, float]:
    """Seconds until the last full answer, and until the last of them showed the wall."""
    counter.at = clock.now()
    held = subscribe()
    list(pool.map(lambda device: device.seen(reads=True), devices))
    committed.clear()
    shut = [pool.submit(device.seen, reads=False) for device in devices]
    counter.at = clock.now()
    farewell = actions.farewell_of(held, at=counter.at)
    actions.end_now(held, farewell, promised=str(farewell.refund), at=counter.at)
    last_full, first_wall = zip(*(each.result() for each in shut), strict=True)
    return max(last_full) - committed[0], max(first_wall) - committed[0]


if __name__ == "__main__":
    main()
