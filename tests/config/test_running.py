"""The house's processes as one: how they end."""

import signal
import subprocess
import sys

import pytest

# A child that hears nothing, as a web server does while it imports, with a child of its own.
DEAF = """
import signal, subprocess, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
grandchild = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
print("deaf", flush=True)
signal.pause()
"""
HOUSE = f"""
import signal, sys
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever runs these tests may have told it not to hear
from broadsheet.config import running
running.PATIENCE = int(sys.argv[1])
running.run([running.Child("web", [sys.executable, "-c", {DEAF!r}])])
"""
FOR_EVER = 10_000


def house(patience: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HOUSE, str(patience)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def over(running: subprocess.Popen[str]) -> bool:
    """All of it: no process holds its output open any more."""
    running.communicate(timeout=60)
    return running.returncode == 0


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_child_that_hears_nothing_is_killed_with_all_it_began(asked):
    running = house(patience=0)
    assert running.stdout.readline() == "deaf\n"

    running.send_signal(asked)

    assert over(running)


def test_a_second_ctrl_c_waits_for_nobody():
    running = house(patience=FOR_EVER)
    assert running.stdout.readline() == "deaf\n"

    running.send_signal(signal.SIGINT)
    assert running.stderr.readline().startswith("Ending")
    running.send_signal(signal.SIGINT)

    assert over(running)
