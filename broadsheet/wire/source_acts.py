"""What an editor does to sources: done to one or many, and written into the desk's log for each."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from wagtail.log_actions import log

from broadsheet.membership.models import Reader
from broadsheet.wire.actions import listening, tending
from broadsheet.wire.models import Source
from broadsheet.wire.reading.text import plain
from broadsheet.wire.source_forms import MOST_FOLDER

LISTEN, STOP, EDIT, CREATE, DELETE = "wire.listen", "wire.stop", "wagtail.edit", "wagtail.create", "wagtail.delete"
# As the desk's log has them: what is done, and what was done.
LOGGED: Mapping[str, tuple[str, str]] = {
    LISTEN: ("Listen to a source", "Listened to, and asked"),
    STOP: ("Stop listening to a source", "Not listened to any more"),
}
LOGGED_AT_ONCE = 100  # lines, in a transaction
NONE_CHOSEN = "Nothing was changed: tick a source first."


@dataclass(frozen=True, slots=True)
class Wanted:
    """`folder` and `standing` as they were typed and chosen, whatever the button was."""

    verb: str
    folder: str = ""
    standing: str = ""


class NoSuchAct(ValueError):
    """What was asked for is none of these."""


Doing = Callable[[Collection[int], Wanted, datetime], str]


def _listen(ids: Collection[int], wanted: Wanted, at: datetime) -> str:
    return f"Listening to {counted(listening.listen(ids, at=at))}: asked within a minute."


def _stop(ids: Collection[int], wanted: Wanted, at: datetime) -> str:
    return f"Stopped {counted(listening.stop(ids))}. What was brought stays."


def _put_in_folder(ids: Collection[int], wanted: Wanted, at: datetime) -> str:
    folder = plain(wanted.folder, most=MOST_FOLDER)
    count = tending.put_in_folder(ids, folder)
    return f"Put {counted(count)} into “{folder}”." if folder else f"Took {counted(count)} out of their folders."


def _set_standing(ids: Collection[int], wanted: Wanted, at: datetime) -> str:
    try:
        standing = Source.Standing(int(wanted.standing))
    except ValueError as trouble:
        raise NoSuchAct(wanted.standing) from trouble
    return f"{counted(tending.set_standing(ids, standing))}: {standing.label}."


_ACTS: Mapping[str, tuple[str, Doing]] = {
    "listen": (LISTEN, _listen),
    "stop": (STOP, _stop),
    "folder": (EDIT, _put_in_folder),
    "standing": (EDIT, _set_standing),
}


def do(wanted: Wanted, ids: Collection[int], *, by: Reader, at: datetime) -> str:
    """What was done, for the page. Raises NoSuchAct."""
    if wanted.verb not in _ACTS:
        raise NoSuchAct(wanted.verb)
    action, doing = _ACTS[wanted.verb]
    said = doing(ids, wanted, at)
    write_into_log(list(Source.objects.filter(pk__in=ids)), action, by=by)
    return said


def write_into_log(sources: Sequence[Source], action: str, *, by: Reader) -> None:
    """In batches, so that nobody else who writes waits long."""
    for begin in range(0, len(sources), LOGGED_AT_ONCE):
        with transaction.atomic():
            for source in sources[begin : begin + LOGGED_AT_ONCE]:
                log(source, action, user=by)


def counted(count: int) -> str:
    return "one source" if count == 1 else f"{count} sources"
