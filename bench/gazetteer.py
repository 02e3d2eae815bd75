"""How well and how fast countries, leaders and organisations are found in a text.

`python -m bench.gazetteer [LIBRARY]`. Well: on the texts that the tests judge, ours. Fast: on a library of JSON lines (.zst), the
real one beside the project where it is present; its country tags were made by machine, so what they say of us is no figure.
"""

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterable
from datetime import date
from itertools import islice
from pathlib import Path

import zstandard

from broadsheet.library import policy
from broadsheet.library.gazetteer import Mention, shipped
from broadsheet.library.gleaning import plain
from tests.library.test_gazetteer import found, judged

REAL = Path(__file__).resolve().parents[2] / "shared" / "data" / "library.jsonl.zst"
MOST, EVERY = 3_000, 5  # articles, evenly taken
WORDS = 15_000 * 900  # of the library that all figures of speed are about
CODE = re.compile(r"country:([A-Z]{2})")


def main(library: Path | None) -> None:
    counted: Counter[str] = Counter()
    for one in judged():
        named = found(one.text, on=one.on)
        counted.update(right=len(named & one.right), named=len(named), wanted=len(one.right))
    precision, recall, f1 = scores(counted)
    print(f"On {len(judged())} judged texts of ours: precision {precision:.3f}, recall {recall:.3f}.")
    print(f"FIGURE gazetteer_f1={f1:.3f}")
    if library:
        measure(library)


def scores(counted: Counter[str]) -> tuple[float, float, float]:
    precision, recall = counted["right"] / counted["named"], counted["right"] / counted["wanted"]
    return precision, recall, 2 * precision * recall / (precision + recall)


def measure(library: Path) -> None:
    gazetteer, taken, words = shipped(), 0.0, 0
    counted: Counter[str] = Counter()
    for item in items(library):
        head = f"{item['title']}\n{item['standfirst'] or ''}\n"
        text = head + plain(item["body_html"])
        began = time.process_time()
        mentions = gazetteer.find(text, on=date.fromisoformat(item["date"]))
        taken += time.process_time() - began
        words += len(text.split())
        named, wanted = about(mentions, item, words=len(text.split())), set(item["countries"])
        counted.update(right=len(named & wanted), named=len(named), wanted=len(wanted))
    precision, recall, f1 = scores(counted)
    print(f"Against the library's own tags, made by machine: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}.")
    print(f"FIGURE gazetteer_15k_s={taken / words * WORDS:.3g}")


def items(library: Path) -> Iterable[dict]:
    with zstandard.open(library, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, islice(lines, 0, MOST * EVERY, EVERY))


def about(mentions: Iterable[Mention], item: dict, *, words: int) -> set[str]:
    """The countries that an article is about, as the library's pages take it."""
    in_headline = len(item["title"])
    in_standfirst = in_headline + 1 + len(item["standfirst"] or "")
    weights: Counter[str] = Counter()
    for mention in mentions:
        if code := CODE.match(mention.key):
            weights[code[1]] += policy.weight_at(mention.start, in_headline=in_headline, in_standfirst=in_standfirst)
    return {code for code, weight in weights.items() if policy.is_about(weight, words=words)}


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else REAL if REAL.exists() else None)
