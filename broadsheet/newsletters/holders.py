"""Who sends: each holds a file of its own for as long as it lives, so that what a killed one had claimed is free at once.

Who lives is known in one folder alone, by its locks; so a name begins with the folder's own, which no other has. A machine's
name would not do: containers share one.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

FOLDER = "folder"


@contextmanager
def held(folder: Path) -> Iterator[str]:
    """A name that nobody else has now."""
    name = f"{_known_as(folder)}-{os.getpid()}-{os.urandom(4).hex()}"
    with (folder / name).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield name
        finally:
            (folder / name).unlink(missing_ok=True)


def dead_among(names: Iterable[str], folder: Path) -> set[str]:
    """Of those that hold their files in this folder: of others nothing is known here."""
    ours = f"{_known_as(folder)}-"
    return {name for name in names if name.startswith(ours) and _is_dead(folder / name)}


def _known_as(folder: Path) -> str:
    """Written once, whole, by whoever comes first: all others read it."""
    file = folder / FOLDER
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        ours = folder / f"{FOLDER}-{os.urandom(8).hex()}"
        ours.write_text(os.urandom(8).hex())
        with suppress(FileExistsError):
            os.link(ours, file)
        ours.unlink()
    return file.read_text()


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
