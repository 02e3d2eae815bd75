"""What the gate costs: processor time as a multiple of the same server sending the same bytes; waiting times; memory.

`python -m bench.gate [ARTICLES]`. The processor's seconds are those of the server's processes alone, so that the load beside them
matters little; waiting times need a machine that is otherwise quiet.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from bench.library import path_of, story_of
from bench.servers import Server, served
from broadsheet.access.passes import MOST_OPENED, Pass, pass_signer, seal, short

SECRET = "the secret of a benchmark known to everybody who reads it"
PORT = int(os.environ.get("BENCH_PORT", "8101"))
WORKERS = 2
ROUNDS, SECONDS = 9, 2
RATE, RATE_SECONDS, WINDOWS = 1_000, 5, 5
SLOW_AT_ONCE = 4
HERE = Path(__file__).resolve().parent


def main(articles: int) -> None:
    with tempfile.TemporaryDirectory(prefix="bench-gate-") as folder:
        state = Path(folder)
        environ = environment(state)
        print(f"Building {articles:,} articles …", flush=True)
        run("-m", "django", "migrate", "--verbosity=0", environ=environ)
        run("-m", "django", "createcachetable", environ=environ)
        run("-m", "django", "collectstatic", "--noinput", "--verbosity=0", environ=environ)
        run("-m", "bench.library", str(articles), environ=environ)
        asks = {name: state / f"{name}.asks" for name in ("member", "stranger", "metered")}
        write_asks(asks, articles)
        figures = {**cost(asks, environ), **patience(asks, environ), **weight(asks, environ)}
    for name, value in figures.items():
        print(f"FIGURE {name}={value:.3g}")


def environment(state: Path) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "BROADSHEET_STATE": str(state),
        "BROADSHEET_DATABASE_URL": f"sqlite:///{state}/bench.sqlite3",
        "BROADSHEET_SECRET_KEY": SECRET,
    }


def run(*arguments: str, environ: dict[str, str]) -> None:
    subprocess.run([sys.executable, *arguments], env={**os.environ, **environ}, check=True)


def write_asks(asks: dict[str, Path], articles: int) -> None:
    """Readers of each sort, and all articles among them: a stranger's and a member's any, a metered reader's own fifty."""
    all_paths = " ".join(map(path_of, range(articles)))
    shares = [range(first, min(first + MOST_OPENED, articles)) for first in range(0, articles, MOST_OPENED)]
    asks["stranger"].write_text(f"-\t{all_paths}\n")
    asks["member"].write_text("".join(_line(n, share, entitled=True) for n, share in enumerate(shares)))
    asks["metered"].write_text("".join(_line(n, share, entitled=False) for n, share in enumerate(shares)))


def _line(number: int, share: range, *, entitled: bool) -> str:
    now, session = int(time.time()), f"{number:032d}"
    a_pass = Pass(
        reader=number,
        session=short(session),
        generation=0,
        made_at=now,
        expires_at=now + 7_200,
        confirmed=True,
        entitled_until=now + 86_400 if entitled else 0,
        meter_ends_at=now + 86_400,
        opened=frozenset() if entitled else frozenset(short(story_of(each)) for each in share),
    )
    return f"session={session}; pass={seal(a_pass, pass_signer((SECRET,)))}\t{' '.join(map(path_of, share))}\n"


def cost(asks: dict[str, Path], environ: dict[str, str]) -> dict[str, float]:
    """Processor seconds a 1,000 requests, in turns, so that what else the machine does falls on all alike."""
    with ExitStack() as stack:
        enter = stack.enter_context
        common: dict[str, Any] = {"workers": WORKERS, "first": path_of(0)}
        full = enter(served("bench.reference:application", port=PORT, environ={**environ, "BENCH_CUT": "full"}, **common))
        cut = enter(served("bench.reference:application", port=PORT + 1, environ={**environ, "BENCH_CUT": "cut"}, **common))
        gate = enter(served("broadsheet.config.wsgi:application", port=PORT + 2, environ=environ, **common))
        for name in asks:
            warm(gate, asks[name])
        turns = [("member", full), ("metered", full), ("stranger", cut)]
        measured = [(name, per_thousand(ready, asks[name]), per_thousand(gate, asks[name])) for name, ready in turns * ROUNDS]
    figures = {}
    for name, _ in turns:
        pairs = [(ready, ours) for asked, ready, ours in measured if asked == name]
        print(name, *(f"{ours:.4f}/{ready:.4f}" for ready, ours in pairs), "CPU s / 1,000, gate / ready bytes")
        figures[f"gate_{name}_cpu_ratio"] = statistics.median(ours / ready for ready, ours in pairs)
        figures[f"gate_{name}_cpu_s_1000"] = statistics.median(ours for _, ours in pairs)
    return figures


