"""How fast the library is searched, and how long an index takes: on the real library, and on it multiplied.

`python -m bench.search [TIMES …]`, as 1 10 64 for 15,639, 156,390 and 1,000,896 articles; those three without arguments. The
library is imported and printed once into `.state/bench/search`, and what was multiplied is kept there too (10 GB for a million,
an hour to build). Searches are the query that the view makes, one after another in one process; reference of the same run:
Wagtail's own search on SQLite, which has headlines and standfirsts alone.
"""

import json
import os
import sys
import time
from pathlib import Path

from bench.press import REAL, ROOT, environment, heaviest, importing, run, write_library

PLACE = ROOT / ".state" / "bench" / "search"
NAMES = {1: "15k", 10: "150k", 64: "1m"}
ARTICLES = 15_000


def main(times: list[int]) -> None:
    environ = environment(PLACE)
    prepare(environ)
    figures = _indexing(environ)
    for many in times:
        said = json.loads(run("-m", "bench.with_django", "bench.searching", str(many), environ=environ).splitlines()[-1])
        name = NAMES.get(many, f"{many}x")
        figures |= {f"{what}_{name}": value for what, value in said.items() if not what.startswith("suggest")}
        figures |= {what: value for what, value in said.items() if what.startswith("suggest")} if many == 1 else {}
    for name, value in figures.items():
        print(f"FIGURE {name}={value:.3g}")


def prepare(environ: dict[str, str]) -> None:
    if (PLACE / "imported").exists():
        return
    PLACE.mkdir(parents=True, exist_ok=True)
    library = REAL if REAL.exists() else write_library(PLACE / "library.jsonl", ARTICLES)
    run("-m", "bench.publishing", "found", environ=environ)
    importing(library, environ)
    print("Indexing for Wagtail's own search …", flush=True)
    run("manage.py", "update_index", "newsroom.Article", environ=environ)
    (PLACE / "imported").touch()


def _indexing(environ: dict[str, str]) -> dict[str, float]:
    """The operator's own command, from nothing."""
    print("Building the library's index …", flush=True)
    began = time.monotonic()
    pid = os.posix_spawn(
        sys.executable,
        [sys.executable, str(ROOT / "manage.py"), "index_library", "--anew"],
        {**os.environ, **environ},
    )
    with heaviest(pid) as weighed:
        if os.waitpid(pid, 0)[1]:
            raise SystemExit("The index could not be built.")
    took = time.monotonic() - began
    return {"index_15k_s": took, "index_peak_mb": weighed[0], "index_15k_mb": _megabytes(PLACE / "library")}


def _megabytes(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]] or list(NAMES))
