"""What `bench.wire` has done by processes with Django in them.

`python -m bench.with_django bench.hearing found DOOR OUTLETS`: the sources are listed, and an editor's session is printed.
`… listen`: all of them are asked, as a worker does it, and what they brought is taken; then again, where nothing is new,
and where a few have published.
`… beside`: the same with hostile ones among them. `… due NUMBER`: one is due.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

from bench.outlets import HOSTILE, address_of
from bench.prepared import migrate
from broadsheet.config.working import whoami
from broadsheet.kit import clock
from broadsheet.wire.actions import listening
from broadsheet.wire.models import Item, Poll, Source, Story
from broadsheet.wire.running import Listening
from tests import cast

DEAD = "http://127.0.0.1:9/feed"  # nobody listens there
AGAIN = 5  # rounds in which nothing is new
READING, PUBLISHING = 10, 20  # rounds after them; outlets that publish before each
LONG = timedelta(hours=2)


def found(door: int, count: int) -> None:
    migrate()
    at = clock.now()
    edda = cast.edda(at)
    for number in range(count + len(HOSTILE)):
        name = f"Outlet {number}" if number < count else HOSTILE[number - count]
        source, _ = listening.add(f"http://{address_of(number)}:{door}/feed", name=name, at=at, listening=False)
        if number < count:
            Source.objects.filter(pk=source.pk).update(listened_since=at, next_at=at)
    listening.add(DEAD, name="dead", at=at, listening=False)
    print(json.dumps({"session": cast.session_of(edda)}))


def listen() -> None:
    """Figures of the first round, in which all is new, and of those after it."""
    hearing = Listening(holder=whoami(), clock=lambda: datetime.now(UTC))
    with measured() as first:
        asked = hearing.listen(until=datetime.now(UTC) + LONG)
    items, stories, after = Item.objects.count(), Story.objects.count(), rss()
    again = [heard_again(hearing) for _ in range(AGAIN)]
    unchanged = Poll.objects.filter(status=304).count() / AGAIN
    grew, read = grown(hearing)
    hearing.end()
    print(
        json.dumps(
            {
                "asked": asked,
                "items": items,
                "stories": stories,
                "failed": Poll.objects.exclude(trouble="").count(),
                **first,
                "rss": after,
                "grew": grew,
                "read": read,
                "rounds": READING,
                "again": sorted(again)[len(again) // 2],
                "unchanged": unchanged,
            }
        )
    )


def heard_again(hearing: Listening) -> float:
    """Seconds, for all of them."""
    all_due()
    with measured() as one:
        hearing.listen(until=datetime.now(UTC) + LONG)
    return one["seconds"]


def grown(hearing: Listening) -> tuple[float, int]:
    """Megabytes over rounds of which each has something to read, and how many pieces came in them.

    What the first of them loads it loads once, so what is taken since it ended is measured."""
    count, before, began = Source.objects.filter(name__startswith="Outlet ").count(), 0, 0.0
    for place in range(1 + READING):
        for number in range(place, count, 1 + READING)[:PUBLISHING]:
            publish(number)
        heard_again(hearing)
        if place == 0:
            before, began = Item.objects.count(), rss()
    return rss() - began, Item.objects.count() - before


def publish(number: int) -> None:
    """At the door of the first, which speaks for all."""
    door = urlsplit(Source.objects.get(name="Outlet 0").address)
    with urlopen(f"http://{door.netloc}/more?{number}", timeout=5):
        pass


def beside() -> None:
    """Seconds until the last good source was heard: by themselves, and among hostile ones. Seconds of all of them too."""
    good = list(Source.objects.filter(listened_since__isnull=False).values_list("pk", flat=True))
    alone, _ = heard(good)
    Source.objects.exclude(pk__in=good).update(listened_since=clock.now())
    among, whole = heard(good)
    failed = Source.objects.exclude(pk__in=good).filter(failures__gt=0).values_list("name", "trouble")
    print(json.dumps({"alone": alone, "among": among, "whole": whole, "failed": dict(failed)}))


def heard(good: list[int]) -> tuple[float, float]:
    hearing = Listening(holder=whoami(), clock=lambda: datetime.now(UTC))
    all_due()
    began = datetime.now(UTC)
    hearing.listen(until=began + LONG)
    ended = datetime.now(UTC)
    hearing.end()
    last = Poll.objects.filter(source__in=good, at__gte=began).latest("at").at
    return (last - began).total_seconds(), (ended - began).total_seconds()


def all_due() -> None:
    Source.objects.filter(listened_since__isnull=False).update(next_at=clock.now() - timedelta(seconds=1))


def due(number: int) -> None:
    Source.objects.filter(name=f"Outlet {number}").update(next_at=clock.now() - timedelta(seconds=1))


@contextmanager
def measured() -> Iterator[dict[str, float]]:
    figures: dict[str, float] = {}
    began, cpu = time.monotonic(), processor()
    yield figures
    figures |= {"seconds": time.monotonic() - began, "cpu": processor() - cpu}


def processor() -> float:
    """Of this process, and of those that read for it once they have ended."""
    return sum(
        used.ru_utime + used.ru_stime for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def rss() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


if __name__ == "__main__":
    command, *numbers = sys.argv[1:]
    commands: dict[str, Callable[..., None]] = {"found": found, "listen": listen, "beside": beside, "due": due}
    commands[command](*map(int, numbers))
