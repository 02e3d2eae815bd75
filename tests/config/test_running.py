"""The house's processes as one: how they end."""

import os
import signal
import subprocess
import sys

import pytest

from broadsheet.config.running import Child, end

# A child with a child of its own; it says its number.
PARENT = """
import os, signal, subprocess, sys
grandchild = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
print(os.getpid(), flush=True)
signal.pause()
"""
# One that hears nothing, as a web server does while it imports.
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN){PARENT}"
HOUSE = """
import signal, sys
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever runs these tests may have told it not to hear
from broadsheet.config import running
running.PATIENCE = int(sys.argv[1])
running.run([running.Child("web", [sys.executable, "-c", sys.argv[2]])])
"""
FOR_EVER = 10_000


def house(patience: int, child: str = DEAF) -> tuple[subprocess.Popen[str], int]:
    """And the number of its child, which has begun."""
    command = [sys.executable, "-c", HOUSE, str(patience), child]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return running, int(running.stdout.readline())


def over(running: subprocess.Popen[str]) -> bool:
    """All of it: no process holds its output open any more."""
    running.communicate(timeout=60)
    return running.returncode == 0


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_child_that_hears_nothing_is_killed_with_all_it_began(asked):
    running, _ = house(patience=0)

    running.send_signal(asked)

    assert over(running)


def test_a_second_ctrl_c_waits_for_nobody():
    running, _ = house(patience=FOR_EVER)

    running.send_signal(signal.SIGINT)
    assert running.stderr.readline().startswith("Ending")
    running.send_signal(signal.SIGINT)

    assert over(running)


def test_what_a_child_that_ends_as_asked_leaves_behind_is_killed():
    running, _ = house(patience=FOR_EVER, child=PARENT)

    running.send_signal(signal.SIGTERM)

    assert over(running)


def test_what_a_child_that_died_alone_leaves_behind_is_killed():
    running, child = house(patience=0, child=PARENT)

    os.kill(child, signal.SIGKILL)
    assert running.stderr.readline().startswith("web ended with -9")
    running.send_signal(signal.SIGTERM)

    assert over(running)


def test_the_number_of_a_child_that_is_over_is_kept_no_longer():
    child = Child("web", [sys.executable, "-c", "pass"])
    child.begin()

    end([child])

    assert child.process is None
