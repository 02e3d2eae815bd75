"""How fast other outlets' feeds are heard and grouped, what that takes of the machine, and how soon a curator sees what is new.

`python -m bench.wire [OUTLETS] [ITEMS]`. Each outlet has an address of its own on loopback, and real headlines. The product's own
worker asks them all, takes what they have and puts each item in its story; then asks again where nothing is new, and where a few
have published since; then with a dead one, a silent one, one that drips, a bomb and a nest among them. Last, beside a whole house
(web processes and worker) outlets publish one item each, and the curators' desk is asked until it shows it. The reference is
feedparser alone, on the same bodies.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import feedparser

from bench.mail import SECRET
from bench.outlets import HOSTILE, address_of, outlets
from bench.press import ROOT, run

DOOR, PORT = 8765, 8766
OUTLETS, ITEMS = 500, 100
PROBES, PATIENCE = 20, 60  # seconds
MOST_LOOKED_AT = 50  # bodies that feedparser alone reads


def main(count: int, items: int) -> None:
    with tempfile.TemporaryDirectory(prefix="bench-wire-") as folder, published(count, items):
        environ = environment(Path(folder), count)
        session = said_by("found", str(DOOR), str(count), environ=environ)["session"]
        print(f"{count} outlets, {count * items:,} items.", flush=True)
        first = said_by("listen", environ=environ)
        print(
            f"All {first['items']:,} items of {first['asked']} sources taken in {first['seconds']:.1f} s, into"
            f" {first['stories']:,} stories; again, with nothing new, in {first['again']:.2f} s."
            f" Then {first['read']} pieces came in {first['rounds']} rounds.",
            flush=True,
        )
        beside = said_by("beside", environ=environ)
        print(
            f"Good ones heard in {beside['alone']:.2f} s by themselves, in {beside['among']:.2f} s among hostile ones:",
            flush=True,
        )
        for name, trouble in beside["failed"].items():
            print(f"  {name}: {trouble}")
        soon = to_the_desk(environ, session, count)
    alone = feedparser_alone(count, items)
    rate = first["items"] / first["seconds"]
    print(f"feedparser alone reads {alone:,.0f} items a second; all of ours takes in {rate:,.0f}.")
    print(f"FIGURE wire_items_a_second={rate:.4g}")
    print(f"FIGURE wire_to_feedparser_ratio={rate / alone:.3g}")
    print(f"FIGURE wire_cpu_ms_an_item={first['cpu'] / first['items'] * 1e3:.3g}")
    print(f"FIGURE wire_unchanged_sources_a_second={count / first['again']:.4g}")
    print(f"FIGURE wire_rss_mb={first['rss']:.4g}")
    print(f"FIGURE wire_rss_growth_mb={first['grew']:.3g}")
    print(f"FIGURE wire_missing={count * items - first['items']}")
    print(f"FIGURE wire_hostile_delay_s={beside['among'] - beside['alone']:.3g}")
    print(f"FIGURE wire_to_desk_p50_s={soon[len(soon) // 2]:.3g}")
    print(f"FIGURE wire_to_desk_most_s={soon[-1]:.3g}")
    whole = first["items"] == count * items and set(beside["failed"]) >= {"dead", "silent", "dripping", "bomb"}
    sys.exit(0 if whole and soon[-1] < 2 else 1)


def environment(state: Path, count: int) -> dict[str, str]:
    doors = ",".join(f"{address_of(number)}:{DOOR}" for number in range(count + len(HOSTILE)))
    return {
        "DJANGO_SETTINGS_MODULE": "broadsheet.config.settings",
        "BROADSHEET_STATE": str(state),
        "BROADSHEET_SECRET_KEY": SECRET,
        "BROADSHEET_NAME": "The Review",
        "BROADSHEET_URL": f"http://127.0.0.1:{PORT}",
        "BROADSHEET_WIRE_VOUCHED_FOR": doors,
    }


def said_by(*words: str, environ: dict[str, str]) -> dict:
    said: dict = json.loads(run("-m", "bench.with_django", "bench.hearing", *words, environ=environ).splitlines()[-1])
    return said


@contextmanager
def published(count: int, items: int) -> Iterator[None]:
    command = [sys.executable, "-m", "bench.outlets", str(DOOR), str(count), str(items)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        if process.stdout.readline().strip() != "ready":
            raise SystemExit("The outlets did not start.")
        yield
    finally:
        process.kill()
        process.wait()


def feedparser_alone(count: int, items: int) -> float:
    """Items a second."""
    bodies = [outlet.body() for outlet in outlets(count, items)[:MOST_LOOKED_AT]]
    began = time.monotonic()
    read = sum(len(feedparser.parse(body).entries) for body in bodies)
    return read / (time.monotonic() - began)


# A whole house


@contextmanager
def house(environ: dict[str, str]) -> Iterator[None]:
    command = [sys.executable, "-m", "broadsheet.config.cli", "serve", environ["BROADSHEET_STATE"], "--port", str(PORT)]
    process = subprocess.Popen(command, env={**os.environ, **environ}, cwd=ROOT)
    try:
        for _ in range(PATIENCE * 10):
            if process.poll() is not None:
                raise SystemExit("The house did not open.")
            if asked("/", "") is not None:
                break
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


def to_the_desk(environ: dict[str, str], session: str, count: int) -> list[float]:
    """Seconds from the moment at which an outlet handed an item out until the desk, asked five times a second, showed it."""
    with house(environ):
        probes = [_probe(number, environ, session) for number in range(0, count, max(1, count // PROBES))]
    return sorted(probes[1:])  # the first waits until the worker, just begun, has read the stories that there are


def _probe(number: int, environ: dict[str, str], session: str) -> float:
    page = asked("/admin/wire/", session) or ""
    change = re.search(r'data-change="(\d+)"', page)
    if not change:
        raise SystemExit("The desk did not open.")
    title = outlet(f"/new?{number}")
    run("-m", "bench.with_django", "bench.hearing", "due", str(number), environ=environ)
    return _seen(number, title, int(change[1]), session)


def _seen(number: int, title: str, change: int, session: str) -> float:
    """As the desk's page does: it asks for what is other since the last answer."""
    for _ in range(PATIENCE * 5):
        said = asked(f"/admin/wire/since/{change}/", session)
        if said and title.partition("'")[0] in said:
            return time.time() - float(json.loads(outlet(f"/shown?{number}")))
        change = json.loads(said)["change"] if said else change
        time.sleep(0.2)
    raise SystemExit(f"The desk did not show what outlet {number} published within {PATIENCE} s.")


def outlet(path: str) -> str:
    with urllib.request.urlopen(f"http://{address_of(0)}:{DOOR}{path}", timeout=5) as answer:
        said: str = answer.read().decode()
        return said


def asked(path: str, session: str) -> str | None:
    """None where nobody answers."""
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", headers={"Cookie": f"session={session}"})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            said: str = answer.read().decode()
            return said
    except (urllib.error.URLError, ConnectionError):
        return None


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3] or (OUTLETS, ITEMS)))
