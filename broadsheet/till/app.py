"""The WSGI door: the SDK's calls below /v1/, the pages for people below /till/."""

import hashlib
import json
import secrets
import threading
from collections.abc import Iterable
from typing import Any

from broadsheet.till import views
from broadsheet.till.billing import Previewed
from broadsheet.till.blanks import API_VERSION
from broadsheet.till.books import Books, Doc, told_of
from broadsheet.till.drawer import Drawer
from broadsheet.till.expanding import expanded
from broadsheet.till.forms import checked, parsed
from broadsheet.till.listing import listed, page
from broadsheet.till.refusals import Refusal
from broadsheet.till.routes import Door, found

REASONS = {
    200: "OK",
    302: "Found",
    303: "See Other",
    400: "Bad Request",
    401: "Unauthorized",
    402: "Payment Required",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    429: "Too Many Requests",
    500: "Internal Server Error",
}
KEYS_LIVE = 86_400  # seconds
MOST = 1_000_000  # bytes of a body
Answered = tuple[int, bytes, list[tuple[str, str]]]


class App:
    def __init__(self, till: Drawer) -> None:
        self.till = till
        self._in_flight: set[str] = set()
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "/")
        body = environ["wsgi.input"].read(min(int(environ.get("CONTENT_LENGTH") or 0), MOST)).decode("utf-8", "replace")
        if path.startswith("/v1/"):
            status, answer, headers = self.call(method, path[4:], environ.get("QUERY_STRING", ""), body, environ)
        else:
            status, answer, headers = views.answer(self.till, method, path, environ.get("QUERY_STRING", ""), body)
        start(f"{status} {REASONS[status]}", [*headers, ("Content-Length", str(len(answer)))])
        return [answer]

    def call(self, method: str, path: str, query: str, body: str, environ: dict[str, Any]) -> Answered:
        """One call of the API."""
        request = f"req_{secrets.token_hex(7)}"
        headers = [("Content-Type", "application/json"), ("Request-Id", request), ("Stripe-Version", API_VERSION)]
        try:
            refuse_strangers(environ.get("HTTP_AUTHORIZATION", ""))
            door, idents = door_at(method, path)
            self.till.outage.before()
            key = environ.get("HTTP_IDEMPOTENCY_KEY") if method == "POST" else None
            sent = body if method == "POST" else "&".join(part for part in (query, body) if part)
            now = self.till.now()
            if self.till.is_due(now):
                self.till.run_due(now)
            if key is None:
                asked = {"id": request, "idempotency_key": None}
                answered = (*self._answer(door, idents, sent, now, asked), headers)
            else:
                answered = self._once(key, door, idents, path, sent, now, request, headers)
            self.till.outage.after()
            return answered
        except Refusal as refusal:
            return refusal.status, error_of(refusal, request), headers

    def _once(
        self,
        key: str,
        door: Door,
        idents: list[str],
        path: str,
        sent: str,
        now: int,
        request: str,
        headers: list[tuple[str, str]],
    ) -> Answered:
        """A call with an idempotency key: done once, answered as often as it is asked."""
        with self._lock:
            if key in self._in_flight:
                message = "There is currently another in-progress request using this Idempotent Key."
                raise Refusal(message, status=409, kind="idempotency_error", code="idempotency_key_in_use")
            self._in_flight.add(key)
        try:
            status, answer, replayed = self._first_or_again(key, door, idents, path, sent, now, request)
        finally:
            self._in_flight.discard(key)
        headers = [*headers, ("Idempotency-Key", key), *([("Idempotent-Replayed", "true")] if replayed else [])]
        return status, answer, headers

    def _first_or_again(
        self, key: str, door: Door, idents: list[str], path: str, sent: str, now: int, request: str
    ) -> tuple[int, bytes, bool]:
        fingerprint = hashlib.sha256(f"{path}\n{sent}".encode()).hexdigest()
        with self.till.store.reading() as rows:
            known = "SELECT fingerprint, status, body FROM keys WHERE key = ? AND at >= ?"
            kept = rows.execute(known, (key, now - KEYS_LIVE)).fetchone()
        if kept and kept[0] != fingerprint:
            message = "Keys for idempotent requests can only be used with the same parameters they were first used with."
            raise Refusal(message, kind="idempotency_error")
        if kept:
            return kept[1], kept[2], True
        asked = {"id": request, "idempotency_key": key}
        status, answer = self._answer(door, idents, sent, now, asked, keep=(key, fingerprint))
        return status, answer, False

    def _answer(
        self, door: Door, idents: list[str], sent: str, now: int, request: Doc, keep: tuple[str, str] | None = None
    ) -> tuple[int, bytes]:
        """All that a call writes, and the answer kept under its key, in one transaction."""
        given = checked(parsed(sent), {**door.shape, "expand": ["text"]})
        paths = given.pop("expand", None) or []
        try:
            with self.till.books(now, request=request) as books:
                try:
                    answered = 200, written(render(books, door, given, idents, paths))
                except Refusal as refusal:
                    if not refusal.keeps:
                        raise
                    answered = refusal.status, error_of(refusal, request["id"])
                if keep:
                    books.rows.execute("DELETE FROM keys WHERE at < ?", (now - KEYS_LIVE,))
                    books.rows.execute("INSERT OR REPLACE INTO keys VALUES (?, ?, ?, ?, ?)", (*keep, now, *answered))
            return answered
        except Previewed as previewed:
            return 200, written(self._expanded(previewed.invoice, paths, now))

    def _expanded(self, answer: Doc, paths: list[str], now: int) -> Doc:
        with self.till.books(now) as books:
            return expanded(books, answer, paths)


def refuse_strangers(authorization: str) -> None:
    """Only test keys: a live key never reaches this far, and is refused if it does."""
    scheme, _, key = authorization.partition(" ")
    if scheme != "Bearer" or not key.startswith("sk_test_") or len(key) < 12:
        shown = f"{key[:8]}****" if key else ""
        message = (
            f"Invalid API Key provided: {shown}. The till takes only test keys (sk_test_…)."
            if key
            else (
                "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth."
            )
        )
        raise Refusal(message, status=401)


def door_at(method: str, path: str) -> tuple[Door, list[str]]:
    if at := found(method, path.rstrip("/")):
        return at
    raise Refusal(f"Unrecognized request URL ({method}: /v1/{path}). The till does not have it.", status=404)


def render(books: Books, door: Door, given: Doc, idents: list[str], paths: list[str]) -> Doc:
    url = "/v1/" + door.path.replace("*", idents[0] if idents else "")
    if door.kind:
        answer = listed(books, door.kind, given, url)
    else:
        made = door.answer(books, given, *idents)
        answer = page(made, given, url) if isinstance(made, list) else told_of(made)
    return expanded(books, answer, paths) if paths else answer


def written(answer: Doc) -> bytes:
    return json.dumps(answer).encode()


def error_of(refusal: Refusal, request: str) -> bytes:
    error = refusal.error | {"request_log_url": f"https://dashboard.stripe.com/test/logs/{request}"}
    return json.dumps({"error": error}).encode()
