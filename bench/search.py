"""How fast the library is searched, and how long an index takes: on the real library, and on it multiplied.

`python -m bench.search [--postgres] [TIMES …]`, as 1 10 64 for 15,639, 156,390 and 1,000,896 articles; those three without
arguments. The library is imported and printed once into `.state/bench/search`, and what was multiplied is kept there too (some
6 GB for a million; built straight, see `bench.searching`). Searches are asked of the view, one after another in one process, by
subscribers, strangers and a reader with thirty metered articles open, by words alone: what meaning adds to each search is
`embed_a_query_p50_ms`, where its extra is installed. Reference of the same run: Wagtail's own search on SQLite, which has
headlines and standfirsts alone. `--postgres` (in `make bench-search`) has it on PostgreSQL too, a throwaway one that the library
is imported into once more.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from bench.press import REAL, ROOT, environment, heaviest, importing, run, write_library
from tests.postgres import start

PLACE = ROOT / ".state" / "bench" / "search"
NAMES = {1: "15k", 10: "150k", 64: "1m"}
ARTICLES = 15_000
ONCE = ("suggest", "embed")  # figures of the library itself alone


def main(times: list[int], *, postgres: bool) -> None:
    environ = environment(PLACE)
    prepare(PLACE, environ)
    figures = _indexing(environ)
    for many in times:
        said = json.loads(run("-m", "bench.with_django", "bench.searching", str(many), environ=environ).splitlines()[-1])
        name = NAMES.get(many, f"{many}x")
        figures |= {f"{what}_{name}": value for what, value in said.items() if not what.startswith(ONCE)}
        figures |= {what: value for what, value in said.items() if what.startswith(ONCE)} if many == 1 else {}
    if postgres:
        figures["wagtail_postgres_p50_ms"] = _by_postgres()
    for name, value in figures.items():
        print(f"FIGURE {name}={value:.3g}")


def _by_postgres() -> float:
    with tempfile.TemporaryDirectory(prefix="bench-search-") as folder:
        environ = environment(Path(folder)) | {"BROADSHEET_DATABASE_URL": start()}
        prepare(Path(folder), environ)
        said = json.loads(run("-m", "bench.with_django", "bench.searching", "0", environ=environ).splitlines()[-1])
        return float(said["wagtail_p50_ms"])


def prepare(place: Path, environ: dict[str, str]) -> None:
    if (place / "imported").exists():
        return
    place.mkdir(parents=True, exist_ok=True)
    library = REAL if REAL.exists() else write_library(place / "library.jsonl", ARTICLES)
    run("-m", "bench.publishing", "found", environ=environ)
    importing(library, environ)
    print("Indexing for Wagtail's own search …", flush=True)
    run("manage.py", "update_index", environ=environ)
    (place / "imported").touch()


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
    main([int(each) for each in sys.argv[1:] if each.isdigit()] or list(NAMES), postgres="--postgres" in sys.argv)
