"""What an editor does with an edition as a whole: each is done once, told on the page, and written into the desk's log."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, tzinfo
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.utils import formats, timezone
from wagtail.log_actions import log

from broadsheet.access.terms import Cut
from broadsheet.mailroom.actions import NoSuchAddress
from broadsheet.newsletters import proofs
from broadsheet.newsletters.actions import going_out
from broadsheet.newsletters.models import Edition

LET_GO, TAKE_BACK, PAUSE, GO_ON, CANCEL, TEST, FILL = (
    f"newsletters.{name}" for name in ("let_go", "take_back", "pause", "go_on", "cancel", "test", "fill")
)
# As the desk's log has them: what is done, and what was done.
LOGGED: Mapping[str, tuple[str, str]] = {
    LET_GO: ("Let an edition go", "Let go"),
    TAKE_BACK: ("Take an edition back", "Taken back"),
    PAUSE: ("Pause an edition", "Paused"),
    GO_ON: ("Go on with an edition", "Gone on with"),
    CANCEL: ("Cancel an edition", "Cancelled"),
    TEST: ("Send a test", "Sent as a test"),
    FILL: ("Fill an edition anew", "Filled anew"),
}
NOT_NOW = "It is no longer where it was: this is how it is now."

Doing = Callable[[HttpRequest, Edition, datetime], None]


@dataclass(frozen=True, slots=True)
class Act:
    """One that is asked about first. `too_late`: what is said where it no longer fits."""

    label: str
    do: Doing
    fits: Callable[[Edition], bool]
    too_late: str = NOT_NOW


def is_open(edition: Edition) -> bool:
    """Whether anything in it may still change."""
    return edition.begun_at is None and edition.cancelled_at is None


def moment_on(edition: Edition, hour: time, *, zone: tzinfo) -> datetime:
    return datetime.combine(edition.goes_on, hour, zone).astimezone(UTC)


def let_go(request: HttpRequest, edition: Edition, *, due_at: datetime, at: datetime) -> None:
    done = going_out.let_go(edition, due_at=due_at, at=at)
    when = formats.date_format(timezone.localtime(due_at), "j F, H:i")
    _tell(request, edition, LET_GO, f"Let go: it begins on {when}.", done=done)


def go_now(request: HttpRequest, edition: Edition, at: datetime) -> None:
    done = going_out.let_go(edition, due_at=at, at=at)
    _tell(request, edition, LET_GO, "Let go: it begins within a minute.", done=done)


def take_back(request: HttpRequest, edition: Edition, at: datetime) -> None:
    _tell(request, edition, TAKE_BACK, "Taken back: it fills itself again.", done=going_out.take_back(edition))


def pause(request: HttpRequest, edition: Edition, at: datetime) -> None:
    done = going_out.pause(edition, at=at)
    said = "Paused: what is being handed over just now still leaves." if edition.begun_at else "Paused until somebody goes on."
    _tell(request, edition, PAUSE, said, done=done)


def go_on(request: HttpRequest, edition: Edition, at: datetime) -> None:
    _tell(request, edition, GO_ON, "It goes on.", done=going_out.go_on(edition, at=at))


def cancel(request: HttpRequest, edition: Edition, at: datetime) -> None:
    done = going_out.cancel(edition, at=at)
    _tell(request, edition, CANCEL, "Cancelled: nobody gets it any more.", done=done)


def send_test(request: HttpRequest, edition: Edition, stated: Mapping[str, Any], *, at: datetime) -> None:
    try:
        proofs.send_test(edition, to=stated["to"], cuts=tuple(map(Cut, stated["cuts"])), at=at)
    except NoSuchAddress as trouble:
        messages.error(request, str(trouble))
        return
    _tell(request, edition, TEST, f"The test is on its way to {stated['to']}.", done=True)


def called(verb: str) -> Act:
    """Raises Http404."""
    if verb not in TO_CONFIRM:
        raise Http404
    return TO_CONFIRM[verb]


def _tell(request: HttpRequest, edition: Edition, action: str, said: str, *, done: bool) -> None:
    if not done:
        messages.warning(request, NOT_NOW)
        return
    log(edition, action, user=request.user)
    messages.success(request, said)


AT_ONCE: Mapping[str, Doing] = {"take-back": take_back, "pause": pause, "go-on": go_on}
TO_CONFIRM: Mapping[str, Act] = {
    "now": Act("Let it go now", go_now, is_open),
    "cancel": Act("Cancel it", cancel, lambda edition: edition.done_at is None and edition.cancelled_at is None),
}
