"""Runs the house on one machine: the web processes and the worker as children, begun again when they die, ended together."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType

BLOCKING_THREADS = "16"  # with few, slow Django requests stall the gate
PATIENCE = 15  # seconds that a child has to end by itself
LONGEST_PAUSE = 30  # seconds before a child that keeps dying is begun again


@dataclass(slots=True)
class Child:
    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    begun_at: float = 0.0
    pause: float = 0.5
    begin_at: float = field(default=0.0)

    def begin(self) -> None:
        """In a group of its own: the terminal's Ctrl-C reaches it through us alone, and what it begins itself ends with it."""
        self.process = subprocess.Popen(self.command, process_group=0)
        self.begun_at = time.monotonic()

    def watch(self) -> None:
        """Begin the child when it is due; note its death, and wait longer each time it dies young."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.begin_at:
                self.begin()
            return
        if self.process.poll() is not None:
            self.kill()  # its own children live on, and would keep its port
            self.pause = 0.5 if now - self.begun_at > LONGEST_PAUSE else min(self.pause * 2, LONGEST_PAUSE)
            print(f"{self.name} ended with {self.process.returncode}; again in {self.pause:.0f} s.", file=sys.stderr)
            self.process, self.begin_at = None, now + self.pause

    def kill(self) -> None:
        """With all that it began, whether or not it has ended itself."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


def web(*, host: str, port: int, workers: int, application: str = "broadsheet.config.wsgi:application") -> Child:
    command = [sys.executable, "-m", "granian", application, "--interface", "wsgi"]
    command += ["--host", host, "--port", str(port), "--workers", str(workers), "--blocking-threads", BLOCKING_THREADS]
    command += ["--respawn-failed-workers", "--log-level", "error"]
    return Child("web", command)


def worker() -> Child:
    return Child("worker", [sys.executable, "-m", "broadsheet.config.worker"])


def run(children: list[Child]) -> None:
    """Until a signal asks to end; then every child is asked to, and after PATIENCE, or at the next signal, made to."""
    stopping: list[int] = []

    def stop(signum: int, _frame: FrameType | None) -> None:
        stopping.append(signum)
        if len(stopping) > 1:
            for child in children:
                child.kill()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as nohup has it, to outlive the terminal
        signal.signal(signal.SIGHUP, stop)
    while not stopping:
        for child in children:
            child.watch()
        time.sleep(0.2)
    print("Ending; once more Ctrl-C ends it at once.", file=sys.stderr)
    end(children)


def end(children: list[Child]) -> None:
    """Who is over is forgotten at once: his number may soon be another's, whom no kill may reach."""
    for child in children:
        if child.process:
            child.process.terminate()
    deadline = time.monotonic() + PATIENCE
    for child in children:
        if child.process is None:
            continue
        with suppress(subprocess.TimeoutExpired):
            child.process.wait(timeout=max(0.1, deadline - time.monotonic()))
        child.kill()
        child.process.wait()
        child.process = None