def per_thousand(server: Server, asks: Path) -> float:
    before = server.cpu()
    command = ["wrk", "-t1", "-c16", f"-d{SECONDS}s", "-s", str(HERE / "random_paths.lua"), f"http://127.0.0.1:{server.port}"]
    said = subprocess.run([*command, "--", str(asks), str(time.time_ns() % 10_000)], capture_output=True, text=True, check=True)
    if "Non-2xx" in said.stdout or "Socket errors" in said.stdout:
        raise SystemExit(f"Not every answer was a page:\n{said.stdout}")
    requests = int(next(line for line in said.stdout.splitlines() if "requests in" in line).split()[0])
    return (server.cpu() - before) / requests * 1_000


def warm(server: Server, asks: Path) -> None:
    """Enough requests at random that nearly every page has been asked of each worker."""
    for _ in range(6):
        per_thousand(server, asks)


def patience(asks: dict[str, Path], environ: dict[str, str]) -> dict[str, float]:
    """99th percentiles in milliseconds: of several windows the middle one, so that one disturbance does not decide. Before each
    stands a window of ready bytes, which says what the machine itself made wait."""
    with ExitStack() as stack:
        common: dict[str, Any] = {"workers": WORKERS, "first": path_of(0)}
        ready = stack.enter_context(
            served("bench.reference:application", port=PORT, environ={**environ, "BENCH_CUT": "full"}, **common)
        )
        gate = stack.enter_context(served("broadsheet.config.wsgi:application", port=PORT + 1, environ=environ, **common))
        warm(gate, asks["member"])
        windows: dict[str, list[float]] = {"gate_p99_ready_bytes_ms": []}
        for figure, beside in [("gate_p99_ms", None), ("gate_p99_waiting_ms", "waiting"), ("gate_p99_working_ms", "working")]:
            for _ in range(WINDOWS):
                windows["gate_p99_ready_bytes_ms"].append(window(ready, asks["member"], "ready bytes"))
                with slow_requests(gate.port, beside) if beside else nullcontext():
                    windows.setdefault(figure, []).append(window(gate, asks["member"], f"gate, beside: {beside}"))
    return {figure: statistics.median(of_it) for figure, of_it in windows.items()}


def weight(asks: dict[str, Path], environ: dict[str, str]) -> dict[str, float]:
    """Megabytes of a process that has been asked for everything, and seconds to its first answer."""
    figures = {}
    for figure, application in [("gate_with_django", "broadsheet.config.wsgi"), ("gate", "broadsheet.config.gate_alone")]:
        with served(f"{application}:application", port=PORT, workers=1, environ=environ, first=path_of(0)) as server:
            figures[f"{figure}_start_s"] = server.started_in
            for name in asks:
                warm(server, asks[name])
            figures[f"{figure}_rss_mb"] = server.rss()
    return figures


def window(server: Server, asks: Path, how: str) -> float:
    command = [sys.executable, "-m", "bench.load", str(server.port), str(asks), str(RATE), str(RATE_SECONDS)]
    said = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    print(f"{RATE} a second, {how}: {json.dumps(said)}")
    if said["failed"]:
        raise SystemExit(f"{said['failed']} answers were not pages.")
    p99: float = said["p99_ms"]
    return p99


@contextmanager
def slow_requests(port: int, kind: str) -> Iterator[None]:
    """As many as said, always running: each is asked for again as soon as it is answered."""
    again = f"while curl --silent --fail --output /dev/null http://127.0.0.1:{port}/slow/{kind}/; do :; done"
    running = [subprocess.Popen(["sh", "-c", again], start_new_session=True) for _ in range(SLOW_AT_ONCE)]
    try:
        yield
        if any(each.poll() is not None for each in running):
            raise SystemExit("A slow request was refused.")
    finally:
        for each in running:
            each.terminate()
            each.wait()


if __name__ == "__main__":
    if shutil.which("wrk") is None:
        raise SystemExit("This benchmark needs wrk: on Debian, apt install wrk.")
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15_000)
