"""Whether briefs set side by side what articles say against each other, and nothing that only sounds so.

`python -m bench.contradictions`. Into a small library, imported and indexed once, come sixty pairs of articles of ours
(`judged/contradictions.jsonl`): thirty contradict each other, thirty only look as if they did. All were written before any rule
was. Each pair's question is asked; every disagreement that is shown is counted as the pair's own, or as false.

What stands under an odd number may be looked at while rules are improved; what stands under an even one measures them.
"""

import json
import sys
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any

from bench.press import ROOT, environment, importing, run

PLACE = ROOT / ".state" / "bench" / "contradictions"
PAIRS = ROOT / "bench" / "judged" / "contradictions.jsonl"
REAL = ROOT.parent / "shared" / "data" / "library-small.jsonl"


def main() -> None:
    environ = environment(PLACE)
    prepare(environ)
    environ |= {"OMP_NUM_THREADS": "1"}
    said = run("-m", "bench.with_django", "bench.contradictions_asked", str(PAIRS), environ=environ)
    figures = json.loads(said.splitlines()[-1])
    for name, value in figures.items():
        print(f"FIGURE {name}={value:.4g}")


def prepare(environ: dict[str, str]) -> None:
    library = "".join(f"{line}\n" for line in _lines())
    digest = blake2b(library.encode()).hexdigest()
    stamp = PLACE / "imported"
    if stamp.exists() and stamp.read_text() == digest:
        return
    if PLACE.exists():
        raise SystemExit(f"{PLACE} was made of other data: remove it, and it is made anew.")
    PLACE.mkdir(parents=True)
    file = PLACE / "library.jsonl"
    file.write_text(library)
    run("-m", "bench.publishing", "found", environ=environ)
    importing(file, environ)
    run("manage.py", "index_library", "--anew", environ=environ)
    stamp.write_text(digest)


def _lines() -> Iterator[str]:
    """Without the real library the pairs stand alone."""
    if REAL.exists():
        yield from REAL.read_text().splitlines()
    else:
        print("The small library is not there: the pairs are asked about by themselves.", file=sys.stderr)
    for pair in pairs(PAIRS):
        for side in ("a", "b"):
            yield json.dumps(_document(f"pair-{pair['id']}{side}", pair[side]))


def pairs(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def _document(name: str, article: dict[str, str]) -> dict[str, Any]:
    return {
        "id": name,
        "title": article["title"],
        "standfirst": None,
        "date": article["date"],
        "authors": [article["author"]],
        "source": "bench",
        "kind": "article",
        "regions": [],
        "countries": [],
        "topics": [],
        "body_html": f"<p>{article['text']}</p>",
        "licence": "ours",
        "url": f"https://bench.example/{name}",
        "meta": {},
    }


if __name__ == "__main__":
    main()
