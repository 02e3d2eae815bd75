"""How long publishing and importing take, and what a gate weighs.

`python -m bench.press [LIBRARY]`. LIBRARY is a file of JSON lines; without one the real library beside the project is taken where
it is present, else 15,000 articles of random words are written first. Publishing is measured at two gates, each a process of its
own, with the product's worker running, in that same library.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil

from bench.servers import Server, served

ROOT = Path(__file__).resolve().parent.parent
REAL = ROOT.parent / "shared" / "data" / "library.jsonl.zst"
SECRET = "the secret of a benchmark known to everybody who reads it"
PORT = int(os.environ.get("BENCH_PORT", "8111"))
ARTICLES, WORDS_AN_ARTICLE = 15_000, 900
COUNTRIES = ("AU", "US", "GB", "FR", "KE", "EG", "JP", "IN", "BR", "ID", "CN", "RU", "ML", "PE", "UA")
ROUNDS = 5


def main(library: Path | None) -> None:
    with tempfile.TemporaryDirectory(prefix="bench-press-") as folder:
        state = Path(folder)
        environ = environment(state)
        if library is None:
            library = REAL if REAL.exists() else write_library(state / "library.jsonl", ARTICLES)
        run("-m", "bench.publishing", "found", environ=environ)
        figures = importing(library, environ)
        figures |= publishing(environ)
        figures |= weight(environ)
    for name, value in figures.items():
        print(f"FIGURE {name}={value:.3g}")


def environment(state: Path) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "broadsheet.config.settings",
        "BROADSHEET_STATE": str(state),
        "BROADSHEET_SECRET_KEY": SECRET,
        "BROADSHEET_NAME": "The Bench",
    }


def run(*arguments: str, environ: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], env={**os.environ, **environ}, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def write_library(file: Path, count: int) -> Path:
    chance = random.Random(20260302)
    words = ["".join(chance.choices("abcdeghilmnoprstuv", k=chance.randint(2, 11))) for _ in range(8_000)]
    began = datetime(2006, 1, 1, 8, tzinfo=UTC)
    with file.open("w") as lines:
        for number in range(count):
            paragraphs = [" ".join(chance.choices(words, k=90)) for _ in range(WORDS_AN_ARTICLE // 90)]
            item = {
                "id": f"bench-{number}",
                "title": " ".join(chance.choices(words, k=7)),
                "standfirst": " ".join(chance.choices(words, k=20)),
                "date": (began + timedelta(hours=11 * number)).date().isoformat(),
                "authors": [f"Author {chance.randrange(200)}"],
                "source": "bench",
                "kind": "article",
                "regions": [],
                "countries": chance.sample(COUNTRIES, k=chance.randint(0, 3)),
                "topics": [f"Topic {chance.randrange(40)}"],
                "body_html": "".join(f"<p>{paragraph}.</p>" for paragraph in paragraphs),
                "licence": "CC0",
                "url": f"https://bench.example/{number}",
                "meta": {},
            }
            lines.write(json.dumps(item) + "\n")
    return file


def importing(library: Path, environ: dict[str, str]) -> dict[str, float]:
    """The operator's own command, from the first line to the last page."""
    print(f"Importing and printing {library.name} …", flush=True)
    command = [
        sys.executable,
        "-m",
        "broadsheet.config.cli",
        "import",
        "library",
        str(library),
        "--audiences-by-kind",
        "--folder",
        environ["BROADSHEET_STATE"],
    ]
    began = time.monotonic()
    process = subprocess.Popen(command, env={**os.environ, **environ}, cwd=ROOT)
    with heaviest(process.pid) as weighed:
        if process.wait() != 0:
            raise SystemExit("The import failed.")
    taken = time.monotonic() - began
    counted = json.loads(run("-m", "bench.publishing", "count", environ=environ))
    print(f"{counted['articles']:,} articles, {counted['slips']:,} slips, {counted['mb']:,.0f} MB of database.", flush=True)
    return {"import_press_s": taken, "import_peak_mb": weighed[0]}


@contextmanager
def heaviest(pid: int) -> Iterator[list[float]]:
    """The most megabytes that a process and its children held together; a page that they share counts once."""
    most, ended = [0.0], threading.Event()

    def look() -> None:
        while not ended.wait(0.1):
            try:
                tree = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
                most[0] = max(most[0], sum(each.memory_full_info().pss for each in tree) / 1e6)
            except psutil.Error:
                continue

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield most
    finally:
        ended.set()
        watcher.join()


def publishing(environ: dict[str, str]) -> dict[str, float]:
    """Published through Wagtail in a process of its own, as the desk's is; read at two gates."""
    print("Publishing …", flush=True)
    with ExitStack() as stack:
        for port in (PORT, PORT + 1):
            stack.enter_context(
                served("broadsheet.config.wsgi:application", port=port, workers=1, environ=environ, first="/latest/")
            )
        stack.enter_context(worker(environ))
        print(
            f"  what the import left to the worker took {run('-m', 'bench.publishing', 'settle', environ=environ).strip()} s",
            flush=True,
        )
        told = run("-m", "bench.publishing", "publish", str(ROUNDS), str(PORT), str(PORT + 1), environ=environ)
    rounds = [json.loads(line) for line in told.splitlines()]
    for each in rounds:
        print("  " + ", ".join(f"{name} {seconds:.2f} s" for name, seconds in each.items()))
    return {f"publish_{name}_s": max(each[name] for each in rounds) for name in ("live", "dependents", "withdrawn")}


@contextmanager
def worker(environ: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-m", "broadsheet.config.worker"], env={**os.environ, **environ}, cwd=ROOT)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=60)


def weight(environ: dict[str, str]) -> dict[str, float]:
    """A gate alone after every article was asked for once, and one with Django in it."""
    print("Weighing gates …", flush=True)
    paths = json.loads(run("-m", "bench.publishing", "paths", environ=environ))
    figures = {}
    for name, application in (("gate_rss_mb", "gate_alone"), ("gate_with_django_rss_mb", "wsgi")):
        with served(
            f"broadsheet.config.{application}:application", port=PORT, workers=1, environ=environ, first="/latest/"
        ) as server:
            ask_for(paths, server)
            figures[name] = server.rss()
            figures[name.replace("rss_mb", "start_s")] = server.started_in
    return figures


def ask_for(paths: list[str], server: Server) -> None:
    for path in paths:
        request = urllib.request.Request(f"http://127.0.0.1:{server.port}{path}", headers={"Accept-Encoding": "br"})
        with urllib.request.urlopen(request) as answer:
            answer.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else None)
