"""Starts servers as the product does, and reads what they take of the machine."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

FLAGS = ["--interface", "wsgi", "--blocking-threads", "16", "--respawn-failed-workers", "--log-level", "error"]
PATIENCE = 60  # seconds


class Server:
    def __init__(self, process: psutil.Process, port: int, started_in: float) -> None:
        self.process = process
        self.port = port
        self.started_in = started_in  # seconds to the first answer

    def cpu(self) -> float:
        """Seconds of the processor that the whole tree has taken."""
        times = [process.cpu_times() for process in self._tree()]
        return sum(each.user + each.system for each in times)

    def settle(self) -> None:
        """Wait until every worker has loaded what it loads: the first to answer is not the last to start."""
        before, calm = self.cpu(), 0
        while calm < 4:
            time.sleep(0.5)
            calm = calm + 1 if self.cpu() - before < 0.05 else 0
            before = self.cpu()

    def rss(self) -> float:
        """Megabytes of the largest worker."""
        return max(process.memory_info().rss for process in self.process.children(recursive=True)) / 1e6

    def _tree(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


@contextmanager
def served(application: str, *, port: int, workers: int, environ: dict[str, str], first: str) -> Iterator[Server]:
    """A server of this application, once it has answered for the path `first`."""
    command = [sys.executable, "-m", "granian", application, "--port", str(port), "--workers", str(workers), *FLAGS]
    began = time.monotonic()
    started = subprocess.Popen(command, env={**os.environ, **environ}, cwd=Path(__file__).resolve().parent.parent)
    try:
        _await_answer(f"http://127.0.0.1:{port}{first}", started)
        server = Server(psutil.Process(started.pid), port, time.monotonic() - began)
        server.settle()
        yield server
    finally:
        started.terminate()
        started.wait(timeout=PATIENCE)


def _await_answer(url: str, started: subprocess.Popen[bytes]) -> None:
    for _ in range(PATIENCE * 50):
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            if started.poll() is not None:
                raise SystemExit(f"The server of {url} did not start.") from None
            time.sleep(0.02)
    raise SystemExit(f"{url} was not answered within {PATIENCE} s.")
