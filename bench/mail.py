"""How fast an edition leaves, each letter its reader's own and signed, against smtplib alone with one fixed message.

`python -m bench.mail [READERS]`. Two workers send an edition of twenty articles through the product's own door, out of a
database, to Postfix's smtp-sink on loopback. Before and after, smtplib alone sends one of its letters there again and again, by
two processes too. The rules of pace are set so high that they hold nothing back: here it is the sender that is measured.
"""

import json
import multiprocessing
import os
import re
import smtplib
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import IO

import psutil

from bench.press import ROOT, run
from broadsheet.mailroom import dkim

READERS, SENDERS, ARTICLES = 100_000, 2, 20
MOST_ALONE = 20_000  # messages by smtplib, half of them before and half after
TAKEN = re.compile(rb"mesg=(\d+)")
SECRET = "the secret of a benchmark known to everybody who reads it"
GROWTH = (0.2, 0.9)  # of the way, between which a worker is to grow by nothing
MB = 1e6


@dataclass
class Sink:
    """`taken`: messages, as smtp-sink counts them while it runs."""

    port: int
    taken: int = 0

    def count(self, stream: IO[bytes]) -> None:
        while said := os.read(stream.fileno(), 1 << 16):
            if found := TAKEN.findall(said):
                self.taken = int(found[-1])


@dataclass(frozen=True, slots=True)
class Sent:
    """`cpu`: seconds of all senders. `mb`: the most that one held; `grew`: by how much one grew at most, within `GROWTH`."""

    seconds: float
    cpu: float
    mb: float
    grew: float


def main(readers: int) -> None:
    with tempfile.TemporaryDirectory(prefix="bench-mail-") as folder, sink() as into:
        environ = environment(Path(folder), into.port)
        run("-m", "bench.with_django", "bench.mailing", "found", str(readers), str(ARTICLES), environ=environ)
        listed = said_by("list", environ)
        letter = (Path(folder) / "letter").read_bytes()
        share = min(readers, MOST_ALONE) // 2
        before = alone(into.port, letter, share)
        already = into.taken
        ours = edition(environ)
        taken = into.taken - already
        after = alone(into.port, letter, share)
        told = said_by("tell", environ)
    rates = 2 * share / (before[0] + after[0]), readers / ours.seconds
    print(f"{len(letter):,} bytes a letter; {listed['listed']:,} listed in {listed['seconds']:.1f} s.")
    print(f"smtplib alone {rates[0]:,.0f} a second, with {(before[1] + after[1]) / 2 / share * 1e6:,.0f} µs of CPU for each;")
    print(f"ours {rates[1]:,.0f} a second, with {ours.cpu / readers * 1e6:,.0f} µs.")
    print(f"FIGURE mail_rate_ratio={rates[1] / rates[0]:.3g}")
    print(f"FIGURE mail_rss_mb={ours.mb:.3g}")
    print(f"FIGURE mail_rss_growth_mb={ours.grew:.3g}")
    print(f"FIGURE mail_missed={readers - min(told['sent'], taken)}")
    print(f"FIGURE mail_doubles={max(0, taken - told['sent'])}")
    sys.exit(0 if taken == told["sent"] == readers else 1)


def environment(state: Path, port: int) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "broadsheet.config.settings",
        "BROADSHEET_STATE": str(state),
        "BROADSHEET_SECRET_KEY": SECRET,
        "BROADSHEET_NAME": "The Review",
        "BROADSHEET_URL": "https://review.example",
        "BROADSHEET_MAIL_FROM": "The Review <post@review.example>",
        "BROADSHEET_RETURNS_TO": "returns@review.example",
        "BROADSHEET_DKIM_KEY": dkim.new_key(),
        "BROADSHEET_SMTP_HOST": "127.0.0.1",
        "BROADSHEET_SMTP_PORT": str(port),
    }


def said_by(word: str, environ: dict[str, str]) -> dict:
    said: dict = json.loads(run("-m", "bench.with_django", "bench.mailing", word, environ=environ).splitlines()[-1])
    return said


# Ours


def edition(environ: dict[str, str]) -> Sent:
    """From the moment at which all workers stand ready."""
    workers = [ready(environ) for _ in range(SENDERS)]
    began = time.monotonic()
    for worker in workers:
        go(worker)
    held = [_watched(worker) for worker in workers]
    said = [json.loads(worker.communicate()[0].splitlines()[-1]) for worker in workers]
    seconds = time.monotonic() - began
    if any(worker.returncode for worker in workers):
        raise SystemExit("A worker failed.")
    early, late = (int(part * len(held[0])) for part in GROWTH)
    grew = max(each[min(late, len(each) - 1)] - each[min(early, len(each) - 1)] for each in held)
    return Sent(seconds, sum(each["cpu"] for each in said), max(each["mb"] for each in said), grew / MB)


def ready(environ: dict[str, str]) -> subprocess.Popen[str]:
    """A worker that waits for its word."""
    command = [sys.executable, "-m", "bench.with_django", "bench.mailing", "send"]
    worker = subprocess.Popen(
        command, env={**os.environ, **environ}, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout
    if worker.stdout.readline().strip() != "ready":
        raise SystemExit("A worker did not start.")
    return worker


def go(worker: subprocess.Popen[str]) -> None:
    assert worker.stdin
    worker.stdin.write("go\n")
    worker.stdin.flush()


def _watched(worker: subprocess.Popen[str]) -> list[int]:
    """Bytes that it holds, ten times a second, from here until it ends."""
    held: list[int] = []
    process = psutil.Process(worker.pid)

    def watch() -> None:
        try:
            while worker.poll() is None:
                held.append(process.memory_info().rss)
                time.sleep(0.1)
        except psutil.NoSuchProcess:
            pass

    threading.Thread(target=watch, daemon=True).start()
    return held


# smtplib alone


def alone(port: int, letter: bytes, messages: int) -> tuple[float, float]:
    """Seconds, and seconds of CPU."""
    context = multiprocessing.get_context("spawn")
    barrier, said = context.Barrier(SENDERS + 1), context.SimpleQueue()
    share = messages // SENDERS
    processes = [context.Process(target=_by_smtplib, args=(port, letter, share, barrier, said)) for _ in range(SENDERS)]
    for process in processes:
        process.start()
    barrier.wait()
    began = time.monotonic()
    for process in processes:
        process.join()
    seconds = time.monotonic() - began
    if any(process.exitcode for process in processes):
        raise SystemExit("A sender failed.")
    return seconds, sum(said.get() for _ in processes)


def _by_smtplib(port: int, letter: bytes, messages: int, barrier: Barrier, said: "multiprocessing.SimpleQueue[float]") -> None:
    barrier.wait()
    began = time.process_time()
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        for number in range(messages):
            smtp.sendmail("post@review.example", [f"reader-{number}@example.org"], letter)
    said.put(time.process_time() - began)


# The sink


@contextmanager
def sink(*options: str) -> Iterator[Sink]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        into = Sink(int(probe.getsockname()[1]))
    program = os.environ.get("SMTP_SINK", "/usr/sbin/smtp-sink")
    whose = ["-u", "nobody"] if os.geteuid() == 0 else []
    process = subprocess.Popen([program, *whose, "-c", *options, f"127.0.0.1:{into.port}", "100"], stdout=subprocess.PIPE)
    assert process.stdout
    threading.Thread(target=into.count, args=(process.stdout,), daemon=True).start()
    try:
        until = time.monotonic() + 10
        while not _answers(into.port):
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit("smtp-sink does not answer.")
            time.sleep(0.05)
        yield into
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else READERS)
