"""Who sends: each holds a file of its own for as long as it lives, so that what a killed one had claimed is free at once."""

import fcntl
import os
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

HERE = socket.gethostname()


@contextmanager
def held(folder: Path) -> Iterator[str]:
    """A name that nobody else has now."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{HERE[:40]}-{os.getpid()}-{os.urandom(4).hex()}"
    with (folder / name).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield name
        (folder / name).unlink(missing_ok=True)


def dead_among(names: Iterable[str], folder: Path) -> set[str]:
    """Of this machine alone: of others nothing is known here."""
    return {name for name in names if name.startswith(f"{HERE[:40]}-") and _is_dead(folder / name)}


def _is_dead(path: Path) -> bool:
    try:
        with path.open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with suppress(FileNotFoundError):
                path.unlink()
    except FileNotFoundError:
        return True
    except BlockingIOError:
        return False
    return True
