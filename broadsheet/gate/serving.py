"""The bytes of a decision: snapshot, coding, headers. Never the full cut where the preview was decided."""

from collections.abc import Callable
from threading import Lock
from typing import Any

from broadsheet.access.terms import Audience, Cut, Decision, Reason
from broadsheet.gate import answers
from broadsheet.gate.answers import Encoding, Header, StartResponse, Stems, encoding_for
from broadsheet.gate.database import DatabaseAway
from broadsheet.gate.memory import Memory
from broadsheet.gate.shelf import NoSnapshot, Shelf
from broadsheet.press.slips import Slip

Environ = dict[str, Any]
PrintWall = Callable[[str, Reason], None]

WITHDRAWN_PAGE = "/withdrawn/"
MOST_PRINTING = 2  # walls printed at once by one process: more would take the threads of those who only read


class NotPrinted(Exception):
    """A wall could not be printed now: the disk is full, or the database away."""


class Serving:
    def __init__(self, memory: Memory, shelf: Shelf, *, print_wall: PrintWall, secure: bool) -> None:
        self._memory = memory
        self._shelf = shelf
        self._print_wall = print_wall
        self._stems = Stems(secure=secure)
        self._printing: set[tuple[str, Reason]] = set()
        self._lock = Lock()

    def page(
        self, environ: Environ, start: StartResponse, slip: Slip, decision: Decision, *, cookies: tuple[str, ...], settled: bool
    ) -> tuple[bool, list[bytes]]:
        """Whether the page itself was sent (not its name alone, and not an excuse), and what to send."""
        digest = slip.digest(decision.cut, decision.reason) or self._preview(slip, decision)
        if not digest:
            return False, answers.come_back(start, answers.AWAY, seconds=5)
        extra = [("Set-Cookie", cookie) for cookie in cookies]
        keeping = answers.OPEN if slip.audience is Audience.OPEN else answers.GATED
        asked = environ.get("HTTP_IF_NONE_MATCH")
        if asked and (digest in asked or asked.strip() == "*"):
            start("304 Not Modified", [*keeping, answers.etag(digest), *extra])
            return False, [b""]
        try:
            sent = self._send(
                environ, start, "200 OK", digest, slip.content_type, keeping if settled else answers.NOT_KEPT, extra
            )
        except (DatabaseAway, NoSnapshot):
            return False, answers.come_back(start, answers.AWAY, seconds=5)
        return environ["REQUEST_METHOD"] == "GET", sent

    def withdrawn(self, environ: Environ, start: StartResponse) -> list[bytes]:
        page = self._memory.slips.get(WITHDRAWN_PAGE)
        if page is None or not page.full:
            return answers.say(start, answers.GONE, answers.WITHDRAWN)
        try:
            return self._send(environ, start, answers.GONE, page.full, page.content_type, answers.NOT_KEPT, [])
        except (DatabaseAway, NoSnapshot):
            return answers.say(start, answers.GONE, answers.WITHDRAWN)

    def _send(
        self,
        environ: Environ,
        start: StartResponse,
        status: str,
        digest: str,
        content_type: str,
        keeping: tuple[Header, ...],
        extra: list[Header],
    ) -> list[bytes]:
        encoding = encoding_for(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if encoding == Encoding.BROTLI:
            held = self._shelf.brotli(digest)
            body, tag = held.body, held.etag
        else:
            encoding, body = self._uncommon(digest, encoding)
            tag = answers.etag(digest)
        headers = [*self._stems.of(keeping, content_type, encoding), tag, *extra]
        if environ["REQUEST_METHOD"] == "HEAD":
            start(status, [*headers, ("Content-Length", str(len(body)))])
            return [b""]
        start(status, headers)
        return [body]

    def _uncommon(self, digest: str, encoding: str) -> tuple[str, bytes]:
        if encoding == Encoding.GZIP:
            try:
                return encoding, self._shelf.gzip(digest)
            except DatabaseAway:
                encoding = Encoding.IDENTITY
        return encoding, self._shelf.identity(digest)

    def _preview(self, slip: Slip, decision: Decision) -> str | None:
        """A preview whose wall was never printed, printed now; where that fails, another wall of the same story."""
        if decision.cut is Cut.FULL:
            return None
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
