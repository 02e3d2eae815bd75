"""What somebody is on the way to when they are asked to log in. Rooms above say it of their own paths."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Errand:
    """`says`: what it is, `then`: what comes first and what after, each a sentence. `other`: words and path of another choice."""

    says: str
    then: str
    other: tuple[str, str] | None = None


Says = Callable[[str], Errand | None]  # of a path; None where it is none of theirs
_says: list[Says] = []


def register(says: Says) -> None:
    _says.append(says)


def errand_to(path: str) -> Errand | None:
    return next((errand for says in _says if (errand := says(path))), None)
