"""What somebody is on the way to when they are asked to log in, in words. Rooms above say it of their own paths."""

from collections.abc import Callable

Says = Callable[[str], str]  # of a path; "" where it is none of theirs
_says: list[Says] = []


def register(says: Says) -> None:
    _says.append(says)


def in_words(path: str) -> str:
    return next((words for says in _says if (words := says(path))), "")
