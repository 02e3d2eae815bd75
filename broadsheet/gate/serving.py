"""The bytes of a decision: snapshot, coding, headers. Never the full cut where the preview was decided."""

from collections.abc import Callable
from threading import Lock
from typing import Any

from broadsheet.access.terms import Audience, Cut, Decision, Reason
from broadsheet.gate import answers
from broadsheet.gate.answers import BROTLI, GZIP, IDENTITY, Header, StartResponse, encoding_for
from broadsheet.gate.database import DatabaseAway
from broadsheet.gate.memory import Memory
from broadsheet.gate.shelf import NoSnapshot, Shelf
from broadsheet.press.slips import Slip

Environ = dict[str, Any]
PrintWall = Callable[[str, Reason], None]

# Enumerations are slow to ask by name, and this is asked at every request.
FULL, OPEN = Cut.FULL, Audience.OPEN
FOR_NOBODY, FOR_ITS_READER, FOR_ALL = answers.Keeping
IN_BROTLI: Header = ("Content-Encoding", "br")
CODED: dict[str, tuple[Header, ...]] = {
    BROTLI: (IN_BROTLI,),
    GZIP: (("Content-Encoding", "gzip"),),
    IDENTITY: (),
}
WITHDRAWN_PAGE = "/withdrawn/"
MOST_PRINTING = 2  # walls printed at once by one process: more would take the threads of those who only read


class NotPrinted(Exception):
    """A wall could not be printed now: the disk is full, or the database away."""


class Serving:
    def __init__(self, memory: Memory, shelf: Shelf, *, print_wall: PrintWall, secure: bool) -> None:
        self._memory = memory
        self._shelf = shelf
        self._print_wall = print_wall
        self._security = (*answers.SECURITY, answers.FOR_A_YEAR) if secure else answers.SECURITY
        # The headers that all answers of one sort have in common, made once: by who may keep them, by content type.
        self._alike: dict[answers.Keeping, dict[str, tuple[Header, ...]]] = {keeping: {} for keeping in answers.Keeping}
        self._alike_for_all, self._alike_for_its_reader = self._alike[FOR_ALL], self._alike[FOR_ITS_READER]
        self._printing: set[tuple[str, Reason]] = set()
        self._lock = Lock()

    def at_hand(self, environ: Environ, start: StartResponse, slip: Slip, decision: Decision) -> list[bytes] | None:
        """The whole page, where this process holds the very bytes that the client takes and nothing is said beside them.

        So it is of nearly every request; None: `page` must do more. In one function, because each call costs a busy server three
        times what it costs alone.
        """
        digest = slip.full if decision.cut is FULL else slip.previews.get(decision.reason)
        held = self._shelf.held.get(digest) if digest else None
        if held is None or environ["REQUEST_METHOD"] != "GET" or "HTTP_IF_NONE_MATCH" in environ or is_prefetch(environ):
            return None
        if encoding_for(environ.get("HTTP_ACCEPT_ENCODING", "")) is not BROTLI:
            return None
        alike = (self._alike_for_all if slip.audience is OPEN else self._alike_for_its_reader).get(slip.content_type)
        if alike is None:
            return None
        held.used = True
        start("200 OK", [*alike, IN_BROTLI, held.etag])
        return [held.body]

    def page(
        self,
        environ: Environ,
        start: StartResponse,
        slip: Slip,
        decision: Decision,
        *,
        extra: tuple[Header, ...] = (),
        settled: bool = True,
    ) -> tuple[bool, list[bytes]]:
        """Whether the page itself was sent (not its name alone, and not an excuse), or a wall shown once more by the browser that
        kept it; and what to send."""
        digest = slip.full if decision.cut is FULL else slip.previews.get(decision.reason) or self._preview(slip, decision)
        if not digest:
            return False, answers.come_back(start, answers.AWAY, seconds=5)
        keeping = FOR_ALL if slip.audience is OPEN else FOR_ITS_READER
        if "HTTP_IF_NONE_MATCH" in environ and answers.is_known(digest, environ["HTTP_IF_NONE_MATCH"]):
            start("304 Not Modified", [*answers.KEEPING[keeping], answers.etag(digest), *extra])
            return decision.cut is not FULL and environ["REQUEST_METHOD"] == "GET", [b""]
        if not settled:
            keeping = FOR_NOBODY
        try:
            return self._send(environ, start, "200 OK", digest, self._common(keeping, slip.content_type), extra)
        except (DatabaseAway, NoSnapshot):
            return False, answers.come_back(start, answers.AWAY, seconds=5)

    def withdrawn(self, environ: Environ, start: StartResponse) -> list[bytes]:
        page = self._memory.slips.get(WITHDRAWN_PAGE)
        if page is None or not page.full:
            return answers.say(start, answers.GONE, answers.WITHDRAWN)
        try:
            return self._send(environ, start, answers.GONE, page.full, self._common(FOR_NOBODY, page.content_type), ())[1]
        except (DatabaseAway, NoSnapshot):
            return answers.say(start, answers.GONE, answers.WITHDRAWN)

    def _send(
        self,
        environ: Environ,
        start: StartResponse,
        status: str,
        digest: str,
        alike: tuple[Header, ...],
        extra: tuple[Header, ...],
    ) -> tuple[bool, list[bytes]]:
        encoding = encoding_for(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if encoding is BROTLI:
            held = self._shelf.brotli(digest)
            body, tag = held.body, held.etag
        else:
            encoding, body = self._uncommon(digest, encoding)
            tag = answers.etag(digest)
        if environ["REQUEST_METHOD"] == "HEAD":
            start(status, [*alike, *CODED[encoding], tag, *extra, ("Content-Length", str(len(body)))])
            return False, [b""]
        start(status, [*alike, *CODED[encoding], tag, *extra])
        return True, [body]

    def _common(self, keeping: answers.Keeping, content_type: str) -> tuple[Header, ...]:
        alike = self._alike[keeping].get(content_type)
        if alike is None:
            alike = (("Content-Type", content_type), *answers.KEEPING[keeping], *self._security)
            self._alike[keeping][content_type] = alike
        return alike

    def _uncommon(self, digest: str, encoding: str) -> tuple[str, bytes]:
        if encoding == GZIP:
            try:
                return encoding, self._shelf.gzip(digest)
            except DatabaseAway:
                encoding = IDENTITY
        return encoding, self._shelf.identity(digest)

    def _preview(self, slip: Slip, decision: Decision) -> str | None:
        """A preview whose wall was never printed, printed now; where that fails, another wall of the same story."""
        printed = self._printed(slip, decision.reason)
        return printed or next(iter(slip.previews.values()), None)

    def _printed(self, slip: Slip, reason: Reason) -> str | None:
        errand = (slip.path, reason)
        with self._lock:
            if errand in self._printing or len(self._printing) >= MOST_PRINTING:
                return None
            self._printing.add(errand)
        try:
            self._print_wall(slip.path, reason)
            fresh = self._memory.slip_at(slip.path)
        except (NotPrinted, DatabaseAway):
            return None
        finally:
            self._printing.discard(errand)
        return fresh.previews.get(reason) if fresh else None


def is_prefetch(environ: Environ) -> bool:
    """Asked for by a browser in case its reader follows the link, which costs nothing and is no reading."""
    return (
        "prefetch" in environ.get("HTTP_SEC_PURPOSE", "")
        or environ.get("HTTP_PURPOSE") == "prefetch"
        or environ.get("HTTP_X_MOZ") == "prefetch"
    )
