"""Whether this process was told to end. A long errand asks between two things that it does; nobody takes it back."""

from threading import Event

_told = Event()


def stop() -> None:
    _told.set()


def is_told_to() -> bool:
    return _told.is_set()
