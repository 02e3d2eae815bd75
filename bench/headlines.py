"""Real headlines, as many as are asked for, no two alike: of the wire, of the labelled streams, then the library's sentences."""

import gzip
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import zstandard

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SENTENCE = re.compile(r"<p>([A-Z][^<]{60,220}?[.?!])(?:\s|<)")


def headlines(count: int) -> list[tuple[str, str]]:
    """Title and summary, in an order in which those of one story stand near each other."""
    found: dict[str, str] = {}
    for title, summary in _all():
        found.setdefault(title, summary)
        if len(found) == count:
            return list(found.items())
    raise SystemExit(f"There are only {len(found)} headlines in {DATA}.")


def _all() -> Iterator[tuple[str, str]]:
    with gzip.open(DATA / "wire" / "wire.jsonl.gz", "rt") as lines:
        for row in map(json.loads, lines):
            yield row["title"], row.get("summary") or ""
    with gzip.open(DATA / "judged" / "uci_stories" / "items.jsonl.gz", "rt") as lines:
        for row in map(json.loads, lines):
            yield row["title"] if "title" in row else row["text"], ""
    with (DATA / "library.jsonl.zst").open("rb") as packed:
        for line in io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(packed)):
            row = json.loads(line)
            for sentence in SENTENCE.findall(row["body_html"])[:4]:
                yield sentence[:140], row["standfirst"] or ""
