"""How well items that tell the same event are grouped as they arrive, on headlines that others have grouped: B-cubed F1.

`python -m bench.stories [FOLDER]`. Two streams, one setting: a day and a half of Google News (87 stories told by many), and two
years of what Wikipedia's current events cite (many events, few of them told twice). Each item is placed when it arrives, by its
headline alone, and stays where it was put. Constants were chosen on the first half of each stream; the rest is shown beside it.
Summaries of the second stream are left out: there an event's items share one.

References of the same run: one pass by tf-idf and one by MiniLM alone, each to the nearest middle with the threshold that fits it
best on the whole of the first stream, and with the same threshold on the second; and each item a story of its own.
"""

import gzip
import json
import math
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from broadsheet.library.minilm import SHA256, MiniLM
from broadsheet.wire.grouping import DAYS, Grouper, Telling

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data"
CACHE = Path(__file__).resolve().parents[1] / ".state" / "bench"
MANY = 50_000  # items within the days of which stories are kept
Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Stream:
    """In the order of arrival; `stories` as others have grouped them, by the name of that grouping."""

    name: str
    items: list[Telling]
    stories: Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Score:
    f1: float
    precision: float
    recall: float

    def __str__(self) -> str:
        return f"F1 {self.f1:.3f} (precision {self.precision:.3f}, recall {self.recall:.3f})"


def b_cubed(found: Sequence[int], wanted: Sequence[str]) -> Score:
    """The mean over items of how much of its story is rightly there, and how much of what ought to be there is."""
    ours, theirs, both = Counter(found), Counter(wanted), Counter(zip(found, wanted, strict=True))
    precision = sum(many * many / ours[story] for (story, _), many in both.items()) / len(found)
    recall = sum(many * many / theirs[story] for (_, story), many in both.items()) / len(found)
    return Score(2 * precision * recall / (precision + recall), precision, recall)


# The streams


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.decompress(file.read_bytes()).decode().splitlines()]


def telling(number: int, *, title: str, outlet: str, published: datetime) -> Telling:
    return Telling(number, title, "", outlet, published, "en", frozenset(), "", None)


def headlines(folder: Path) -> Stream:
    rows = lines(folder / "judged" / "uci_stories" / "items.jsonl.gz")
    items = [
        telling(number, title=row["title"], outlet=row["host"], published=datetime.fromtimestamp(row["ts"] / 1_000, UTC))
        for number, row in enumerate(rows)
    ]
    return Stream("uci", items, {"story": [row["story"] for row in rows]})


def events(folder: Path) -> Stream:
    rows = [row for row in lines(folder / "wire" / "wire.jsonl.gz") if row["labels"]]
    items = [
        telling(number, title=row["title"], outlet=row["source"]["name"], published=datetime.fromisoformat(row["published"]))
        for number, row in enumerate(rows)
    ]
    return Stream("wire", items, {name: [row["labels"][name] for row in rows] for name in ("event", "story_run")})


def directions(stream: Stream) -> Vectors:
    """Embedded once: they stay beside the demo's state, named by the model and the texts."""
    titles = [item.title for item in stream.items]
    file = CACHE / f"stories-{stream.name}-{sha256((SHA256 + chr(0).join(titles)).encode()).hexdigest()[:16]}.npy"
    if not file.exists():
        print(f"Embedding {len(titles):,} headlines of {stream.name} …", flush=True)
        CACHE.mkdir(parents=True, exist_ok=True)
        np.save(file, MiniLM().embed(titles))
    vectors: Vectors = np.load(file)
    return vectors


def with_meaning(stream: Stream, vectors: Vectors) -> Stream:
    return replace(stream, items=[replace(item, vector=vectors[n].tolist()) for n, item in enumerate(stream.items)])


def at_one_moment(stream: Stream) -> Stream:
    """Nothing to go by but what is said: the stories of the first stream come in bursts, as they were collected."""
    return replace(stream, items=[replace(item, published=stream.items[0].published) for item in stream.items])


# Grouping: each gives the story of every item


def ours(stream: Stream) -> list[int]:
    """As the wire does it: each where it is placed, and what is older than the days forgotten once a day."""
    grouper, stories, today = Grouper(), list[int](), stream.items[0].published.date()
    for item in stream.items:
        if item.published.date() != today:
            today = item.published.date()
            grouper.forget(before=item.published - DAYS)
        story = grouper.place(item, item.published).story
        stories.append(item.id if story is None else story)
        grouper.put(item, stories[-1])
    return stories


def tf_idf(stream: Stream, *, least: float) -> list[int]:
    """Reference: to the story with the nearest middle, rarity as known so far, among those of the last days."""
    known, stories = Counter[str](), list[int]()
    places: defaultdict[str, dict[int, float]] = defaultdict(dict)
    lengths: dict[int, float] = {}  # squared
    last: dict[int, datetime] = {}
    for item in stream.items:
        words = Counter("".join(c if c.isalnum() else " " for c in item.title.lower()).split())
        known.update(words.keys())
        weights = {word: times * math.log((len(stories) + 2) / known[word]) for word, times in words.items()}
        length = math.sqrt(sum(weight**2 for weight in weights.values())) or 1.0
        likeness: defaultdict[int, float] = defaultdict(float)
        for word, weight in weights.items():
            for story, other in places[word].items():
                likeness[story] += weight / length * other
        recent = [story for story in likeness if last[story] >= item.published - DAYS]
        best = max(recent, key=lambda story: likeness[story] / math.sqrt(lengths[story]), default=-1)
        begins = best < 0 or likeness[best] / math.sqrt(lengths[best]) < least
        story = item.id if begins else best
        last[story] = item.published
        lengths[story] = lengths.get(story, 0.0) + 2 * likeness.get(story, 0.0) + 1
        for word, weight in weights.items():
            places[word][story] = places[word].get(story, 0.0) + weight / length
        stories.append(story)
    return stories


def by_vector(stream: Stream, *, least: float) -> list[int]:
    """Reference: to the story with the nearest middle among those of the last days."""
    stories, middles, last = list[int](), dict[int, Vectors](), dict[int, datetime]()
    for item in stream.items:
        vector = np.asarray(item.vector, np.float32)
        known = [story for story, at in last.items() if at >= item.published - DAYS]
        middles, last = {story: middles[story] for story in known}, {story: last[story] for story in known}
        summed = np.stack(list(middles.values())) if known else np.zeros((1, len(vector)), np.float32)
        likeness = summed @ vector / np.maximum(np.linalg.norm(summed, axis=1), 1e-9)
        best = int(likeness.argmax())
        story = known[best] if known and likeness[best] >= least else item.id
        middles[story], last[story] = middles.get(story, 0) + vector, item.published
        stories.append(story)
    return stories


def reference(title: str, group: Callable[..., list[int]], streams: Sequence[Stream], thresholds: Iterable[float]) -> None:
    first, second = streams
    found = {least: group(first, least=least) for least in thresholds}
    least = max(found, key=lambda least: b_cubed(found[least], first.stories["story"]).f1)
    told(f"{title}, from {least}", first, found[least])
    told(f"{title}, from {least}", second, group(second, least=least))


# Speed


def a_busy_week(streams: Sequence[Stream]) -> Stream:
    """Headlines put together of the halves of two, so that all differ, one after the other within the days of a story."""
    pool = [item for stream in streams for item in stream.items]
    items = []
    for number in range(MANY):
        one, other = pool[number * 7 % len(pool)], pool[(number * 7 + number // len(pool) * 11) % len(pool)]
        words, rest = one.title.split(), other.title.split()
        title = " ".join(words[: len(words) // 2 + 1] + rest[len(rest) // 2 :])
        items.append(replace(one, id=number, title=title, published=pool[0].published + number * DAYS / MANY))
    return Stream("a busy week", items, {})


def pace(stream: Stream) -> tuple[float, float]:
    """Items a second of the processor's time, of all and of the last tenth."""
    grouper, moments = Grouper(), [time.process_time()]
    for item in stream.items:
        story = grouper.place(item, item.published).story
        grouper.put(item, item.id if story is None else story)
        moments.append(time.process_time())
    tenth = len(stream.items) // 10
    return len(stream.items) / (moments[-1] - moments[0]), tenth / (moments[-1] - moments[-1 - tenth])


def told(title: str, stream: Stream, found: Sequence[int]) -> dict[str, Score]:
    """Printed: all of it, and the first half, on which constants were chosen, beside the rest."""
    scores, half = {}, len(found) // 2
    for name, wanted in stream.stories.items():
        scores[name] = b_cubed(found, wanted)
        halves = ", ".join(f"{b_cubed(found[part], wanted[part]).f1:.3f}" for part in (slice(half), slice(half, None)))
        print(f"{stream.name:5}{name:10}{title:34}{scores[name]}; halves {halves}", flush=True)
    return scores


def main(folder: Path) -> None:
    if not folder.exists():
        raise SystemExit(f"There are no streams in {folder}: name a folder of them.")
    words = [headlines(folder), events(folder)]
    meaning = [with_meaning(stream, directions(stream)) for stream in words]
    uci, wire = meaning
    for stream in meaning:
        told("each alone", stream, range(len(stream.items)))
    reference("tf-idf", tf_idf, words, (0.05, 0.075, 0.1, 0.125, 0.15))
    reference("MiniLM alone", by_vector, meaning, (0.3, 0.35, 0.375, 0.4))
    by_words = told("words alone", words[0], ours(words[0]))
    told("words alone", words[1], ours(words[1]))
    best = told("with meaning", uci, ours(uci))["story"]
    told("with meaning, without times", uci, ours(at_one_moment(uci)))
    of_wire = told("with meaning", wire, ours(wire))
    all_week, at_its_end = pace(a_busy_week(meaning))
    print(
        f"{MANY:,} items within {DAYS.days} days: {all_week:,.0f} a second, the last tenth {at_its_end:,.0f} (processor's time)"
    )
    figures = {
        "stories_f1": best.f1,
        "stories_precision": best.precision,
        "stories_recall": best.recall,
        "stories_f1_words": by_words["story"].f1,
        "wire_f1": of_wire["event"].f1,
        "wire_precision": of_wire["event"].precision,
        "wire_f1_runs": of_wire["story_run"].f1,
    }
    for name, value in figures.items():
        print(f"FIGURE {name}={value:.4f}")
    print(f"FIGURE items_a_second={all_week:.0f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else BESIDE)
